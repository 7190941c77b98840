//! Exports: whole, in order, bounded, and written down first.

use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;
use hubchat_domain::{AuditAction, AuditDraft, Scope, SubjectKind};
use hubchat_ports::{AuditFilter, MockUnitOfWork};
use serde_json::{Value, json};

use super::{
    AuditFormat, ExportAudit,
    world::{chained, draft, head_of, ports},
};
use crate::{
    Fault,
    test_ports::{TestPorts, actor, audit_store, tenant},
};

/// Exports a log of so many entries, of which the first `known` were there when the export began.
async fn export(format: AuditFormat, count: u128, known: usize) -> (Vec<String>, Vec<AuditDraft>) {
    let entries = chained(&(1..=count).map(draft).collect::<Vec<_>>());
    let head = known.checked_sub(1).and_then(|at| entries.get(at)).map(head_of);
    let written = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&written);
    let mut session = MockUnitOfWork::new();
    session.expect_audit().return_const(audit_store(move |draft| log.lock().expect("not poisoned").push(draft)));
    session.expect_commit().returning(|| Ok(()));
    let ports = ports(entries, head, None).with_sessions(vec![session]);
    let export = ExportAudit::new(ports.build());
    let stream = export.run(&actor(&[Scope::Admin]), format, AuditFilter::default()).await.expect("an export");
    let pieces: Vec<_> = stream.try_collect().await.expect("to its end");
    let pieces = pieces.iter().map(|piece| String::from_utf8(piece.to_vec()).expect("UTF-8")).collect();
    let written = std::mem::take(&mut *written.lock().expect("not poisoned"));
    (pieces, written)
}

#[tokio::test]
async fn json_lines_hold_every_entry_in_order_and_all_that_a_check_needs() {
    let (parts, written) = export(AuditFormat::JsonLines, 1_200, 1_200).await;
    assert_eq!(parts.len(), 3, "a few hundred at a time");
    let lines: Vec<Value> = parts.concat().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 1_200);
    assert!(lines.iter().zip(1..).all(|(line, seq)| line["seq"] == json!(seq)));
    let first = chained(&[draft(1)]).remove(0);
    assert_eq!(
        lines.first(),
        Some(&json!({
            "tenantId": tenant(), "seq": 1, "at": first.draft.at, "actor": {"type": "SYSTEM", "id": null},
            "action": "LEAD_UPDATED", "subject": {"type": "LEAD", "id": first.draft.subject.id},
            "before": {"status": "NEW"}, "after": {"status": "CONTACTED"}, "address": null,
            "requestId": "=request", "hash": first.hash.to_string(),
        }))
    );
    let [entry] = written.as_slice() else { panic!("one entry") };
    assert_eq!((entry.action, entry.subject.kind), (AuditAction::AuditExported, SubjectKind::Tenant));
    assert_eq!(entry.origin, *actor(&[]).origin());
}

#[tokio::test]
async fn a_spreadsheet_gets_names_first_and_no_formula() {
    let (parts, _) = export(AuditFormat::Csv, 2, 2).await;
    let text = parts.concat();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "names, two entries, and an end of line");
    assert!(lines.first().is_some_and(|names| names.starts_with("seq,at,actorType,actorId,action,")));
    let first = lines.get(1).expect("an entry");
    assert!(first.starts_with("1,2026-01-01T00:00:00Z,SYSTEM,,LEAD_UPDATED,LEAD,"), "{first}");
    assert!(first.contains(r#","{""status"":""NEW""}","#) && first.contains(",\"'=request\","), "{first}");
}

#[tokio::test]
async fn what_comes_while_it_runs_is_left_for_the_next() {
    for (count, known) in [(700, 300), (700, 500), (3, 0)] {
        let (parts, _) = export(AuditFormat::JsonLines, count, known).await;
        assert_eq!(parts.concat().lines().count(), known);
    }
}

#[tokio::test]
async fn who_does_not_run_the_tenant_exports_nothing() {
    let export = ExportAudit::new(TestPorts::default().build());
    let refused = export.run(&actor(&[Scope::InboxRead]), AuditFormat::Csv, AuditFilter::default()).await;
    assert!(matches!(refused.err(), Some(Fault::Forbidden { .. })));
}
