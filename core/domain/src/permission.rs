//! Permissions: what a role or a scope allows, in one table.

use serde::{Deserialize, Serialize};

use crate::{MemberRole, Scope, channel::named};

/// One thing that may be allowed. Every use case that a person or program reaches asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// Read leads, conversations, messages and members' names.
    #[serde(rename = "inbox:read")]
    InboxRead,
    /// Change leads and conversations.
    #[serde(rename = "leads:write")]
    LeadsWrite,
    /// Give leads to members and teams.
    #[serde(rename = "leads:assign")]
    LeadsAssign,
    /// Send messages and upload files for them.
    #[serde(rename = "messages:send")]
    MessagesSend,
    /// Read metrics.
    #[serde(rename = "metrics:read")]
    MetricsRead,
    /// Connect, change, test and remove channel accounts.
    #[serde(rename = "channels:manage")]
    ChannelsManage,
    /// Make and revoke API keys.
    #[serde(rename = "keys:manage")]
    KeysManage,
    /// Invite, change and remove members, and run teams.
    #[serde(rename = "members:manage")]
    MembersManage,
    /// Make, change and remove owners.
    #[serde(rename = "owners:manage")]
    OwnersManage,
    /// Change the tenant's settings.
    #[serde(rename = "settings:manage")]
    SettingsManage,
    /// Read and export the audit log.
    #[serde(rename = "audit:read")]
    AuditRead,
    /// Export the tenant's data and erase contacts.
    #[serde(rename = "data:manage")]
    DataManage,
}

named!(Permission {
    InboxRead => "inbox:read", LeadsWrite => "leads:write", LeadsAssign => "leads:assign",
    MessagesSend => "messages:send", MetricsRead => "metrics:read", ChannelsManage => "channels:manage",
    KeysManage => "keys:manage", MembersManage => "members:manage", OwnersManage => "owners:manage",
    SettingsManage => "settings:manage", AuditRead => "audit:read", DataManage => "data:manage",
});

impl MemberRole {
    /// Everything that the role allows. Each role allows what the one below it does.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Viewer => &[P::InboxRead],
            Self::Sales => &[P::InboxRead, P::LeadsWrite, P::MessagesSend],
            Self::Manager => &[P::InboxRead, P::LeadsWrite, P::LeadsAssign, P::MessagesSend, P::MetricsRead],
            Self::Admin => &[
                P::InboxRead,
                P::LeadsWrite,
                P::LeadsAssign,
                P::MessagesSend,
                P::MetricsRead,
                P::ChannelsManage,
                P::KeysManage,
                P::MembersManage,
                P::SettingsManage,
                P::AuditRead,
                P::DataManage,
            ],
            Self::Owner => Permission::ALL,
        }
    }

    /// Whether the role allows something.
    #[must_use]
    pub fn allows(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

impl Scope {
    /// Everything that a key with the scope may do.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Admin => Permission::ALL,
            Self::InboxRead => &[P::InboxRead],
            Self::InboxWrite => &[P::InboxRead, P::LeadsWrite, P::LeadsAssign],
            Self::MessagesSend => &[P::MessagesSend],
            Self::ChannelsManage => &[P::ChannelsManage],
        }
    }

    /// Whether the scope allows something.
    #[must_use]
    pub fn allows(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_allows_what_the_one_below_does_and_more() {
        let upwards =
            [MemberRole::Viewer, MemberRole::Sales, MemberRole::Manager, MemberRole::Admin, MemberRole::Owner];
        for pair in upwards.windows(2) {
            let [below, above] = pair else { unreachable!("windows of two") };
            assert!(below.permissions().iter().all(|&allowed| above.allows(allowed)), "{below} {above}");
            assert!(above.permissions().len() > below.permissions().len(), "{below} {above}");
        }
    }

    #[test]
    fn the_policy_of_the_inbox_holds() {
        use MemberRole as R;
        let rows = [
            (Permission::InboxRead, vec![R::Viewer, R::Sales, R::Manager, R::Admin, R::Owner]),
            (Permission::LeadsWrite, vec![R::Sales, R::Manager, R::Admin, R::Owner]),
            (Permission::MessagesSend, vec![R::Sales, R::Manager, R::Admin, R::Owner]),
            (Permission::LeadsAssign, vec![R::Manager, R::Admin, R::Owner]),
            (Permission::MetricsRead, vec![R::Manager, R::Admin, R::Owner]),
            (Permission::ChannelsManage, vec![R::Admin, R::Owner]),
            (Permission::KeysManage, vec![R::Admin, R::Owner]),
            (Permission::MembersManage, vec![R::Admin, R::Owner]),
            (Permission::SettingsManage, vec![R::Admin, R::Owner]),
            (Permission::AuditRead, vec![R::Admin, R::Owner]),
            (Permission::DataManage, vec![R::Admin, R::Owner]),
            (Permission::OwnersManage, vec![R::Owner]),
        ];
        assert_eq!(rows.len(), Permission::ALL.len(), "every permission has its row");
        for (permission, allowed) in rows {
            for &role in R::ALL {
                assert_eq!(role.allows(permission), allowed.contains(&role), "{role} {permission}");
            }
        }
    }

    #[test]
    fn a_key_that_only_sends_reads_nothing_and_an_admin_key_does_all() {
        for &permission in Permission::ALL {
            assert!(Scope::Admin.allows(permission));
            assert_eq!(Scope::MessagesSend.allows(permission), permission == Permission::MessagesSend);
            assert_eq!(Scope::InboxRead.allows(permission), permission == Permission::InboxRead);
        }
    }
}
