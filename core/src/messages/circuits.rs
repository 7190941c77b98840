//! Accounts whose provider does not answer: they are asked seldom, so that they neither hold up the others nor turn
//! one message after the other into an unknown outcome.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hubchat_domain::{ChannelAccountId, Timestamp};

/// So many sends without an answer, one after the other, open the circuit.
const OPENS_AFTER: u32 = 5;
/// An open circuit lets one send through in this time, to see whether the provider answers again.
const PROBE_EVERY: Duration = Duration::from_secs(30);
/// At most so many sends of one account are on their way at once, unless its provider answers quickly: half of what
/// a lane does by default, so that a provider that hangs leaves room for the others.
const MOST_IN_FLIGHT: usize = 16;
/// What a quick answer takes.
const QUICK: Duration = Duration::from_secs(1);
/// How long a send waits for room.
const ROOM_WAIT: Duration = Duration::from_millis(200);

/// What is known of one account.
#[derive(Debug, Default)]
struct Circuit {
    unanswered: u32,
    /// When each send that is on its way began, in that order.
    in_flight: VecDeque<Timestamp>,
    /// The newest answer came quickly.
    quick: bool,
    next_probe: Option<Timestamp>,
}

impl Circuit {
    fn has_room(&self, now: Timestamp) -> bool {
        let hangs = self.in_flight.front().is_some_and(|began| now.since(*began) > QUICK);
        self.in_flight.len() < MOST_IN_FLIGHT || (self.quick && !hangs)
    }
}

/// The circuits of all accounts of this process. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Circuits(Arc<Mutex<HashMap<ChannelAccountId, Circuit>>>);

/// Why a send has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// The provider does not answer for this account.
    Open(Duration),
    /// Enough sends of the account are on their way.
    Full(Duration),
}

/// A send on its way; its end makes room for the next, whatever became of it.
#[derive(Debug)]
pub(super) struct InFlight {
    circuits: Circuits,
    account: ChannelAccountId,
    began: Timestamp,
}

impl Circuits {
    fn with<T>(&self, change: impl FnOnce(&mut HashMap<ChannelAccountId, Circuit>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets a send go, or says for how long it has to wait.
    pub(super) fn enter(&self, account: ChannelAccountId, now: Timestamp) -> Result<InFlight, Hold> {
        self.with(|circuits| {
            let circuit = circuits.entry(account).or_default();
            if let Some(probe) = circuit.next_probe {
                if now < probe {
                    return Err(Hold::Open(probe.since(now)));
                }
                circuit.next_probe = Some(now.plus(PROBE_EVERY));
            } else if !circuit.has_room(now) {
                return Err(Hold::Full(ROOM_WAIT));
            }
            circuit.in_flight.push_back(now);
            Ok(InFlight { circuits: self.clone(), account, began: now })
        })
    }

    /// The provider answered, whatever it said; tells whether the circuit had been open.
    pub(super) fn answered(&self, send: &InFlight, now: Timestamp) -> bool {
        self.with(|circuits| {
            let Some(circuit) = circuits.get_mut(&send.account) else { return false };
            circuit.quick = now.since(send.began) <= QUICK;
            circuit.unanswered = 0;
            circuit.next_probe.take().is_some()
        })
    }

    /// The provider did not answer; tells whether that opened the circuit.
    pub(super) fn unanswered(&self, send: &InFlight, now: Timestamp) -> bool {
        self.with(|circuits| {
            let circuit = circuits.entry(send.account).or_default();
            circuit.quick = false;
            circuit.unanswered = circuit.unanswered.saturating_add(1);
            let opens = circuit.unanswered >= OPENS_AFTER && circuit.next_probe.is_none();
            if opens {
                circuit.next_probe = Some(now.plus(PROBE_EVERY));
            }
            opens
        })
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.circuits.with(|circuits| {
            let Some(circuit) = circuits.get_mut(&self.account) else { return };
            if let Some(place) = circuit.in_flight.iter().position(|began| *began == self.began) {
                circuit.in_flight.remove(place);
            }
            // What is well and idle need not be known.
            if circuit.in_flight.is_empty() && !circuit.quick && circuit.unanswered == 0 && circuit.next_probe.is_none()
            {
                circuits.remove(&self.account);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn account(number: u128) -> ChannelAccountId {
        Uuid::from_u128(number).into()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn open(circuits: &Circuits, id: ChannelAccountId) {
        let send = circuits.enter(id, at(0)).unwrap();
        let opened: Vec<bool> = (0..OPENS_AFTER).map(|_| circuits.unanswered(&send, at(0))).collect();
        assert_eq!(opened, [false, false, false, false, true]);
    }

    #[test]
    fn an_account_without_answers_is_asked_once_in_thirty_seconds_and_others_are_not_held_up() {
        let (circuits, ill, well) = (Circuits::default(), account(1), account(2));
        open(&circuits, ill);
        let mut probes = Vec::new();
        for second in 0..=300 {
            if let Ok(probe) = circuits.enter(ill, at(second)) {
                probes.push(second);
                assert!(!circuits.unanswered(&probe, at(second)), "it is open already");
            }
            assert!(circuits.enter(well, at(second)).is_ok());
        }
        assert_eq!(probes, (1..=10).map(|n| n * 30).collect::<Vec<i64>>());
        assert_eq!(circuits.enter(ill, at(301)).err(), Some(Hold::Open(Duration::from_secs(29))));
    }

    #[test]
    fn one_answer_closes_the_circuit() {
        let (circuits, id) = (Circuits::default(), account(1));
        open(&circuits, id);
        assert!(circuits.enter(id, at(1)).is_err());
        let probe = circuits.enter(id, at(30)).unwrap();
        assert!(circuits.answered(&probe, at(30)), "it had been open");
        let next = circuits.enter(id, at(31)).unwrap();
        assert!(!circuits.answered(&next, at(31)));
    }

    #[test]
    fn an_answer_between_keeps_the_circuit_closed() {
        let (circuits, id) = (Circuits::default(), account(1));
        for _ in 0..10 {
            let send = circuits.enter(id, at(0)).unwrap();
            for _ in 1..OPENS_AFTER {
                assert!(!circuits.unanswered(&send, at(0)));
            }
            circuits.answered(&send, at(0));
        }
        assert!(circuits.enter(id, at(0)).is_ok());
    }

    #[test]
    fn a_hanging_provider_leaves_room_for_the_others() {
        let (circuits, id) = (Circuits::default(), account(1));
        let mut sends: Vec<InFlight> = (0..MOST_IN_FLIGHT).map(|_| circuits.enter(id, at(0)).unwrap()).collect();
        assert_eq!(circuits.enter(id, at(0)).err(), Some(Hold::Full(ROOM_WAIT)));
        assert!(circuits.enter(account(2), at(0)).is_ok());
        sends.pop();
        assert!(circuits.enter(id, at(0)).is_ok());
    }

    #[test]
    fn a_quick_provider_is_not_held_back_until_it_hangs() {
        let (circuits, id) = (Circuits::default(), account(1));
        let first = circuits.enter(id, at(0)).unwrap();
        circuits.answered(&first, at(0));
        drop(first);
        let sends: Vec<InFlight> = (0..100).map(|_| circuits.enter(id, at(1)).unwrap()).collect();
        assert!(circuits.enter(id, at(3)).is_err(), "one of them hangs");
        drop(sends);
        assert!(circuits.enter(id, at(3)).is_ok());
    }
}
