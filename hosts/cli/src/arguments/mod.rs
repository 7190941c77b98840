//! The command line.

mod channels;
mod keys_and_settings;
mod people;
mod sandbox;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::audit_arguments::Audit;
use crate::privacy_arguments::{Contact, Export, Retention};
pub(crate) use channels::{Channel, Connect, ConnectLine, ConnectMeta, ConnectTelegram, LookAt};
pub(crate) use keys_and_settings::{Key, KeyScope, Settings};
pub(crate) use people::{Member, Role, Team};
pub(crate) use sandbox::{SandboxChannel, SandboxLine, SandboxMeta, SandboxTelegram};

/// Omnichannel chat and lead management.
#[derive(Debug, Parser)]
#[command(name = "hubchat", version, propagate_version = true)]
pub struct Arguments {
    /// The configuration file; see docs/config.example.toml.
    #[arg(long, global = true)]
    pub config: Option<PathBuf>,
    /// Print one JSON object as the last line.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run HTTP and worker in one process.
    Up(Up),
    /// Bring the database's schema up to date.
    Migrate,
    /// Tenants.
    #[command(subcommand)]
    Tenant(Tenant),
    /// API keys.
    #[command(subcommand)]
    Key(Key),
    /// What a tenant decides for itself; see docs/settings.md.
    #[command(subcommand)]
    Settings(Settings),
    /// Members of a tenant.
    #[command(subcommand)]
    Member(Member),
    /// Teams of members.
    #[command(subcommand)]
    Team(Team),
    /// Channel accounts.
    #[command(subcommand)]
    Channel(Channel),
    /// The keys of secrets at rest.
    #[command(subcommand)]
    Keys(Keys),
    /// The queue and its dead letters.
    #[command(subcommand)]
    Queue(Queue),
    /// Contacts.
    #[command(subcommand)]
    Contact(Contact),
    /// Conversations past their time.
    #[command(subcommand)]
    Retention(Retention),
    /// Hand out everything of a tenant: a file of JSON Lines for each kind of row, and the files.
    Export(Export),
    /// The audit log: who changed what.
    #[command(subcommand)]
    Audit(Audit),
    /// Print the OpenAPI document.
    Openapi,
    /// Be a customer of the sandbox.
    #[command(subcommand)]
    Sandbox(SandboxChannel),
}

/// `hubchat up`.
#[derive(Debug, Args)]
pub struct Up {
    /// Also run fake providers, with a tenant, a key and a connected account to try everything on.
    #[arg(long)]
    pub sandbox: bool,
    /// Where the fake providers listen.
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub sandbox_listen: std::net::SocketAddr,
}

/// `hubchat tenant`.
#[derive(Debug, Subcommand)]
pub enum Tenant {
    /// Create a tenant.
    Create {
        /// Its short name.
        #[arg(long)]
        slug: String,
        /// The name that people read.
        #[arg(long)]
        name: String,
        /// The e-mail address of its first owner; a one-time link to set their password is printed.
        #[arg(long)]
        owner_email: Option<String>,
        /// The name of its first owner; the address when absent.
        #[arg(long, requires = "owner_email")]
        owner_name: Option<String>,
    },
    /// Print a one-time link by which whoever follows it first becomes an owner; an earlier one is void.
    OwnerLink {
        /// Its short name.
        #[arg(long)]
        slug: String,
    },
    /// Give a tenant another name.
    Rename {
        /// Its short name, which stays.
        #[arg(long)]
        slug: String,
        /// The name that people read.
        #[arg(long)]
        name: String,
    },
    /// Set what is written publicly under a comment that was answered in private.
    SetPublicReply {
        /// Its short name.
        #[arg(long)]
        slug: String,
        /// The text.
        #[arg(long, required_unless_present = "none", conflicts_with = "none")]
        text: Option<String>,
        /// Write nothing.
        #[arg(long)]
        none: bool,
    },
}

/// `hubchat keys`; see docs/keys.md.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Tell which keys are in use, and which master keys are needed no more.
    Status {
        /// The tenant's slug; all tenants otherwise.
        #[arg(long)]
        tenant: Option<String>,
    },
    /// Wrap all data keys by the current master key, the first of those configured. Hosts may run meanwhile.
    Rotate {
        /// The tenant's slug; all tenants otherwise.
        #[arg(long)]
        tenant: Option<String>,
        /// Also make new data keys, and seal all secrets by them.
        #[arg(long)]
        data_keys: bool,
    },
}

/// `hubchat queue`.
#[derive(Debug, Subcommand)]
pub enum Queue {
    /// The lanes at a glance, and the ledger of inbound events.
    Stats,
    /// List dead letters.
    Dead {
        /// Of this tenant only, by slug.
        #[arg(long)]
        tenant: Option<String>,
        /// Of this lane only: inbound, outbound or background.
        #[arg(long)]
        lane: Option<String>,
        /// At most so many.
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// After the dead letter of this number.
        #[arg(long)]
        after: Option<i64>,
    },
    /// Have the job of a dead letter done again.
    Replay {
        /// Its number.
        id: i64,
    },
    /// Let a dead letter go for good.
    Discard {
        /// Its number.
        id: i64,
    },
}
