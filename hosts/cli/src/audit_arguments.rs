//! The command line of the audit log.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `hubchat audit`.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Check that no entry was changed, removed or added behind hubchat's back. Fails when one was.
    Verify {
        /// Of this tenant only, by slug.
        #[arg(long)]
        tenant: Option<String>,
        /// The end that an earlier check of this tenant printed, as SEQ:HASH: also find that an older state of the
        /// database was put back.
        #[arg(long, requires = "tenant")]
        head: Option<String>,
    },
    /// List entries, newest first.
    List {
        /// Which.
        #[command(flatten)]
        which: AuditWhich,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Write entries into a file, oldest first.
    Export {
        /// Which.
        #[command(flatten)]
        which: AuditWhich,
        /// The form of the file.
        #[arg(long, default_value = "jsonl")]
        format: AuditFileFormat,
        /// Where to write it.
        #[arg(long)]
        output: PathBuf,
    },
}

/// Which entries.
#[derive(Debug, Args)]
pub struct AuditWhich {
    /// The tenant's slug.
    #[arg(long)]
    pub tenant: String,
    /// What this one did: MEMBER:ID, `API_KEY:ID` or SYSTEM.
    #[arg(long)]
    pub actor: Option<String>,
    /// What was done so, such as `LEAD_UPDATED`.
    #[arg(long)]
    pub action: Option<String>,
    /// What was done on this thing, such as LEAD:ID.
    #[arg(long)]
    pub subject: Option<String>,
    /// What was done at this moment or later, such as 2026-01-31T00:00:00Z.
    #[arg(long)]
    pub from: Option<String>,
    /// What was done before this moment.
    #[arg(long)]
    pub to: Option<String>,
}

/// The form of an export, on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum AuditFileFormat {
    /// For spreadsheets.
    Csv,
    /// One JSON object a line.
    Jsonl,
}
