//! The audit log: chained without gaps, in the order of commits.

use futures_util::future::join_all;
use hubchat_domain::{
    AuditAction, AuditActor, AuditDraft, AuditEntry, AuditHash, AuditHead, AuditSubject, Origin, SubjectKind, TenantId,
};
use hubchat_ports::{AuditFilter, AuditPlace, AuditSeal};
use serde_json::{Value, json};

use crate::specimens::{moments, short_texts, texts};
use crate::world::{World, at, whole};
use crate::{PlainSeal, StorageHarness};

const ALL: AuditFilter = AuditFilter { actor: None, action: None, subject: None, from: None, to: None };

fn draft(number: i64, after: Value) -> AuditDraft {
    AuditDraft {
        actor: AuditActor::System,
        action: AuditAction::LeadUpdated,
        subject: AuditSubject::new(SubjectKind::Lead, number),
        before: None,
        after: Some(after),
        origin: Origin::default(),
        at: at(number),
    }
}

async fn write(world: &World<'_>, tenant: TenantId, drafts: &[AuditDraft]) {
    let session = world.begin(tenant).await;
    for draft in drafts {
        session.audit().append(draft.clone()).await.unwrap();
    }
    session.commit().await.unwrap();
}

async fn log(world: &World<'_>, tenant: TenantId) -> Vec<AuditEntry> {
    world.audit(tenant).list_after(&ALL, 0, 1_000).await.unwrap()
}

/// What storage must have made of drafts in this order.
fn chained(tenant: TenantId, drafts: impl IntoIterator<Item = AuditDraft>) -> Vec<AuditEntry> {
    let mut hash = AuditHash::ZERO;
    drafts
        .into_iter()
        .zip(1..)
        .map(|(draft, seq)| {
            hash = PlainSeal.hash(tenant, seq, &hash, &draft);
            AuditEntry { seq, draft, hash }
        })
        .collect()
}

/// The log is one chain without gaps, and the head tells its end.
async fn assert_whole(world: &World<'_>, tenant: TenantId) {
    let entries = log(world, tenant).await;
    assert_eq!(entries, chained(tenant, entries.iter().map(|entry| entry.draft.clone())));
    let last = entries.last().unwrap();
    let signature = PlainSeal.sign(tenant, last.seq, &last.hash);
    let head = AuditHead { seq: last.seq, hash: last.hash, signature };
    assert_eq!(world.audit(tenant).head().await.unwrap(), Some(head));
}

pub async fn entries_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let actors = [AuditActor::System, AuditActor::ApiKey { id: world.id() }, AuditActor::Member { id: world.id() }];
    let addresses = [None, Some("192.0.2.7".parse().unwrap()), Some("2001:db8::7".parse().unwrap())];
    let mut drafts = Vec::new();
    for (number, text) in texts().into_iter().enumerate() {
        let shorts = short_texts();
        drafts.push(AuditDraft {
            actor: actors[number % actors.len()],
            action: AuditAction::ALL[number % AuditAction::ALL.len()],
            subject: AuditSubject::new(SubjectKind::ALL[number % SubjectKind::ALL.len()], world.id::<uuid::Uuid>()),
            before: (number % 2 == 0).then(|| json!({ text.clone(): [text, null, true, -1, u64::MAX] })),
            after: (number % 3 == 0).then(|| json!(text)),
            origin: Origin {
                address: addresses[number % addresses.len()],
                request_id: (number % 5 != 0).then(|| shorts[number % shorts.len()].clone()),
            },
            at: moments()[number % moments().len()],
        });
    }
    write(&world, tenant, &drafts).await;
    assert_eq!(log(&world, tenant).await, chained(tenant, drafts));
    assert_whole(&world, tenant).await;
}

pub async fn entries_are_chained_in_the_order_given_for_each_tenant(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.tenant("one").await.id, world.tenant("two").await.id);
    for (tenant, names) in [(one, vec!["a", "b"]), (two, vec!["x"]), (one, vec!["c"]), (two, vec!["y", "z"])] {
        let drafts: Vec<_> = names.into_iter().map(|name| draft(1, json!(name))).collect();
        write(&world, tenant, &drafts).await;
    }
    for (tenant, names) in [(one, ["a", "b", "c"]), (two, ["x", "y", "z"])] {
        let expected = names.map(|name| draft(1, json!(name)));
        assert_eq!(log(&world, tenant).await, chained(tenant, expected));
        assert_whole(&world, tenant).await;
    }
}

pub async fn a_dropped_session_leaves_no_hole_in_the_log(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    for (number, kept) in [true, false, false, true, false, true].into_iter().enumerate() {
        let session = world.begin(tenant).await;
        for _ in 0..2 {
            session.audit().append(draft(whole(number), json!(number))).await.unwrap();
        }
        if kept {
            session.commit().await.unwrap();
        }
    }
    let told: Vec<_> = log(&world, tenant).await.into_iter().map(|entry| entry.draft.after).collect();
    assert_eq!(json!(told), json!([0, 0, 3, 3, 5, 5]));
    assert_whole(&world, tenant).await;
}

