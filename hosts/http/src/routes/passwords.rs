//! Operations on passwords.

use std::sync::Arc;

use poem_openapi::{ApiResponse, OpenApi};

use super::Group;
use crate::{
    auth::Caller,
    client::Visitor,
    json_body::JsonBody,
    problem::ApiProblem,
    state::State,
    wire::{ChangePasswordBody, ForgotBody, ResetBody},
};

/// A link was asked for.
#[derive(ApiResponse)]
enum Asked {
    /// If the address belongs to somebody, a mail is on its way. The answer is the same if not.
    #[oai(status = 202)]
    Done,
}

/// A password was set.
#[derive(ApiResponse)]
enum PasswordSet {
    /// It is the new one from now on.
    #[oai(status = 204)]
    Done,
}

pub(crate) struct PasswordRoutes(pub(crate) Arc<State>);

#[OpenApi(tag = "Group::Access")]
impl PasswordRoutes {
    /// Ask for a new password
    ///
    /// A link comes by mail. The answer tells nobody whether there is such a person.
    #[oai(path = "/auth/forgot", method = "post", operation_id = "forgotPassword")]
    async fn forgot(&self, visitor: Visitor, body: JsonBody<ForgotBody>) -> Result<Asked, ApiProblem> {
        self.0.hubchat.forgot_password.run(&body.0.email, &visitor.0).await?;
        Ok(Asked::Done)
    }

    /// Set a new password by a link
    ///
    /// By the token of the link, once. All sessions of the person end: log in with the new password.
    #[oai(path = "/auth/reset", method = "post", operation_id = "resetPassword")]
    async fn reset(&self, visitor: Visitor, body: JsonBody<ResetBody>) -> Result<PasswordSet, ApiProblem> {
        let ResetBody { token, new_password } = body.0;
        self.0.hubchat.reset_password.run(&token.0, &new_password.0, &visitor.0).await?;
        Ok(PasswordSet::Done)
    }

    /// Set a new password by the old one
    ///
    /// The present session goes on, all others of the person end. For people who are logged in.
    #[oai(path = "/auth/change-password", method = "post", operation_id = "changePassword")]
    async fn change(&self, caller: Caller, body: JsonBody<ChangePasswordBody>) -> Result<PasswordSet, ApiProblem> {
        let ChangePasswordBody { current_password, new_password } = body.0;
        self.0.hubchat.change_password.run(&caller.0, &current_password.0, &new_password.0).await?;
        Ok(PasswordSet::Done)
    }
}
