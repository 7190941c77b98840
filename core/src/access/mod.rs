//! Coming in and going on: log-ins, sessions, passwords, invitations, and the members of a tenant.

mod accept_invitation;
mod authenticate_member;
mod deeds;
mod enthrone;
mod first_owner;
mod forgot_password;
mod invite_member;
mod links;
mod log_in;
mod mail;
mod mail_jobs;
mod me;
mod new_member;
mod new_password;
mod not_a_member;
mod own_sessions;
mod person;
mod refresh_session;
mod secrets;
mod sign_in;
mod standing_cache;
mod throttle;
mod update_member;
mod visibility;

#[cfg(test)]
mod accept_invitation_tests;
#[cfg(test)]
mod authenticate_member_tests;
#[cfg(test)]
mod invite_member_tests;
#[cfg(test)]
mod log_in_tests;
#[cfg(test)]
mod mail_jobs_tests;
#[cfg(test)]
mod me_tests;
#[cfg(test)]
mod new_password_tests;
#[cfg(test)]
mod own_sessions_tests;
#[cfg(test)]
mod refresh_session_tests;
#[cfg(test)]
pub(crate) mod test_people;
#[cfg(test)]
mod update_member_tests;
#[cfg(test)]
mod visibility_tests;

pub use accept_invitation::{AcceptInvitation, AcceptInvitationCommand, AcceptInvitationError};
pub use authenticate_member::AuthenticateMember;
pub(crate) use enthrone::ENTHRONE_JOB;
pub use enthrone::EnthroneJobs;
pub use first_owner::FirstOwner;
pub use forgot_password::{ForgotPassword, ForgotPasswordError};
pub use invite_member::{InviteMember, InviteMemberCommand, InviteMemberError, InvitedMember};
pub(crate) use links::Links;
pub use links::OneTimeLink;
pub use log_in::{LogIn, LogInCommand, LogInError, LoggedIn};
pub use mail_jobs::MailJobs;
pub(crate) use mail_jobs::{INVITATION_JOB, PASSWORD_LINK_JOB, REUSE_NOTICE_JOB};
pub use me::{Me, Myself};
pub use new_member::CreateMemberError;
pub(crate) use new_member::{NewMember, NewStanding, add as add_member};
pub use new_password::{ChangePassword, NewPasswordError, ResetPassword};
pub use not_a_member::NotAMember;
pub use own_sessions::{ListSessions, LogOut, RevokeSession, SessionsError};
pub use refresh_session::{RefreshError, RefreshSession};
pub use sign_in::{Client, SignedIn};
pub(crate) use standing_cache::StandingCache;
pub use throttle::Throttled;
pub use update_member::{UpdateMember, UpdateMemberCommand, UpdateMemberError};
pub use visibility::resolve_visibility;
pub(crate) use visibility::{visibility_from, visibility_of};
