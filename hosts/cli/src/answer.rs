//! What a command answers.

use serde_json::{Value, json};

/// The answer of a command: lines for people, an object for programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    lines: Vec<String>,
    object: Value,
}

impl Answer {
    /// From lines and an object.
    #[must_use]
    pub fn new(lines: impl IntoIterator<Item = String>, object: Value) -> Self {
        Self { lines: lines.into_iter().collect(), object }
    }

    /// Prints it to the standard output.
    #[expect(clippy::print_stdout, reason = "the answer of a command goes to the standard output")]
    pub fn print(&self, as_json: bool) {
        if as_json {
            println!("{}", self.object);
        } else {
            for line in &self.lines {
                println!("{line}");
            }
        }
    }
}

/// Prints why a command failed: to the standard error stream for people, and with `--json` also as the
/// last line of the standard output.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the answer of a command goes to its streams")]
pub fn print_error(error: &anyhow::Error, as_json: bool) {
    eprintln!("error: {error:#}");
    if as_json {
        println!("{}", json!({"error": format!("{error:#}")}));
    }
}
