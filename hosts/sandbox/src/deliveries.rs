//! What goes wrong between a provider and the webhook: the same delivery twice, two in the wrong order.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use poem::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::oneshot;

use crate::bounded::lock;
use crate::exchange::{Answer, Call};

/// A delivery that is to be overtaken waits so long for another one.
const PATIENCE: Duration = Duration::from_secs(2);

/// What goes wrong with a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeliveryTrouble {
    /// It comes twice, at once.
    Duplicate,
    /// The next one overtakes it.
    Reorder,
}

/// Troubles set on purpose, for webhooks of every provider. Clones share all state.
#[derive(Debug, Clone, Default)]
pub struct Deliveries(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// How many deliveries come twice.
    duplicates: u32,
    /// How many are overtaken.
    reorders: u32,
    /// Who waits to be overtaken.
    waiting: Option<oneshot::Sender<()>>,
}

/// What is to be done with one delivery.
#[derive(Debug, Default)]
pub(crate) struct Delivery {
    /// It is posted twice.
    pub(crate) twice: bool,
    /// It waits for this before it is posted.
    overtaken: Option<oneshot::Receiver<()>>,
    /// It lets this one go once it is posted.
    overtakes: Option<oneshot::Sender<()>>,
}

impl Deliveries {
    /// From now on so many deliveries have this trouble.
    pub fn trouble(&self, trouble: DeliveryTrouble, times: u32) {
        let mut state = lock(&self.0);
        match trouble {
            DeliveryTrouble::Duplicate => state.duplicates = times,
            DeliveryTrouble::Reorder => state.reorders = times,
        }
    }

    /// From now on nothing goes wrong. Whoever waits to be overtaken goes on.
    pub fn clear(&self) {
        *lock(&self.0) = State::default();
    }

    /// Answers one request for `/_sandbox/deliveries`: `POST {"trouble": "duplicate" | "reorder", "times": 3}`, `DELETE`,
    /// `GET`.
    pub(crate) fn control(&self, call: &Call) -> Answer {
        #[derive(Deserialize)]
        struct Wanted {
            trouble: DeliveryTrouble,
            #[serde(default = "once")]
            times: u32,
        }
        match call.method.as_str() {
            "GET" => {}
            "DELETE" => self.clear(),
            "POST" => match serde_json::from_slice::<Wanted>(&call.body) {
                Ok(wanted) => self.trouble(wanted.trouble, wanted.times),
                Err(error) => return Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error.to_string() })),
            },
            _ => return Answer::json(StatusCode::METHOD_NOT_ALLOWED, &json!({ "error": "GET, POST or DELETE" })),
        }
        let (duplicate, reorder) = self.left();
        Answer::ok(&json!({"left": {"duplicate": duplicate, "reorder": reorder}}))
    }

    /// How many deliveries will still come twice, and how many will be overtaken.
    pub fn left(&self) -> (u32, u32) {
        let state = lock(&self.0);
        (state.duplicates, state.reorders)
    }

    pub(crate) fn next(&self) -> Delivery {
        let mut state = lock(&self.0);
        let twice = state.duplicates > 0;
        state.duplicates = state.duplicates.saturating_sub(1);
        if let Some(waiting) = state.waiting.take() {
            return Delivery { twice, overtaken: None, overtakes: Some(waiting) };
        }
        if state.reorders == 0 {
            return Delivery { twice, ..Delivery::default() };
        }
        state.reorders -= 1;
        let (go, wait) = oneshot::channel();
        state.waiting = Some(go);
        Delivery { twice, overtaken: Some(wait), overtakes: None }
    }
}

const fn once() -> u32 {
    1
}

impl Delivery {
    /// Returns once it may be posted: at once, or when another one has overtaken it.
    pub(crate) async fn turn(&mut self) {
        if let Some(wait) = self.overtaken.take() {
            // Without another one it goes all the same.
            let _ = tokio::time::timeout(PATIENCE, wait).await;
        }
    }

    /// It was posted.
    pub(crate) fn done(self) {
        if let Some(waiting) = self.overtakes {
            let _ = waiting.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_second_overtakes_the_first() {
        let deliveries = Deliveries::default();
        deliveries.trouble(DeliveryTrouble::Reorder, 1);
        let (mut first, mut second) = (deliveries.next(), deliveries.next());
        let order = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&order);
        let waits = tokio::spawn(async move {
            first.turn().await;
            lock(&told).push(1);
            first.done();
        });
        second.turn().await;
        lock(&order).push(2);
        second.done();
        waits.await.unwrap();
        assert_eq!(*lock(&order), [2, 1]);
        assert_eq!(deliveries.left(), (0, 0));
    }

    #[tokio::test]
    async fn one_alone_is_only_late() {
        let deliveries = Deliveries::default();
        deliveries.trouble(DeliveryTrouble::Reorder, 1);
        let mut only = deliveries.next();
        let began = tokio::time::Instant::now();
        only.turn().await;
        assert!(began.elapsed() >= PATIENCE);
    }

    #[test]
    fn so_many_come_twice() {
        let deliveries = Deliveries::default();
        deliveries.trouble(DeliveryTrouble::Duplicate, 2);
        let twice: Vec<bool> = (0..3).map(|_| deliveries.next().twice).collect();
        assert_eq!(twice, [true, true, false]);
        deliveries.trouble(DeliveryTrouble::Duplicate, 2);
        deliveries.clear();
        assert!(!deliveries.next().twice);
    }
}
