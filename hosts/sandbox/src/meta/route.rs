//! Paths of the Graph API, and which token may do what.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use poem::http::Method;
use secrecy::ExposeSecret;
use serde_json::Value;

use super::MetaState;
use super::accounts::Account;
use super::refusals::{bad_proof, no_object, no_permission, token_ended, token_unknown};
use super::webhook::hmac_hex;
use crate::bounded::lock;
use crate::exchange::{Answer, Call};
use crate::fault::Met;

/// What follows a version such as `/v25.0/`.
pub(super) fn below_version(path: &str) -> Option<&str> {
    let (version, rest) = path.strip_prefix("/v")?.split_once('/')?;
    let (major, minor) = version.split_once('.')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (number(major) && number(minor)).then_some(rest)
}

/// What faults go by: the last segment of the path with a slash, whom the request is about, and the first segment.
pub(super) fn fault_match(call: &Call) -> Met {
    let rest = below_version(&call.path).unwrap_or(call.path.trim_start_matches('/'));
    let (first, last) = (rest.split('/').next().unwrap_or_default(), rest.rsplit('/').next().unwrap_or_default());
    if first == "_media" || first == "_cdn" {
        return Met { path: format!("/{first}"), ..Met::default() };
    }
    let body = read_body(call);
    let recipient = &body["recipient"];
    let people = [&recipient["id"], &recipient["comment_id"], &recipient["post_id"], recipient, &body["to"]];
    let to = people.into_iter().find_map(Value::as_str).unwrap_or(first);
    let to = Some(to.trim_start_matches('+').to_owned());
    let is_message =
        body.get("message").is_some() || (body.get("messaging_product").is_some() && body.get("type").is_some());
    let sends = match last {
        "messages" => is_message,
        "comments" | "replies" => call.method == Method::POST,
        _ => false,
    };
    Met { path: format!("/{last}"), to, account: Some(first.to_owned()), sends }
}

/// The body as JSON; a form becomes an object of texts. `Null` when it is neither.
fn read_body(call: &Call) -> Value {
    if call.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        let fields = url::form_urlencoded::parse(&call.body);
        return fields
            .map(|(name, text)| {
                // Objects come as JSON within the form.
                let object = serde_json::from_str(&text).ok().filter(|value: &Value| value.is_object());
                (name.into_owned(), object.unwrap_or_else(|| Value::String(text.into_owned())))
            })
            .collect::<serde_json::Map<_, _>>()
            .into();
    }
    serde_json::from_slice(&call.body).unwrap_or_default()
}

/// A request to the Graph API.
#[derive(Debug)]
pub(super) struct GraphCall {
    pub(super) call: Call,
    pub(super) body: Value,
    pub(super) token: String,
}

impl GraphCall {
    fn new(call: Call) -> Self {
        let body = read_body(&call);
        let bearer = call.header("authorization");
        let bearer = bearer.and_then(|header| header.strip_prefix("Bearer ").or_else(|| header.strip_prefix("OAuth ")));
        let token = bearer.map(str::to_owned).or_else(|| call.query_value("access_token"));
        let token = token.or_else(|| body["access_token"].as_str().map(str::to_owned)).unwrap_or_default();
        Self { call, body, token }
    }

    /// A parameter of the query or the body.
    pub(super) fn param(&self, name: &str) -> Option<String> {
        self.call.query_value(name).or_else(|| match &self.body[name] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        })
    }

    /// The fields of an object that were asked for; the id always comes.
    pub(super) fn only_asked(&self, object: Value) -> Value {
        let Some(fields) = self.param("fields") else { return object };
        let asked: Vec<&str> = fields.split(',').map(str::trim).collect();
        match object {
            Value::Object(map) => {
                map.into_iter().filter(|(name, _)| name == "id" || asked.contains(&name.as_str())).collect()
            }
            other => other,
        }
    }

    /// This request's URL with other numbers in the query, and without the token.
    pub(super) fn url_with(&self, numbers: &[(&str, usize)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(self.call.query.as_bytes()) {
            let secret = name == "access_token" || name == "appsecret_proof";
            if !secret && !numbers.iter().any(|(other, _)| *other == name) {
                query.append_pair(&name, &value);
            }
        }
        for (name, number) in numbers {
            query.append_pair(name, &number.to_string());
        }
        format!("{}{}?{}", self.call.own_url(), self.call.path, query.finish())
    }
}

impl MetaState {
    pub(super) async fn handle(self: &Arc<Self>, call: Call) -> Answer {
        self.routed(call).await.unwrap_or_else(|refusal| refusal)
    }

