//! The fake Meta: Messenger, comments on page posts, Instagram and the WhatsApp Cloud API behind one Graph API.
//!
//! Sources: <https://developers.facebook.com/docs/messenger-platform>,
//! <https://developers.facebook.com/docs/instagram-platform>,
//! <https://developers.facebook.com/docs/whatsapp/cloud-api>. No lock is held over I/O anywhere below.

mod accounts;
mod comments;
mod compose;
mod compose_whatsapp;
mod control;
mod lookup;
mod media;
mod messaging;
mod own_url;
mod people;
mod refusals;
mod route;
mod say;
mod subscribing;
mod subscriptions;
mod templates;
mod validate;
mod webhook;
mod whatsapp;
mod whatsapp_content;
mod world;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

pub use accounts::{InstagramAccount, MetaApp, MetaObject, MetaPage, WhatsappNumber};
pub use say::{MetaEvent, MetaFile, MetaSay};
pub use templates::WhatsappTemplate;
pub use webhook::meta_signature;

use crate::bounded::lock;
use crate::client::WebhookClient;
use crate::clock::SandboxClock;
use crate::config::SandboxConfig;
use crate::error::SandboxError;
use crate::exchange::{Answer, Call, Ending};
use crate::fault::{Fault, Faults};
use crate::ids::Ids;
use crate::names::Names;
use crate::sandbox::Shared;
use accounts::{Account, Accounts};
use own_url::OwnUrl;
use subscriptions::{Subscriptions, all_fields};
use world::World;

/// Meta wants an answer to a webhook within 5 s.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(5);

/// What people received, or what else an accepted request did.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetaEffect {
    /// By which page, Instagram account or phone number id.
    pub account_id: String,
    /// `messenger`, `comment`, `instagram`, `instagram_comment` or `whatsapp`.
    pub channel: &'static str,
    /// `message`, `private_reply`, `public_reply`, `sender_action`, `read` or `template`.
    pub operation: &'static str,
    /// Who received it: a person's id as the account knows it; for a public reply the comment.
    pub to: String,
    /// The id of the message or comment that it made; for `read` the message that was read, else empty.
    pub id: String,
    /// The request's body.
    pub body: Value,
}

/// The fake Meta. Clones share all state.
#[derive(Debug, Clone)]
pub struct FakeMeta {
    state: Arc<MetaState>,
}

#[derive(Debug)]
struct MetaState {
    clock: SandboxClock,
    client: WebhookClient,
    ids: Ids,
    accounts: Accounts,
    subscriptions: Subscriptions,
    own_url: OwnUrl,
    faults: Faults,
    echoes: AtomicBool,
    wrong_tokens: AtomicU64,
    allow_loopback_http_media: bool,
    names: Names,
    world: Mutex<World>,
}

impl MetaState {
    fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// A new message id in the account's shape.
    fn message_id(&self, account: &Account) -> String {
        match account {
            Account::Page(_) => format!("m_{}", self.ids.long_token()),
            Account::Instagram(_) => format!("aWdfZAG1faXRlbTox{}", self.ids.long_token()),
            Account::Number(_) => format!("wamid.HBgL{}", STANDARD.encode(self.ids.long_token())),
        }
    }
}

impl FakeMeta {
    pub(crate) fn new(config: &SandboxConfig, shared: &Shared) -> Self {
        let state = MetaState {
            clock: config.clock.clone(),
            client: WebhookClient::new(WEBHOOK_TIMEOUT, shared.deliveries.clone()),
            ids: Ids::new(config.seed, config.clock.now_ms()),
            accounts: Accounts::default(),
            subscriptions: Subscriptions::default(),
            own_url: OwnUrl::default(),
            faults: Faults::default(),
            echoes: AtomicBool::new(false),
            wrong_tokens: AtomicU64::new(0),
            allow_loopback_http_media: config.allow_loopback_http_media,
            names: shared.names.clone(),
            world: Mutex::new(World::new(config, &shared.timeline)),
        };
        Self { state: Arc::new(state) }
    }

    /// Whether a path is one of Meta's: below a version as in `/v25.0/`, a file for anyone, or `/debug_token`.
    pub(crate) fn owns(path: &str) -> bool {
        path.starts_with("/_cdn/") || path == "/debug_token" || route::below_version(path).is_some()
    }

    /// Answers one request and says how the answer is to leave.
    pub(crate) async fn answer(&self, call: Call) -> (Answer, Ending) {
        let fault = if self.state.faults.any() { self.state.faults.fire(&route::fault_match(&call)) } else { None };
        let state = Arc::clone(&self.state);
        let handle = async move { state.handle(call).await };
        match fault {
            None => (handle.await, Ending::Whole),
            Some(action) => action.apply(handle, refusals::usual_body).await,
        }
    }

    /// Learns where the sandbox is reached, unless [`set_public_url`](Self::set_public_url) told.
    pub(crate) fn serves_at(&self, address: SocketAddr) {
        self.state.own_url.learn(address);
    }

