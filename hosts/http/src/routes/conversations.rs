//! Operations on conversations and their messages.

use std::sync::Arc;

use hubchat_core::{
    ReadMark, SendTarget, Signalled, UpdateConversationCommand,
    domain::{ChannelAccountId, ChannelType, ConversationId, ConversationStatus, LeadId},
    port::{ConversationFilter, ConversationOrder, LaneFilter},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use uuid::Uuid;

use super::{
    Group,
    messages::{Queued, send},
};
use crate::{
    auth::Caller,
    cursor::ListKey,
    idempotency::IdempotencyKey,
    json_body::{JsonBody, OptionalJsonBody},
    problem::ApiProblem,
    state::State,
    wire::{
        Assignee, ConversationPatch, ConversationSendBody, ConversationSort, ConversationView, LaneCountsView, Limit,
        Listing, MessageView, Named, OwnerFilter, PageQuery, PathId, ReadMarkBody, SendOptionsBody, TypingView,
    },
};

pub(crate) struct ConversationRoutes(pub(crate) Arc<State>);

const MISSING: &str = "conversation_not_found";

#[OpenApi(tag = "Group::Conversations")]
impl ConversationRoutes {
    /// List conversations
    ///
    /// Newest message first, or whoever waited longest. Asks for the scope `inbox:read`.
    #[oai(path = "/conversations", method = "get", operation_id = "listConversations")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter, as the framework wants them")]
    async fn list(
        &self,
        caller: Caller,
        /// Only conversations in this status.
        status: Query<Option<Named<ConversationStatus>>>,
        /// Only conversations on this channel.
        #[oai(name = "channelType")]
        channel_type: Query<Option<Named<ChannelType>>>,
        /// Only conversations on this account.
        #[oai(name = "channelAccountId")]
        channel_account_id: Query<Option<Uuid>>,
        /// Only conversations of this lead.
        #[oai(name = "leadId")]
        lead_id: Query<Option<Uuid>>,
        /// Only open and pending ones.
        active: Query<Option<bool>>,
        /// Only conversations with messages that are unread for you.
        unread: Query<Option<bool>>,
        /// Only where the customer waits for an answer.
        waiting: Query<Option<bool>>,
        /// Only with notes that mention you and that you have not seen.
        mentioned: Query<Option<bool>>,
        /// Only those that are put aside, or only those that are not.
        snoozed: Query<Option<bool>>,
        /// In which order: LATEST, unless given.
        sort: Query<Option<Named<ConversationSort>>>,
        /// Only conversations of this owner: `me`, `none`, a member's id, or `team` for those of your teams.
        assignee: Query<Option<Assignee>>,
        /// The same as `assignee` with an id.
        #[oai(name = "assignedMemberId")]
        assigned_member_id: Query<Option<Uuid>>,
        /// Only conversations that were given to this team.
        #[oai(name = "assignedTeamId")]
        assigned_team_id: Query<Option<Uuid>>,
        /// The same as `assignee=none`; a team may have them.
        unassigned: Query<Option<bool>>,
        /// How many at most.
        limit: Query<Option<Limit>>,
        /// The `nextCursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Json<Listing<ConversationView>>, ApiProblem> {
        let owner = OwnerFilter::read(&caller.0, assignee, assigned_member_id, assigned_team_id, unassigned)?;
        let filter = ConversationFilter {
            status: status.0.map(|status| status.0),
            channel_type: channel_type.0.map(|channel| channel.0),
            account_id: channel_account_id.0.map(ChannelAccountId::from_uuid),
            lead_id: lead_id.0.map(LeadId::from_uuid),
            contact_id: None,
            active: active.0.unwrap_or(false),
            unread: unread.0.unwrap_or(false),
            waiting: waiting.0.unwrap_or(false),
            mentioned: mentioned.0.unwrap_or(false),
            snoozed: snoozed.0,
            assigned_member_id: owner.member,
            unassigned: owner.unassigned,
            assigned_team_id: owner.team,
            teams_of: owner.teams_of,
        };
        let order = sort.0.map_or(ConversationOrder::Latest, |sort| sort.0.into());
        let [member, unassigned, team, teams] = owner.key();
        let list = ListKey::new(
            "conversations",
            &[
                ("status", filter.status.map(|status| status.to_string())),
                ("channelType", filter.channel_type.map(|channel| channel.to_string())),
                ("channelAccountId", filter.account_id.map(|id| id.to_string())),
                ("leadId", filter.lead_id.map(|id| id.to_string())),
                ("active", filter.active.then(String::new)),
                ("unread", filter.unread.then(String::new)),
                ("waiting", filter.waiting.then(String::new)),
                ("mentioned", filter.mentioned.then(String::new)),
                ("snoozed", filter.snoozed.map(|snoozed| snoozed.to_string())),
                ("sort", (order != ConversationOrder::Latest).then(String::new)),
                member,
                unassigned,
                team,
                teams,
            ],
        );
        let query = PageQuery::read(list, limit, cursor)?;
        let page = self.0.hubchat.inbox.conversations(&caller.0, &filter, order, query.request()).await?;
        Ok(Json(query.listing(page, ConversationView::from)))
    }

    /// Count the lanes of the inbox
    ///
    /// How many conversations each holds, and how many of them are unread for you. Asks for the scope `inbox:read`.
    #[oai(path = "/conversations/counts", method = "get", operation_id = "countConversations")]
    async fn counts(
        &self,
        caller: Caller,
        /// Only conversations on this channel.
        #[oai(name = "channelType")]
        channel_type: Query<Option<Named<ChannelType>>>,
        /// Only conversations on this account.
        #[oai(name = "channelAccountId")]
        channel_account_id: Query<Option<Uuid>>,
    ) -> Result<Json<LaneCountsView>, ApiProblem> {
        let filter = LaneFilter {
            channel_type: channel_type.0.map(|channel| channel.0),
            account_id: channel_account_id.0.map(ChannelAccountId::from_uuid),
        };
        Ok(Json(self.0.hubchat.inbox.lanes(&caller.0, &filter).await?.into()))
    }

    /// Read a conversation
    ///
    /// Asks for the scope `inbox:read`.
    #[oai(path = "/conversations/:id", method = "get", operation_id = "getConversation")]
    async fn read(&self, caller: Caller, id: Path<PathId>) -> Result<Json<ConversationView>, ApiProblem> {
        Ok(Json(self.0.hubchat.inbox.conversation(&caller.0, id.0.or(MISSING)?).await?.into()))
    }

    /// Change a conversation
    ///
    /// Its status, and until when it is put aside: the customer's next message brings it back before. Asks for the scope `inbox:write`.
    #[oai(path = "/conversations/:id", method = "patch", operation_id = "updateConversation")]
    async fn update(
        &self,
        caller: Caller,
        id: Path<PathId>,
        body: JsonBody<ConversationPatch>,
    ) -> Result<Json<ConversationView>, ApiProblem> {
        let command = body.0.into_command();
        Ok(Json(self.0.hubchat.update_conversation.run(&caller.0, id.0.or(MISSING)?, command).await?.into()))
    }

    /// Mark a conversation read
    ///
    /// Everything up to now was seen: by the member who asks, without taking it from colleagues, or by everybody
    /// when a key asks. With `unread` the newest message is to be looked at again. Asks for the scope `inbox:write`.
    #[oai(path = "/conversations/:id/mark-read", method = "post", operation_id = "markConversationRead")]
    async fn mark_read(
        &self,
        caller: Caller,
        id: Path<PathId>,
        body: OptionalJsonBody<ReadMarkBody>,
    ) -> Result<Json<ConversationView>, ApiProblem> {
        let mark = if body.0.unread { ReadMark::Unread } else { ReadMark::Read };
        let command = UpdateConversationCommand { mark: Some(mark), ..UpdateConversationCommand::default() };
        Ok(Json(self.0.hubchat.update_conversation.run(&caller.0, id.0.or(MISSING)?, command).await?.into()))
    }

    /// What may be sent in a conversation
    ///
    /// By which right, until when, and why not; a message that is sent regardless is refused with the same
    /// reason. Asks for the scope `inbox:read`.
    #[oai(path = "/conversations/:id/send-options", method = "get", operation_id = "getSendOptions")]
    async fn send_options(&self, caller: Caller, id: Path<PathId>) -> Result<Json<SendOptionsBody>, ApiProblem> {
        Ok(Json(self.0.hubchat.send_options.run(&caller.0, id.0.or(MISSING)?).await?.into()))
    }

    /// Show the customer that someone is writing
    ///
    /// Best effort: answers whether the channel took it. Asks for the scope `messages:send`.
    #[oai(path = "/conversations/:id/typing", method = "post", operation_id = "signalTyping")]
    async fn typing(&self, caller: Caller, id: Path<PathId>) -> Result<Json<TypingView>, ApiProblem> {
        let signalled = self.0.hubchat.signals.typing(&caller.0, id.0.or(MISSING)?).await?;
        Ok(Json(TypingView { shown: signalled == Signalled::Given }))
    }

    /// List a conversation's messages
    ///
    /// Newest first. Asks for the scope `inbox:read`.
    #[oai(path = "/conversations/:id/messages", method = "get", operation_id = "listMessages")]
    async fn messages(
        &self,
        caller: Caller,
        id: Path<PathId>,
        /// How many at most.
        limit: Query<Option<Limit>>,
        /// The `nextCursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Json<Listing<MessageView>>, ApiProblem> {
        let id: ConversationId = id.0.or(MISSING)?;
        let list = ListKey::new("messages", &[("conversation", Some(id.to_string()))]);
        let query = PageQuery::read(list, limit, cursor)?;
        let page = self.0.hubchat.inbox.messages(&caller.0, id, query.request()).await?;
        Ok(Json(query.listing(page, |row| MessageView::of(row, &self.0.hubchat.media))))
    }

    /// Send a message into a conversation
    ///
    /// Answers once the message is queued; `deliveryStatus` tells how far it has come. Asks for the
    /// scope `messages:send`.
    #[oai(path = "/conversations/:id/messages", method = "post", operation_id = "sendConversationMessage")]
    async fn send(
        &self,
        caller: Caller,
        id: Path<PathId>,
        /// Repeating a request with the same key sends nothing twice; remembered for 48 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: IdempotencyKey,
        body: JsonBody<ConversationSendBody>,
    ) -> Result<Queued, ApiProblem> {
        let target = SendTarget::Conversation(id.0.or(MISSING)?);
        send(&self.0.hubchat, &caller, target, body.0, idempotency_key).await
    }
}
