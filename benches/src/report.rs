//! The figures, with what was asked of them.

/// A figure.
struct Line {
    what: String,
    reached: String,
    asked: String,
    holds: bool,
}

/// All figures of a run.
#[derive(Default)]
pub(crate) struct Report(Vec<Line>);

impl Report {
    /// Adds a figure, and shows it at once.
    pub(crate) fn add(&mut self, what: impl Into<String>, reached: impl Into<String>, asked: &str, holds: bool) {
        let line = Line { what: what.into(), reached: reached.into(), asked: asked.to_owned(), holds };
        println!("   {}: {} (asked: {}){}", line.what, line.reached, line.asked, if holds { "" } else { "  MISSED" });
        self.0.push(line);
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        println!("\n| figure | reached | asked | |\n| --- | --- | --- | --- |");
        for line in &self.0 {
            let mark = if line.holds { "holds" } else { "missed" };
            println!("| {} | {} | {} | {mark} |", line.what, line.reached, line.asked);
        }
    }
}
