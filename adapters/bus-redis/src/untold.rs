//! What others have yet to be told.

use std::collections::VecDeque;

use hubchat_ports::Notice;

/// What is said in place of notices that were lost.
pub(crate) const MISSED: &str = "missed";
/// So many notices wait; beyond it others are told that they missed some.
const MOST: usize = 1_024;

/// Notices in their order. One that repeats another that still waits is left out where that says the same.
#[derive(Debug, Default)]
pub(crate) struct Untold {
    notices: VecDeque<Notice>,
    missed: bool,
}

impl Untold {
    pub(crate) fn push(&mut self, notice: Notice) {
        let repeats = matches!(notice, Notice::Committed { .. } | Notice::AccessChanged { .. });
        if repeats && self.notices.contains(&notice) {
            return;
        }
        if self.notices.len() >= MOST {
            self.notices.clear();
            self.missed = true;
        }
        self.notices.push_back(notice);
    }

    /// Some that were taken did not get through.
    pub(crate) fn note_missed(&mut self) {
        self.missed = true;
    }

    /// All of them, each as a message of the sender `us`.
    pub(crate) fn take(&mut self, us: &str) -> Vec<String> {
        let mut told = Vec::new();
        for notice in self.notices.drain(..) {
            match serde_json::to_string(&notice) {
                Ok(text) => told.push(format!("{us} {text}")),
                Err(_) => self.missed = true,
            }
        }
        if std::mem::take(&mut self.missed) {
            told.push(format!("{us} {MISSED}"));
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn committed(number: usize) -> Notice {
        Notice::Committed { tenant_id: Uuid::from_u128(number as u128).into() }
    }

    #[test]
    fn what_repeats_is_told_once_and_what_is_too_much_is_told_as_missed() {
        let mut untold = Untold::default();
        for number in [1, 2, 1] {
            untold.push(committed(number));
        }
        assert_eq!(untold.take("us").len(), 2);
        assert!(untold.take("us").is_empty());
        for number in 0..=MOST {
            untold.push(committed(number));
        }
        let told = untold.take("us");
        assert_eq!((told.len(), told.last().map(String::as_str)), (2, Some("us missed")));
    }
}
