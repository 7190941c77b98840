//! Callers that come at the same time share one piece of work.
//!
//! Whoever finds nobody at work leads: it works for itself and for those who came while the last piece of
//! work went on, and hands the lead to the next in line. So a lone caller waits for nobody, many callers
//! cost one transaction together, no task stands behind it, and no lock is held while the work goes on.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_channel::oneshot;

use crate::Fault;

/// Whoever worked for this caller went away in the middle; nobody knows whether the work was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("whoever was to do this together with others went away")]
pub(crate) struct Abandoned;

/// Combines the items of callers with the same key. Cheap to clone.
pub(crate) struct Combiner<K: Eq + Hash + Clone, T, R>(Arc<Inner<K, T, R>>);

struct Inner<K: Eq + Hash + Clone, T, R> {
    /// The line behind whoever leads; a key is there while someone does.
    lines: Mutex<Lines<K, T, R>>,
    most: usize,
}

type Lines<K, T, R> = HashMap<K, VecDeque<Waiting<K, T, R>>>;

/// What one who waits is told.
type Told<K, T, R> = oneshot::Receiver<Turn<K, T, R>>;

struct Waiting<K: Eq + Hash + Clone, T, R> {
    item: T,
    turn: oneshot::Sender<Turn<K, T, R>>,
}

enum Turn<K: Eq + Hash + Clone, T, R> {
    /// It was done by another.
    Done(R),
    /// It is this caller's turn to lead.
    Lead(T, Lead<K, T, R>),
}

/// Held by whoever leads; hands the lead on when it ends, however it ends, even unread.
struct Lead<K: Eq + Hash + Clone, T, R> {
    inner: Arc<Inner<K, T, R>>,
    key: K,
}

impl<K: Eq + Hash + Clone, T, R> Clone for Combiner<K, T, R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Eq + Hash + Clone, T, R> Combiner<K, T, R> {
    /// At most `most` items together.
    pub(crate) fn new(most: usize) -> Self {
        Self(Arc::new(Inner { lines: Mutex::default(), most }))
    }

    /// Has `work` done for the item, alone or together with others of the key. `work` answers one result for
    /// each item, in their order.
    pub(crate) async fn run<W, F>(&self, key: K, item: T, work: W) -> Result<R, Abandoned>
    where
        W: FnOnce(Vec<T>) -> F,
        F: Future<Output = Vec<R>>,
    {
        let turn = match self.lead_or_wait(key, item) {
            Ok(turn) => turn,
            Err(told) => told.await.map_err(|oneshot::Canceled| Abandoned)?,
        };
        let (item, lead) = match turn {
            Turn::Done(result) => return Ok(result),
            Turn::Lead(item, lead) => (item, lead),
        };
        let (mut items, mut turns) = (vec![item], Vec::new());
        for waiting in lead.take_others() {
            items.push(waiting.item);
            turns.push(waiting.turn);
        }
        let mut results = work(items).await.into_iter();
        let own = results.next();
        for (turn, result) in turns.into_iter().zip(results) {
            // Who went away meanwhile does not want to know.
            let _ = turn.send(Turn::Done(result));
        }
        own.ok_or(Abandoned)
    }

    fn lead_or_wait(&self, key: K, item: T) -> Result<Turn<K, T, R>, Told<K, T, R>> {
        let mut lines = self.0.lines();
        if let Some(line) = lines.get_mut(&key) {
            let (turn, told) = oneshot::channel();
            line.push_back(Waiting { item, turn });
            return Err(told);
        }
        lines.insert(key.clone(), VecDeque::new());
        Ok(Turn::Lead(item, Lead { inner: Arc::clone(&self.0), key }))
    }
}

impl<K: Eq + Hash + Clone, T: Clone, R> Combiner<K, T, Result<R, Fault>> {
    /// So often others may go away in the middle of what is done for us.
    const MOST_ABANDONED: u32 = 3;

    /// As [`run`](Self::run), of work that may be done again without harm: it is, when whoever led goes away, and each
    /// item by itself when one of them spoils it for all.
    pub(crate) async fn run_repeatable<W, F>(&self, key: K, item: T, work: W) -> Result<R, Fault>
    where
        K: Send + Sync,
        T: Send + Sync,
        R: Send,
        W: Fn(Vec<T>) -> F + Send + Sync,
        F: Future<Output = Result<Vec<R>, Fault>> + Send,
    {
        let mut tries = 0;
        loop {
            match self.run(key.clone(), item.clone(), |items| together_or_alone(items, &work)).await {
                Ok(result) => return result,
                Err(abandoned) if tries == Self::MOST_ABANDONED => return Err(Fault::Internal(Box::new(abandoned))),
                Err(_) => tries += 1,
            }
        }
    }
}

