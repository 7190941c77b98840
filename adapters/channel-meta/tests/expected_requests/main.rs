//! What goes out, compared with the requests that Meta expects, and what each answer means.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod coverage;
mod files;
mod instagram;
mod long_texts;
mod messenger;
mod refusals;
mod secrecy;
mod support;
mod whatsapp;
