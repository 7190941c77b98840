//! The queue and its dead letters.

use anyhow::Context;
use hubchat_core::port::{DeadLetter, DeadLetterFilter, JobId, Lane};
use hubchat_wiring::Wired;
use serde_json::{Value, json};

use crate::{Answer, arguments::Queue};

pub(super) async fn queue(wired: &Wired, command: Queue) -> anyhow::Result<Answer> {
    match command {
        Queue::Stats => stats(wired).await,
        Queue::Dead { tenant, lane, limit, after } => {
            let tenant_id = match tenant {
                Some(slug) => Some(wired.hubchat.create_tenant.find(&slug).await?.id),
                None => None,
            };
            let lane =
                lane.map(|name| Lane::parse(&name).with_context(|| format!("no lane is called {name}"))).transpose()?;
            let filter = DeadLetterFilter { tenant_id, lane, after: after.map(JobId), limit: limit.clamp(1, 1_000) };
            let letters = wired.hubchat.dead_letters.list(&filter).await?;
            let lines = letters.iter().map(|letter| {
                format!("{}  {}  {}  {}  {}", letter.id.0, letter.lane, letter.kind, letter.died_at, letter.last_error)
            });
            let items: Vec<Value> = letters.iter().map(letter_object).collect();
            Ok(Answer::new(lines, json!({"items": items})))
        }
        Queue::Replay { id } => {
            wired.hubchat.dead_letters.replay(JobId(id)).await?;
            Ok(Answer::new([format!("{id} is done again")], json!({"id": id, "replayed": true})))
        }
        Queue::Discard { id } => {
            wired.hubchat.dead_letters.discard(JobId(id)).await?;
            Ok(Answer::new([format!("{id} is gone")], json!({"id": id, "discarded": true})))
        }
    }
}

async fn stats(wired: &Wired) -> anyhow::Result<Answer> {
    let stats = wired.hubchat.dead_letters.stats().await?;
    let ledger = wired.hubchat.ports.intake.ledger().await?;
    let pending = ledger.received - ledger.processed - ledger.ignored - ledger.dead;
    let mut lines: Vec<String> = stats
        .iter()
        .map(|lane| {
            format!(
                "{}: {} ready, {} leased, {} delayed, {} dead, lag {:.1} s",
                lane.lane,
                lane.ready,
                lane.leased,
                lane.delayed,
                lane.dead,
                lane.lag.as_secs_f64()
            )
        })
        .collect();
    lines.push(format!(
        "inbound events: {} received = {pending} pending + {} processed + {} ignored + {} dead",
        ledger.received, ledger.processed, ledger.ignored, ledger.dead
    ));
    let by_lane: Vec<Value> = stats
        .iter()
        .map(|lane| {
            json!({
                "lane": lane.lane.as_str(),
                "ready": lane.ready,
                "leased": lane.leased,
                "delayed": lane.delayed,
                "dead": lane.dead,
                "lagSeconds": lane.lag.as_secs_f64(),
            })
        })
        .collect();
    let inbound = json!({
        "received": ledger.received,
        "pending": pending,
        "processed": ledger.processed,
        "ignored": ledger.ignored,
        "dead": ledger.dead,
    });
    Ok(Answer::new(lines, json!({"lanes": by_lane, "inboundEvents": inbound})))
}

fn letter_object(letter: &DeadLetter) -> Value {
    json!({
        "id": letter.id.0,
        "lane": letter.lane.as_str(),
        "tenantId": letter.tenant_id,
        "kind": letter.kind,
        "payload": letter.payload,
        "attempts": letter.attempts,
        "lastError": letter.last_error,
        "enqueuedAt": letter.enqueued_at,
        "diedAt": letter.died_at,
    })
}
