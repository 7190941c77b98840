//! What a member does not see is not there for them, in every use case, over real storage.

use futures_util::{StreamExt as _, stream};
use hubchat_core::{
    Actor, AssignTo, CreateMemberCommand, CreateTeamCommand, ErrorCode, MemberActor, NewContent, ReadMark,
    SendMessageCommand, SendTarget, UpdateConversationCommand, UpdateLeadCommand, UploadMediaCommand, UploadTypes,
    domain::{ConversationId, LeadId, MemberId, MemberRole, MessageId, Sight, Visibility},
    port::{ConversationFilter, ConversationOrder, LeadFilter, PageRequest},
    resolve_visibility,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    hub::Hub,
    on_both_databases,
    webhook::{body, post, text_event, user},
};

const PAGE: PageRequest = PageRequest { after: None, limit: 50 };
const ONE_PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// A customer's lead with its thread and its message.
#[derive(Debug, Clone, Copy)]
struct Thing {
    lead: LeadId,
    conversation: ConversationId,
    message: MessageId,
}

fn id<T: From<Uuid>>(value: &Value) -> T {
    value.as_str().unwrap().parse::<Uuid>().unwrap().into()
}

/// The thing of the customer of that number, who writes now.
async fn customer(hub: &Hub, number: usize) -> Thing {
    let url = format!("{}{}", hub.url, hub.webhook_path);
    let text = format!("secret talk {number}");
    post(&hub.client, &url, body(&[text_event(&user(number), &number.to_string(), &text)])).await;
    let row = hub.conversation(&text, |row| row["lastMessagePreview"] == text.as_str()).await;
    let message = hub.messages(&row).await.remove(0);
    Thing { lead: id(&row["leadId"]), conversation: id(&row["id"]), message: id(&message["id"]) }
}

async fn member(hub: &Hub, name: &str) -> MemberId {
    let command = CreateMemberCommand {
        name: name.to_owned(),
        email: format!("{}@shop.example", name.to_lowercase()),
        role: MemberRole::Sales,
    };
    hub.wired.hubchat.create_member.run(&hub.tenant, &command).await.unwrap().id
}

/// The member as a log-in would make them.
async fn acting(hub: &Hub, id: MemberId, role: MemberRole, sight: Sight) -> Actor {
    let tenant = hub.tenant.tenant_id();
    let session = hub.wired.hubchat.ports.repository.begin(tenant).await.unwrap();
    let visibility = resolve_visibility(&*session, id, role, sight).await.unwrap();
    drop(session);
    let (user_id, session_id) = (id.as_uuid().into(), id.as_uuid().into());
    Actor::member(tenant, MemberActor { id, user_id, session_id, role, visibility })
}

fn code<T, E: ErrorCode>(result: Result<T, E>) -> Option<&'static str> {
    result.err().map(|error| error.code())
}

/// What each use case that takes an id answers: `None` when it was done, else the error's code.
async fn answers(hub: &Hub, actor: &Actor, thing: Thing) -> Vec<(&'static str, Option<&'static str>)> {
    let hubchat = &hub.wired.hubchat;
    let Thing { lead, conversation, message } = thing;
    let send = |target| SendMessageCommand {
        target,
        content: NewContent::Text("hello".to_owned()),
        reply_to: None,
        by_person: true,
        client_message_id: None,
        idempotency_key: None,
    };
    let note = UpdateLeadCommand { note: Some("looked after".to_owned()), ..UpdateLeadCommand::default() };
    let upload = UploadMediaCommand {
        conversation_id: conversation,
        types: UploadTypes::Pdf,
        declared_type: "application/pdf".to_owned(),
        file_name: "offer.pdf".to_owned(),
    };
    let bytes = stream::iter([Ok(bytes::Bytes::from_static(ONE_PDF))]).boxed();
    let read = UpdateConversationCommand { mark: Some(ReadMark::Read), ..UpdateConversationCommand::default() };
    vec![
        ("read lead", code(hubchat.inbox.lead(actor, lead).await)),
        ("read activity", code(hubchat.inbox.activity(actor, lead, PAGE).await)),
        ("read conversation", code(hubchat.inbox.conversation(actor, conversation).await)),
        ("read messages", code(hubchat.inbox.messages(actor, conversation, PAGE).await)),
        ("read message", code(hubchat.inbox.message(actor, message).await)),
        ("change lead", code(hubchat.update_lead.run(actor, lead, &note).await)),
        ("mark read", code(hubchat.update_conversation.run(actor, conversation, read).await)),
        ("typing", code(hubchat.signals.typing(actor, conversation).await)),
        ("send options", code(hubchat.send_options.run(actor, conversation).await)),
        ("send", code(hubchat.send_message.run(actor, &send(SendTarget::Conversation(conversation))).await)),
        ("send to lead", code(hubchat.send_message.run(actor, &send(SendTarget::Lead(lead))).await)),
        ("upload", code(hubchat.upload_media.run(actor, &upload, bytes).await)),
    ]
}

