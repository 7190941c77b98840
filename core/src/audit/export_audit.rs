//! Exporting the audit log, in its order and with bounded memory.

use bytes::Bytes;
use futures_util::{StreamExt, stream, stream::BoxStream};
use hubchat_domain::{AuditAction, Permission, TenantId};
use hubchat_ports::{AuditFilter, AuditQueries};
use serde_json::json;

use super::AuditFormat;
use crate::{Actor, Fault, Ports, fault::Retries};

/// An export as it goes out, in whole lines. An error is the last thing that it gives.
pub type AuditStream = BoxStream<'static, Result<Bytes, Fault>>;

/// So many entries at a time.
const AT_ONCE: u32 = 500;

/// Exports the audit log.
#[derive(Clone)]
pub struct ExportAudit {
    ports: Ports,
}

/// What is yet to go out.
struct Rest {
    audit: Box<dyn AuditQueries>,
    tenant: TenantId,
    format: AuditFormat,
    filter: AuditFilter,
    seq: i64,
    end: i64,
}

impl ExportAudit {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Writes down that the log is exported, and then gives all entries up to that one that the filter lets
    /// through, oldest first. No more than a few hundred are held at a time, however slowly the stream is read.
    pub async fn run(&self, actor: &Actor, format: AuditFormat, filter: AuditFilter) -> Result<AuditStream, Fault> {
        actor.require(Permission::AuditRead)?;
        let mut retries = Retries::default();
        loop {
            let result = self.write_down(actor, format, &filter).await;
            if !retries.again(&result, &self.ports).await {
                result?;
                break;
            }
        }
        let tenant = actor.tenant_id();
        let audit = self.ports.repository.audit(tenant);
        let end = audit.head().await?.map_or(0, |head| head.seq);
        let rest = Rest { audit, tenant, format, filter, seq: 0, end };
        let beginning = stream::iter(Some(format.beginning()).filter(|text| !text.is_empty()));
        let entries = stream::try_unfold(rest, |mut rest| async move {
            if rest.seq >= rest.end {
                return Ok(None);
            }
            let page = rest.audit.list_after(&rest.filter, rest.seq, AT_ONCE).await?;
            let page: Vec<_> = page.into_iter().take_while(|entry| entry.seq <= rest.end).collect();
            let Some(last) = page.last() else { return Ok(None) };
            rest.seq = last.seq;
            let lines: String = page.iter().map(|entry| rest.format.line(rest.tenant, entry)).collect();
            Ok(Some((Bytes::from(lines), rest)))
        });
        Ok(beginning.map(|text| Ok(Bytes::from_static(text.as_bytes()))).chain(entries).boxed())
    }

    async fn write_down(&self, actor: &Actor, format: AuditFormat, filter: &AuditFilter) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let what = json!({
            "format": format.extension(),
            "from": filter.from,
            "to": filter.to,
            "actor": filter.actor.map(|actor| actor.to_string()),
            "action": filter.action,
            "subject": filter.subject.as_ref().map(ToString::to_string),
        });
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let draft = actor.audit(AuditAction::AuditExported, actor.tenant_id(), None, Some(what), now);
        session.audit().append(draft).await?;
        Ok(session.commit().await?)
    }
}
