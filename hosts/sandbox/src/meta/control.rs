//! The control endpoints: the handle's functions for other processes, as JSON without authorization.

use poem::http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::accounts::Account;
use super::{FakeMeta, InstagramAccount, MetaApp, MetaEffect, MetaObject, MetaPage, MetaSay, WhatsappNumber};
use crate::exchange::{Answer, Call};
use crate::fault::Fault;

const MOST_EFFECTS: usize = 10_000;
pub(super) const USUAL_POST: &str = "122100000000000001";
pub(super) const USUAL_MEDIA: &str = "17900000000000001";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AppRequest {
    app_id: Option<String>,
    app_secret: Option<SecretString>,
    verify_token: Option<String>,
    public_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageRequest {
    id: String,
    access_token: String,
    name: Option<String>,
    instagram_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InstagramRequest {
    id: String,
    access_token: String,
    username: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NumberRequest {
    phone_number_id: String,
    waba_id: String,
    access_token: String,
    display_phone_number: Option<String>,
    verified_name: Option<String>,
}

#[derive(Deserialize)]
struct CallbackRequest {
    object: MetaObject,
    url: String,
    /// Keeps the URL without a hand-shake.
    #[serde(default)]
    unchecked: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SayChannel {
    Messenger,
    Comment,
    Instagram,
    Whatsapp,
}

impl SayChannel {
    fn object(self) -> MetaObject {
        match self {
            Self::Messenger | Self::Comment => MetaObject::Page,
            Self::Instagram => MetaObject::Instagram,
            Self::Whatsapp => MetaObject::Whatsapp,
        }
    }

    fn usual_person(self) -> &'static str {
        match self {
            Self::Messenger => "7254519988800011",
            Self::Comment => "24680135791113",
            Self::Instagram => "1789001122334455",
            Self::Whatsapp => "66810000001",
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SayRequest {
    channel: SayChannel,
    account_id: Option<String>,
    person_id: Option<String>,
    text: Option<String>,
    /// On which post a comment is; at Instagram it makes a comment of the text.
    post_id: Option<String>,
    /// An item as it is, instead of a text.
    raw: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RedeliverRequest {
    event_id: String,
}

fn failed(status: StatusCode, message: &str) -> Answer {
    Answer::json(status, &json!({ "error": message }))
}

fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Answer> {
    serde_json::from_slice(&call.body).map_err(|error| failed(StatusCode::BAD_REQUEST, &error.to_string()))
}

fn created(value: &Value) -> Answer {
    Answer::json(StatusCode::CREATED, value)
}

impl FakeMeta {
    /// Answers one request under `/_sandbox/meta/`.
    pub(crate) async fn control(&self, call: &Call) -> Answer {
        self.controlled(call).await.unwrap_or_else(|refusal| refusal)
    }

    async fn controlled(&self, call: &Call) -> Result<Answer, Answer> {
        let part = call.path.strip_prefix("/_sandbox/meta/").unwrap_or_default();
        Ok(match (call.method.as_str(), part) {
            ("GET", "app") => self.app_told(),
            ("POST", "app") => {
                self.change_app(read(call)?);
                self.app_told()
            }
            ("GET", "pages" | "instagram" | "numbers") => self.accounts_told(part),
            ("POST", "pages") => {
                let request: PageRequest = read(call)?;
                let usual = MetaPage::new(&request.id, &request.access_token);
                let (name, instagram_id) = (request.name.unwrap_or_else(|| usual.name.clone()), request.instagram_id);
                self.add_page(MetaPage { name, instagram_id, ..usual });
                created(&json!({"id": request.id}))
            }
            ("POST", "instagram") => {
                let request: InstagramRequest = read(call)?;
                let usual = InstagramAccount::new(&request.id, &request.access_token);
                let username = request.username.unwrap_or_else(|| usual.username.clone());
                self.add_instagram(InstagramAccount { username, ..usual });
                created(&json!({"id": request.id}))
            }
            ("POST", "numbers") => {
                let request: NumberRequest = read(call)?;
                let mut number = WhatsappNumber::new(&request.phone_number_id, &request.waba_id, &request.access_token);
                if let Some(display) = request.display_phone_number {
                    number.display_phone_number = display;
                }
                if let Some(name) = request.verified_name {
                    number.verified_name = name;
                }
                self.add_number(number);
                created(&json!({"id": request.phone_number_id}))
            }
            ("GET", "callbacks") => Answer::ok(&json!({"callbacks": self.state.subscriptions.callbacks()})),
            ("POST", "callbacks") => self.control_callback(read(call)?).await,
            ("POST", "say") => self.control_say(read(call)?).await,
            ("POST", "redeliver") => {
                let request: RedeliverRequest = read(call)?;
                match self.redeliver(&request.event_id).await {
                    Ok(status) => Answer::ok(&json!({ "status": status })),
                    Err(error) => failed(StatusCode::CONFLICT, &error.to_string()),
                }
            }
            ("GET", "effects") => {
                let effects = self.effects();
                let newest = effects.iter().skip(effects.len().saturating_sub(MOST_EFFECTS));
                let newest: Vec<&MetaEffect> = newest.map(AsRef::as_ref).collect();
                Answer::ok(&json!({"effects": newest, "wrongTokenCalls": self.wrong_token_calls()}))
            }
            ("GET", "faults") => Answer::ok(&json!({ "faults": self.state.faults.list() })),
            ("POST", "faults") => {
                self.set_fault(read::<Fault>(call)?);
                created(&json!({ "faults": self.state.faults.list() }))
            }
            ("DELETE", "faults") => self.state.faults.delete(call),
            _ => failed(StatusCode::NOT_FOUND, "no such path in the sandbox"),
        })
    }

    fn app_told(&self) -> Answer {
        let app = self.state.accounts.app();
        let public_url = self.state.own_url.told();
        Answer::ok(&json!({"appId": app.app_id, "verifyToken": app.verify_token, "publicUrl": public_url}))
    }

    fn change_app(&self, request: AppRequest) {
        let app = MetaApp::clone(&self.state.accounts.app());
        self.set_app(MetaApp {
            app_id: request.app_id.unwrap_or(app.app_id),
            app_secret: request.app_secret.unwrap_or(app.app_secret),
            verify_token: request.verify_token.unwrap_or(app.verify_token),
        });
        if let Some(url) = request.public_url {
            self.set_public_url(&url);
        }
    }

    fn accounts_told(&self, part: &str) -> Answer {
        let accounts = self.state.accounts.list();
        let told = accounts.iter().filter_map(|account| match (part, account) {
            ("pages", Account::Page(page)) => {
                Some(json!({"id": page.id, "name": page.name, "instagramId": page.instagram_id}))
            }
            ("instagram", Account::Instagram(account)) => Some(json!({"id": account.id, "username": account.username})),
            ("numbers", Account::Number(number)) => Some(json!({
                "phoneNumberId": number.phone_number_id, "wabaId": number.waba_id,
                "displayPhoneNumber": number.display_phone_number, "verifiedName": number.verified_name,
            })),
            _ => None,
        });
        let told: Vec<Value> = told.collect();
        Answer::ok(&json!({ part: told }))
    }

    async fn control_callback(&self, request: CallbackRequest) -> Answer {
        if request.unchecked {
            self.set_callback_unchecked(request.object, &request.url);
            return Answer::ok(&json!({ "kept": true }));
        }
        match self.set_callback(request.object, &request.url).await {
            Ok(status) => {
                let kept = self.state.subscriptions.callbacks().get(&request.object) == Some(&request.url);
                Answer::ok(&json!({"status": status, "kept": kept}))
            }
            Err(error) => failed(StatusCode::CONFLICT, &error.to_string()),
        }
    }

    async fn control_say(&self, request: SayRequest) -> Answer {
        let channel = request.channel;
        let first = || self.state.accounts.first_of(channel.object()).map(|account| account.id().to_owned());
        let Some(account_id) = request.account_id.or_else(first) else {
            return failed(StatusCode::CONFLICT, "the sandbox has no such account yet");
        };
        let post_id = match (request.post_id, channel) {
            (None, SayChannel::Comment) => Some(Self::usual_post(&account_id)),
            (post_id, _) => post_id,
        };
        let say = match (request.text, request.raw, post_id) {
            (Some(text), None, Some(post_id)) => MetaSay::Comment { post_id, text },
            (Some(text), None, None) => MetaSay::Text(text),
            (None, Some(raw), _) => MetaSay::Raw(raw),
            _ => return failed(StatusCode::BAD_REQUEST, "either text or raw is needed"),
        };
        let person = request.person_id.as_deref().unwrap_or(channel.usual_person());
        match self.say(&account_id, person, say).await {
            Ok(event) => Answer::ok(&json!({"eventId": event.event_id, "id": event.id, "status": event.status})),
            Err(error) => failed(StatusCode::CONFLICT, &error.to_string()),
        }
    }
}
