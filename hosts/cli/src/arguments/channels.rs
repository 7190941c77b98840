//! The command line of channel accounts.

use std::path::PathBuf;

use clap::{Args, Subcommand};

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
