//! The command line of retention, erasure and export.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `hubchat contact`.
#[derive(Debug, Subcommand)]
pub enum Contact {
    /// Erase a contact for good: messages, files, conversations, leads, identities, and payloads that name them.
    Erase {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// The contact's id.
        #[arg(long)]
        id: String,
    },
}

/// `hubchat retention`.
#[derive(Debug, Subcommand)]
pub enum Retention {
    /// Take closed conversations away that are older than the tenant keeps them.
    Run(RetentionRun),
}

/// `hubchat retention run`.
#[derive(Debug, Args)]
pub struct RetentionRun {
    /// The tenant's slug.
    #[arg(long)]
    pub tenant: String,
    /// How many days; the tenant's setting when absent.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub days: Option<u32>,
    /// Only count what would go.
    #[arg(long)]
    pub dry_run: bool,
}

/// `hubchat export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The tenant's slug.
    #[arg(long)]
    pub tenant: String,
    /// A folder that is not there yet.
    #[arg(long)]
    pub out: PathBuf,
    /// Leave the bytes of files out.
    #[arg(long)]
    pub without_media: bool,
}