pub async fn sessions_at_the_same_time_leave_no_gap_and_one_chain(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    join_all((0..8).map(|writer| {
        let world = &world;
        async move {
            for turn in 0..10 {
                let session = world.begin(tenant).await;
                session.audit().append(draft(turn, json!([writer, turn, 0]))).await.unwrap();
                // Something else between: the place is given at the commit, not here.
                session.members().list().await.unwrap();
                session.audit().append(draft(turn, json!([writer, turn, 1]))).await.unwrap();
                if turn % 3 != 2 {
                    session.commit().await.unwrap();
                }
                tokio::task::yield_now().await;
            }
        }
    }))
    .await;
    let entries = log(&world, tenant).await;
    assert_eq!(entries.len(), 8 * 7 * 2);
    for pair in entries.chunks(2) {
        let [one, other] = pair else { panic!("an odd number of entries") };
        let (one, other) = (one.draft.after.as_ref().unwrap(), other.draft.after.as_ref().unwrap());
        assert_eq!((&one[0], &one[1], &one[2]), (&other[0], &other[1], &json!(0)), "one session's are torn apart");
    }
    for writer in 0..8 {
        let of_writer = entries.iter().filter_map(|entry| entry.draft.after.as_ref());
        let turns: Vec<_> =
            of_writer.filter(|told| told[0] == json!(writer) && told[2] == json!(0)).map(|told| &told[1]).collect();
        assert_eq!(json!(turns), json!([0, 1, 3, 4, 6, 7, 9]), "writer {writer}");
    }
    assert_whole(&world, tenant).await;
}

/// Entries of two actors, two actions and two subjects, two of each moment.
async fn mixed(world: &World<'_>, tenant: TenantId) -> (Vec<AuditEntry>, AuditActor) {
    let member = AuditActor::Member { id: world.id() };
    let drafts: Vec<AuditDraft> = (0..24)
        .map(|number| AuditDraft {
            actor: if number % 2 == 0 { AuditActor::System } else { member },
            action: if number % 3 == 0 { AuditAction::LeadAssigned } else { AuditAction::LeadUpdated },
            ..draft(number / 2, json!(number))
        })
        .collect();
    write(world, tenant, &drafts).await;
    (chained(tenant, drafts), member)
}

fn filters(member: AuditActor) -> Vec<AuditFilter> {
    vec![
        ALL,
        AuditFilter { actor: Some(member), ..ALL },
        AuditFilter { actor: Some(AuditActor::System), ..ALL },
        AuditFilter { action: Some(AuditAction::LeadAssigned), ..ALL },
        AuditFilter { action: Some(AuditAction::KeysRotated), ..ALL },
        AuditFilter { subject: Some(AuditSubject::new(SubjectKind::Lead, 3)), ..ALL },
        AuditFilter { subject: Some(AuditSubject::new(SubjectKind::Job, 3)), ..ALL },
        AuditFilter { from: Some(at(4)), ..ALL },
        AuditFilter { to: Some(at(4)), ..ALL },
        AuditFilter { from: Some(at(2)), to: Some(at(9)), ..ALL },
        AuditFilter {
            actor: Some(member),
            action: Some(AuditAction::LeadUpdated),
            subject: Some(AuditSubject::new(SubjectKind::Lead, 5)),
            from: Some(at(5)),
            to: Some(at(6)),
        },
    ]
}

fn fits(filter: &AuditFilter, entry: &AuditEntry) -> bool {
    filter.actor.is_none_or(|actor| entry.draft.actor == actor)
        && filter.action.is_none_or(|action| entry.draft.action == action)
        && filter.subject.as_ref().is_none_or(|subject| entry.draft.subject == *subject)
        && filter.from.is_none_or(|from| entry.draft.at >= from)
        && filter.to.is_none_or(|to| entry.draft.at < to)
}

pub async fn the_log_is_listed_newest_first_by_every_filter_a_page_at_a_time(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let (entries, member) = mixed(&world, tenant).await;
    for filter in filters(member) {
        let mut expected: Vec<AuditEntry> = entries.iter().filter(|entry| fits(&filter, entry)).cloned().collect();
        expected.reverse();
        let (mut listed, mut after): (Vec<AuditEntry>, Option<AuditPlace>) = (Vec::new(), None);
        loop {
            let page = world.audit(tenant).list(&filter, after, 5).await.unwrap();
            assert!(page.items.len() <= 5);
            listed.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(listed, expected, "{filter:?}");
    }
}

pub async fn the_log_is_walked_in_its_order_by_every_filter(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let (entries, member) = mixed(&world, tenant).await;
    for filter in filters(member) {
        let expected: Vec<AuditEntry> = entries.iter().filter(|entry| fits(&filter, entry)).cloned().collect();
        let (mut walked, mut seq): (Vec<AuditEntry>, i64) = (Vec::new(), 0);
        loop {
            let page = world.audit(tenant).list_after(&filter, seq, 5).await.unwrap();
            assert!(page.len() <= 5);
            let Some(last) = page.last() else { break };
            seq = last.seq;
            walked.extend(page);
        }
        assert_eq!(walked, expected, "{filter:?}");
    }
}

pub async fn a_log_without_entries_has_no_head(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let audit = world.audit(tenant);
    assert_eq!(audit.head().await.unwrap(), None);
    assert_eq!(audit.list_after(&ALL, 0, 10).await.unwrap(), []);
    assert_eq!(audit.list(&ALL, None, 10).await.unwrap().next, None);
}

pub async fn another_tenants_log_is_not_seen(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.tenant("one").await.id, world.tenant("two").await.id);
    write(&world, one, &[draft(1, json!("secret"))]).await;
    let audit = world.audit(two);
    assert_eq!(audit.head().await.unwrap(), None);
    assert_eq!(audit.list_after(&ALL, 0, 10).await.unwrap(), []);
    assert_eq!(audit.list(&ALL, None, 10).await.unwrap().items, []);
}
