//! Activity logs of leads.

use hubchat_domain::{Activity, ActivityKind, Author, Visibility};
use hubchat_ports::PageRequest;
use serde_json::json;

use crate::StorageHarness;
use crate::specimens::texts;
use crate::world::{Customer, World, at, whole};

fn line(world: &World<'_>, of: &Customer, seconds: i64) -> Activity {
    Activity {
        id: world.id(),
        lead_id: of.lead.record().id,
        kind: ActivityKind::NoteAdded,
        author: Author::System,
        detail: json!({}),
        at: at(seconds),
    }
}

async fn log(world: &World<'_>, of: &Customer, lines: &[Activity]) {
    let session = world.begin(of.lead.record().tenant_id).await;
    session.activities().append(lines).await.unwrap();
    session.commit().await.unwrap();
}

pub async fn activities_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(0)).await;
    let mut lines = Vec::new();
    for (number, text) in texts().into_iter().enumerate() {
        let authors = [Author::System, Author::ApiKey { id: world.id() }, Author::Member { id: world.id() }];
        lines.push(Activity {
            kind: ActivityKind::ALL[number % ActivityKind::ALL.len()],
            author: authors[number % 3],
            detail: json!({ "from": text, text.clone(): [1, null] }),
            ..line(&world, &known, whole(number))
        });
    }
    log(&world, &known, &lines).await;
    let page = PageRequest { after: None, limit: 200 };
    let listed = world
        .inbox(shop.tenant.id)
        .list_activity(&Visibility::All, known.lead.record().id, page)
        .await
        .unwrap()
        .unwrap();
    lines.reverse();
    assert_eq!(listed.items, lines);
    assert_eq!(listed.next, None);
}

pub async fn hundreds_of_activities_fit_in_one_batch(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(0)).await;
    let mut lines: Vec<Activity> = (0..500).map(|n| line(&world, &known, n / 3)).collect();
    log(&world, &known, &lines).await;
    let inbox = world.inbox(shop.tenant.id);
    let mut after = None;
    let mut seen = Vec::new();
    loop {
        let page = PageRequest { after, limit: 99 };
        let page = inbox.list_activity(&Visibility::All, known.lead.record().id, page).await.unwrap().unwrap();
        seen.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    lines.reverse();
    assert_eq!(seen, lines, "newest first, and of one moment the later id first");
}
