//! Someone with write access to the database changes the audit log behind hubchat's back: every way is found.

use aws_lc_rs::digest::{SHA256, digest};
use futures_util::TryStreamExt;
use hubchat_core::{
    Actor, AuditFlaw, AuditFormat, AuditVerdict,
    domain::{AuditHash, TenantId},
    port::AuditFilter,
};
use secrecy::ExposeSecret;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use crate::{hub::Hub, on_both_databases};

/// Runs statements as who owns the database.
async fn run(hub: &Hub, sql: String) {
    let url = hub.wired.config.database();
    let url = url.expose_secret();
    if hub.wired.storage.is_sqlite() {
        let mut connection = SqliteConnection::connect(url).await.expect("the file");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("done");
    } else {
        let mut connection = PgConnection::connect(url).await.expect("the server");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("done");
    }
}

/// Takes the database's own guards away.
async fn disarm(hub: &Hub) {
    let sql = if hub.wired.storage.is_sqlite() {
        ["entries_stay", "entries_stay_all", "entries_are_new", "heads_stay", "heads_go_on"]
            .map(|name| format!("DROP TRIGGER audit_{name};"))
            .concat()
    } else {
        ["entries", "heads"].map(|name| format!("ALTER TABLE audit_{name} DISABLE TRIGGER USER;")).concat()
    };
    run(hub, sql).await;
}

/// A tenant with a log of seven entries.
async fn logged(hub: &Hub, slug: &str) -> Actor {
    let tenant = hub.wired.hubchat.create_tenant.run(slug, slug).await.expect("a tenant");
    let actor = Actor::system(tenant.id);
    for _ in 0..6 {
        let export = hub.wired.hubchat.export_audit.run(&actor, AuditFormat::Csv, AuditFilter::default()).await;
        export.expect("an export").try_collect::<Vec<_>>().await.expect("to its end");
    }
    actor
}

async fn verdict(hub: &Hub, actor: &Actor) -> AuditVerdict {
    hub.wired.hubchat.verify_audit.run(actor, None).await.expect("a verdict")
}

fn of(hub: &Hub, tenant: TenantId) -> String {
    let literal =
        if hub.wired.storage.is_sqlite() { format!("x'{}'", tenant.as_uuid().simple()) } else { format!("'{tenant}'") };
    format!("tenant_id = {literal}")
}

/// The hashes of a log in which the third entry says something else, made by who knows all but the key.
async fn forged(hub: &Hub, tenant: TenantId) -> Vec<AuditHash> {
    let audit = hub.wired.hubchat.ports.repository.audit(tenant);
    let entries = audit.list_after(&AuditFilter::default(), 0, 100).await.expect("entries");
    let mut hash = AuditHash::ZERO;
    entries
        .into_iter()
        .map(|mut entry| {
            if entry.seq == 3 {
                entry.draft.after = Some(serde_json::json!({}));
            }
            let bytes = [hash.as_bytes().as_slice(), &entry.draft.canonical(tenant, entry.seq)].concat();
            hash = AuditHash::from_slice(digest(&SHA256, &bytes).as_ref()).expect("32 bytes");
            hash
        })
        .collect()
}

