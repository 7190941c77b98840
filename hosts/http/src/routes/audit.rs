//! Operations on the audit log.

use std::sync::Arc;

use futures_util::TryStreamExt;
use hubchat_core::{
    AuditFormat,
    domain::{AuditAction, AuditActor, AuditSubject},
    port::{AuditFilter, AuditPlace, Keyset, Page},
};
use poem::Body;
use poem_openapi::{
    OpenApi,
    param::Query,
    payload::{Attachment, AttachmentType, Json, Response},
};
use uuid::Uuid;

use super::Group;
use crate::{
    auth::Caller,
    cursor::ListKey,
    problem::ApiProblem,
    state::State,
    wire::{AuditEntryView, ExportFormat, Limit, Listing, Moment, Named, PageQuery},
};

pub(crate) struct AuditRoutes(pub(crate) Arc<State>);

#[OpenApi(tag = "Group::Audit")]
impl AuditRoutes {
    /// List the audit log
    ///
    /// Newest first. Asks for the scope `admin`.
    #[oai(path = "/audit", method = "get", operation_id = "listAudit")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter, as the framework wants them")]
    async fn list(
        &self,
        caller: Caller,
        /// Only what this one did: `MEMBER:<id>`, `API_KEY:<id>` or `SYSTEM`.
        actor: Query<Option<String>>,
        /// Only what was done so.
        action: Query<Option<Named<AuditAction>>>,
        /// Only what was done on this thing, as its type and id, such as `LEAD:<id>`.
        subject: Query<Option<String>>,
        /// Only what was done at this moment or later.
        from: Query<Option<Moment>>,
        /// Only what was done before this moment.
        to: Query<Option<Moment>>,
        /// How many at most.
        limit: Query<Option<Limit>>,
        /// The `nextCursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Json<Listing<AuditEntryView>>, ApiProblem> {
        let filter = AuditFilter { action: action.0.map(|action| action.0), ..filter(actor, subject, from, to)? };
        let list = ListKey::new(
            "audit",
            &[
                ("actor", filter.actor.map(|actor| actor.to_string())),
                ("action", filter.action.map(|action| action.to_string())),
                ("subject", filter.subject.as_ref().map(ToString::to_string)),
                ("from", filter.from.map(|from| from.to_string())),
                ("to", filter.to.map(|to| to.to_string())),
            ],
        );
        let query = PageQuery::read(list, limit, cursor)?;
        let after = query.request().after.map(place).transpose()?;
        let page = self.0.hubchat.list_audit.run(&caller.0, &filter, after, query.request().limit).await?;
        let page = Page { items: page.items, next: page.next.map(keyset) };
        Ok(Json(query.listing(page, AuditEntryView::from)))
    }

    /// Export the audit log
    ///
    /// Oldest first, as it is read; the export is an entry of the log itself. JSON Lines hold all that a check of
    /// the chain needs, CSV is for spreadsheets. Asks for the scope `admin`.
    #[oai(path = "/audit/export", method = "get", operation_id = "exportAudit")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter, as the framework wants them")]
    async fn export(
        &self,
        caller: Caller,
        /// The form.
        format: Query<Named<ExportFormat>>,
        /// Only what this one did: `MEMBER:<id>`, `API_KEY:<id>` or `SYSTEM`.
        actor: Query<Option<String>>,
        /// Only what was done so.
        action: Query<Option<Named<AuditAction>>>,
        /// Only what was done on this thing, as its type and id, such as `LEAD:<id>`.
        subject: Query<Option<String>>,
        /// Only what was done at this moment or later.
        from: Query<Option<Moment>>,
        /// Only what was done before this moment.
        to: Query<Option<Moment>>,
    ) -> Result<Response<Attachment<Body>>, ApiProblem> {
        let filter = AuditFilter { action: action.0.map(|action| action.0), ..filter(actor, subject, from, to)? };
        let format = match format.0.0 {
            ExportFormat::Csv => AuditFormat::Csv,
            ExportFormat::JsonLines => AuditFormat::JsonLines,
        };
        let entries = self.0.hubchat.export_audit.run(&caller.0, format, filter).await?;
        let body = Body::from_bytes_stream(entries.map_err(std::io::Error::other));
        let file = Attachment::new(body)
            .attachment_type(AttachmentType::Attachment)
            .filename(format!("audit.{}", format.extension()));
        Ok(Response::new(file).header("Content-Type", format.content_type()))
    }
}

fn filter(
    Query(actor): Query<Option<String>>,
    Query(subject): Query<Option<String>>,
    Query(from): Query<Option<Moment>>,
    Query(to): Query<Option<Moment>>,
) -> Result<AuditFilter, ApiProblem> {
    let no_actor = || ApiProblem::invalid("actor", "must be MEMBER:<id>, API_KEY:<id> or SYSTEM");
    let no_subject = || ApiProblem::invalid("subject", "must be a type and an id, such as LEAD:<id>");
    Ok(AuditFilter {
        actor: actor.map(|text| AuditActor::parse(&text).ok_or_else(no_actor)).transpose()?,
        action: None,
        subject: subject.map(|text| AuditSubject::parse(&text).ok_or_else(no_subject)).transpose()?,
        from: from.map(|from| from.0),
        to: to.map(|to| to.0),
    })
}

/// A place in the log as cursors carry places: its number in the room of an id.
fn keyset(place: AuditPlace) -> Keyset {
    Keyset { at: place.at, id: Uuid::from_u128(u128::from(place.seq.unsigned_abs())) }
}

fn place(keyset: Keyset) -> Result<AuditPlace, ApiProblem> {
    let refused = |_| ApiProblem::of("invalid_cursor").at("cursor");
    Ok(AuditPlace { at: keyset.at, seq: i64::try_from(keyset.id.as_u128()).map_err(refused)? })
}
