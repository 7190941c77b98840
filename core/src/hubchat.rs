//! Every use case, built once from one bundle of ports.

use std::time::Duration;

use hubchat_ports::MediaLimits;

use crate::{
    AcceptWebhook, AccountCache, AllowedOrigins, AssignLead, AuthenticateApiKey, CheckChannel, ConnectChannel,
    CreateApiKey, CreateMember, CreateTeam, CreateTenant, DeadLetters, DeleteTeam, Deliver, EraseContact, ExportAudit,
    ExportTenant, FetchMedia, FetchProfile, GetSendOptions, GetSettings, Housekeeping, Inbox, JobRunner, KeepLimits,
    KeyStatus, Limits, ListApiKeys, ListAudit, ListTeams, ListTemplates, MediaDoor, Ports, ProcessInbound,
    RemoveChannel, Retention, RetryPolicy, RevokeApiKey, RotateKeys, SendMessage, SettingsCache, Signals, TestChannel,
    UpdateChannel, UpdateConversation, UpdateLead, UpdateSettings, UpdateTeam, UploadLimits, UploadMedia, VerifyAudit,
};

/// What an operator may decide.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address under which the world reaches this hubchat, such as `https://chat.example.com`.
    pub public_url: Option<String>,
    /// Links to files need no signature and have no end.
    pub public_media: bool,
    /// How deliveries are retried.
    pub delivery_retries: RetryPolicy,
    /// How everything else is retried.
    pub job_retries: RetryPolicy,
    /// What files that providers keep for us may cost.
    pub media_limits: MediaLimits,
    /// What files that are uploaded may cost.
    pub upload_limits: UploadLimits,
    /// How often callers may ask.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: None,
            public_media: false,
            delivery_retries: RetryPolicy::default(),
            job_retries: RetryPolicy { base: Duration::from_secs(2), ..RetryPolicy::default() },
            media_limits: MediaLimits {
                max_bytes: 200 * 1024 * 1024,
                max_pixels: 50_000_000,
                max_side: 65_535,
                thumbnail_side: 480,
            },
            upload_limits: UploadLimits::default(),
            limits: Limits::default(),
        }
    }
}

/// hubchat: every use case. Cheap to clone.
#[derive(Clone)]
pub struct Hubchat {
    /// The ports that it works with.
    pub ports: Ports,
    /// Accepts webhooks.
    pub accept_webhook: AcceptWebhook,
    /// Does jobs.
    pub jobs: JobRunner,
    /// Accepts messages to be sent.
    pub send_message: SendMessage,
    /// Tells what may be sent.
    pub send_options: GetSendOptions,
    /// Changes leads.
    pub update_lead: UpdateLead,
    /// Assigns leads.
    pub assign_lead: AssignLead,
    /// Lists templates.
    pub list_templates: ListTemplates,
    /// Lets customers see that someone writes.
    pub signals: Signals,
    /// Changes conversations.
    pub update_conversation: UpdateConversation,
    /// Reads.
    pub inbox: Inbox,
    /// Connects channel accounts.
    pub connect_channel: ConnectChannel,
    /// Tests channel accounts.
    pub test_channel: TestChannel,
    /// Removes channel accounts.
    pub remove_channel: RemoveChannel,
    /// Looks after channel accounts.
    pub check_channel: CheckChannel,
    /// Changes channel accounts.
    pub update_channel: UpdateChannel,
    /// Creates tenants.
    pub create_tenant: CreateTenant,
    /// Adds members.
    pub create_member: CreateMember,
    /// Makes teams.
    pub create_team: CreateTeam,
    /// Changes teams.
    pub update_team: UpdateTeam,
    /// Removes teams.
    pub delete_team: DeleteTeam,
    /// Lists teams.
    pub list_teams: ListTeams,
    /// Makes API keys.
    pub create_api_key: CreateApiKey,
    /// Lists API keys.
    pub list_api_keys: ListApiKeys,
    /// Revokes API keys.
    pub revoke_api_key: RevokeApiKey,
    /// Settings of tenants, at most five seconds old.
    pub settings: SettingsCache,
    /// Reads a tenant's settings.
    pub get_settings: GetSettings,
    /// Changes a tenant's settings.
    pub update_settings: UpdateSettings,
    /// Whose pages may call from a browser.
    pub origins: AllowedOrigins,
    /// How often callers may ask.
    pub limits: KeepLimits,
    /// Checks API keys.
    pub authenticate: AuthenticateApiKey,
    /// Links to files.
    pub media: MediaDoor,
    /// Takes files to be sent.
    pub upload_media: UploadMedia,
    /// Dead letters.
    pub dead_letters: DeadLetters,
    /// Takes old closed conversations away.
    pub retention: Retention,
    /// Takes away what served its purpose.
    pub housekeeping: Housekeeping,
    /// Erases contacts.
    pub erase_contact: EraseContact,
    /// Hands out a tenant's data.
    pub export_tenant: ExportTenant,
    /// Lists the audit log.
    pub list_audit: ListAudit,
    /// Exports the audit log.
    pub export_audit: ExportAudit,
    /// Checks the audit log.
    pub verify_audit: VerifyAudit,
    /// Changes the keys of secrets at rest.
    pub rotate_keys: RotateKeys,
    /// Tells which keys are in use.
    pub key_status: KeyStatus,
}

