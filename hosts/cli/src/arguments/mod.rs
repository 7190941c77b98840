//! The command line.

mod keys_and_settings;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hubchat_core::domain::{MemberId, TeamId};

use crate::audit_arguments::Audit;
use crate::privacy_arguments::{Contact, Export, Retention};
pub(crate) use keys_and_settings::{Key, KeyScope, Settings};

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

/// What a member may do, on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Role {
    /// Owns the tenant.
    Owner,
    /// Runs channels, keys, members and settings.
    Admin,
    /// Assigns and measures.
    Manager,
    /// Answers customers.
    Sales,
    /// Looks on.
    Viewer,
}

/// `hubchat member`.
#[derive(Debug, Subcommand)]
pub enum Member {
    /// Add a member, so that leads can be assigned to them. They have no password: they log in once they asked for
    /// one by "forgot".
    #[command(visible_alias = "add")]
    Create {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// Their e-mail address.
        #[arg(long)]
        email: String,
        /// What they may do.
        #[arg(long, default_value = "sales")]
        role: Role,
    },
    /// Invite a member: a one-time link is mailed to them, and printed.
    Invite {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// Their e-mail address. With one who is invited already, another link is made.
        #[arg(long)]
        email: String,
        /// Their name; the address when absent.
        #[arg(long)]
        name: Option<String>,
        /// What they may do.
        #[arg(long, default_value = "sales")]
        role: Role,
    },
    /// List the members.
    List {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
    },
    /// Disable a member: their sessions end.
    Disable {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// Their e-mail address.
        #[arg(long)]
        email: String,
    },
    /// Give a member another role.
    Role {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// Their e-mail address.
        #[arg(long)]
        email: String,
        /// What they may do from now on.
        #[arg(long)]
        role: Role,
    },
}

/// `hubchat team`.
#[derive(Debug, Subcommand)]
pub enum Team {
    /// Make a team, so that members share leads.
    Create {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// Its name.
        #[arg(long)]
        name: String,
    },
    /// List the teams.
    List {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
    },
    /// Add a member to a team.
    AddMember {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// The team's id.
        #[arg(long)]
        team: TeamId,
        /// The member's id.
        #[arg(long)]
        member: MemberId,
    },
}

/// `hubchat channel`.
#[derive(Debug, Subcommand)]
pub enum Channel {
    /// Connect an account.
    #[command(subcommand)]
    Connect(Connect),
    /// List the accounts.
    List {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
    },
    /// Switch an account off: it receives, and its sends wait.
    Pause {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// The account's id.
        #[arg(long)]
        id: String,
    },
    /// Switch a paused account on: what waited goes out.
    Resume {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// The account's id.
        #[arg(long)]
        id: String,
    },
    /// Replace secrets of an account; the provider is asked about them first.
    Rotate {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// The account's id.
        #[arg(long)]
        id: String,
        /// A file that holds a secret, such as access_token=token.txt; may be repeated.
        #[arg(long = "secret-file", value_name = "NAME=PATH", required = true)]
        secret_files: Vec<String>,
    },
    /// Disconnect an account for good: its secrets are overwritten, its conversations stay.
    Remove {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// The account's id.
        #[arg(long)]
        id: String,
    },
    /// Subscribe accounts at the provider anew, each at its own path with its own token.
    Resubscribe(LookAt),
    /// Look at accounts: credentials, expiry, subscription. A lost subscription is made anew; fails when an account
    /// needs an operator.
    Verify(LookAt),
    /// Ask the provider about an account: credentials, allowance, webhook.
    Test {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// The account's id.
        #[arg(long)]
        id: String,
        /// First tell the provider our webhook address (needs HUBCHAT_PUBLIC_URL).
        #[arg(long)]
        set_webhook: bool,
    },
}

/// Which accounts.
#[derive(Debug, Args)]
pub struct LookAt {
    /// The tenant's slug.
    #[arg(long, required_unless_present = "all", conflicts_with = "all")]
    pub tenant: Option<String>,
    /// The account's id; all of the tenant's when absent.
    #[arg(long, requires = "tenant")]
    pub id: Option<String>,
    /// All accounts of all tenants.
    #[arg(long)]
    pub all: bool,
}

/// `hubchat channel connect`.
#[derive(Debug, Subcommand)]
pub enum Connect {
    /// A LINE official account.
    Line(ConnectLine),
    /// A Telegram bot.
    Telegram(ConnectTelegram),
    /// A Facebook page: Messenger and comments.
    Facebook(ConnectMeta),
    /// An Instagram professional account.
    Instagram(ConnectMeta),
    /// A WhatsApp Business number.
    Whatsapp(ConnectMeta),
}

/// `hubchat channel connect facebook`, `instagram` and `whatsapp`. The token comes from its option, its file or its
/// variable.
#[derive(Debug, Args)]
pub struct ConnectMeta {
    /// The tenant's slug.
    #[arg(long)]
    pub tenant: String,
    /// The name that people read.
    #[arg(long)]
    pub name: String,
    /// The id of the page, of the Instagram account or of the phone number at Meta.
    #[arg(long)]
    pub destination: String,
    /// The access token.
    #[arg(long, env = "HUBCHAT_META_ACCESS_TOKEN", hide_env_values = true)]
    pub access_token: Option<String>,
    /// A file that holds the access token.
    #[arg(long, conflicts_with = "access_token")]
    pub access_token_file: Option<PathBuf>,
    /// The WhatsApp Business account that the number belongs to.
    #[arg(long)]
    pub waba_id: Option<String>,
    /// The page that the Instagram account is linked to, when it was connected by Facebook's log-in.
    #[arg(long)]
    pub page_id: Option<String>,
}

/// `hubchat channel connect telegram`. The token comes from its option, its file or its variable.
#[derive(Debug, Args)]
pub struct ConnectTelegram {
    /// The tenant's slug.
    #[arg(long)]
    pub tenant: String,
    /// The name that people read.
    #[arg(long)]
    pub name: String,
    /// The bot's token, as BotFather gave it.
    #[arg(long, env = "HUBCHAT_TELEGRAM_BOT_TOKEN", hide_env_values = true)]
    pub bot_token: Option<String>,
    /// A file that holds the bot's token.
    #[arg(long, conflicts_with = "bot_token")]
    pub bot_token_file: Option<PathBuf>,
}

/// `hubchat channel connect line`. Each secret comes from its option, its file or its variable.
#[derive(Debug, Args)]
pub struct ConnectLine {
    /// The tenant's slug.
    #[arg(long)]
    pub tenant: String,
    /// The name that people read.
    #[arg(long)]
    pub name: String,
    /// The channel secret.
    #[arg(long, env = "HUBCHAT_LINE_CHANNEL_SECRET", hide_env_values = true)]
    pub channel_secret: Option<String>,
    /// A file that holds the channel secret.
    #[arg(long, conflicts_with = "channel_secret")]
    pub channel_secret_file: Option<PathBuf>,
    /// The channel access token.
    #[arg(long, env = "HUBCHAT_LINE_ACCESS_TOKEN", hide_env_values = true)]
    pub access_token: Option<String>,
    /// A file that holds the channel access token.
    #[arg(long, conflicts_with = "access_token")]
    pub access_token_file: Option<PathBuf>,
    /// The bot's user id (U...); LINE is asked for it when absent.
    #[arg(long)]
    pub destination: Option<String>,
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
