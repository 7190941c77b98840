//! One socket, from its hello to its end.

use std::sync::Arc;

use hubchat_core::{
    Actor, ErrorCode, EventCursor, FollowError, FollowEvents, PresencePlace, Showing, TicketError, Topic, Topics,
    domain::{ConversationId, PresenceState},
};
use poem::web::websocket::WebSocketStream;
use poem_openapi::types::ParseFromJSON;
use secrecy::SecretString;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, sleep_until, timeout},
};

use super::{
    Live, Registration,
    clock::FrameClock,
    connection::{Connection, End, Incoming},
    feed::{Following, ReadEvent, Shared},
    upkeep::{NOT_ALLOWED, OVER},
};
use crate::wire::{
    BeatFrame, ClientFrame, HelloFrame, Named, Names, OwnPresenceFrame, OwnState, PresenceFrame, ReadyFrame,
    RenewAskedFrame, RenewedFrame, ResetFrame, ResetReason, ServerFrame,
};

/// A frame cannot be read.
pub(super) const UNREADABLE: u16 = 4400;
/// No hello came, or no sign of life.
const SILENT: u16 = 4408;
/// Too many frames came.
const TOO_MUCH: u16 = 4429;
/// The process stops: come again, with the cursor.
const RESTART: u16 = 1012;
/// Something is wrong inside hubchat: come again, with the cursor.
const TROUBLE: u16 = 1011;
/// The most missed events that are sent one by one.
const MOST_MISSED: i64 = 1_000;

/// Serves a socket until its end.
pub(super) async fn serve(live: Arc<Live>, stream: WebSocketStream, registration: Registration) {
    let card = Arc::clone(&registration.card);
    let mut connection = Connection::new(stream, card);
    let end = talk(&live, &mut connection).await;
    let code = match connection.card().verdict() {
        Some(code) => code,
        None => match end {
            End::Close(code) => code,
            End::Lost => return drop(registration),
        },
    };
    metrics::counter!("hubchat_sockets_closed_total", "code" => code.to_string()).increment(1);
    drop(registration);
    Box::pin(connection.close(code, reason(code))).await;
}

fn reason(code: u16) -> &'static str {
    match code {
        UNREADABLE => "this frame cannot be read",
        OVER => "the log-in is over",
        NOT_ALLOWED => "not allowed",
        SILENT => "nothing came",
        TOO_MUCH => "too many frames",
        RESTART => "hubchat restarts",
        _ => "something went wrong",
    }
}

/// Whatever is done once, or once a while, has its room on the heap while it is done: a socket that waits holds no more
/// than what it waits with.
async fn talk(live: &Arc<Live>, connection: &mut Connection) -> End {
    match Box::pin(begin(live, connection)).await {
        Ok(mut socket) => match socket.run().await {
            Ok(never) => match never {},
            Err(end) => end,
        },
        Err(end) => end,
    }
}

/// From the hello to the first moment at which there is nothing to tell.
async fn begin<'s>(live: &'s Arc<Live>, connection: &'s mut Connection) -> Result<Box<Socket<'s>>, End> {
    let hello = tokio::select! {
        () = live.shutdown.cancelled() => return Err(End::Close(RESTART)),
        hello = timeout(live.config.hello_within, hello(connection)) => hello.map_err(|_| End::Close(SILENT))??,
    };
    let mut topics = Topics::default();
    for topic in &hello.topics {
        if !topic.parse().is_ok_and(|topic| topics.add(topic)) {
            return Err(End::Close(UNREADABLE));
        }
    }
    let following = match live.follow(connection.card().tenant()).await {
        Ok(following) => following,
        Err(fault) => {
            tracing::warn!(error = &fault as &dyn std::error::Error, "a socket could not begin");
            return Err(End::Close(TROUBLE));
        }
    };
    let now = Instant::now();
    let actor = connection.card().actor();
    let mut socket = Box::new(Socket {
        live,
        connection,
        following,
        topics,
        actor,
        cursor: EventCursor { epoch: 0, seq: 0 },
        frames: FrameClock::new(now),
        beat_at: now + live.config.heartbeat,
        heard_at: now,
        renewal: Renewal::default(),
    });
    socket.set_renewal();
    socket.catch_up(hello.cursor.as_deref()).await?;
    socket.show_all_presence().await?;
    Ok(socket)
}

