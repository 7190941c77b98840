//! The table of problems, and the problems that no use case knows of.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use hubchat_core::{
    AcceptInvitationError, AcceptWebhookError, AssignLeadError, AuthenticateError, CallerLimitError,
    ConnectChannelError, CreateApiKeyError, CreateMemberError, CreateTenantError, DeadLetterError, EraseContactError,
    ErrorCode, ExportTenantError, Fault, InboxError, InviteMemberError, ListTemplatesError, LogInError, MediaDoorError,
    NewPasswordError, NotAMember, RateLimited, RefreshError, RemoveChannelError, RevokeApiKeyError, SendMessageError,
    SendOptionsError, SessionsError, SignalError, TeamError, TestChannelError, Throttled, UnknownChannel,
    UpdateChannelError, UpdateConversationError, UpdateLeadError, UpdateMemberError, UpdateSettingsError,
    UploadMediaError,
    domain::{
        ChannelType, InvalidSetting, InvalidTransition, LeadStatus, Permission, SendRefusal, TagError, WeakPassword,
    },
    port::{ContentRefused, FetchError, LimitReached, MediaFileError, Quota, VerifyError},
};
use hubchat_http::CODES;
use poem::{Request, http::Method};

use crate::harness::Mocks;

fn every_error() -> Vec<Box<dyn ErrorCode>> {
    let channel = || UnknownChannel { wanted: ChannelType::Line, known: String::new() };
    let refused = ContentRefused { field: "content", reason: "too long".to_owned() };
    let quota = Quota::new(1, Duration::from_secs(1)).expect("a quota");
    let reached = LimitReached { limit: 1, retry_after: Duration::from_secs(1) };
    let limited = RateLimited { policy: "caller", quota, reached };
    let transition = InvalidTransition { from: LeadStatus::New, to: LeadStatus::Won };
    let refusals =
        SendRefusal::ALL.iter().map(|refusal| Box::new(SendMessageError::NotNow(*refusal)) as Box<dyn ErrorCode>);
    let mut errors: Vec<Box<dyn ErrorCode>> = vec![
        Box::new(Fault::Forbidden { permission: Permission::KeysManage }),
        Box::new(Fault::Unavailable("away".into())),
        Box::new(Fault::Contended),
        Box::new(Fault::Internal("broken".into())),
        Box::new(AcceptWebhookError::UnknownAccount),
        Box::new(AcceptWebhookError::NotVerified(VerifyError::Missing)),
        Box::new(AcceptWebhookError::NotJson),
        Box::new(AcceptInvitationError::Link),
        Box::new(AcceptInvitationError::Password),
        Box::new(AcceptInvitationError::Weak(WeakPassword::Common)),
        Box::new(AcceptInvitationError::Name),
        Box::new(AcceptInvitationError::Email),
        Box::new(AcceptInvitationError::Throttled(Throttled { retry_after: Duration::from_secs(9) })),
        Box::new(InviteMemberError::NotAdded(CreateMemberError::Name)),
        Box::new(InviteMemberError::NotAdded(CreateMemberError::Taken)),
        Box::new(InviteMemberError::Unknown),
        Box::new(InviteMemberError::NotInvited),
        Box::new(LogInError::Refused),
        Box::new(NewPasswordError::Link),
        Box::new(NewPasswordError::Wrong),
        Box::new(NewPasswordError::NotAMember(NotAMember)),
        Box::new(RefreshError::Over),
        Box::new(SessionsError::Unknown),
        Box::new(UpdateMemberError::Unknown),
        Box::new(UpdateMemberError::Status),
        Box::new(UpdateMemberError::LastOwner),
        Box::new(AssignLeadError::UnknownLead),
        Box::new(AssignLeadError::UnknownMember),
        Box::new(AssignLeadError::UnknownTeam),
        Box::new(AssignLeadError::NobodyActive),
        Box::new(AssignLeadError::Closed),
        Box::new(AuthenticateError::Refused),
        Box::new(ConnectChannelError::Invalid { field: "name".to_owned(), reason: "blank".to_owned() }),
        Box::new(ConnectChannelError::CredentialsRefused { reason: "no".to_owned() }),
        Box::new(ConnectChannelError::AlreadyConnected),
        Box::new(ConnectChannelError::KeyReused),
        Box::new(ConnectChannelError::UnknownChannel(channel())),
        Box::new(CreateApiKeyError::Invalid),
        Box::new(CreateApiKeyError::Ended),
        Box::new(RevokeApiKeyError::Unknown),
        Box::new(UpdateSettingsError::Changed { version: 1 }),
        Box::new(UpdateSettingsError::Invalid(InvalidSetting::Unknown { key: "x".to_owned() })),
        Box::new(limited),
        Box::new(CallerLimitError::Limited(limited)),
        Box::new(SendMessageError::Limited(limited)),
        Box::new(CreateMemberError::Name),
        Box::new(CreateMemberError::Taken),
        Box::new(CreateTenantError::Name(hubchat_core::domain::InvalidTenantName)),
        Box::new(CreateTenantError::Taken),
        Box::new(CreateTenantError::Unknown),
        Box::new(DeadLetterError::Unknown),
        Box::new(EraseContactError::UnknownContact),
        Box::new(ExportTenantError::File(MediaFileError::NotFound)),
        Box::new(InboxError::UnknownLead),
        Box::new(InboxError::UnknownConversation),
        Box::new(InboxError::UnknownMessage),
        Box::new(MediaDoorError::Refused),
        Box::new(SendMessageError::UnknownConversation),
        Box::new(SendMessageError::UnknownReplyTo),
        Box::new(SendMessageError::Content(refused)),
        Box::new(ConnectChannelError::NotConfirmed { reason: "away".to_owned() }),
        Box::new(CreateTenantError::PublicReply),
        Box::new(SendOptionsError::UnknownConversation),
        Box::new(SignalError::UnknownConversation),
        Box::new(RemoveChannelError::Unknown),
        Box::new(ListTemplatesError::Unknown),
        Box::new(ListTemplatesError::Provider(FetchError::Gone)),
        Box::new(ListTemplatesError::Provider(FetchError::NotReady)),
        Box::new(SendMessageError::KeyReused),
        Box::new(TeamError::Unknown),
        Box::new(TeamError::Name),
        Box::new(TeamError::Taken),
        Box::new(TeamError::Full),
        Box::new(TeamError::UnknownMember),
        Box::new(TestChannelError::Unknown),
        Box::new(TestChannelError::AlreadyConnected { external_id: "U1".to_owned() }),
        Box::new(UpdateChannelError::Unknown),
        Box::new(UpdateChannelError::AnotherAccount { found: "Uother".to_owned() }),
        Box::new(UpdateConversationError::Unknown),
        Box::new(UpdateLeadError::Transition(transition)),
        Box::new(UpdateLeadError::Tags(TagError::TooMany)),
        Box::new(UploadMediaError::UnknownConversation),
        Box::new(UploadMediaError::Name),
        Box::new(UploadMediaError::Type { reason: "no", taken: "PDF" }),
        Box::new(UploadMediaError::Empty),
        Box::new(UploadMediaError::TooLarge { limit: 1 }),
        Box::new(UploadMediaError::Picture { max_pixels: 1, max_side: 1 }),
        Box::new(UploadMediaError::Interrupted("gone".into())),
    ];
    errors.extend(refusals);
    errors
}