async fn together_or_alone<T: Clone, R, F>(items: Vec<T>, work: impl Fn(Vec<T>) -> F) -> Vec<Result<R, Fault>>
where
    F: Future<Output = Result<Vec<R>, Fault>>,
{
    match work(items.clone()).await {
        Ok(results) => results.into_iter().map(Ok).collect(),
        Err(fault) if items.len() == 1 => vec![Err(fault)],
        Err(Fault::Unavailable(error)) => {
            let reason = error.to_string();
            items.iter().map(|_| Err(Fault::Unavailable(reason.clone().into()))).collect()
        }
        // One of them spoils it: each is done by itself, so that the others go on.
        Err(_) => {
            let mut results = Vec::with_capacity(items.len());
            for item in items {
                results.push(work(vec![item]).await.and_then(|found| found.into_iter().next().ok_or_else(too_little)));
            }
            results
        }
    }
}

fn too_little() -> Fault {
    Fault::Internal(Box::new(Abandoned))
}

impl<K: Eq + Hash + Clone, T, R> Inner<K, T, R> {
    fn lines(&self) -> MutexGuard<'_, Lines<K, T, R>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash + Clone, T, R> Lead<K, T, R> {
    fn take_others(&self) -> Vec<Waiting<K, T, R>> {
        let mut lines = self.inner.lines();
        let Some(line) = lines.get_mut(&self.key) else { return Vec::new() };
        let others = line.len().min(self.inner.most.saturating_sub(1));
        line.drain(..others).collect()
    }

    /// The next in line; when there is none, nobody leads any more.
    fn next(&self) -> Option<Waiting<K, T, R>> {
        let mut lines = self.inner.lines();
        let next = lines.get_mut(&self.key).and_then(VecDeque::pop_front);
        if next.is_none() {
            lines.remove(&self.key);
        }
        next
    }
}

