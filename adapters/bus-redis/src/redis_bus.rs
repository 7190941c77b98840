//! Telling and hearing through Redis.

use std::{
    sync::{Arc, Mutex, Once, PoisonError},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use hubchat_ports::{EventBus, Heard, Hearing, Notice};
use redis::{Client, Msg, RedisError};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    runtime::Handle,
    sync::{Notify, broadcast},
    time::{sleep, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::untold::Untold;

/// A listener that is further behind has missed something.
const HELD: usize = 1_024;
/// Within this time Redis must have answered.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);
/// An idle connection is asked so often whether it is still there: a peer that vanished says nothing.
const PROBE_EVERY: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Where Redis is.
#[derive(Debug, Clone)]
pub struct RedisBusConfig {
    /// `redis://user:password@host:port/database`, or `rediss://` for TLS.
    pub url: SecretString,
    /// The channel, for a Redis that is shared by several installations.
    pub channel: String,
}

/// Why there is no bus. No message holds the address.
#[derive(Debug, thiserror::Error)]
pub enum RedisBusError {
    /// The address cannot be read.
    #[error("the address must be redis://user:password@host:port/database, or rediss:// for TLS")]
    Address,
}

/// Tells and hears through Redis; within the process notices go round without it. Cheap to clone.
///
/// It connects by itself, again and again while Redis is away. After each time listeners are told to look again.
#[derive(Clone)]
pub struct RedisBus {
    inner: Arc<Inner>,
    stop: CancellationToken,
    /// Ends the tasks with the last clone.
    _stop_on_drop: Arc<DropGuard>,
}

struct Inner {
    client: Client,
    channel: String,
    runtime: Handle,
    local: broadcast::Sender<Heard>,
    untold: Mutex<Untold>,
    tell: Notify,
    /// Tells our own notices, which went round already, from those of others.
    us: String,
    telling: Once,
    listening: Once,
}

impl RedisBus {
    /// Connects when there is something to tell or to hear. `process` is this process's own name. Must be called
    /// within a tokio runtime.
    pub fn new(config: &RedisBusConfig, process: Uuid) -> Result<Self, RedisBusError> {
        let client = Client::open(config.url.expose_secret()).map_err(|_| RedisBusError::Address)?;
        let stop = CancellationToken::new();
        let inner = Inner {
            client,
            channel: config.channel.clone(),
            runtime: Handle::current(),
            local: broadcast::channel(HELD).0,
            untold: Mutex::default(),
            tell: Notify::new(),
            us: process.simple().to_string(),
            telling: Once::new(),
            listening: Once::new(),
        };
        Ok(Self { inner: Arc::new(inner), _stop_on_drop: Arc::new(stop.clone().drop_guard()), stop })
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.inner.runtime.spawn(self.stop.clone().run_until_cancelled_owned(task));
    }
}

impl EventBus for RedisBus {
    fn announce(&self, notice: Notice) {
        // Nobody may be listening here.
        let _ = self.inner.local.send(Heard::Notice(notice.clone()));
        self.inner.untold.lock().unwrap_or_else(PoisonError::into_inner).push(notice);
        self.inner.telling.call_once(|| self.spawn(tell(Arc::clone(&self.inner))));
        self.inner.tell.notify_one();
    }

    fn listen(&self) -> Hearing {
        let receiver = self.inner.local.subscribe();
        self.inner.listening.call_once(|| self.spawn(listen(Arc::clone(&self.inner))));
        Box::pin(stream::unfold(receiver, |mut receiver| async move {
            let heard = match receiver.recv().await {
                Ok(heard) => heard,
                Err(broadcast::error::RecvError::Lagged(_)) => Heard::Missed,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            };
            Some((heard, receiver))
        }))
    }
}

fn timed_out() -> RedisError {
    RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut))
}

/// Warns once when Redis goes, and says once when it is back.
fn note(away: &mut bool, result: Result<&(), &RedisError>) {
    match result {
        // The error's own words may hold the address and with it a password.
        Err(error) if !std::mem::replace(away, true) => {
            tracing::warn!(kind = ?error.kind(), "redis does not answer: events come later to other processes");
        }
        Ok(&()) if std::mem::replace(away, false) => tracing::info!("redis answers again: events come at once"),
        _ => {}
    }
}

async fn tell(bus: Arc<Inner>) {
    let (mut connection, mut away, mut pause) = (None, false, FIRST_PAUSE);
    loop {
        bus.tell.notified().await;
        let notices = bus.untold.lock().unwrap_or_else(PoisonError::into_inner).take(&bus.us);
        if notices.is_empty() {
            continue;
        }
        let told = publish(&bus, &mut connection, &notices).await;
        note(&mut away, told.as_ref());
        if told.is_ok() {
            pause = FIRST_PAUSE;
            continue;
        }
        connection = None;
        bus.untold.lock().unwrap_or_else(PoisonError::into_inner).note_missed();
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        bus.tell.notify_one();
    }
}

async fn publish(
    bus: &Inner,
    connection: &mut Option<redis::aio::MultiplexedConnection>,
    notices: &[String],
) -> Result<(), RedisError> {
    if connection.is_none() {
        let made = timeout(ANSWER_WITHIN, bus.client.get_multiplexed_async_connection()).await;
        *connection = Some(made.map_err(|_| timed_out())??);
    }
    let Some(connection) = connection else { return Ok(()) };
    let mut pipeline = redis::pipe();
    for notice in notices {
        pipeline.cmd("PUBLISH").arg(&bus.channel).arg(notice).ignore();
    }
    timeout(ANSWER_WITHIN, pipeline.query_async::<()>(connection)).await.map_err(|_| timed_out())?
}

async fn listen(bus: Arc<Inner>) {
    let (mut away, mut pause) = (false, FIRST_PAUSE);
    loop {
        let ended = listen_once(&bus, &mut away, &mut pause).await;
        if let Err(error) = ended {
            note(&mut away, Err(&error));
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn listen_once(bus: &Inner, away: &mut bool, pause: &mut Duration) -> Result<(), RedisError> {
    let made = timeout(ANSWER_WITHIN, bus.client.get_async_pubsub()).await;
    let (mut sink, mut messages) = made.map_err(|_| timed_out())??.split();
    timeout(ANSWER_WITHIN, sink.subscribe(&bus.channel)).await.map_err(|_| timed_out())??;
    note(away, Ok(&()));
    *pause = FIRST_PAUSE;
    // What was told while we did not listen is not repeated.
    let _ = bus.local.send(Heard::Missed);
    loop {
        let message = match timeout(PROBE_EVERY, messages.next()).await {
            Ok(Some(message)) => message,
            Ok(None) => return Ok(()),
            Err(_) => {
                // To subscribe again changes nothing, and is answered only by a Redis that is there.
                timeout(ANSWER_WITHIN, sink.subscribe(&bus.channel)).await.map_err(|_| timed_out())??;
                continue;
            }
        };
        if let Some(heard) = heard(&message, &bus.us) {
            let _ = bus.local.send(heard);
        }
    }
}

fn heard(message: &Msg, us: &str) -> Option<Heard> {
    let text: String = message.get_payload().ok()?;
    let (sender, notice) = text.split_once(' ')?;
    // What a newer version says that this one does not know is looked for like what was missed.
    (sender != us).then(|| serde_json::from_str(notice).map_or(Heard::Missed, Heard::Notice))
}
