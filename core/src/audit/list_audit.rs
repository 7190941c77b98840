//! Reading the audit log.

use hubchat_domain::Permission;
use hubchat_ports::{AuditFilter, AuditPage, AuditPlace};

use crate::{Actor, Fault, Ports};

/// Lists the audit log.
#[derive(Clone)]
pub struct ListAudit {
    ports: Ports,
}

impl ListAudit {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Entries behind a place, newest first; at most `limit`, 1 to 200.
    pub async fn run(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
        after: Option<AuditPlace>,
        limit: u32,
    ) -> Result<AuditPage, Fault> {
        actor.require(Permission::AuditRead)?;
        Ok(self.ports.repository.audit(actor.tenant_id()).list(filter, after, limit).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::world::{chained, draft},
        test_ports::{TestPorts, actor, tenant},
    };
    use hubchat_domain::{AuditAction, Scope};
    use hubchat_ports::MockAuditQueries;

    #[tokio::test]
    async fn the_page_is_the_one_that_was_asked_for() {
        let mut ports = TestPorts::default();
        let filter = AuditFilter { action: Some(AuditAction::LeadUpdated), ..AuditFilter::default() };
        let wanted = filter.clone();
        ports.repository.expect_audit().returning(move |asked| {
            assert_eq!(asked, tenant());
            let mut audit = MockAuditQueries::new();
            let wanted = wanted.clone();
            audit.expect_list().returning(move |filter, after, limit| {
                assert_eq!((filter, after, limit), (&wanted, None, 7));
                Ok(AuditPage { items: chained(&[draft(1)]), next: None })
            });
            Box::new(audit)
        });
        let list = ListAudit::new(ports.build());
        let page = list.run(&actor(&[Scope::Admin]), &filter, None, 7).await.expect("a page");
        assert_eq!(page.items, chained(&[draft(1)]));
    }

    #[tokio::test]
    async fn who_does_not_run_the_tenant_reads_nothing() {
        let list = ListAudit::new(TestPorts::default().build());
        let refused = list.run(&actor(&[Scope::InboxWrite]), &AuditFilter::default(), None, 7).await;
        assert!(matches!(refused, Err(Fault::Forbidden { permission: Permission::AuditRead })));
    }
}
