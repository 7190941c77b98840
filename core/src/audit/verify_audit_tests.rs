//! Checks of logs that were tampered with: each way is found, and where.

use hubchat_domain::{AuditAction, AuditEntry, AuditHash, AuditHead, Scope};
use hubchat_ports::AuditSeal;
use serde_json::json;

use super::{
    AuditChain, AuditFlaw, AuditVerdict, VerifyAudit,
    world::{chain, chained, draft, head_of, ports, vault},
};
use crate::{
    Actor, Fault,
    test_ports::{TestPorts, actor, tenant},
};

fn log(count: u128) -> Vec<AuditEntry> {
    chained(&(1..=count).map(draft).collect::<Vec<_>>())
}

async fn verdict(entries: Vec<AuditEntry>, head: Option<AuditHead>) -> AuditVerdict {
    verdict_of(entries, head, None, None).await
}

async fn verdict_of(
    entries: Vec<AuditEntry>,
    head: Option<AuditHead>,
    unreadable: Option<i64>,
    noted: Option<(i64, AuditHash)>,
) -> AuditVerdict {
    let verify = VerifyAudit::new(ports(entries, head, unreadable).build());
    verify.run(&Actor::system(tenant()), noted).await.expect("a verdict")
}

fn head(entries: &[AuditEntry]) -> Option<AuditHead> {
    entries.last().map(head_of)
}

fn broken(flaw: AuditFlaw) -> AuditVerdict {
    AuditVerdict::Broken(flaw)
}

#[tokio::test]
async fn a_log_as_it_was_written_is_intact_over_several_pages() {
    let entries = log(2_500);
    let last = entries.last().expect("an entry").clone();
    let told = verdict(entries.clone(), head(&entries)).await;
    assert_eq!(told, AuditVerdict::Intact { seq: 2_500, hash: last.hash });
}

#[tokio::test]
async fn every_changed_field_is_found_at_its_entry() {
    let changes: [fn(&mut AuditEntry); 7] = [
        |entry| entry.draft.action = AuditAction::LeadAssigned,
        |entry| entry.draft.actor = actor(&[]).author().into(),
        |entry| entry.draft.before = None,
        |entry| entry.draft.after = Some(json!({"status": "LOST"})),
        |entry| entry.draft.origin.request_id = None,
        |entry| entry.draft.at = hubchat_domain::Timestamp::EPOCH,
        |entry| entry.hash = AuditHash::ZERO,
    ];
    for change in changes {
        let mut entries = log(5);
        let head = head(&entries);
        entries.get_mut(2).map(change).expect("an entry");
        assert_eq!(verdict(entries, head).await, broken(AuditFlaw::Altered { seq: 3 }));
    }
}

#[tokio::test]
async fn a_removed_entry_is_missing_and_two_that_changed_places_are_altered() {
    let (mut entries, head) = (log(5), head(&log(5)));
    entries.remove(2);
    assert_eq!(verdict(entries, head.clone()).await, broken(AuditFlaw::Missing { seq: 3 }));
    let mut entries = log(5);
    let (one, other) = (entries.remove(1), entries.remove(1));
    entries.insert(1, AuditEntry { seq: 2, ..other });
    entries.insert(2, AuditEntry { seq: 3, ..one });
    assert_eq!(verdict(entries, head).await, broken(AuditFlaw::Altered { seq: 2 }));
}

#[tokio::test]
async fn a_log_without_its_end_is_truncated() {
    let (mut entries, head) = (log(5), head(&log(5)));
    entries.truncate(3);
    assert_eq!(verdict(entries, head.clone()).await, broken(AuditFlaw::Truncated { seq: 4 }));
    assert_eq!(verdict(Vec::new(), head).await, broken(AuditFlaw::Truncated { seq: 1 }));
    assert_eq!(verdict(Vec::new(), None).await, broken(AuditFlaw::NoHead));
}

#[tokio::test]
async fn a_head_that_is_set_back_with_the_log_bears_no_signature_of_ours() {
    let mut entries = log(5);
    let signature = head(&entries).expect("a head").signature;
    entries.truncate(3);
    let forged = head(&entries).map(|head| AuditHead { signature, ..head });
    assert_eq!(verdict(entries, forged).await, broken(AuditFlaw::Unsigned));
}

#[tokio::test]
async fn a_chain_that_was_written_anew_without_the_key_is_found() {
    let genuine = head(&log(5));
    let anew = chained(&[9, 2, 3, 4, 5].map(draft));
    assert_eq!(verdict(anew.clone(), genuine).await, broken(AuditFlaw::Rewritten));
    // With a head to match, under a key of their own.
    let last = anew.last().expect("an entry").clone();
    let foreign = AuditChain::new(std::sync::Arc::new(vault("another key")));
    let signature = foreign.sign(tenant(), last.seq, &last.hash);
    let forged = AuditHead { seq: last.seq, hash: last.hash, signature };
    assert_eq!(verdict(anew, Some(forged)).await, broken(AuditFlaw::Unsigned));
}

#[tokio::test]
async fn a_log_of_another_tenant_is_not_taken_for_ours() {
    let other = hubchat_domain::TenantId::from_uuid(uuid::Uuid::from_u128(7));
    let hash = chain().hash(other, 1, &AuditHash::ZERO, &draft(1));
    let entries = vec![AuditEntry { seq: 1, draft: draft(1), hash }];
    let head = AuditHead { seq: 1, hash, signature: chain().sign(other, 1, &hash) };
    assert_eq!(verdict(entries, Some(head)).await, broken(AuditFlaw::Unsigned));
}

#[tokio::test]
async fn an_entry_behind_the_head_is_found_even_where_one_is_missing() {
    let head = head(&log(3));
    assert_eq!(verdict(log(4), head.clone()).await, broken(AuditFlaw::BehindHead { seq: 4 }));
    let mut entries = log(5);
    entries.drain(2..4);
    assert_eq!(verdict(entries, head).await, broken(AuditFlaw::Truncated { seq: 3 }));
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_named() {
    let entries = log(5);
    let told = verdict_of(entries.clone(), head(&entries), Some(4), None).await;
    assert_eq!(told, broken(AuditFlaw::Altered { seq: 4 }));
}

#[tokio::test]
async fn an_older_state_that_was_put_back_is_found_by_the_noted_end() {
    let (old, new) = (log(3), log(5));
    let end = |entries: &[AuditEntry]| entries.last().map(|last| (last.seq, last.hash));
    assert!(matches!(verdict_of(new.clone(), head(&new), None, end(&old)).await, AuditVerdict::Intact { seq: 5, .. }));
    let told = verdict_of(old.clone(), head(&old), None, end(&new)).await;
    assert_eq!(told, broken(AuditFlaw::RolledBack { seq: 5 }));
    let told = verdict_of(old.clone(), head(&old), None, Some((2, AuditHash::ZERO))).await;
    assert_eq!(told, broken(AuditFlaw::RolledBack { seq: 2 }));
}

#[tokio::test]
async fn who_does_not_run_the_tenant_checks_nothing() {
    let verify = VerifyAudit::new(TestPorts::default().build());
    assert!(matches!(verify.run(&actor(&[Scope::InboxRead]), None).await, Err(Fault::Forbidden { .. })));
}
