//! How far a message has come, and the attempts to send it.

use serde::{Deserialize, Serialize};

use crate::{ReplyHandle, Timestamp, channel::named};

/// How far a message has come.
///
/// The statuses are totally ordered by what they prove, and evidence only ever moves a message up:
/// the order in which receipts arrive makes no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DeliveryStatus {
    /// Accepted by hubchat, waiting for its turn.
    Queued,
    /// The request left but no answer came, and the provider offers no way to ask again.
    Uncertain,
    /// The provider accepted it.
    Sent,
    /// It will not arrive; the reason is kept. A later proof of delivery outweighs it.
    Failed,
    /// It reached the customer's device. Inbound messages are born so.
    Delivered,
    /// The customer saw it.
    Read,
}

named!(DeliveryStatus {
    Queued => "QUEUED", Uncertain => "UNCERTAIN", Sent => "SENT", Failed => "FAILED",
    Delivered => "DELIVERED", Read => "READ",
});

impl DeliveryStatus {
    /// The status after new evidence: forward only.
    #[must_use]
    pub fn with_evidence(self, evidence: Self) -> Self {
        self.max(evidence)
    }

    /// Whether the next message of the conversation may be sent.
    #[must_use]
    pub fn is_settled(self) -> bool {
        self != Self::Queued
    }
}

/// Why a message was not delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryFailure {
    /// A stable code, such as `rejected` or `quota_exhausted`.
    pub code: String,
    /// The reason in words that an agent understands.
    pub reason: String,
}

/// By which door an attempt went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "route", rename_all = "snake_case")]
pub enum AttemptRoute {
    /// As the answer to an event, with its one-use handle.
    Reply {
        /// The handle that was used.
        handle: ReplyHandle,
    },
    /// Of our own accord, with our idempotency key where the provider takes one.
    Direct,
}

/// An attempt, noted before its bytes leave, so that a crash between is known as an unknown outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryAttempt {
    /// When it began.
    pub started_at: Timestamp,
    /// When the first attempt with the same idempotency key began; the key's life counts from here.
    pub key_used_since: Timestamp,
    /// The door.
    pub route: AttemptRoute,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prelude::*, sample::select};

    proptest! {
        #[test]
        fn the_order_of_evidence_makes_no_difference(
            mut evidence in prop::collection::vec(select(DeliveryStatus::ALL), 1..8),
            seed in any::<prop::sample::Index>(),
        ) {
            let settle = |list: &[DeliveryStatus]| {
                list.iter().fold(DeliveryStatus::Queued, |status, &e| status.with_evidence(e))
            };
            let first = settle(&evidence);
            let turn = seed.index(evidence.len());
            evidence.rotate_left(turn);
            prop_assert_eq!(settle(&evidence), first);
            evidence.reverse();
            prop_assert_eq!(settle(&evidence), first);
        }

        #[test]
        fn evidence_never_moves_a_message_back(from in select(DeliveryStatus::ALL), to in select(DeliveryStatus::ALL)) {
            prop_assert!(from.with_evidence(to) >= from);
        }
    }

    #[test]
    fn failure_outweighs_sent_but_not_delivered() {
        use DeliveryStatus::{Delivered, Failed, Sent, Uncertain};
        assert_eq!(Sent.with_evidence(Failed), Failed);
        assert_eq!(Delivered.with_evidence(Failed), Delivered);
        assert_eq!(Uncertain.with_evidence(Sent), Sent);
    }
}
