//! Fake providers: servers with the providers' own paths, checks, ids, error answers and faults.
//!
//! A [`Sandbox`] is one HTTP server on a listener the caller binds. Tests, the command line and load
//! tools talk to it as they would to the provider; whoever holds the handle (or uses the control
//! endpoints under `/_sandbox/`) can speak as a customer, break things on purpose, and read what
//! customers really received.
//!
//! The sandbox never depends on the rest of hubchat: a mistake in our reading of a provider must show
//! as a disagreement between the two, not be shared by both.
//!
//! ```no_run
//! # async fn run() -> anyhow::Result<()> {
//! use hubchat_sandbox::{LineChannel, Sandbox, SandboxConfig, Say};
//! use tokio_util::sync::CancellationToken;
//!
//! let sandbox = Sandbox::new(SandboxConfig::default());
//! sandbox.line().add_channel(LineChannel {
//!     webhook_url: Some("http://127.0.0.1:8080/webhooks/line".into()),
//!     ..LineChannel::new("U0f1e2d3c4b5a69788796a5b4c3d2e1f0", "secret", "token")
//! });
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let server = sandbox.clone();
//! tokio::spawn(async move { server.serve(listener, CancellationToken::new()).await });
//! let said = sandbox.line().say(Say::text("hello")).await?;
//! assert_eq!(said.status, 200);
//! # Ok(())
//! # }
//! ```

mod bounded;
mod breakable;
mod client;
mod clock;
mod config;
mod customers;
mod deliveries;
mod endpoint;
mod error;
mod exchange;
mod fault;
mod ids;
mod index;
mod line;
mod meta;
mod names;
mod phone;
mod sandbox;
mod telegram;
mod timeline;

pub use clock::SandboxClock;
pub use config::SandboxConfig;
pub use customers::{Customer, CustomerIds};
pub use deliveries::{Deliveries, DeliveryTrouble};
pub use error::SandboxError;
pub use fault::{Fault, FaultAction, FaultMatch};
pub use line::{
    ChatEntry, Effect, FakeLine, ImageSet, LineChannel, Media, MediaState, RequestCount, SaidEvent, Say, SayKind,
    SentMessage, Signature, Via, Webhook, line_signature,
};
pub use meta::{
    FakeMeta, InstagramAccount, MetaApp, MetaEffect, MetaEvent, MetaFile, MetaObject, MetaPage, MetaSay,
    WhatsappNumber, WhatsappTemplate, meta_signature,
};
pub use sandbox::Sandbox;
pub use telegram::{
    FakeTelegram, TelegramBot, TelegramEffect, TelegramFile, TelegramSay, TelegramSignal, TelegramUpdate,
};
