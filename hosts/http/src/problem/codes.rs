//! Every kind of problem that this host answers with. Each has its page under `docs/problems`.

/// One kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemKind {
    /// The stable code, as programs read it.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What it is, in a line; the same for every occurrence.
    pub title: &'static str,
    /// The page about it, as Markdown.
    pub page: &'static str,
}

/// All kinds.
pub const CODES: &[ProblemKind] = &[
    ProblemKind {
        code: "unauthenticated",
        status: 401,
        title: "The credential is missing or not valid",
        page: include_str!("../../../../docs/problems/unauthenticated.md"),
    },
    ProblemKind {
        code: "forbidden",
        status: 403,
        title: "The credential may not do this",
        page: include_str!("../../../../docs/problems/forbidden.md"),
    },
    ProblemKind {
        code: "not_found",
        status: 404,
        title: "There is nothing at this address",
        page: include_str!("../../../../docs/problems/not_found.md"),
    },
    ProblemKind {
        code: "method_not_allowed",
        status: 405,
        title: "This address does not take this method",
        page: include_str!("../../../../docs/problems/method_not_allowed.md"),
    },
    ProblemKind {
        code: "payload_too_large",
        status: 413,
        title: "The body is too large",
        page: include_str!("../../../../docs/problems/payload_too_large.md"),
    },
    ProblemKind {
        code: "unsupported_media_type",
        status: 415,
        title: "The body is not declared as what is taken here",
        page: include_str!("../../../../docs/problems/unsupported_media_type.md"),
    },
    ProblemKind {
        code: "not_json",
        status: 400,
        title: "The body is not JSON",
        page: include_str!("../../../../docs/problems/not_json.md"),
    },
    ProblemKind {
        code: "not_multipart",
        status: 400,
        title: "The body is not a form with one file",
        page: include_str!("../../../../docs/problems/not_multipart.md"),
    },
    ProblemKind {
        code: "file_type_refused",
        status: 415,
        title: "The file is not of a kind that is taken",
        page: include_str!("../../../../docs/problems/file_type_refused.md"),
    },
    ProblemKind {
        code: "file_empty",
        status: 422,
        title: "The file has no bytes",
        page: include_str!("../../../../docs/problems/file_empty.md"),
    },
    ProblemKind {
        code: "picture_refused",
        status: 422,
        title: "The picture is too large or cannot be decoded",
        page: include_str!("../../../../docs/problems/picture_refused.md"),
    },
    ProblemKind {
        code: "validation_failed",
        status: 422,
        title: "A field is missing or has a value that it cannot have",
        page: include_str!("../../../../docs/problems/validation_failed.md"),
    },
    ProblemKind {
        code: "invalid_cursor",
        status: 400,
        title: "The cursor is not one of this list",
        page: include_str!("../../../../docs/problems/invalid_cursor.md"),
    },
    ProblemKind {
        code: "body_timeout",
        status: 408,
        title: "The body did not come in time",
        page: include_str!("../../../../docs/problems/body_timeout.md"),
    },
    ProblemKind {
        code: "body_interrupted",
        status: 400,
        title: "The body broke off",
        page: include_str!("../../../../docs/problems/body_interrupted.md"),
    },
    ProblemKind {
        code: "deadline_exceeded",
        status: 503,
        title: "The request took too long",
        page: include_str!("../../../../docs/problems/deadline_exceeded.md"),
    },
    ProblemKind {
        code: "shutting_down",
        status: 503,
        title: "This process is stopping",
        page: include_str!("../../../../docs/problems/shutting_down.md"),
    },
    ProblemKind {
        code: "storage_unavailable",
        status: 503,
        title: "Storage is unavailable",
        page: include_str!("../../../../docs/problems/storage_unavailable.md"),
    },
    ProblemKind {
        code: "contended",
        status: 503,
        title: "Others are changing the same thing",
        page: include_str!("../../../../docs/problems/contended.md"),
    },
    ProblemKind {
        code: "internal",
        status: 500,
        title: "Something is wrong inside hubchat",
        page: include_str!("../../../../docs/problems/internal.md"),
    },
    ProblemKind {
        code: "idempotency_key_reused",
        status: 422,
        title: "The idempotency key was used for another request",
        page: include_str!("../../../../docs/problems/idempotency_key_reused.md"),
    },
    ProblemKind {
        code: "contact_not_found",
        status: 404,
        title: "There is no such contact",
        page: include_str!("../../../../docs/problems/contact_not_found.md"),
    },
    ProblemKind {
        code: "lead_not_found",
        status: 404,
        title: "There is no such lead",
        page: include_str!("../../../../docs/problems/lead_not_found.md"),
    },
    ProblemKind {
        code: "lead_transition_refused",
        status: 409,
        title: "The lead's lifecycle does not lead there",
        page: include_str!("../../../../docs/problems/lead_transition_refused.md"),
    },
    ProblemKind {
        code: "lead_closed",
        status: 409,
        title: "The lead is closed",
        page: include_str!("../../../../docs/problems/lead_closed.md"),
    },
    ProblemKind {
        code: "member_not_found",
        status: 404,
        title: "There is no such active member",
        page: include_str!("../../../../docs/problems/member_not_found.md"),
    },
    ProblemKind {
        code: "member_exists",
        status: 409,
        title: "A member with this e-mail address exists",
        page: include_str!("../../../../docs/problems/member_exists.md"),
    },
    ProblemKind {
        code: "team_not_found",
        status: 404,
        title: "There is no such team",
        page: include_str!("../../../../docs/problems/team_not_found.md"),
    },
    ProblemKind {
        code: "team_exists",
        status: 409,
        title: "A team with this name exists",
        page: include_str!("../../../../docs/problems/team_exists.md"),
    },
    ProblemKind {
        code: "team_limit_reached",
        status: 409,
        title: "The tenant has as many teams as it may have",
        page: include_str!("../../../../docs/problems/team_limit_reached.md"),
    },
    ProblemKind {
        code: "no_active_member",
        status: 409,
        title: "No active member takes leads",
        page: include_str!("../../../../docs/problems/no_active_member.md"),
    },
    ProblemKind {
        code: "conversation_not_found",
        status: 404,
        title: "There is no such conversation",
        page: include_str!("../../../../docs/problems/conversation_not_found.md"),
    },
    ProblemKind {
        code: "conversation_standby",
        status: 409,
        title: "Another system answers this conversation",
        page: include_str!("../../../../docs/problems/conversation_standby.md"),
    },
    ProblemKind {
        code: "recipient_unreachable",
        status: 409,
        title: "The customer cannot be written to",
        page: include_str!("../../../../docs/problems/recipient_unreachable.md"),
    },
    ProblemKind {
        code: "window_closed",
        status: 409,
        title: "The customer's last message is too long ago",
        page: include_str!("../../../../docs/problems/window_closed.md"),
    },
    ProblemKind {
        code: "persons_only",
        status: 409,
        title: "Only what a person wrote may be sent now",
        page: include_str!("../../../../docs/problems/persons_only.md"),
    },
    ProblemKind {
        code: "template_only",
        status: 409,
        title: "Only an approved template may be sent now",
        page: include_str!("../../../../docs/problems/template_only.md"),
    },
    ProblemKind {
        code: "text_only",
        status: 409,
        title: "The first answer to a comment is text",
        page: include_str!("../../../../docs/problems/text_only.md"),
    },
    ProblemKind {
        code: "awaiting_answer",
        status: 409,
        title: "The customer has to answer first",
        page: include_str!("../../../../docs/problems/awaiting_answer.md"),
    },
    ProblemKind {
        code: "comment_too_old",
        status: 409,
        title: "The comment is too old for a private reply",
        page: include_str!("../../../../docs/problems/comment_too_old.md"),
    },
    ProblemKind {
        code: "kind_unsupported",
        status: 409,
        title: "The channel does not carry this kind of message here",
        page: include_str!("../../../../docs/problems/kind_unsupported.md"),
    },
    ProblemKind {
        code: "channel_not_confirmed",
        status: 503,
        title: "The provider could not confirm the account",
        page: include_str!("../../../../docs/problems/channel_not_confirmed.md"),
    },
    ProblemKind {
        code: "channel_without_templates",
        status: 422,
        title: "The channel has no templates",
        page: include_str!("../../../../docs/problems/channel_without_templates.md"),
    },
    ProblemKind {
        code: "provider_unavailable",
        status: 503,
        title: "The provider did not answer",
        page: include_str!("../../../../docs/problems/provider_unavailable.md"),
    },
    ProblemKind {
        code: "message_not_found",
        status: 404,
        title: "There is no such message",
        page: include_str!("../../../../docs/problems/message_not_found.md"),
    },
    ProblemKind {
        code: "message_not_retryable",
        status: 409,
        title: "The message cannot be sent again",
        page: include_str!("../../../../docs/problems/message_not_retryable.md"),
    },
    ProblemKind {
        code: "retry_needs_confirmation",
        status: 409,
        title: "The message may have arrived",
        page: include_str!("../../../../docs/problems/retry_needs_confirmation.md"),
    },
    ProblemKind {
        code: "invalid_content",
        status: 422,
        title: "The channel cannot carry this content",
        page: include_str!("../../../../docs/problems/invalid_content.md"),
    },
    ProblemKind {
        code: "channel_not_found",
        status: 404,
        title: "There is no such channel account",
        page: include_str!("../../../../docs/problems/channel_not_found.md"),
    },
    ProblemKind {
        code: "channel_unavailable",
        status: 422,
        title: "This hubchat does not speak this channel",
        page: include_str!("../../../../docs/problems/channel_unavailable.md"),
    },
    ProblemKind {
        code: "channel_credentials_refused",
        status: 422,
        title: "The provider refuses the credentials",
        page: include_str!("../../../../docs/problems/channel_credentials_refused.md"),
    },
    ProblemKind {
        code: "channel_already_connected",
        status: 409,
        title: "This account is connected already",
        page: include_str!("../../../../docs/problems/channel_already_connected.md"),
    },
    ProblemKind {
        code: "webhook_unknown",
        status: 404,
        title: "There is no such webhook",
        page: include_str!("../../../../docs/problems/webhook_unknown.md"),
    },
    ProblemKind {
        code: "webhook_not_verified",
        status: 401,
        title: "The webhook is not the provider's",
        page: include_str!("../../../../docs/problems/webhook_not_verified.md"),
    },
    ProblemKind {
        code: "media_not_found",
        status: 404,
        title: "The link is not valid or has expired",
        page: include_str!("../../../../docs/problems/media_not_found.md"),
    },
    ProblemKind {
        code: "tenant_not_found",
        status: 404,
        title: "There is no such tenant",
        page: include_str!("../../../../docs/problems/tenant_not_found.md"),
    },
    ProblemKind {
        code: "tenant_exists",
        status: 409,
        title: "A tenant with this slug exists",
        page: include_str!("../../../../docs/problems/tenant_exists.md"),
    },
    ProblemKind {
        code: "dead_letter_not_found",
        status: 404,
        title: "There is no such dead letter",
        page: include_str!("../../../../docs/problems/dead_letter_not_found.md"),
    },
    ProblemKind {
        code: "rate_limited",
        status: 429,
        title: "Too many requests",
        page: include_str!("../../../../docs/problems/rate_limited.md"),
    },
    ProblemKind {
        code: "origin_not_allowed",
        status: 403,
        title: "Pages of this origin may not call",
        page: include_str!("../../../../docs/problems/origin_not_allowed.md"),
    },
    ProblemKind {
        code: "settings_changed",
        status: 412,
        title: "The settings were changed meanwhile",
        page: include_str!("../../../../docs/problems/settings_changed.md"),
    },
    ProblemKind {
        code: "key_not_found",
        status: 404,
        title: "There is no such API key",
        page: include_str!("../../../../docs/problems/key_not_found.md"),
    },
    ProblemKind {
        code: "uri_too_long",
        status: 414,
        title: "The address is too long",
        page: include_str!("../../../../docs/problems/uri_too_long.md"),
    },
    ProblemKind {
        code: "headers_too_large",
        status: 431,
        title: "The header fields are too large",
        page: include_str!("../../../../docs/problems/headers_too_large.md"),
    },
    ProblemKind {
        code: "login_refused",
        status: 401,
        title: "The e-mail address or the password is not right",
        page: include_str!("../../../../docs/problems/login_refused.md"),
    },
    ProblemKind {
        code: "session_ended",
        status: 401,
        title: "The session is over",
        page: include_str!("../../../../docs/problems/session_ended.md"),
    },
    ProblemKind {
        code: "session_not_found",
        status: 404,
        title: "There is no such session",
        page: include_str!("../../../../docs/problems/session_not_found.md"),
    },
    ProblemKind {
        code: "link_not_valid",
        status: 404,
        title: "The link is not valid any more",
        page: include_str!("../../../../docs/problems/link_not_valid.md"),
    },
    ProblemKind {
        code: "cross_site",
        status: 403,
        title: "The request comes from a page of another site",
        page: include_str!("../../../../docs/problems/cross_site.md"),
    },
    ProblemKind {
        code: "last_owner",
        status: 409,
        title: "The last active owner stays one",
        page: include_str!("../../../../docs/problems/last_owner.md"),
    },
    ProblemKind {
        code: "member_not_invited",
        status: 409,
        title: "The member waits for no invitation",
        page: include_str!("../../../../docs/problems/member_not_invited.md"),
    },
    ProblemKind {
        code: "events_gone",
        status: 410,
        title: "What came after this cursor is not kept any more",
        page: include_str!("../../../../docs/problems/events_gone.md"),
    },
    ProblemKind {
        code: "ticket_refused",
        status: 401,
        title: "The ticket is not valid",
        page: include_str!("../../../../docs/problems/ticket_refused.md"),
    },
    ProblemKind {
        code: "members_only",
        status: 403,
        title: "Only a person who is logged in may do this",
        page: include_str!("../../../../docs/problems/members_only.md"),
    },
];

/// The kind of that code.
pub(crate) fn kind(code: &str) -> Option<&'static ProblemKind> {
    CODES.iter().find(|kind| kind.code == code)
}
