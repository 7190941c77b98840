//! The app and its accounts: pages, Instagram accounts, WhatsApp numbers, their tokens.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::bounded::lock;

/// The app at Meta that posts all webhooks.
#[derive(Debug, Clone)]
pub struct MetaApp {
    /// Its id.
    pub app_id: String,
    /// What webhooks are signed with.
    pub app_secret: SecretString,
    /// What the hand-shake of a callback URL tells.
    pub verify_token: String,
}

impl Default for MetaApp {
    fn default() -> Self {
        Self {
            app_id: "4000000000000001".to_owned(),
            app_secret: SecretString::from("sandbox-app-secret"),
            verify_token: "sandbox-verify-token".to_owned(),
        }
    }
}

/// A Facebook page.
#[derive(Debug, Clone)]
pub struct MetaPage {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its token.
    pub access_token: SecretString,
    /// The Instagram account that is linked to it, which its token then speaks for too.
    pub instagram_id: Option<String>,
}

impl MetaPage {
    /// A page without an Instagram account.
    pub fn new(id: &str, token: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: "Hubchat Demo Shop".to_owned(),
            access_token: SecretString::from(token),
            instagram_id: None,
        }
    }
}

/// An Instagram professional account.
#[derive(Debug, Clone)]
pub struct InstagramAccount {
    /// Its id.
    pub id: String,
    /// Its user name.
    pub username: String,
    /// Its token, as of Instagram Login.
    pub access_token: SecretString,
}

impl InstagramAccount {
    /// An account with a usual name.
    pub fn new(id: &str, token: &str) -> Self {
        Self { id: id.to_owned(), username: "hubchat.demo".to_owned(), access_token: SecretString::from(token) }
    }
}

/// A number of the WhatsApp Cloud API.
#[derive(Debug, Clone)]
pub struct WhatsappNumber {
    /// Its id.
    pub phone_number_id: String,
    /// The WhatsApp Business account it belongs to.
    pub waba_id: String,
    /// The number as people read it.
    pub display_phone_number: String,
    /// The name that Meta verified.
    pub verified_name: String,
    /// Its token. Numbers may share one.
    pub access_token: SecretString,
}

impl WhatsappNumber {
    /// A number with a usual name.
    pub fn new(id: &str, waba: &str, token: &str) -> Self {
        Self {
            phone_number_id: id.to_owned(),
            waba_id: waba.to_owned(),
            display_phone_number: "6620000001".to_owned(),
            verified_name: "Hubchat Demo".to_owned(),
            access_token: SecretString::from(token),
        }
    }
}

/// What webhooks are about; each has one callback URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MetaObject {
    /// Pages: Messenger and comments.
    Page,
    /// Instagram accounts.
    Instagram,
    /// WhatsApp Business accounts.
    Whatsapp,
}

impl MetaObject {
    /// The word in a webhook's body.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Instagram => "instagram",
            Self::Whatsapp => "whatsapp_business_account",
        }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Account {
    Page(Arc<MetaPage>),
    Instagram(Arc<InstagramAccount>),
    Number(Arc<WhatsappNumber>),
}

impl Account {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Page(page) => &page.id,
            Self::Instagram(account) => &account.id,
            Self::Number(number) => &number.phone_number_id,
        }
    }

    /// The id that subscriptions and webhook entries go by.
    pub(super) fn entry_id(&self) -> &str {
        match self {
            Self::Number(number) => &number.waba_id,
            Self::Page(_) | Self::Instagram(_) => self.id(),
        }
    }

    pub(super) fn object(&self) -> MetaObject {
        match self {
            Self::Page(_) => MetaObject::Page,
            Self::Instagram(_) => MetaObject::Instagram,
            Self::Number(_) => MetaObject::Whatsapp,
        }
    }

    pub(super) fn is_instagram(&self) -> bool {
        matches!(self, Self::Instagram(_))
    }

    fn token(&self) -> &str {
        match self {
            Self::Page(page) => page.access_token.expose_secret(),
            Self::Instagram(account) => account.access_token.expose_secret(),
            Self::Number(number) => number.access_token.expose_secret(),
        }
    }

    fn with_token(&self, token: &str) -> Self {
        let access_token = SecretString::from(token);
        match self {
            Self::Page(page) => Self::Page(Arc::new(MetaPage { access_token, ..MetaPage::clone(page) })),
            Self::Instagram(account) => {
                Self::Instagram(Arc::new(InstagramAccount { access_token, ..InstagramAccount::clone(account) }))
            }
            Self::Number(number) => {
                Self::Number(Arc::new(WhatsappNumber { access_token, ..WhatsappNumber::clone(number) }))
            }
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Accounts(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    app: Arc<MetaApp>,
    accounts: Vec<Account>,
    ended_tokens: HashSet<String>,
}

impl Accounts {
    pub(super) fn app(&self) -> Arc<MetaApp> {
        Arc::clone(&lock(&self.0).app)
    }

    pub(super) fn set_app(&self, app: MetaApp) {
        lock(&self.0).app = Arc::new(app);
    }

    pub(super) fn insert(&self, account: Account) {
        let mut known = lock(&self.0);
        match known.accounts.iter_mut().find(|other| other.id() == account.id()) {
            Some(other) => *other = account,
            None => known.accounts.push(account),
        }
    }

    /// Gives the account, or all numbers of a WhatsApp Business account, a new token; the old one ends.
    pub(super) fn set_token(&self, id: &str, token: &str) {
        let mut known = lock(&self.0);
        let Known { accounts, ended_tokens, .. } = &mut *known;
        for account in accounts.iter_mut().filter(|account| account.id() == id || account.entry_id() == id) {
            ended_tokens.insert(account.token().to_owned());
            *account = account.with_token(token);
        }
        ended_tokens.remove(token);
    }

    pub(super) fn list(&self) -> Vec<Account> {
        lock(&self.0).accounts.clone()
    }

    pub(super) fn by_id(&self, id: &str) -> Option<Account> {
        lock(&self.0).accounts.iter().find(|account| account.id() == id).cloned()
    }

    pub(super) fn first_of(&self, object: MetaObject) -> Option<Account> {
        lock(&self.0).accounts.iter().find(|account| account.object() == object).cloned()
    }

    pub(super) fn of_waba(&self, waba: &str) -> Vec<Arc<WhatsappNumber>> {
        let known = lock(&self.0);
        let numbers = known.accounts.iter().filter_map(|account| match account {
            Account::Number(number) if number.waba_id == waba => Some(Arc::clone(number)),
            _ => None,
        });
        numbers.collect()
    }

    /// The accounts that have this token for their own.
    pub(super) fn of_token(&self, token: &str) -> Vec<Account> {
        lock(&self.0).accounts.iter().filter(|account| account.token() == token).cloned().collect()
    }

    /// Whether a token that was good has been replaced since.
    pub(super) fn has_ended(&self, token: &str) -> bool {
        lock(&self.0).ended_tokens.contains(token)
    }

    /// Whether a token speaks for an account: its own does, and for Instagram the linked page's.
    pub(super) fn speaks_for(&self, token: &str, account: &Account) -> bool {
        let linked = |other: &Account| match other {
            Account::Page(page) => account.is_instagram() && page.instagram_id.as_deref() == Some(account.id()),
            Account::Instagram(_) | Account::Number(_) => false,
        };
        self.of_token(token).iter().any(|other| other.id() == account.id() || linked(other))
    }
}
