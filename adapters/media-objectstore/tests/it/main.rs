//! The promises of the port that this package keeps, on a local folder and on a server that speaks S3.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod bucket;
mod folder;
mod s3_server;