    async fn routed(self: &Arc<Self>, call: Call) -> Result<Answer, Answer> {
        if call.path.starts_with("/_cdn/") {
            return Ok(self.public_file(&call.path));
        }
        let rest = below_version(&call.path).unwrap_or(call.path.trim_start_matches('/')).to_owned();
        let call = GraphCall::new(call);
        let segments: Vec<&str> = rest.trim_end_matches('/').split('/').collect();
        if segments == ["debug_token"] {
            return self.debug_token(&call);
        }
        self.check_token(&call)?;
        let get = call.call.method == Method::GET;
        match (&call.call.method, segments.as_slice()) {
            (&Method::GET, ["_media", id]) => self.download(&call, id),
            (&Method::GET, ["me"]) => self.me(&call),
            (&Method::POST, [id, "messages"]) => self.post_message(&call, &self.account(&call, id, true)?),
            (&Method::POST, [id, "message_attachments"]) => {
                self.upload_attachment(&call, &self.account(&call, id, true)?)
            }
            (&Method::POST, [id, "media"]) => self.upload_media(&call, &self.account(&call, id, false)?),
            (&Method::POST, [id, "register"]) => Self::register(&call, &self.account(&call, id, false)?),
            (&Method::POST, [id, edge @ ("comments" | "replies")]) => self.public_reply(&call, id, edge),
            (&Method::GET, [waba, "message_templates"]) => {
                self.of_waba(&call, waba)?;
                Ok(self.list_templates(waba, &call))
            }
            (&Method::GET, [waba, "phone_numbers"]) => self.phone_numbers(&call, waba),
            (_, [id, "subscribed_apps"]) => self.subscribed_apps(&call, id).await,
            (_, [id]) if get => self.look_up(&call, id),
            (&Method::POST | &Method::DELETE, [id]) => self.moderate(&call, id),
            _ => Err(no_object(segments.first().unwrap_or(&""))),
        }
    }

    /// Refuses a token that nobody has, and a proof that is not the token's.
    fn check_token(&self, call: &GraphCall) -> Result<(), Answer> {
        if self.accounts.of_token(&call.token).is_empty() {
            return Err(if self.accounts.has_ended(&call.token) { token_ended() } else { token_unknown() });
        }
        let right =
            |proof: &str| proof == hmac_hex(self.accounts.app().app_secret.expose_secret(), call.token.as_bytes());
        match call.call.query_value("appsecret_proof") {
            Some(proof) if !right(&proof) => Err(bad_proof()),
            _ => Ok(()),
        }
    }

    /// Refuses, and counts, a token of another account.
    pub(super) fn must_speak_for(&self, call: &GraphCall, account: &Account, id: &str) -> Result<(), Answer> {
        if self.accounts.speaks_for(&call.token, account) {
            return Ok(());
        }
        self.wrong_tokens.fetch_add(1, Ordering::SeqCst);
        Err(no_object(id))
    }

    /// The account of the path, when the token is its own. Messengers refuse another's token for want of
    /// permission, elsewhere the account is as if it did not exist.
    fn account(&self, call: &GraphCall, id: &str, messenger: bool) -> Result<Account, Answer> {
        let account = self.accounts.by_id(id).ok_or_else(|| no_object(id))?;
        let messenger = messenger && !matches!(account, Account::Number(_));
        match self.must_speak_for(call, &account, id) {
            Err(_) if messenger => Err(no_permission()),
            checked => checked.map(|()| account),
        }
    }

    /// Any number of a WhatsApp Business account, when the token may see the account.
    pub(super) fn of_waba(&self, call: &GraphCall, waba: &str) -> Result<Account, Answer> {
        let numbers: Vec<Account> = self.accounts.of_waba(waba).into_iter().map(Account::Number).collect();
        let first = numbers.first().ok_or_else(|| no_object(waba))?;
        let own = numbers.iter().find(|number| self.accounts.speaks_for(&call.token, number));
        match own {
            Some(number) => Ok(number.clone()),
            None => self.must_speak_for(call, first, waba).map(|()| first.clone()),
        }
    }

    /// The account whose comment this is, when the token is its own.
    pub(super) fn account_of_comment(&self, call: &GraphCall, id: &str) -> Result<Account, Answer> {
        let owner = lock(&self.world).comments.get(id).map(|comment| comment.account.clone());
        let account = owner.and_then(|owner| self.accounts.by_id(&owner)).ok_or_else(|| no_object(id))?;
        self.must_speak_for(call, &account, id).map(|()| account)
    }
}