on_both_databases! {
    async fn another_members_lead_is_not_found_by_any_use_case(hub: Hub) {
        let hubchat = &hub.wired.hubchat;
        let (nok, ploy) = (member(hub, "Nok").await, member(hub, "Ploy").await);
        let (lek, dao) = (member(hub, "Lek").await, member(hub, "Dao").await);
        let create = |name: &str, member_ids| CreateTeamCommand { name: name.to_owned(), member_ids };
        let north = hubchat.create_team.run(&hub.tenant, &create("North", vec![nok, ploy])).await.unwrap().team.id;
        let south = hubchat.create_team.run(&hub.tenant, &create("South", vec![lek])).await.unwrap().team.id;
        let mut things = Vec::new();
        for (number, to) in [
            Some(AssignTo::Member(nok)),
            Some(AssignTo::Member(ploy)),
            Some(AssignTo::Team(north)),
            None,
            Some(AssignTo::Member(dao)),
            Some(AssignTo::Team(south)),
            Some(AssignTo::NextInTurn { team: Some(south) }),
        ].into_iter().enumerate() {
            let thing = customer(hub, number + 1).await;
            if let Some(to) = to {
                hubchat.assign_lead.run(&hub.tenant, thing.lead, to).await.unwrap();
            }
            things.push(thing);
        }
        let nothing = Thing {
            lead: Uuid::from_u128(1).into(),
            conversation: Uuid::from_u128(2).into(),
            message: Uuid::from_u128(3).into(),
        };
        // Everyone's leads; those of the team, of the colleague and of nobody; one's own.
        for (sight, seen) in [
            (Sight::All, &[0, 1, 2, 3, 4, 5, 6][..]),
            (Sight::TeamAndUnassigned, &[0, 1, 2, 3]),
            (Sight::Own, &[0]),
        ] {
            let actor = acting(hub, nok, MemberRole::Sales, sight).await;
            let unknown = answers(hub, &actor, nothing).await;
            assert!(unknown.iter().all(|(_, code)| code.is_some_and(|code| code.ends_with("_not_found"))), "{unknown:?}");
            for (number, thing) in things.iter().enumerate() {
                let told = answers(hub, &actor, *thing).await;
                if seen.contains(&number) {
                    assert!(told.iter().all(|(_, code)| code.is_none()), "{sight} {number}: {told:?}");
                } else {
                    assert_eq!(told, unknown, "{sight} {number}");
                }
            }
            let leads = hubchat.inbox.leads(&actor, &LeadFilter::default(), PAGE).await.unwrap();
            let threads = hubchat.inbox.conversations(&actor, &ConversationFilter::default(), ConversationOrder::Latest, PAGE).await.unwrap();
            for (number, thing) in things.iter().enumerate() {
                let listed = leads.items.iter().any(|row| row.lead.id == thing.lead);
                assert_eq!(listed, seen.contains(&number), "{sight} {number}");
                let listed = threads.items.iter().any(|row| row.conversation.id == thing.conversation);
                assert_eq!(listed, seen.contains(&number), "{sight} {number}");
            }
            // Who does not assign reaches nothing by it, and who does needs to see it.
            let refused = hubchat.assign_lead.run(&actor, things[4].lead, AssignTo::Member(nok)).await;
            assert_eq!(code(refused), Some("forbidden"));
        }
        let manager = acting(hub, nok, MemberRole::Manager, Sight::Own).await;
        for to in [AssignTo::Member(nok), AssignTo::Team(north), AssignTo::NextInTurn { team: None }, AssignTo::Nobody] {
            let refused = hubchat.assign_lead.run(&manager, things[4].lead, to).await;
            assert_eq!(code(refused), Some("lead_not_found"), "{to:?}");
        }
        let owner = acting(hub, nok, MemberRole::Owner, Sight::Own).await;
        assert_eq!(owner.visibility(), &Visibility::All, "no setting hides leads from an owner");
        let given = hubchat.assign_lead.run(&manager, things[0].lead, AssignTo::Member(dao)).await.unwrap();
        assert_eq!(given.lead.assigned_member_id, Some(dao), "who gives a lead away learns what became of it");
        assert_eq!(code(hubchat.inbox.lead(&manager, things[0].lead).await), Some("lead_not_found"));
    }

    async fn a_removed_team_leaves_its_leads_to_owners_and_to_everyone(hub: Hub) {
        let hubchat = &hub.wired.hubchat;
        let (nok, dao) = (member(hub, "Nok").await, member(hub, "Dao").await);
        let command = CreateTeamCommand { name: "North".to_owned(), member_ids: vec![nok] };
        let north = hubchat.create_team.run(&hub.tenant, &command).await.unwrap().team.id;
        let (owned, queued) = (customer(hub, 1).await, customer(hub, 2).await);
        let turn = AssignTo::NextInTurn { team: Some(north) };
        let row = hubchat.assign_lead.run(&hub.tenant, owned.lead, turn).await.unwrap();
        assert_eq!((row.lead.assigned_member_id, row.assigned_team_name.as_deref()), (Some(nok), Some("North")));
        hubchat.assign_lead.run(&hub.tenant, queued.lead, AssignTo::Team(north)).await.unwrap();
        let path = format!("/api/conversations?assignedTeamId={north}&unassigned=true");
        let waiting = hub.list(&path).await;
        assert_eq!(waiting.len(), 1, "{waiting:?}");
        assert_eq!((&waiting[0]["assignedTeamName"], waiting[0].get("assignedMemberId")), (&Value::from("North"), None));
        let stranger = acting(hub, dao, MemberRole::Sales, Sight::TeamAndUnassigned).await;
        assert_eq!(code(hubchat.inbox.lead(&stranger, queued.lead).await), Some("lead_not_found"));
        let (status, _) = hub.call(reqwest::Method::DELETE, &format!("/api/teams/{north}"), None).await;
        assert_eq!(status, reqwest::StatusCode::NO_CONTENT);
        assert_eq!(hub.list("/api/teams").await, Vec::<Value>::new());
        let row = hubchat.inbox.lead(&hub.tenant, owned.lead).await.unwrap();
        assert_eq!((row.lead.assigned_member_id, row.lead.assigned_team_id), (Some(nok), None));
        assert_eq!(code(hubchat.inbox.lead(&stranger, owned.lead).await), Some("lead_not_found"));
        let row = hubchat.inbox.conversation(&stranger, queued.conversation).await.unwrap();
        assert_eq!((row.conversation.assigned_member_id, row.conversation.assigned_team_id), (None, None));
    }
}
