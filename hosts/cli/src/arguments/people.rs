//! The command line of members and teams.

use clap::{Subcommand, ValueEnum};
use hubchat_core::domain::{MemberId, TeamId};

/// What a member may do, on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Role {
    /// Owns the tenant.
    Owner,
    /// Runs channels, keys, members and settings.
    Admin,
    /// Assigns and measures.
    Manager,
    /// Answers customers.
    Sales,
    /// Looks on.
    Viewer,
}

/// `hubchat member`.
#[derive(Debug, Subcommand)]
pub enum Member {
    /// Add a member, so that leads can be assigned to them. They have no password: they log in once they asked for
    /// one by "forgot".
    #[command(visible_alias = "add")]
    Create {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// Their e-mail address.
        #[arg(long)]
        email: String,
        /// What they may do.
        #[arg(long, default_value = "sales")]
        role: Role,
    },
    /// Invite a member: a one-time link is mailed to them, and printed.
    Invite {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// Their e-mail address. With one who is invited already, another link is made.
        #[arg(long)]
        email: String,
        /// Their name; the address when absent.
        #[arg(long)]
        name: Option<String>,
        /// What they may do.
        #[arg(long, default_value = "sales")]
        role: Role,
    },
    /// List the members.
    List {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
    },
    /// Disable a member: their sessions end.
    Disable {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// Their e-mail address.
        #[arg(long)]
        email: String,
    },
    /// Give a member another role.
    Role {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// Their e-mail address.
        #[arg(long)]
        email: String,
        /// What they may do from now on.
        #[arg(long)]
        role: Role,
    },
}

/// `hubchat team`.
#[derive(Debug, Subcommand)]
pub enum Team {
    /// Make a team, so that members share leads.
    Create {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// Its name.
        #[arg(long)]
        name: String,
    },
    /// List the teams.
    List {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
    },
    /// Add a member to a team.
    AddMember {
        /// The tenant's slug.
        #[arg(long)]
        tenant: String,
        /// The team's id.
        #[arg(long)]
        team: TeamId,
        /// The member's id.
        #[arg(long)]
        member: MemberId,
    },
}