on_both_databases! {
    async fn every_way_to_tamper_with_the_log_is_found(hub: Hub) {
        disarm(hub).await;
        let entries = "audit_entries";
        let cases: [(&str, &str, AuditFlaw); 9] = [
            ("value", "UPDATE {e} SET value_after = '{}' WHERE {t} AND seq = 3", AuditFlaw::Altered { seq: 3 }),
            ("action", "UPDATE {e} SET action = 'LEAD_UPDATED' WHERE {t} AND seq = 4", AuditFlaw::Altered { seq: 4 }),
            ("nonsense", "UPDATE {e} SET actor = 'NOBODY' WHERE {t} AND seq = 4", AuditFlaw::Altered { seq: 4 }),
            ("time", "UPDATE {e} SET at = at + 1 WHERE {t} AND seq = 7", AuditFlaw::Altered { seq: 7 }),
            ("row", "DELETE FROM {e} WHERE {t} AND seq = 3", AuditFlaw::Missing { seq: 3 }),
            (
                "swap",
                "UPDATE {e} SET seq = 100 WHERE {t} AND seq = 2; UPDATE {e} SET seq = 2 WHERE {t} AND seq = 1; \
                 UPDATE {e} SET seq = 1 WHERE {t} AND seq = 100",
                AuditFlaw::Altered { seq: 1 },
            ),
            ("end", "DELETE FROM {e} WHERE {t} AND seq > 4", AuditFlaw::Truncated { seq: 5 }),
            (
                "end-and-head",
                "DELETE FROM {e} WHERE {t} AND seq > 4; UPDATE audit_heads SET seq = 4, \
                 hash = (SELECT hash FROM {e} WHERE {t} AND seq = 4) WHERE {t}",
                AuditFlaw::Unsigned,
            ),
            ("all", "DELETE FROM {e} WHERE {t}; DELETE FROM audit_heads WHERE {t}", AuditFlaw::NoHead),
        ];
        for (slug, sql, flaw) in cases {
            let actor = logged(hub, slug).await;
            assert!(matches!(verdict(hub, &actor).await, AuditVerdict::Intact { seq: 7, .. }), "{slug}");
            let sql = sql.replace("{e}", entries).replace("{t}", &of(hub, actor.tenant_id()));
            run(hub, sql).await;
            assert_eq!(verdict(hub, &actor).await, AuditVerdict::Broken(flaw), "{slug}");
        }
    }

    async fn a_chain_that_is_written_anew_without_the_key_is_found(hub: Hub) {
        disarm(hub).await;
        for (slug, with_head, flaw) in [("entries", false, AuditFlaw::Rewritten), ("head", true, AuditFlaw::Unsigned)] {
            let actor = logged(hub, slug).await;
            let tenant = of(hub, actor.tenant_id());
            let hashes = forged(hub, actor.tenant_id()).await;
            let mut statements =
                vec![format!("UPDATE audit_entries SET value_after = '{{}}' WHERE {tenant} AND seq = 3")];
            for (seq, hash) in (1..).zip(&hashes) {
                statements.push(format!("UPDATE audit_entries SET hash = '{hash}' WHERE {tenant} AND seq = {seq}"));
            }
            if with_head {
                let last = hashes.last().expect("a hash");
                statements.push(format!("UPDATE audit_heads SET hash = '{last}' WHERE {tenant}"));
            }
            run(hub, statements.join(";")).await;
            assert_eq!(verdict(hub, &actor).await, AuditVerdict::Broken(flaw), "{slug}");
        }
    }

    async fn an_older_state_that_is_put_back_is_found_by_the_noted_end(hub: Hub) {
        disarm(hub).await;
        let actor = logged(hub, "old").await;
        let tenant = of(hub, actor.tenant_id());
        let copy = |from: &str, to: &str| format!("CREATE TABLE {to} AS SELECT * FROM {from} WHERE {tenant};");
        run(hub, copy("audit_heads", "kept_heads")).await;
        logged_once_more(hub, &actor).await;
        let AuditVerdict::Intact { seq, hash } = verdict(hub, &actor).await else { panic!("intact") };
        let back = format!(
            "DELETE FROM audit_entries WHERE {tenant} AND seq > 7; DELETE FROM audit_heads WHERE {tenant}; \
             INSERT INTO audit_heads SELECT * FROM kept_heads;"
        );
        run(hub, back).await;
        assert!(matches!(verdict(hub, &actor).await, AuditVerdict::Intact { seq: 7, .. }), "as it once was");
        let told = hub.wired.hubchat.verify_audit.run(&actor, Some((seq, hash))).await.expect("a verdict");
        assert_eq!(told, AuditVerdict::Broken(AuditFlaw::RolledBack { seq: 8 }));
    }

    async fn a_log_is_checked_while_others_add_to_it(hub: Hub) {
        let actor = logged(hub, "busy").await;
        let adding = async {
            for _ in 0..20 {
                logged_once_more(hub, &actor).await;
            }
        };
        let checking = async {
            for _ in 0..20 {
                assert!(matches!(verdict(hub, &actor).await, AuditVerdict::Intact { .. }));
            }
        };
        futures_util::future::join(adding, checking).await;
        assert!(matches!(verdict(hub, &actor).await, AuditVerdict::Intact { seq: 27, .. }));
    }
}

async fn logged_once_more(hub: &Hub, actor: &Actor) {
    let export = hub.wired.hubchat.export_audit.run(actor, AuditFormat::Csv, AuditFilter::default()).await;
    export.expect("an export").try_collect::<Vec<_>>().await.expect("to its end");
}
