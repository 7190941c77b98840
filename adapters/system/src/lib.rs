//! Clock, ids, randomness, rate limits and the credential vault of a real process.