impl<K: Eq + Hash + Clone, T, R> Drop for Lead<K, T, R> {
    fn drop(&mut self) {
        if let Some(next) = self.next() {
            let lead = Self { inner: Arc::clone(&self.inner), key: self.key.clone() };
            // One who went away gives the lead back unread, and its drop hands it on.
            let _ = next.turn.send(Turn::Lead(next.item, lead));
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, future::join_all};
    use tokio::sync::oneshot::channel;

    use super::*;
    use crate::ErrorCode as _;

    type Numbers = Combiner<&'static str, u32, u32>;

    async fn double(numbers: Vec<u32>) -> Vec<u32> {
        numbers.into_iter().map(|number| number * 2).collect()
    }

    fn nobody_leads(combiner: &Numbers) -> bool {
        combiner.0.lines().is_empty()
    }

    #[tokio::test]
    async fn a_lone_caller_waits_for_nobody() {
        let combiner = Numbers::new(8);
        assert_eq!(combiner.run("a", 21, double).now_or_never(), Some(Ok(42)));
        assert!(nobody_leads(&combiner));
    }

    #[tokio::test]
    async fn those_who_come_meanwhile_go_together_in_order_and_each_gets_its_own_result() {
        let combiner = Numbers::new(3);
        let (open, gate) = channel::<()>();
        let mut first = Box::pin(combiner.run("a", 0, async |numbers| {
            gate.await.expect("opened");
            double(numbers).await
        }));
        assert!((&mut first).now_or_never().is_none());
        let together = Mutex::new(Vec::new());
        let mut others: Vec<_> = (1..=7)
            .map(|number| {
                Box::pin(combiner.run("a", number, async |numbers| {
                    together.lock().expect("not poisoned").push(numbers.clone());
                    double(numbers).await
                }))
            })
            .collect();
        for other in &mut others {
            assert!(other.now_or_never().is_none());
        }
        assert_eq!(combiner.run("b", 5, double).await, Ok(10), "another key is another line");
        open.send(()).expect("still waiting");
        assert_eq!(first.await, Ok(0));
        let results = join_all(others).await;
        assert_eq!(results, (1..=7).map(|number| Ok(number * 2)).collect::<Vec<_>>());
        assert_eq!(*together.lock().expect("not poisoned"), [vec![1, 2, 3], vec![4, 5, 6], vec![7]]);
        assert!(nobody_leads(&combiner));
    }

    #[tokio::test]
    async fn a_leader_that_goes_away_abandons_its_followers_and_hands_on_the_lead() {
        let combiner = Numbers::new(3);
        let stuck = async |_: Vec<u32>| std::future::pending::<Vec<u32>>().await;
        let mut first = Box::pin(combiner.run("a", 0, stuck));
        assert!((&mut first).now_or_never().is_none());
        let mut second = Box::pin(combiner.run("a", 1, stuck));
        let mut third = Box::pin(combiner.run("a", 2, double));
        let mut fourth = Box::pin(combiner.run("a", 3, double));
        let mut fifth = Box::pin(combiner.run("a", 4, double));
        for waiting in [&mut third, &mut fourth, &mut fifth] {
            assert!((&mut second).now_or_never().is_none());
            assert!(waiting.now_or_never().is_none());
        }
        drop(first);
        assert!((&mut second).now_or_never().is_none(), "leads for itself, the third and the fourth");
        drop(second);
        assert_eq!(third.await, Err(Abandoned));
        assert_eq!(fourth.await, Err(Abandoned));
        assert_eq!(fifth.await, Ok(8));
        assert!(nobody_leads(&combiner));
    }

    #[tokio::test]
    async fn a_lead_handed_to_one_who_went_away_goes_to_the_next() {
        let combiner = Numbers::new(1);
        let (open, gate) = channel::<()>();
        let mut first = Box::pin(combiner.run("a", 0, async |numbers| {
            gate.await.expect("opened");
            double(numbers).await
        }));
        assert!((&mut first).now_or_never().is_none());
        let (mut gone, mut unread) = (Box::pin(combiner.run("a", 1, double)), Box::pin(combiner.run("a", 2, double)));
        let mut last = Box::pin(combiner.run("a", 3, double));
        assert!((&mut gone).now_or_never().is_none());
        assert!((&mut unread).now_or_never().is_none());
        assert!((&mut last).now_or_never().is_none());
        drop(gone);
        open.send(()).expect("still waiting");
        assert_eq!(first.await, Ok(0));
        drop(unread);
        assert_eq!(last.await, Ok(6), "the lead that was given and never read was handed on");
        assert!(nobody_leads(&combiner));
    }

    type Fallible = Combiner<&'static str, u32, Result<u32, Fault>>;

    /// What becomes of 1, 2 and 3 when they are done together, or alone if need be.
    async fn one_two_three<F>(work: impl Fn(Vec<u32>) -> F + Copy + Send + Sync) -> Vec<Result<u32, &'static str>>
    where
        F: Future<Output = Result<Vec<u32>, Fault>> + Send,
    {
        let combiner = Fallible::new(8);
        let (open, gate) = channel::<()>();
        let mut first = Box::pin(combiner.run("a", 0, async |_| {
            gate.await.expect("opened");
            vec![Ok(0)]
        }));
        assert!((&mut first).now_or_never().is_none());
        let mut others: Vec<_> = (1..=3).map(|number| Box::pin(combiner.run_repeatable("a", number, work))).collect();
        for other in &mut others {
            assert!(other.now_or_never().is_none());
        }
        open.send(()).expect("still waiting");
        assert!(matches!(first.await, Ok(Ok(0))));
        let results = join_all(others).await;
        assert!(combiner.0.lines().is_empty());
        results.into_iter().map(|result| result.map_err(|fault| fault.code())).collect()
    }

    #[tokio::test]
    async fn one_that_spoils_it_for_all_fails_alone() {
        let calls = Mutex::new(Vec::new());
        let results = one_two_three(|numbers| {
            calls.lock().expect("not poisoned").push(numbers.clone());
            async { if numbers.contains(&2) { Err(Fault::Contended) } else { Ok(double(numbers).await) } }
        })
        .await;
        assert_eq!(results, [Ok(2), Err("contended"), Ok(6)]);
        assert_eq!(*calls.lock().expect("not poisoned"), [vec![1, 2, 3], vec![1], vec![2], vec![3]]);
    }

    #[tokio::test]
    async fn what_cannot_be_reached_is_not_asked_for_each() {
        let calls = Mutex::new(0);
        let results = one_two_three(|_| {
            *calls.lock().expect("not poisoned") += 1;
            async { Err(Fault::Unavailable("away".into())) }
        })
        .await;
        assert_eq!(results, [Err("storage_unavailable"); 3]);
        assert_eq!(*calls.lock().expect("not poisoned"), 1);
    }

    #[tokio::test]
    async fn what_was_abandoned_is_done_again_a_few_times() {
        let (combiner, calls) = (Fallible::new(8), Mutex::new(0));
        let too_little = |_| {
            *calls.lock().expect("not poisoned") += 1;
            async { Ok(Vec::new()) }
        };
        let error = combiner.run_repeatable("a", 1, too_little).await.expect_err("nobody answers");
        assert_eq!((error.code(), *calls.lock().expect("not poisoned")), ("internal", 4));
    }

    #[tokio::test]
    async fn work_that_answers_too_little_leaves_nobody_waiting() {
        let combiner = Numbers::new(3);
        assert_eq!(combiner.run("a", 0, async |_| Vec::new()).await, Err(Abandoned));
        assert!(nobody_leads(&combiner));
    }
}