#[test]
fn every_error_of_every_use_case_is_in_the_table() {
    let known: BTreeSet<&str> = CODES.iter().map(|kind| kind.code).collect();
    for error in every_error() {
        assert!(known.contains(error.code()), "{}: {error}", error.code());
    }
}

#[test]
fn the_table_names_each_problem_once_and_its_page_names_it_too() {
    let codes: BTreeSet<&str> = CODES.iter().map(|kind| kind.code).collect();
    assert_eq!(codes.len(), CODES.len());
    for kind in CODES {
        assert!((400..=599).contains(&kind.status), "{}", kind.code);
        let status = format!("`{}`, HTTP status {}", kind.code, kind.status);
        assert!(kind.page.starts_with(&format!("# {}\n", kind.title)) && kind.page.contains(&status), "{}", kind.code);
    }
}

#[tokio::test]
async fn an_unknown_address_and_an_unknown_method_are_problems_too() {
    let client = Mocks::new().client();
    for path in ["/", "/api", "/api/nothing", "/api/leads/", "/webhooks", "/problems/none", "/metrics"] {
        let answer = client.call(Request::builder().uri_str(path).finish()).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned(), String::new()), "{path}");
    }
    let answer = client.send(Method::DELETE, "/api/leads", "").await;
    assert_eq!((answer.problem().1.as_str(), answer.header("allow")), ("method_not_allowed", "GET"));
    for (method, path, allow) in [
        (Method::TRACE, "/health", "GET"),
        (Method::POST, "/docs", "GET"),
        (Method::OPTIONS, "/api/settings", "GET, PATCH"),
        (Method::PUT, "/api/keys/00000000-0000-0000-0000-0000000000d4", "DELETE"),
        (Method::PUT, "/webhooks/line/key", "POST"),
    ] {
        let answer = client.send(method.clone(), path, "").await;
        assert_eq!((answer.problem().1.as_str(), answer.header("allow")), ("method_not_allowed", allow), "{path}");
    }
}

#[tokio::test]
async fn a_plain_request_id_is_kept_and_another_replaced() {
    let client = Mocks::new().client();
    for (told, kept) in [("trace-7.a_b:c", true), ("a b", false), ("<script>", false), ("", false)] {
        let request = Request::builder().uri_str("/api/leads").header("x-request-id", told).finish();
        let answer = client.call(request).await;
        assert_eq!(answer.header("x-request-id") == told, kept, "{told}");
        assert_eq!(answer.json()["requestId"], answer.header("x-request-id"));
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let mut mocks = Mocks::new();
    mocks.config.body_deadline = Duration::from_millis(20);
    let never = poem::Body::from_bytes_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let request = Request::builder().method(Method::POST).uri_str("/webhooks/line/key").body(never);
    assert_eq!(mocks.client().call(request).await.problem(), (408, "body_timeout".to_owned(), String::new()));
}

#[tokio::test]
async fn a_request_that_takes_too_long_or_panics_is_answered_all_the_same() {
    let mut slow = Mocks::new();
    slow.config.request_deadline = Duration::from_millis(20);
    slow.metrics = Some(Arc::new(|| Box::pin(std::future::pending())));
    let answer = slow.client().call(Request::builder().uri_str("/metrics").finish()).await;
    assert_eq!((answer.problem().1.as_str(), answer.header("retry-after")), ("deadline_exceeded", "2"));

    let mut broken = Mocks::new();
    broken.metrics = Some(Arc::new(|| Box::pin(async { panic!("canary") })));
    let answer = broken.client().call(Request::builder().uri_str("/metrics").finish()).await;
    assert_eq!(answer.problem(), (500, "internal".to_owned(), String::new()));
    assert!(!answer.text.contains("canary"));
}
