//! One suite per port, for every adapter of it.
//!
//! A suite is a macro that names one test per case, so that a failure says which promise of the port
//! is broken. Whoever embeds hubchat with an adapter of their own certifies it so: in an integration
//! test of the adapter, implement the harness trait of the port and name the suite.
//!
//! ```text
//! struct MyDatabase { /* a database of its own for every case */ }
//!
//! #[async_trait::async_trait]
//! impl hubchat_conformance::StorageHarness for MyDatabase {
//!     async fn start() -> Self { /* make, migrate and open it */ }
//!     fn repository(&self) -> &dyn hubchat_ports::Repository { /* ... */ }
//!     fn directory(&self) -> &dyn hubchat_ports::Directory { /* ... */ }
//!     fn access(&self) -> &dyn hubchat_ports::Access { /* ... */ }
//!     fn socket_tickets(&self) -> &dyn hubchat_ports::SocketTickets { /* ... */ }
//!     fn queue(&self) -> &dyn hubchat_ports::JobQueue { /* ... */ }
//!     fn intake(&self) -> &dyn hubchat_ports::WebhookIntake { /* ... */ }
//!     async fn stop(self) { /* remove it */ }
//! }
//!
//! hubchat_conformance::storage_suite!(MyDatabase);
//! hubchat_conformance::inbox_queries_suite!(MyDatabase);
//! hubchat_conformance::event_feed_suite!(MyDatabase);
//! hubchat_conformance::job_queue_suite!(MyDatabase);
//! hubchat_conformance::webhook_intake_suite!(MyDatabase);
//! ```
//!
//! | Port | Harness | Suite |
//! |---|---|---|
//! | `Repository`, `UnitOfWork`, `Directory`, `Access`, every store | [`StorageHarness`] | [`storage_suite!`] |
//! | `InboxQueries` | [`StorageHarness`] | [`inbox_queries_suite!`] |
//! | `EventFeed`, `SocketTickets` | [`StorageHarness`] | [`event_feed_suite!`] |
//! | `JobQueue`, `JobStore` | [`StorageHarness`] | [`job_queue_suite!`] |
//! | `WebhookIntake` | [`StorageHarness`] | [`webhook_intake_suite!`] |
//! | `MediaFiles` | [`MediaFilesHarness`] | [`media_files_suite!`] |
//! | `Vault` | [`VaultHarness`] | [`vault_suite!`] |
//! | `Clock`, `Ids`, `Randomness` | [`ClockHarness`] | [`clock_suite!`] |
//! | `EventBus` | [`EventBusHarness`] | [`event_bus_suite!`] |
//! | `RateLimiter` | [`RateLimiterHarness`] | [`rate_limiter_suite!`] |
//! | `PasswordHasher` | [`PasswordHasherHarness`] | [`password_hasher_suite!`] |
//! | `AccessTokens` | [`AccessTokensHarness`] | [`access_tokens_suite!`] |
//! | `Mailer` | [`MailerHarness`] | [`mailer_suite!`] |
//! | `ChannelAdapter` | [`ChannelAdapterHarness`] | [`channel_adapter_suite!`] |
//!
//! The names of all cases differ, so several suites fit in one module; an adapter with two forms (say,
//! two databases) names them in one module each. The testing package needs `tokio` with the features
//! `macros` and `rt-multi-thread`, since every case is a `#[tokio::test]`. Cases run at the same time,
//! and a wrong adapter makes them fail, never hang.
//!
//! The suites know the ports only. They MUST NOT ask for more than the port promises.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a suite fails by panicking")]
#![expect(clippy::unused_async, reason = "a suite awaits every case, whatever its port")]

#[doc(hidden)]
pub mod cases;
mod deadline;
mod harness;
mod jobs;
mod paging;
mod picture;
mod seal;
mod specimens;
mod suites;
mod world;

#[doc(hidden)]
pub use deadline::{CaseEnd, to_its_end};
pub use harness::{
    AccessTokensHarness, ChannelAdapterHarness, ClockHarness, DeliveredMail, EventBusHarness, MailerHarness,
    MediaFilesHarness, PasswordHasherHarness, RateLimiterHarness, SampleSend, StorageHarness, VaultHarness,
    WebhookSample,
};
pub use seal::PlainSeal;
