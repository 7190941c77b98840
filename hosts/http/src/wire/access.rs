//! Log-ins, sessions and passwords on the wire.

use hubchat_core::{
    LoggedIn, Myself, SignedIn,
    domain::{MemberRole, Permission, Session, SessionId, Tenant},
};
use poem_openapi::Object;
use secrecy::ExposeSecret;
use serde::Deserialize;
use uuid::Uuid;

use super::{MemberView, Moment, Named, SecretText, named::LoginOutcome};

/// Who wants to come in.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "Login", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LoginBody {
    /// The e-mail address.
    pub(crate) email: String,
    /// The password.
    #[oai(write_only)]
    pub(crate) password: SecretText,
    /// The slug of the tenant; needed by people who belong to several.
    pub(crate) tenant: Option<String>,
}

/// A company that one belongs to.
#[derive(Debug, Object)]
#[oai(rename = "Tenant", rename_all = "camelCase")]
pub(crate) struct TenantView {
    /// Its id.
    id: Uuid,
    /// Its short name.
    slug: String,
    /// The name that people read.
    name: String,
}

impl From<Tenant> for TenantView {
    fn from(tenant: Tenant) -> Self {
        Self { id: tenant.id.as_uuid(), slug: tenant.slug.as_str().to_owned(), name: tenant.name }
    }
}

/// What a right password leads to: a session, or a choice of tenants.
#[derive(Debug, Object)]
#[oai(rename = "LoginResult", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct LoginView {
    /// SESSION, or CHOOSE_TENANT when the person belongs to several and named none: ask again with `tenant`.
    outcome: Named<LoginOutcome>,
    /// With SESSION: the token and the session.
    session: Option<SignedInView>,
    /// With CHOOSE_TENANT: the tenants, by slug.
    tenants: Option<Vec<TenantView>>,
}

impl LoginView {
    /// The answer to a log-in, and the session that a cookie is set for.
    pub(crate) fn of(logged_in: LoggedIn) -> (Self, Option<Box<SignedIn>>) {
        match logged_in {
            LoggedIn::Session(signed) => {
                let session = Some(SignedInView::of(&signed));
                (Self { outcome: Named(LoginOutcome::Session), session, tenants: None }, Some(signed))
            }
            LoggedIn::ChooseTenant(tenants) => {
                let tenants = Some(tenants.into_iter().map(TenantView::from).collect());
                (Self { outcome: Named(LoginOutcome::ChooseTenant), session: None, tenants }, None)
            }
        }
    }
}

/// A session that goes on. Its refresh token comes as a cookie only.
#[derive(Debug, Object)]
#[oai(rename = "SignedIn", rename_all = "camelCase")]
pub(crate) struct SignedInView {
    /// Sent as `Authorization: Bearer`, until it is over.
    access_token: String,
    /// Until when the token is good; refresh before.
    access_token_expires_at: Moment,
    /// The id of the session.
    session_id: Uuid,
    /// When the session ends unless it is refreshed.
    session_ends_at: Moment,
    /// The tenant.
    tenant: TenantView,
    /// The member.
    member: MemberView,
}

impl SignedInView {
    pub(crate) fn of(signed: &SignedIn) -> Self {
        Self {
            access_token: signed.access_token.expose_secret().to_owned(),
            access_token_expires_at: Moment(signed.access_expires_at),
            session_id: signed.session.id.as_uuid(),
            session_ends_at: Moment(signed.session.ends_at()),
            tenant: signed.tenant.clone().into(),
            member: signed.member.clone().into(),
        }
    }
}

/// A body without fields: JSON, so that no form of another site can be sent.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "Nothing", deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoFields {}

/// Who forgot their password.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "ForgottenPassword", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ForgotBody {
    /// The e-mail address.
    pub(crate) email: String,
}

/// A new password, by a link.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "PasswordReset", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ResetBody {
    /// What stands behind `#token=` in the link.
    #[oai(write_only)]
    pub(crate) token: SecretText,
    /// 12 to 256 characters.
    #[oai(write_only)]
    pub(crate) new_password: SecretText,
}

/// A new password, by the old one.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "PasswordChange", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ChangePasswordBody {
    /// The present password.
    #[oai(write_only)]
    pub(crate) current_password: SecretText,
    /// 12 to 256 characters.
    #[oai(write_only)]
    pub(crate) new_password: SecretText,
}

/// Who follows an invitation.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "InvitationAcceptance", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AcceptBody {
    /// What stands behind `#token=` in the link.
    #[oai(write_only)]
    pub(crate) token: SecretText,
    /// A new password of 12 to 256 characters, or the present one of somebody who has one already.
    #[oai(write_only)]
    pub(crate) password: SecretText,
    /// Their name, if it should be another; needed with a first owner's link that names nobody.
    pub(crate) name: Option<String>,
    /// Their e-mail address; needed with a first owner's link that names nobody.
    pub(crate) email: Option<String>,
}

/// One log-in.
#[derive(Debug, Object)]
#[oai(rename = "Session", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct SessionView {
    /// Its id.
    id: Uuid,
    /// To which tenant.
    tenant_id: Uuid,
    /// Whether it is the one that asks.
    current: bool,
    /// When it began.
    created_at: Moment,
    /// When it was last refreshed.
    last_used_at: Moment,
    /// When it ends unless it is refreshed.
    ends_at: Moment,
    /// The network address that logged in.
    address: Option<String>,
    /// What the program that logged in called itself.
    user_agent: Option<String>,
}

impl SessionView {
    pub(crate) fn of(session: Session, current: Option<SessionId>) -> Self {
        Self {
            id: session.id.as_uuid(),
            tenant_id: session.tenant_id.as_uuid(),
            current: current == Some(session.id),
            created_at: Moment(session.created_at),
            last_used_at: Moment(session.last_used_at),
            ends_at: Moment(session.ends_at()),
            address: session.address,
            user_agent: session.user_agent,
        }
    }
}

/// Who one is.
#[derive(Debug, Object)]
#[oai(rename = "Me", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct MeView {
    /// The tenant.
    tenant: TenantView,
    /// The member; absent for an API key.
    member: Option<MemberView>,
    /// What the member may do, in a word; absent for an API key.
    role: Option<Named<MemberRole>>,
    /// The log-in; absent for an API key.
    session: Option<SessionView>,
    /// Everything that one may do.
    permissions: Vec<Named<Permission>>,
}

impl From<Myself> for MeView {
    fn from(myself: Myself) -> Self {
        let (member, session) = match myself.person {
            Some((_, member, session)) => (Some(member), Some(session)),
            None => (None, None),
        };
        let current = session.as_ref().map(|session| session.id);
        Self {
            tenant: myself.tenant.into(),
            role: member.as_ref().map(|member| Named(member.role)),
            member: member.map(MemberView::from),
            session: session.map(|session| SessionView::of(session, current)),
            permissions: myself.permissions.into_iter().map(Named).collect(),
        }
    }
}
