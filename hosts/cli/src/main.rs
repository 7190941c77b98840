//! `hubchat`: the operator's command.

use std::process::ExitCode;

use clap::Parser;
use hubchat_cli::{Arguments, execute};

/// Holds a sixth of what the system's does for sockets that wait (decision 21).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let json = arguments.json;
    match Box::pin(execute(arguments)).await {
        Ok(answer) => {
            answer.print(json);
            ExitCode::SUCCESS
        }
        Err(error) => {
            hubchat_cli::print_error(&error, json);
            ExitCode::FAILURE
        }
    }
}
