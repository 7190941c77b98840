//! Operations on log-ins and sessions.

use std::sync::Arc;

use hubchat_core::{AcceptInvitationCommand, LogInCommand, RefreshError, SignedIn, domain::SessionId};
use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Json};

use super::Group;
use crate::{
    auth::Caller,
    client::OwnPage,
    cookie,
    json_body::JsonBody,
    problem::ApiProblem,
    state::State,
    wire::{AcceptBody, Listing, LoginBody, LoginView, MeView, NoFields, PathId, SessionView, SignedInView},
};

/// What logging in answers.
#[derive(ApiResponse)]
enum Login {
    /// The password is right: a session, or a choice of tenants.
    #[oai(status = 200)]
    Done(
        Json<LoginView>,
        /// With a session: its refresh token, for the browser alone.
        #[oai(header = "Set-Cookie")]
        Option<String>,
    ),
}

/// A session goes on or begins.
#[derive(ApiResponse)]
enum Signed {
    /// A token, and the next refresh token.
    #[oai(status = 200)]
    In(
        Json<SignedInView>,
        /// The refresh token, for the browser alone.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

/// A session is over.
#[derive(ApiResponse)]
enum Out {
    /// It is over, if it was there.
    #[oai(status = 204)]
    Done(
        /// Removes the cookie.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

/// What was asked for is done.
#[derive(ApiResponse)]
enum Ended {
    /// The session is over.
    #[oai(status = 204)]
    Done,
}

pub(crate) struct AccessRoutes(pub(crate) Arc<State>);

#[OpenApi(tag = "Group::Access")]
impl AccessRoutes {
    /// Log in
    ///
    /// With e-mail address and password. Whoever belongs to several tenants names one, or is asked to. The answer
    /// holds an access token for ten minutes; the refresh token comes as a cookie.
    #[oai(path = "/auth/login", method = "post", operation_id = "logIn")]
    async fn log_in(&self, page: OwnPage, body: JsonBody<LoginBody>) -> Result<Login, ApiProblem> {
        let LoginBody { email, password, tenant } = body.0;
        let command = LogInCommand { email, password: password.0, tenant, client: page.client };
        let (view, signed) = LoginView::of(self.0.hubchat.log_in.run(&command).await?);
        Ok(Login::Done(Json(view), signed.map(|signed| self.cookie(&signed))))
    }

    /// Go on with a session
    ///
    /// Spends the refresh token of the cookie for the next one and a new access token. A token that was spent before
    /// ends its session.
    #[oai(path = "/auth/refresh", method = "post", operation_id = "refreshSession")]
    async fn refresh(&self, page: OwnPage, body: JsonBody<NoFields>) -> Result<Signed, ApiProblem> {
        let NoFields {} = body.0;
        let token = page.refresh_token.ok_or(RefreshError::Over)?;
        let signed = self.0.hubchat.refresh_session.run(&token, &page.client).await?;
        Ok(Signed::In(Json(SignedInView::of(&signed)), self.cookie(&signed)))
    }

    /// Log out
    ///
    /// Ends the session of the cookie. Without one nothing happens.
    #[oai(path = "/auth/logout", method = "post", operation_id = "logOut")]
    async fn log_out(&self, page: OwnPage, body: JsonBody<NoFields>) -> Result<Out, ApiProblem> {
        let NoFields {} = body.0;
        if let Some(token) = page.refresh_token {
            self.0.hubchat.log_out.run(&token, &page.client).await?;
        }
        Ok(Out::Done(cookie::remove()))
    }

    /// Accept an invitation
    ///
    /// By the token of a link, once. Sets a password, or proves the one that the person has, and logs in.
    #[oai(path = "/auth/accept-invitation", method = "post", operation_id = "acceptInvitation")]
    async fn accept(&self, page: OwnPage, body: JsonBody<AcceptBody>) -> Result<Signed, ApiProblem> {
        let AcceptBody { token, password, name, email } = body.0;
        let (token, password) = (token.0, password.0);
        let command = AcceptInvitationCommand { token, password, name, email, client: page.client };
        let signed = self.0.hubchat.accept_invitation.run(&command).await?;
        Ok(Signed::In(Json(SignedInView::of(&signed)), self.cookie(&signed)))
    }

    /// List one's sessions
    ///
    /// Those that go on, of all tenants, newest first, all at once. For people who are logged in.
    #[oai(path = "/auth/sessions", method = "get", operation_id = "listSessions")]
    async fn sessions(&self, caller: Caller) -> Result<Json<Listing<SessionView>>, ApiProblem> {
        let sessions = self.0.hubchat.list_sessions.run(&caller.0).await?;
        let current = caller.0.as_member().map(|member| member.session_id);
        Ok(Json(Listing::whole(sessions.into_iter().map(|session| SessionView::of(session, current)))))
    }

    /// End one of one's sessions
    ///
    /// The present one too. For people who are logged in.
    #[oai(path = "/auth/sessions/:id", method = "delete", operation_id = "revokeSession")]
    async fn revoke(&self, caller: Caller, id: Path<PathId>) -> Result<Ended, ApiProblem> {
        let id: SessionId = id.0.or("session_not_found")?;
        self.0.hubchat.revoke_session.run(&caller.0, id).await?;
        Ok(Ended::Done)
    }

    /// Read who one is
    ///
    /// The tenant, the member, and everything that one may do. For people and API keys.
    #[oai(path = "/me", method = "get", operation_id = "getMe")]
    async fn me(&self, caller: Caller) -> Result<Json<MeView>, ApiProblem> {
        Ok(Json(self.0.hubchat.me.run(&caller.0).await?.into()))
    }
}

impl AccessRoutes {
    fn cookie(&self, signed: &SignedIn) -> String {
        let now = self.0.hubchat.ports.clock.now();
        cookie::keep(&signed.refresh_token, now, signed.session.ends_at())
    }
}