impl Hubchat {
    /// Builds every use case.
    #[must_use]
    pub fn new(ports: Ports, settings: &Settings) -> Self {
        let accounts = AccountCache::new(ports.clone());
        let media = MediaDoor::new(ports.clone(), settings.public_url.clone()).public(settings.public_media);
        let (sends, others) = (settings.delivery_retries, settings.job_retries);
        let cache = SettingsCache::new(ports.clone());
        let limits = KeepLimits::new(ports.clone(), cache.clone(), settings.limits);
        let update_settings = UpdateSettings::new(ports.clone(), cache.clone());
        let signals = Signals::new(ports.clone(), accounts.clone(), cache.clone(), others);
        let jobs = JobRunner::new(
            ports.clone(),
            others,
            ProcessInbound::new(ports.clone(), others),
            Deliver::new(ports.clone(), accounts.clone(), media.clone(), sends),
            FetchProfile::new(ports.clone(), accounts.clone(), others),
            FetchMedia::new(ports.clone(), accounts.clone(), others, settings.media_limits),
            signals.clone(),
        );
        Self {
            accept_webhook: AcceptWebhook::new(ports.clone(), accounts.clone()),
            jobs,
            send_message: SendMessage::new(ports.clone(), limits.clone()),
            send_options: GetSendOptions::new(ports.clone()),
            update_lead: UpdateLead::new(ports.clone()),
            assign_lead: AssignLead::new(ports.clone()),
            list_templates: ListTemplates::new(ports.clone()),
            signals,
            update_conversation: UpdateConversation::new(ports.clone()),
            inbox: Inbox::new(ports.clone()),
            connect_channel: ConnectChannel::new(ports.clone(), accounts.clone()),
            remove_channel: RemoveChannel::new(ports.clone(), accounts.clone()),
            check_channel: CheckChannel::new(ports.clone(), accounts.clone(), settings.public_url.clone()),
            update_channel: UpdateChannel::new(ports.clone(), accounts.clone()),
            test_channel: TestChannel::new(ports.clone(), accounts, settings.public_url.clone()),
            create_tenant: CreateTenant::new(ports.clone(), update_settings.clone()),
            create_member: CreateMember::new(ports.clone()),
            create_team: CreateTeam::new(ports.clone()),
            update_team: UpdateTeam::new(ports.clone()),
            delete_team: DeleteTeam::new(ports.clone()),
            list_teams: ListTeams::new(ports.clone()),
            create_api_key: CreateApiKey::new(ports.clone()),
            list_api_keys: ListApiKeys::new(ports.clone()),
            revoke_api_key: RevokeApiKey::new(ports.clone()),
            get_settings: GetSettings::new(ports.clone()),
            update_settings,
            origins: AllowedOrigins::new(ports.clone(), cache.clone()),
            settings: cache,
            limits: limits.clone(),
            authenticate: AuthenticateApiKey::new(ports.clone()),
            media,
            upload_media: UploadMedia::new(ports.clone(), limits, settings.upload_limits),
            dead_letters: DeadLetters::new(ports.clone()),
            retention: Retention::new(ports.clone()),
            housekeeping: Housekeeping::new(ports.clone()),
            erase_contact: EraseContact::new(ports.clone()),
            export_tenant: ExportTenant::new(ports.clone()),
            list_audit: ListAudit::new(ports.clone()),
            export_audit: ExportAudit::new(ports.clone()),
            verify_audit: VerifyAudit::new(ports.clone()),
            rotate_keys: RotateKeys::new(ports.clone()),
            key_status: KeyStatus::new(ports.clone()),
            ports,
        }
    }
}
