//! The faults that any use case can meet, and what callers can learn from an error.

use std::{future::Future, sync::Arc, time::Duration};

use hubchat_domain::Permission;
use hubchat_ports::{HashingFailed, QueueError, StorageError, VaultError};

use crate::Ports;

/// What an error tells a program.
pub trait ErrorCode: std::error::Error {
    /// A stable code, one per kind of problem.
    fn code(&self) -> &'static str;

    /// The field of the request at fault, if one is.
    fn field(&self) -> Option<&str> {
        None
    }

    /// When it is worth trying again.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

/// A fault that is not about the request's meaning.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The actor may not do this. Ask for a role or a scope that allows it.
    #[error("the permission {permission} is needed")]
    Forbidden {
        /// What is not allowed.
        permission: Permission,
    },
    /// Storage or queue cannot be reached. Nothing was changed; try again.
    #[error("storage is unavailable, try again")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Others changed the same thing too often meanwhile. Nothing was changed; try again.
    #[error("the same thing is being changed by others, try again")]
    Contended,
    /// A defect, or a stored value that cannot be read. An operator must look at the log.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Stale | StorageError::Contention(_) => Self::Contended,
            StorageError::Unavailable(_) => Self::Unavailable(Box::new(error)),
            other => Self::Internal(Box::new(other)),
        }
    }
}

impl From<QueueError> for Fault {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Unavailable(_) => Self::Unavailable(Box::new(error)),
            other => Self::Internal(Box::new(other)),
        }
    }
}

impl From<VaultError> for Fault {
    fn from(error: VaultError) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<HashingFailed> for Fault {
    fn from(error: HashingFailed) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl ErrorCode for Fault {
    fn code(&self) -> &'static str {
        match self {
            Self::Forbidden { .. } => "forbidden",
            Self::Unavailable(_) => "storage_unavailable",
            Self::Contended => "contended",
            Self::Internal(_) => "internal",
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable(_) => Some(Duration::from_secs(2)),
            Self::Contended => Some(Duration::from_secs(1)),
            _ => None,
        }
    }
}

/// Lets `?` turn port errors into a use case's own error through [`Fault`].
macro_rules! faults_become {
    ($error:ident) => {
        impl From<hubchat_ports::StorageError> for $error {
            fn from(error: hubchat_ports::StorageError) -> Self {
                Self::Fault(error.into())
            }
        }

        impl $crate::fault::MaybeContended for $error {
            fn is_contended(&self) -> bool {
                matches!(self, Self::Fault($crate::Fault::Contended))
            }
        }
    };
}
pub(crate) use faults_become;

/// Whether the same work, begun anew, may succeed at once.
pub(crate) trait MaybeContended {
    fn is_contended(&self) -> bool;
}

impl MaybeContended for Fault {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Contended)
    }
}

/// Counts how often work was begun anew.
#[derive(Debug, Default)]
pub(crate) struct Retries(u32);

impl Retries {
    const MOST: u32 = 3;

    /// Whether to begin anew after `result`, having waited a little; each wait is longer and jittered.
    pub(crate) fn again<T, E: MaybeContended>(
        &mut self,
        result: &Result<T, E>,
        ports: &Ports,
    ) -> impl Future<Output = bool> + Send + use<T, E> {
        let again = self.0 < Self::MOST && result.as_ref().is_err_and(MaybeContended::is_contended);
        self.0 += u32::from(again);
        let wait = Duration::from_millis(5 << self.0).mul_f64(ports.randomness.fraction());
        let clock = Arc::clone(&ports.clock);
        async move {
            if again {
                clock.sleep(wait).await;
            }
            again
        }
    }
}
