//! The command line of API keys and settings.

use clap::{Subcommand, ValueEnum};

/// What an API key may do, on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KeyScope {
    /// Everything within the tenant.
    Admin,
    /// Read leads, conversations and messages.
    #[value(name = "inbox:read")]
    InboxRead,
    /// Also change leads and mark conversations read.
    #[value(name = "inbox:write")]
    InboxWrite,
    /// Send messages.
    #[value(name = "messages:send")]
    MessagesSend,
    /// List, connect and test channel accounts.
    #[value(name = "channels:manage")]
    ChannelsManage,
}

/// `hubchat key`.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make an API key; it is shown once.
    Create {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// What it may do; may be repeated.
        #[arg(long = "scope", required = true)]
        scopes: Vec<KeyScope>,
        /// After so many days it is no longer good; it never ends when absent.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=3650))]
        expires_in_days: Option<u32>,
    },
    /// List the keys, newest first.
    List {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
    },
    /// Revoke a key for good, at once everywhere.
    Revoke {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// The key's id.
        #[arg(long)]
        id: String,
    },
}

/// `hubchat settings`.
#[derive(Debug, Subcommand)]
pub enum Settings {
    /// Show the settings.
    Get {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
    },
    /// Change settings: all that are named, or none.
    Set {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// A setting and its value as JSON, such as retentionDays=365; a plain word is a text.
        #[arg(value_name = "NAME=VALUE", required = true)]
        changes: Vec<String>,
    },
}
