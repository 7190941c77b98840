//! The one outgoing HTTP client of hubchat's adapters.
//!
//! It tells apart what callers must tell apart: a request that certainly never left from one whose fate
//! nobody knows. It follows no redirects, uses no proxy, caps what it reads, and by default talks to public
//! addresses only. No error and no log line of it holds an address, a token or a body.

mod address;
mod client;
mod error;
#[cfg(test)]
mod rebinding_tests;
mod request;
mod response;

pub use client::{ProviderClient, ProviderClientConfig};
pub use error::ProviderError;
pub use request::ProviderRequest;
pub use reqwest::Method;
pub use response::{ProviderResponse, ProviderStream};