async fn hello(connection: &mut Connection) -> Result<HelloFrame, End> {
    loop {
        let Incoming::Text(text) = connection.next().await? else { continue };
        return match read(&text)? {
            ClientFrame::Hello(hello) => Ok(hello),
            _ => Err(End::Close(UNREADABLE)),
        };
    }
}

fn read(text: &str) -> Result<ClientFrame, End> {
    let value = serde_json::from_str(text).map_err(|_| End::Close(UNREADABLE))?;
    ClientFrame::parse_from_json(Some(value)).map_err(|_| End::Close(UNREADABLE))
}

/// When the holder has to come with another ticket.
#[derive(Debug, Default, Clone, Copy)]
struct Renewal {
    ask_at: Option<Instant>,
    end_at: Option<Instant>,
}

struct Socket<'s> {
    live: &'s Arc<Live>,
    connection: &'s mut Connection,
    following: Following,
    topics: Topics,
    actor: Arc<Actor>,
    /// Everything up to here was sent, or is nothing for this socket.
    cursor: EventCursor,
    frames: FrameClock,
    beat_at: Instant,
    /// When the other end last gave a sign of life.
    heard_at: Instant,
    renewal: Renewal,
}

impl Socket<'_> {
    async fn run(&mut self) -> Result<std::convert::Infallible, End> {
        loop {
            let deadline = [Some(self.beat_at), self.renewal.ask_at, self.renewal.end_at].into_iter().flatten().min();
            let deadline = deadline.unwrap_or(self.beat_at);
            tokio::select! {
                biased;
                () = self.live.shutdown.cancelled() => return Err(End::Close(RESTART)),
                () = self.connection_changed() => Box::pin(self.look_at_card()).await?,
                incoming = self.connection.next() => Box::pin(self.take(incoming?)).await?,
                shared = self.following.shared.recv() => match shared {
                    Ok(shared) => Box::pin(self.pass_on(shared)).await?,
                    Err(RecvError::Lagged(_)) => Box::pin(self.reset(ResetReason::Lagged)).await?,
                    Err(RecvError::Closed) => return Err(End::Close(TROUBLE)),
                },
                () = sleep_until(deadline) => Box::pin(self.on_time()).await?,
            }
        }
    }

    fn connection_changed(&self) -> impl Future<Output = ()> + use<> {
        let card = Arc::clone(self.connection.card());
        async move { card.changed().await }
    }

    /// Sends what was missed, or says that it cannot be.
    async fn catch_up(&mut self, cursor: Option<&str>) -> Result<(), End> {
        let head = self.live.hubchat.follow_events.head(self.tenant()).await.map_err(|_| End::Close(TROUBLE))?;
        let now = EventCursor { epoch: head.epoch, seq: head.last };
        let Some(cursor) = cursor else {
            self.cursor = now;
            return self.ready(0).await;
        };
        let known = cursor.parse::<EventCursor>().ok().filter(|cursor| head.continues(cursor.epoch, cursor.seq));
        let Some(known) = known else { return self.reset_to(now, ResetReason::Gone).await };
        if now.seq - known.seq > MOST_MISSED {
            return self.reset_to(now, ResetReason::TooMany).await;
        }
        self.cursor = known;
        let mut missed = 0;
        while self.cursor.seq < now.seq {
            let reading = self.live.readers.acquire().await;
            let events = self.live.hubchat.follow_events.after(self.tenant(), self.cursor, FollowEvents::MOST).await;
            drop(reading);
            let events = match events {
                Ok(events) if !events.is_empty() => events,
                // It was there a moment ago.
                Ok(_) | Err(FollowError::Gone) => return self.reset(ResetReason::Gone).await,
                Err(FollowError::Fault(_)) => return Err(End::Close(TROUBLE)),
            };
            for event in events {
                missed += u32::from(self.deliver(&ReadEvent::new(event)).await?);
            }
        }
        self.ready(missed).await
    }

    async fn ready(&mut self, missed: u32) -> Result<(), End> {
        let heartbeat_seconds = u32::try_from(self.live.config.heartbeat.as_secs()).unwrap_or(u32::MAX).max(1);
        let cursor = self.cursor.to_string();
        self.connection.send(&ServerFrame::Ready(ReadyFrame { cursor, missed, heartbeat_seconds })).await
    }

    /// Goes on from now, and says that what was before has to be read anew.
    async fn reset(&mut self, reason: ResetReason) -> Result<(), End> {
        let head = self.live.hubchat.follow_events.head(self.tenant()).await.map_err(|_| End::Close(TROUBLE))?;
        self.reset_to(EventCursor { epoch: head.epoch, seq: head.last }, reason).await
    }

    async fn reset_to(&mut self, cursor: EventCursor, reason: ResetReason) -> Result<(), End> {
        self.cursor = cursor;
        let name = Named(reason);
        metrics::counter!("hubchat_socket_resets_total", "reason" => Names::name_of(reason)).increment(1);
        self.connection.send(&ServerFrame::Reset(ResetFrame { cursor: cursor.to_string(), reason: name })).await
    }

    async fn pass_on(&mut self, shared: Shared) -> Result<(), End> {
        match shared {
            Shared::Event(event) => {
                let at = event.live.cursor;
                if at.epoch == self.cursor.epoch && at.seq <= self.cursor.seq {
                    return Ok(());
                }
                if at.epoch != self.cursor.epoch || at.seq != self.cursor.seq + 1 {
                    return self.reset(ResetReason::Lagged).await;
                }
                self.deliver(&event).await.map(drop)
            }
            Shared::Anew => self.reset(ResetReason::Gone).await,
            Shared::Presence(at) => self.show_presence(at).await,
        }
    }

    /// Sends an event if it is for this socket; tells whether it was.
    async fn deliver(&mut self, event: &ReadEvent) -> Result<bool, End> {
        self.cursor = event.live.cursor;
        let showing = event.live.shown_to(self.actor.visibility());
        if showing == Showing::Nothing || !self.topics.want(&event.live, showing == Showing::Hidden) {
            return Ok(false);
        }
        let reader = self.actor.as_member().map(|member| member.id);
        self.connection.send_text(event.frame(showing, reader, &self.live.hubchat.media)).await?;
        metrics::counter!("hubchat_events_delivered_total").increment(1);
        Ok(true)
    }

    /// Who is at a conversation now, if it is for this socket.
    async fn show_presence(&mut self, at: PresencePlace) -> Result<(), End> {
        if !self.topics.want_presence(at.conversation_id) {
            return Ok(());
        }
        let (visibility, here) = (self.actor.visibility(), self.live);
        let members = here.with_presence(|board| board.is_seen(at, visibility).then(|| board.members(at)));
        let Some(members) = members else { return Ok(()) };
        let members = members.into_iter().map(Into::into).collect();
        let conversation_id = at.conversation_id.as_uuid();
        self.connection.send(&ServerFrame::Presence(PresenceFrame { conversation_id, members })).await
    }

    async fn show_all_presence(&mut self) -> Result<(), End> {
        for at in self.live.with_presence(|board| board.places_of(self.tenant())) {
            self.show_presence(at).await?;
        }
        Ok(())
    }

    async fn take(&mut self, incoming: Incoming) -> Result<(), End> {
        let now = Instant::now();
        self.heard_at = now;
        if !self.frames.take(now) {
            return Err(End::Close(TOO_MUCH));
        }
        let Incoming::Text(text) = incoming else { return Ok(()) };
        match read(&text)? {
            ClientFrame::Hello(_) => Err(End::Close(UNREADABLE)),
            ClientFrame::Subscribe(frame) => {
                let topic: Topic = frame.topic.parse().map_err(|_| End::Close(UNREADABLE))?;
                if !self.topics.add(topic) {
                    return Err(End::Close(UNREADABLE));
                }
                match topic {
                    Topic::Presence => self.show_all_presence().await,
                    Topic::Conversation(id) => self.show_if_any(id).await,
                    Topic::Inbox => Ok(()),
                }
            }
            ClientFrame::Unsubscribe(frame) => {
                self.topics.remove(frame.topic.parse().map_err(|_| End::Close(UNREADABLE))?);
                Ok(())
            }
            ClientFrame::Presence(frame) => self.be(frame).await,
            ClientFrame::Renew(frame) => self.renew(SecretString::from(frame.ticket)).await,
        }
    }

    async fn show_if_any(&mut self, id: ConversationId) -> Result<(), End> {
        let at = self.place(id);
        let empty = self.live.with_presence(|board| board.members(at).is_empty());
        if empty { Ok(()) } else { self.show_presence(at).await }
    }

    /// The holder is somewhere, or no longer.
    async fn be(&mut self, frame: OwnPresenceFrame) -> Result<(), End> {
        let id = ConversationId::from_uuid(frame.conversation_id);
        let (at, number) = (self.place(id), self.connection.card().number());
        let OwnState::At(state) = frame.state.0 else {
            if self.live.with_presence(|board| board.leave(at, number)) {
                self.live.tell_presence(at);
            }
            return Ok(());
        };
        self.enter(at, number, state).await
    }

    async fn enter(&mut self, at: PresencePlace, number: u64, state: PresenceState) -> Result<(), End> {
        let Some(member) = self.actor.as_member().map(|member| member.id) else { return Err(End::Close(NOT_ALLOWED)) };
        let Some(name) = self.connection.card().name() else { return Ok(()) };
        // Of what the holder does not see, or what is not there, nothing is told.
        let row = match self.live.hubchat.inbox.conversation(&self.actor, at.conversation_id).await {
            Ok(row) => row.conversation,
            Err(error) if error.code() == "conversation_not_found" => return Ok(()),
            Err(_) => return Err(End::Close(TROUBLE)),
        };
        let owner = (row.assigned_member_id, row.assigned_team_id);
        let now = self.live.hubchat.ports.clock.now();
        if self.live.with_presence(|board| board.enter(at, owner, number, (member, &name, state), now)) {
            self.live.tell_presence(at);
        }
        Ok(())
    }

    async fn renew(&mut self, ticket: SecretString) -> Result<(), End> {
        let card = Arc::clone(self.connection.card());
        let holder = match self.live.hubchat.redeem_socket_ticket.run(&ticket).await {
            Ok(holder) if card.is_of(&holder) => holder,
            Ok(_) | Err(TicketError::Refused) => return Err(End::Close(OVER)),
            Err(_) => return Err(End::Close(TROUBLE)),
        };
        let same_sight = holder.actor.visibility() == self.actor.visibility();
        card.renew(holder);
        self.actor = card.actor();
        self.set_renewal();
        let cursor = self.cursor.to_string();
        self.connection.send(&ServerFrame::Renewed(RenewedFrame { cursor })).await?;
        if same_sight { Ok(()) } else { self.reset(ResetReason::Sight).await }
    }

    fn set_renewal(&mut self) {
        let now = self.live.hubchat.ports.clock.now();
        let ends_at = self.connection.card().access_ends_at();
        self.renewal = Renewal { ask_at: ends_at.map(|ends_at| Instant::now() + ends_at.since(now)), end_at: None };
    }

    /// Something was decided about this socket from outside.
    async fn look_at_card(&mut self) -> Result<(), End> {
        if let Some(code) = self.connection.card().verdict() {
            return Err(End::Close(code));
        }
        let actor = self.connection.card().actor();
        if actor.visibility() == self.actor.visibility() {
            self.actor = actor;
            return Ok(());
        }
        self.actor = actor;
        self.reset(ResetReason::Sight).await
    }

    async fn on_time(&mut self) -> Result<(), End> {
        let now = Instant::now();
        if self.renewal.end_at.is_some_and(|at| at <= now) {
            return Err(End::Close(OVER));
        }
        if self.renewal.ask_at.is_some_and(|at| at <= now) {
            let within = self.live.config.renew_within;
            self.renewal = Renewal { ask_at: None, end_at: Some(now + within) };
            let within_seconds = u32::try_from(within.as_secs()).unwrap_or(u32::MAX);
            self.connection.send(&ServerFrame::Renew(RenewAskedFrame { within_seconds })).await?;
        }
        if self.beat_at <= now {
            let heartbeat = self.live.config.heartbeat;
            if now.duration_since(self.heard_at) >= heartbeat * 2 {
                return Err(End::Close(SILENT));
            }
            self.beat_at = now + heartbeat;
            let cursor = self.cursor.to_string();
            self.connection.send(&ServerFrame::Beat(BeatFrame { cursor })).await?;
            // Whoever lives answers by itself (RFC 6455, section 5.5.2).
            self.connection.ping().await?;
        }
        Ok(())
    }

    fn tenant(&self) -> hubchat_core::domain::TenantId {
        self.connection.card().tenant()
    }

    fn place(&self, conversation_id: ConversationId) -> PresencePlace {
        PresencePlace { tenant_id: self.tenant(), conversation_id }
    }
}