    /// Tells under which URL the sandbox is reached, for the URLs of files that customers send. Without this it
    /// is the listener's address.
    pub fn set_public_url(&self, url: &str) {
        self.state.own_url.set(url);
    }

    /// Sets the app. There is one; before this it is [`MetaApp::default`].
    pub fn set_app(&self, app: MetaApp) {
        self.state.accounts.set_app(app);
    }

    /// Adds a page, or replaces the one of the same id.
    pub fn add_page(&self, page: MetaPage) {
        self.state.accounts.insert(Account::Page(Arc::new(page)));
    }

    /// Adds an Instagram account, or replaces the one of the same id.
    pub fn add_instagram(&self, account: InstagramAccount) {
        self.state.accounts.insert(Account::Instagram(Arc::new(account)));
    }

    /// Adds a WhatsApp number, or replaces the one of the same id.
    pub fn add_number(&self, number: WhatsappNumber) {
        self.state.accounts.insert(Account::Number(Arc::new(number)));
    }

    /// Gives an account, or all numbers of a WhatsApp Business account, a new token. The old one is then refused
    /// as one whose session ended.
    pub fn set_token(&self, account_id: &str, token: &str) {
        self.state.accounts.set_token(account_id, token);
    }

    /// What people received, in order, up to the kept number.
    pub fn effects(&self) -> Vec<Arc<MetaEffect>> {
        lock(&self.state.world).effects.clone()
    }

    /// Adds a fault. Its path is the last segment of the request's, with a slash, such as `/messages`, for
    /// whatever account; `/_media` and `/_cdn` are the files. Its `to` is the person, for a private reply the
    /// comment or post that is answered, for other requests the object in the path.
    pub fn set_fault(&self, fault: Fault) {
        self.state.faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.state.faults.clear();
    }

    /// How many calls had a good token of another account than the one they were about. A client that keeps its
    /// accounts apart makes none.
    pub fn wrong_token_calls(&self) -> u64 {
        self.state.wrong_tokens.load(Ordering::SeqCst)
    }

    /// The id and the name of the first account of an object.
    pub(crate) fn first_account(&self, object: MetaObject) -> Option<(String, String)> {
        let account = self.state.accounts.first_of(object)?;
        let name = match &account {
            Account::Page(page) => &page.name,
            Account::Instagram(account) => &account.username,
            Account::Number(number) => &number.verified_name,
        };
        Some((account.id().to_owned(), name.clone()))
    }

    /// The post of a page that people comment on when no other is named.
    pub(crate) fn usual_post(page_id: &str) -> String {
        format!("{page_id}_{}", control::USUAL_POST)
    }

    /// The same of an Instagram account.
    pub(crate) fn usual_media() -> &'static str {
        control::USUAL_MEDIA
    }

    /// Fetches a file that a business sent, as Meta does.
    pub(crate) async fn fetch_file(&self, url: &str, most: usize) -> Result<(u16, String, Bytes), SandboxError> {
        self.state.client.file(url, most).await
    }

    /// Makes a person block an account, or unblock it.
    pub fn set_blocked(&self, account_id: &str, person: &str, blocked: bool) {
        let mut world = lock(&self.state.world);
        let number = matches!(self.state.accounts.by_id(account_id), Some(Account::Number(_)));
        // At WhatsApp a person goes by two ids.
        let other_id = number.then(|| people::business_scoped_id(person));
        for known_as in [Some(person), other_id.as_deref()].into_iter().flatten() {
            world.people.meet(account_id, known_as, |known| known.blocked = blocked);
        }
    }

    /// Whether what pages and Instagram accounts send and reply comes back as webhooks. Off at first.
    pub fn set_echoes(&self, echoes: bool) {
        self.state.echoes.store(echoes, Ordering::SeqCst);
    }

    /// Makes the provider lose an account's subscription, or have one to all fields. WhatsApp numbers go with
    /// their business account. While there is none, [`say`](Self::say) tells nobody and says so.
    pub fn set_subscribed(&self, account_id: &str, subscribed: bool) {
        let known = self.state.accounts.by_id(account_id);
        let object = known.as_ref().map_or(MetaObject::Whatsapp, Account::object);
        let entry_id = known.as_ref().map_or(account_id, Account::entry_id);
        let fields = subscribed.then(|| all_fields(object).iter().map(|field| (*field).to_owned()).collect());
        self.state.subscriptions.set(entry_id, fields);
    }

    /// The fields an account is subscribed to. `None` when it never was or no longer is; one that never was
    /// has its webhooks posted all the same, so that a sandbox can be used without connecting first.
    pub fn subscriptions(&self, account_id: &str) -> Option<Vec<String>> {
        let known = self.state.accounts.by_id(account_id);
        self.state.subscriptions.fields(known.as_ref().map_or(account_id, Account::entry_id))
    }

    /// The id by which a page's Messenger knows whoever comments on its posts as `commenter`.
    pub fn page_scoped_id(page_id: &str, commenter: &str) -> String {
        people::page_scoped_id(page_id, commenter)
    }
}
