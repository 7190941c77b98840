//! The pool that takes hubchat's jobs: one runner a lane, so that no lane ever starves another.
//!
//! A job is ours while its lease lasts; the lease is extended while the job is being done. On shutdown
//! the pool stops reserving, finishes what it does within a limit, and gives back what it did not begin.

mod lane_runner;
mod leases;
mod observer;
mod pool;
mod process;
mod settlement;
mod status_page;

pub use lane_runner::{LaneOptions, run_lane};
pub use pool::run;
pub use process::run_process;
pub use status_page::serve_status;
