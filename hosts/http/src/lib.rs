//! hubchat over HTTP: routes, authentication, the OpenAPI document.
//!
//! This host only translates: requests into commands of [`hubchat_core::Hubchat`], results into JSON,
//! errors into problem documents. It decides nothing, and it never takes the tenant from a request:
//! the credential tells it.

mod auth;
mod body;
mod client;
mod client_address;
mod config;
mod console;
mod cookie;
mod cors;
mod cursor;
mod docs;
mod edge;
mod head_deadline;
mod hygiene;
mod idempotency;
mod json_body;
mod limits;
mod listener;
mod media;
mod methods;
mod notes;
mod openapi;
mod problem;
mod process;
mod realtime;
mod router;
mod routes;
mod server;
mod state;
mod status;
mod upload;
mod webhooks;
mod wire;

pub use client_address::TrustedProxies;
pub use config::HttpConfig;
pub use limits::AddressLimits;
pub use openapi::{events_schema, openapi_document};
pub use problem::{CODES, ProblemKind};
pub use process::run_process;
pub use router::router;
pub use server::run;
pub use state::{RenderMetrics, render_metrics};
