//! Logs.

use tracing_subscriber::{EnvFilter, fmt};

use crate::{Config, LogFormat};

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("HUBCHAT_LOG: not a log filter; write a level such as info, or hubchat_core=debug,info")]
    Filter,
    /// Something else in this process logs already.
    #[error("logging is set up already")]
    Taken,
}

/// Sets up logging to the standard error stream, once a process.
pub fn init_telemetry(config: &Config) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(&config.log).map_err(|_| TelemetryError::Filter)?;
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let set = match config.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    set.map_err(|_| TelemetryError::Taken)
}
