//! The lifecycle of a lead, and its guard.

use serde::{Deserialize, Serialize};

use crate::channel::named;

/// Where a lead stands on its way to a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeadStatus {
    /// Nobody has taken it yet.
    New,
    /// A member owns it.
    Assigned,
    /// The customer was spoken with.
    Contacted,
    /// It is worth pursuing.
    Qualified,
    /// An offer is out.
    ProposalSent,
    /// The offer is being discussed.
    Negotiation,
    /// Sold. An end.
    Won,
    /// Not sold. An end.
    Lost,
}

named!(LeadStatus {
    New => "NEW", Assigned => "ASSIGNED", Contacted => "CONTACTED", Qualified => "QUALIFIED",
    ProposalSent => "PROPOSAL_SENT", Negotiation => "NEGOTIATION", Won => "WON", Lost => "LOST",
});

/// What a permitted move amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// The lead is there already; nothing changes and nothing is logged.
    Unchanged,
    /// The lead goes to a new status.
    Moved,
}

/// The lifecycle does not lead from one status to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a lead cannot go from {from} to {to}")]
pub struct InvalidTransition {
    /// Where the lead is.
    pub from: LeadStatus,
    /// Where it was to go.
    pub to: LeadStatus,
}

impl LeadStatus {
    /// Whether the lead can still be won.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Won | Self::Lost)
    }

    /// The next step forward, if there is one.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::New => Some(Self::Assigned),
            Self::Assigned => Some(Self::Contacted),
            Self::Contacted => Some(Self::Qualified),
            Self::Qualified => Some(Self::ProposalSent),
            Self::ProposalSent => Some(Self::Negotiation),
            Self::Negotiation => Some(Self::Won),
            Self::Won | Self::Lost => None,
        }
    }

    /// One step forward at a time, LOST from any open status; the same status again is a no-op.
    pub fn check_move(self, to: Self) -> Result<Transition, InvalidTransition> {
        if self == to {
            Ok(Transition::Unchanged)
        } else if self.next() == Some(to) || (to == Self::Lost && self.is_open()) {
            Ok(Transition::Moved)
        } else {
            Err(InvalidTransition { from: self, to })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prelude::*, sample::select};

    /// The lifecycle as the product owner wrote it down, one row per status, apart from the code above.
    const ALLOWED: &[(&str, &[&str])] = &[
        ("NEW", &["NEW", "ASSIGNED", "LOST"]),
        ("ASSIGNED", &["ASSIGNED", "CONTACTED", "LOST"]),
        ("CONTACTED", &["CONTACTED", "QUALIFIED", "LOST"]),
        ("QUALIFIED", &["QUALIFIED", "PROPOSAL_SENT", "LOST"]),
        ("PROPOSAL_SENT", &["PROPOSAL_SENT", "NEGOTIATION", "LOST"]),
        ("NEGOTIATION", &["NEGOTIATION", "WON", "LOST"]),
        ("WON", &["WON"]),
        ("LOST", &["LOST"]),
    ];

    #[test]
    fn every_pair_of_states_is_allowed_or_refused_as_written() {
        for &from in LeadStatus::ALL {
            let row = ALLOWED.iter().find(|(name, _)| *name == from.as_str()).expect("a row per status").1;
            for &to in LeadStatus::ALL {
                let result = from.check_move(to);
                assert_eq!(result.is_ok(), row.contains(&to.as_str()), "{from} to {to}");
                assert_eq!(result == Ok(Transition::Unchanged), from == to, "{from} to {to}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_walk_ever_leaves_an_end_or_skips_a_step(steps in prop::collection::vec(select(LeadStatus::ALL), 0..40)) {
            let mut at = LeadStatus::New;
            for to in steps {
                let before = at;
                if before.check_move(to).is_ok() { at = to; }
                if !before.is_open() { prop_assert_eq!(at, before); }
                prop_assert!(at == before || at == LeadStatus::Lost || Some(at) == before.next());
            }
        }

        #[test]
        fn names_survive_their_text(status in select(LeadStatus::ALL)) {
            prop_assert_eq!(LeadStatus::parse(status.as_str()), Some(status));
        }
    }
}
