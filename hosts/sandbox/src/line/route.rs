//! LINE's own paths.

use poem::http::Method;

/// One of the paths the fake LINE knows, with its ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route<'a> {
    Push,
    Reply,
    Profile(&'a str),
    GroupMember { group: &'a str, user: &'a str },
    GroupSummary(&'a str),
    RoomMember { room: &'a str, user: &'a str },
    BotInfo,
    Quota,
    QuotaConsumption,
    SetWebhook,
    GetWebhook,
    TestWebhook,
    Loading,
    MarkAsRead,
    Content(&'a str),
    Preview(&'a str),
    Transcoding(&'a str),
    VerifyToken,
    Unknown,
}

impl<'a> Route<'a> {
    pub(super) fn of(method: &Method, path: &'a str) -> Self {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (method.as_str(), parts.as_slice()) {
            ("POST", ["v2", "bot", "message", "push"]) => Self::Push,
            ("POST", ["v2", "bot", "message", "reply"]) => Self::Reply,
            ("GET", ["v2", "bot", "message", "quota"]) => Self::Quota,
            ("GET", ["v2", "bot", "message", "quota", "consumption"]) => Self::QuotaConsumption,
            ("GET", ["v2", "bot", "message", id, "content"]) => Self::Content(id),
            ("GET", ["v2", "bot", "message", id, "content", "preview"]) => Self::Preview(id),
            ("GET", ["v2", "bot", "message", id, "content", "transcoding"]) => Self::Transcoding(id),
            ("GET", ["v2", "bot", "profile", user]) => Self::Profile(user),
            ("GET", ["v2", "bot", "group", group, "member", user]) => Self::GroupMember { group, user },
            ("GET", ["v2", "bot", "group", group, "summary"]) => Self::GroupSummary(group),
            ("GET", ["v2", "bot", "room", room, "member", user]) => Self::RoomMember { room, user },
            ("GET", ["v2", "bot", "info"]) => Self::BotInfo,
            ("PUT", ["v2", "bot", "channel", "webhook", "endpoint"]) => Self::SetWebhook,
            ("GET", ["v2", "bot", "channel", "webhook", "endpoint"]) => Self::GetWebhook,
            ("POST", ["v2", "bot", "channel", "webhook", "test"]) => Self::TestWebhook,
            ("POST", ["v2", "bot", "chat", "loading", "start"]) => Self::Loading,
            ("POST", ["v2", "bot", "chat", "markAsRead"]) => Self::MarkAsRead,
            ("GET", ["oauth2", "v2.1", "verify"]) => Self::VerifyToken,
            _ => Self::Unknown,
        }
    }

    /// The name under which requests are counted.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Push => "POST /v2/bot/message/push",
            Self::Reply => "POST /v2/bot/message/reply",
            Self::Profile(_) => "GET /v2/bot/profile/{userId}",
            Self::GroupMember { .. } => "GET /v2/bot/group/{groupId}/member/{userId}",
            Self::GroupSummary(_) => "GET /v2/bot/group/{groupId}/summary",
            Self::RoomMember { .. } => "GET /v2/bot/room/{roomId}/member/{userId}",
            Self::BotInfo => "GET /v2/bot/info",
            Self::Quota => "GET /v2/bot/message/quota",
            Self::QuotaConsumption => "GET /v2/bot/message/quota/consumption",
            Self::SetWebhook => "PUT /v2/bot/channel/webhook/endpoint",
            Self::GetWebhook => "GET /v2/bot/channel/webhook/endpoint",
            Self::TestWebhook => "POST /v2/bot/channel/webhook/test",
            Self::Loading => "POST /v2/bot/chat/loading/start",
            Self::MarkAsRead => "POST /v2/bot/chat/markAsRead",
            Self::Content(_) => "GET /v2/bot/message/{messageId}/content",
            Self::Preview(_) => "GET /v2/bot/message/{messageId}/content/preview",
            Self::Transcoding(_) => "GET /v2/bot/message/{messageId}/content/transcoding",
            Self::VerifyToken => "GET /oauth2/v2.1/verify",
            Self::Unknown => "other",
        }
    }

    /// Whether the body must be JSON and say so. The webhook test's body may be left out.
    pub(super) fn needs_json(self) -> bool {
        matches!(self, Self::Push | Self::Reply | Self::SetWebhook | Self::Loading | Self::MarkAsRead)
    }
}
