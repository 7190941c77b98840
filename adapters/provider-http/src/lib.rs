//! The one outgoing HTTP client of hubchat's adapters.
