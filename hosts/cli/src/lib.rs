//! The operator's command: everything in one process (`hubchat up`), and every administrative task.
//!
//! Each command builds hubchat by the wiring, calls one use case and prints its answer: for people, or
//! with `--json` as one JSON object in the last line.

mod answer;
mod arguments;
mod audit_arguments;
mod commands;
mod privacy_arguments;

pub use answer::{Answer, print_error};
pub use arguments::Arguments;
pub use commands::execute;
