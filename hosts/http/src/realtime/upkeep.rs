//! What goes on beside the sockets: listening to the bus, looking after who may still be here, presence.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Weak},
    time::Duration,
};

use futures_util::StreamExt;
use hubchat_core::{
    Fault, HolderNow, PresenceBoard,
    domain::{MemberId, MemberRole, TenantId, Visibility},
    port::{Heard, Hearing, Notice, TenantPulse, TicketHolder},
};
use tokio::time::{Instant, sleep, timeout};

use super::{Live, card::Card};

/// So often all tenants with sockets are looked at.
const PULSE_EVERY: Duration = Duration::from_secs(1);
/// So often it is asked who may still be here.
const STANDINGS_EVERY: Duration = Duration::from_secs(2);
/// Two looks are at least so far apart, however much there is to look at.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// The member's log-in or the key is over, or was not renewed.
pub(super) const OVER: u16 = 4401;
/// The holder may not follow any more.
pub(super) const NOT_ALLOWED: u16 = 4403;

/// Starts the tasks. They end with the last socket's `Live`, or when the process stops.
pub(super) fn start(live: &Arc<Live>) {
    let stop = live.shutdown.clone();
    tokio::spawn(stop.clone().run_until_cancelled_owned(hear(Arc::downgrade(live), live.hubchat.ports.bus.listen())));
    tokio::spawn(stop.clone().run_until_cancelled_owned(look(Arc::downgrade(live))));
    tokio::spawn(stop.run_until_cancelled_owned(tell_presence(Arc::downgrade(live))));
}

async fn hear(live: Weak<Live>, mut bus: Hearing) {
    while let Some(heard) = bus.next().await {
        let Some(live) = live.upgrade() else { return };
        match heard {
            Heard::Notice(Notice::Committed { tenant_id }) => {
                if let Some(feed) = live.feed(tenant_id) {
                    feed.nudge();
                }
            }
            // Whoever tells it, storage says whether it is so.
            Heard::Notice(Notice::AccessChanged { .. } | Notice::Ended { .. }) => live.look.notify_one(),
            Heard::Notice(Notice::Presence(notice)) => {
                let now = live.hubchat.ports.clock.now();
                if let Some(at) = live.with_presence(|board| board.hear(notice, now)) {
                    live.show_presence(at);
                }
            }
            Heard::Missed => {
                for feed in live.all_feeds() {
                    feed.nudge();
                }
                live.look.notify_one();
            }
        }
    }
}

async fn look(live: Weak<Live>) {
    let mut standings_at = Instant::now();
    loop {
        let Some(now) = live.upgrade() else { return };
        let asked = timeout(PULSE_EVERY, now.look.notified()).await.is_ok();
        let with_standings = asked || Instant::now() >= standings_at;
        if with_standings {
            standings_at = Instant::now() + STANDINGS_EVERY;
        }
        if let Err(fault) = now.look_around(with_standings).await {
            let error = &fault as &dyn std::error::Error;
            tracing::warn!(error, "it could not be asked who may still follow; trying again");
        }
        drop(now);
        sleep(BETWEEN_LOOKS).await;
    }
}

impl Live {
    async fn look_around(&self, with_standings: bool) -> Result<(), Fault> {
        let cards = self.cards();
        let mut tenants: Vec<TenantId> = cards.iter().map(|card| card.tenant()).collect();
        tenants.sort_unstable();
        tenants.dedup();
        if tenants.is_empty() {
            return Ok(());
        }
        let pulses = self.hubchat.ports.directory.pulses(&tenants).await?;
        for pulse in &pulses {
            if let Some(feed) = self.feed(pulse.tenant_id) {
                feed.note_pulse(pulse.epoch, pulse.last);
            }
        }
        let versions: HashMap<TenantId, i64> =
            pulses.iter().map(|TenantPulse { tenant_id, access_version, .. }| (*tenant_id, *access_version)).collect();
        let newer = |card: &Card| versions.get(&card.tenant()).is_some_and(|version| *version > card.access_version());
        if with_standings || cards.iter().any(|card| newer(card)) {
            self.check(&cards, &versions).await?;
        }
        Ok(())
    }

    /// Closes the sockets of whoever may not be here any more, and tells the others what they see by now.
    async fn check(&self, cards: &[Arc<Card>], versions: &HashMap<TenantId, i64>) -> Result<(), Fault> {
        let held: Vec<TicketHolder> = cards.iter().map(|card| card.holder()).collect();
        let standing = self.hubchat.check_standings.run(&held).await?;
        let mut changed: BTreeMap<TenantId, Vec<(Arc<Card>, HolderNow)>> = BTreeMap::new();
        for (card, holder) in cards.iter().zip(&held) {
            // Who came with another ticket meanwhile is looked at next time.
            if card.holder() != *holder {
                continue;
            }
            match standing.get(holder) {
                None => card.close(OVER),
                Some(now) if !now.may_follow() => card.close(NOT_ALLOWED),
                Some(now) => {
                    let role_changed = matches!(now, HolderNow::Member(role) if card.member().is_some_and(|(_, known)| known != *role));
                    let version = versions.get(&card.tenant()).copied().unwrap_or_default();
                    if role_changed || version > card.access_version() {
                        changed.entry(card.tenant()).or_default().push((Arc::clone(card), now.clone()));
                    }
                }
            }
        }
        for (tenant, changed) in changed {
            let version = versions.get(&tenant).copied().unwrap_or_default();
            let mut members: Vec<(MemberId, MemberRole)> = changed
                .iter()
                .filter_map(|(card, now)| match now {
                    HolderNow::Member(role) => Some((card.member()?.0, *role)),
                    HolderNow::ApiKey(_) => None,
                })
                .collect();
            members.sort_unstable_by_key(|(id, _)| *id);
            members.dedup();
            let seen = self.hubchat.check_standings.visibilities(tenant, &members).await?;
            for (card, now) in changed {
                let actor = card.actor();
                let visibility = card.member().map_or(Some(&Visibility::All), |(member, _)| seen.get(&member));
                let Some(visibility) = visibility else { continue };
                let same_role = card.member().is_none_or(|(_, known)| now == HolderNow::Member(known));
                let news = (!same_role || actor.visibility() != visibility)
                    .then(|| actor.as_of_now(&now, visibility.clone()))
                    .flatten();
                card.change(news, version);
            }
        }
        Ok(())
    }
}

async fn tell_presence(live: Weak<Live>) {
    let mut told_at = Instant::now();
    loop {
        sleep(Duration::from_secs(1)).await;
        let Some(live) = live.upgrade() else { return };
        let now = live.hubchat.ports.clock.now();
        for at in live.with_presence(|board| board.expire(now)) {
            live.tell_presence(at);
        }
        if told_at.elapsed() >= PresenceBoard::TELL_EVERY {
            told_at = Instant::now();
            for notice in live.with_presence(|board| board.notices()) {
                live.hubchat.ports.bus.announce(Notice::Presence(notice));
            }
        }
    }
}
