//! The command line of the sandbox: being a customer of fake providers.

use clap::Subcommand;

/// `hubchat sandbox`.
#[derive(Debug, Subcommand)]
pub enum SandboxChannel {
    /// The fake LINE.
    #[command(subcommand)]
    Line(SandboxLine),
    /// The fake Telegram.
    #[command(subcommand)]
    Telegram(SandboxTelegram),
    /// The fake Messenger.
    #[command(subcommand)]
    Messenger(SandboxMeta),
    /// Comments under a post of the fake page.
    #[command(subcommand)]
    Comment(SandboxMeta),
    /// The fake Instagram.
    #[command(subcommand)]
    Instagram(SandboxMeta),
    /// The fake WhatsApp.
    #[command(subcommand)]
    Whatsapp(SandboxMeta),
}

/// `hubchat sandbox messenger`, `comment`, `instagram` and `whatsapp`.
#[derive(Debug, Subcommand)]
pub enum SandboxMeta {
    /// Write to the account as a customer.
    Say {
        /// What to write.
        text: String,
        /// As which customer; the same one each time by default.
        #[arg(long)]
        user: Option<String>,
        /// Where the sandbox listens.
        #[arg(long, default_value = "http://127.0.0.1:8090")]
        sandbox_url: String,
    },
}

/// `hubchat sandbox telegram`.
#[derive(Debug, Subcommand)]
pub enum SandboxTelegram {
    /// Write to the bot as a customer.
    Say {
        /// What to write.
        text: String,
        /// As which customer: a Telegram user id; the same one each time by default.
        #[arg(long)]
        user: Option<i64>,
        /// Where the sandbox listens.
        #[arg(long, default_value = "http://127.0.0.1:8090")]
        sandbox_url: String,
    },
}

/// `hubchat sandbox line`.
#[derive(Debug, Subcommand)]
pub enum SandboxLine {
    /// Write to the account as a customer.
    Say {
        /// What to write.
        text: String,
        /// As which customer: a LINE user id; the same one each time by default.
        #[arg(long)]
        user: Option<String>,
        /// Where the sandbox listens.
        #[arg(long, default_value = "http://127.0.0.1:8090")]
        sandbox_url: String,
    },
}
