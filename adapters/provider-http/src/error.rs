//! Why a call gave no answer.

/// Why a call gave no answer that can be read. No variant holds an address, a token or a body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// No byte of the request left: the connection could not be made. It is safe to try again.
    #[error("no connection to the provider")]
    NotSent,
    /// The request left, wholly or in part, and no whole answer came. Nobody knows what it did.
    #[error("the provider's answer was lost")]
    OutcomeUnknown,
    /// The answer is larger than allowed.
    #[error("the provider's answer is larger than allowed")]
    TooLarge,
    /// The address must not be called: not HTTPS, not public, or not an address at all.
    #[error("the address must not be called")]
    AddressRefused,
}

impl From<reqwest::Error> for ProviderError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_builder() {
            Self::AddressRefused
        } else if error.is_connect() {
            Self::NotSent
        } else {
            Self::OutcomeUnknown
        }
    }
}
