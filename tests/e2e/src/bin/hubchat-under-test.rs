//! The real `hubchat` command, as a binary of this package, so that its tests can start and kill it.

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = hubchat_cli::Arguments::parse();
    let json = arguments.json;
    match hubchat_cli::execute(arguments).await {
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
