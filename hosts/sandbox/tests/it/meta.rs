//! The fake Meta: a running one with accounts, a hub that writes down what it is posted, and the tests of webhooks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hubchat_sandbox::{
    FakeMeta, InstagramAccount, MetaApp, MetaFile, MetaObject, MetaPage, MetaSay, Sandbox, SandboxClock, SandboxConfig,
    SandboxError, WhatsappNumber, meta_signature,
};
use poem::http::Method;
use poem::{Endpoint, Request, Response, Server};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

pub(crate) const PAGE: &str = "100200300400500";
pub(crate) const OTHER_PAGE: &str = "100200300400599";
pub(crate) const INSTAGRAM: &str = "17841400000000001";
pub(crate) const WABA: &str = "102000000000321";
pub(crate) const NUMBER: &str = "106540352240001";
pub(crate) const PSID: &str = "7254519988800011";
pub(crate) const IGSID: &str = "1789001122334455";
pub(crate) const COMMENTER: &str = "24680135791113";
pub(crate) const PHONE: &str = "66810000001";
pub(crate) const POST: &str = "100200300400500_122100000000000001";
pub(crate) const START_MS: i64 = 1_767_225_600_000;
pub(crate) const DAY: Duration = Duration::from_hours(24);
pub(crate) const ALMOST_A_DAY: Duration = Duration::from_millis(24 * 60 * 60 * 1_000 - 1);

/// What the hub was sent.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) signature: String,
    pub(crate) bytes: Vec<u8>,
}

impl Heard {
    pub(crate) fn body(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }
}

/// The receiving side of webhooks; knows the default app's verify token.
#[derive(Clone, Default)]
pub(crate) struct Hub(Arc<Mutex<Vec<Heard>>>);

impl Hub {
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Heard> {
        for _ in 0..200 {
            if self.heard().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.heard()
    }
}

impl Endpoint for Hub {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if request.method() == Method::GET {
            let query: Vec<(String, String)> = request.params()?;
            let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            let welcome = value("hub.mode").as_deref() == Some("subscribe")
                && value("hub.verify_token") == Some(MetaApp::default().verify_token);
            let challenge = value("hub.challenge").unwrap();
            return Ok(match (welcome, request.uri().path()) {
                (false, _) => Response::builder().status(poem::http::StatusCode::FORBIDDEN).finish(),
                (true, "/quoting") => Response::builder().content_type("text/plain").body(format!("\"{challenge}\"")),
                (true, "/json") => Response::builder().content_type("application/json").body(challenge),
                (true, _) => Response::builder().content_type("text/plain; charset=utf-8").body(challenge),
            });
        }
        let signature = request.header("x-hub-signature-256").unwrap_or_default().to_owned();
        let bytes = request.into_body().into_vec().await?;
        self.0.lock().unwrap().push(Heard { signature, bytes });
        Ok(Response::builder().finish())
    }
}

pub(crate) struct Running {
    pub(crate) meta: FakeMeta,
    pub(crate) clock: SandboxClock,
    pub(crate) hub: Hub,
    pub(crate) hub_url: String,
    pub(crate) url: String,
    pub(crate) client: reqwest::Client,
    _stop: DropGuard,
}

impl Running {
    /// With two pages, an Instagram account and a number whose tokens are `token-<id>`, and callbacks for all.
    pub(crate) async fn start() -> Self {
        let clock = SandboxClock::manual(START_MS);
        let sandbox = Sandbox::new(SandboxConfig { clock: clock.clone(), ..SandboxConfig::default() });
        let stop = CancellationToken::new();
        let hub = Hub::default();
        let hub_listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hub_url = format!("http://{}", hub_listener.local_addr().unwrap());
        let hub_server = Server::new_with_acceptor(poem::listener::TcpAcceptor::from_tokio(hub_listener).unwrap());
        let hub_stop = stop.clone().cancelled_owned();
        tokio::spawn(hub_server.run_with_graceful_shutdown(hub.clone(), hub_stop, Some(Duration::ZERO)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (server, stopping) = (sandbox.clone(), stop.clone());
        tokio::spawn(async move { server.serve(listener, stopping).await.unwrap() });
        let meta = sandbox.meta().clone();
        meta.add_page(MetaPage::new(PAGE, &token(PAGE)));
        meta.add_page(MetaPage::new(OTHER_PAGE, &token(OTHER_PAGE)));
        meta.add_instagram(InstagramAccount::new(INSTAGRAM, &token(INSTAGRAM)));
        meta.add_number(WhatsappNumber::new(NUMBER, WABA, &token(NUMBER)));
        for object in [MetaObject::Page, MetaObject::Instagram, MetaObject::Whatsapp] {
            meta.set_callback_unchecked(object, &format!("{hub_url}/hook"));
        }
        #[expect(clippy::disallowed_methods, reason = "a test is a user of the sandbox")]
        let client = reqwest::Client::new();
        Self { meta, clock, hub, hub_url, url, client, _stop: stop.drop_guard() }
    }

    /// Posts below the version with the token of `speaker`.
    pub(crate) async fn post(&self, speaker: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.post(format!("{}/v25.0/{path}", self.url)).bearer_auth(token(speaker));
        answered(request.json(body)).await
    }

    pub(crate) async fn get(&self, speaker: &str, path: &str) -> (u16, Value) {
        answered(self.client.get(format!("{}/v25.0/{path}", self.url)).bearer_auth(token(speaker))).await
    }

    /// Says something and answers what the hub was posted of it.
    pub(crate) async fn say(&self, account: &str, person: &str, say: MetaSay) -> (String, Value) {
        let event = self.meta.say(account, person, say).await.unwrap();
        assert_eq!(event.status, 200);
        let heard = self.hub.heard().pop().unwrap();
        assert_eq!(heard.bytes, event.body());
        (event.id, heard.body())
    }
}

pub(crate) async fn answered(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

pub(crate) fn token(id: &str) -> String {
    format!("token-{id}")
}

pub(crate) fn text(words: &str) -> MetaSay {
    MetaSay::Text(words.to_owned())
}

pub(crate) fn comment(words: &str) -> MetaSay {
    MetaSay::Comment { post_id: POST.to_owned(), text: words.to_owned() }
}

macro_rules! fixture {
    ($path:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!("../../fixtures/meta/", $path, ".json")))
            .unwrap()
    };
}
pub(crate) use fixture;

/// All paths of keys in a value, so that two values of one shape are equal whatever they hold.
pub(crate) fn shape(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, inner)| walk(inner, &format!("{at}.{key}"), found)),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(place, inner)| walk(inner, &format!("{at}[{place}]"), found));
            }
            Value::String(_) => found.push(format!("{at}: text")),
            Value::Number(_) => found.push(format!("{at}: number")),
            Value::Bool(_) | Value::Null => found.push(format!("{at}: flag")),
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found.sort();
    found
}

#[tokio::test]
async fn webhooks_of_pages_and_instagram_have_the_shapes_of_recorded_ones() {
    let sandbox = Running::start().await;
    let mid = || "m_hubMsgrPARENT".to_owned();
    let file = MetaFile { content_type: "application/pdf".to_owned(), ..MetaFile::picture() };
    let (payload, title) = ("COLOR_BLACK".to_owned(), "ดำ".to_owned());
    let cases = [
        (PAGE, text("สวัสดี"), fixture!("messenger/text")),
        (PAGE, MetaSay::Reply { to: mid(), text: "ค่ะ".to_owned() }, fixture!("messenger/text_reply_to")),
        (PAGE, MetaSay::Image { file: MetaFile::picture(), caption: None }, fixture!("messenger/image")),
        (
            PAGE,
            MetaSay::QuickReply { text: title.clone(), payload: payload.clone() },
            fixture!("messenger/quick_reply"),
        ),
        (PAGE, MetaSay::Postback { title, payload }, fixture!("messenger/postback")),
        (PAGE, MetaSay::React { to: mid(), emoji: Some("❤️".to_owned()) }, fixture!("messenger/reaction")),
        (PAGE, MetaSay::React { to: mid(), emoji: None }, fixture!("messenger/unreact")),
        (PAGE, MetaSay::Read { ids: vec![mid()] }, fixture!("messenger/read")),
        (PAGE, MetaSay::Delivered { ids: vec![mid()] }, fixture!("messenger/delivery")),
        (INSTAGRAM, text("สวัสดี"), fixture!("instagram/text")),
        (INSTAGRAM, MetaSay::React { to: mid(), emoji: Some("❤️".to_owned()) }, fixture!("instagram/reaction")),
        (INSTAGRAM, MetaSay::Unsend { id: mid() }, fixture!("instagram/message_deleted")),
        (INSTAGRAM, MetaSay::Document { file, file_name: "ใบเสร็จ.pdf".to_owned() }, fixture!("instagram/file")),
        (INSTAGRAM, MetaSay::NativeReply { text: "ค่ะ".to_owned() }, fixture!("instagram/echo")),
        (INSTAGRAM, comment("ราคา"), fixture!("instagram/comment")),
        (PAGE, comment("ราคา"), fixture!("facebook-comments/comment_add")),
    ];
    for (account, say, recorded) in cases {
        let about = format!("{say:?}");
        let (_, told) = sandbox.say(account, PSID, say).await;
        assert_eq!(shape(&told), shape(&recorded), "{about}");
        assert_eq!(told["object"], recorded["object"]);
    }
    let ad = MetaSay::AdText { text: "สนใจ".to_owned(), ad_id: "6045246247433".to_owned() };
    let (_, told) = sandbox.say(PAGE, PSID, ad).await;
    let referral = &fixture!("messenger/text_with_ad_referral")["entry"][0]["messaging"][0]["message"]["referral"];
    let told = &told["entry"][0]["messaging"][0]["message"]["referral"];
    assert_eq!(
        (&told["ad_id"], &told["source"], &told["type"]),
        (&referral["ad_id"], &referral["source"], &referral["type"])
    );
    for (account, say) in [
        (PAGE, MetaSay::Unsend { id: mid() }),
        (INSTAGRAM, MetaSay::Delivered { ids: vec![mid()] }),
        (INSTAGRAM, MetaSay::Edit { id: mid(), text: "x".to_owned() }),
        (NUMBER, comment("x")),
    ] {
        let refused = sandbox.meta.say(account, PSID, say).await;
        assert!(matches!(refused, Err(SandboxError::ImpossibleEvent(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn comments_live_on_after_they_were_made() {
    let sandbox = Running::start().await;
    let (id, added) = sandbox.say(PAGE, COMMENTER, comment("ราคา")).await;
    assert_eq!(added["entry"][0]["changes"][0]["value"]["comment_id"], json!(id));
    let edited = MetaSay::CommentEdited { comment_id: id.clone(), text: "ราคา?".to_owned() };
    let (_, told) = sandbox.say(PAGE, COMMENTER, edited).await;
    assert_eq!(shape(&told), shape(&fixture!("facebook-comments/comment_edited")));
    let on_comment = MetaSay::Comment { post_id: id.clone(), text: "รอ".to_owned() };
    let (_, told) = sandbox.say(PAGE, COMMENTER, on_comment).await;
    let value = &told["entry"][0]["changes"][0]["value"];
    assert_eq!((&value["parent_id"], &value["post_id"]), (&json!(id), &json!(POST)));
    let (_, told) = sandbox.say(PAGE, COMMENTER, MetaSay::CommentRemoved { comment_id: id.clone() }).await;
    assert_eq!(shape(&told), shape(&fixture!("facebook-comments/comment_remove")));
    let reply = json!({"recipient": {"comment_id": id}, "message": {"text": "x"}});
    let (_, refused) = sandbox.post(PAGE, &format!("{PAGE}/messages"), &reply).await;
    assert_eq!(refused["error"]["error_subcode"], 2_534_025, "a removed comment cannot be answered");
}

#[tokio::test]
async fn the_signature_is_over_the_escaped_bytes_with_the_apps_secret() {
    let sandbox = Running::start().await;
    sandbox.say(PAGE, PSID, text("สวัสดี 👋")).await;
    let first = sandbox.hub.heard().pop().unwrap();
    assert!(first.bytes.is_ascii());
    let body = String::from_utf8(first.bytes.clone()).unwrap();
    assert!(body.contains(r"\u0e2a") && body.contains(r"\ud83d\udc4b"), "{body}");
    assert_eq!(first.signature, meta_signature("sandbox-app-secret", &first.bytes));
    // Of RFC 4231, so that the two ends are not merely wrong alike.
    let vector = meta_signature("Jefe", b"what do ya want for nothing?");
    assert_eq!(vector, "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    sandbox.meta.set_app(MetaApp { app_secret: "another".into(), ..MetaApp::default() });
    sandbox.say(PAGE, PSID, text("x")).await;
    let second = sandbox.hub.heard().pop().unwrap();
    assert_eq!(second.signature, meta_signature("another", &second.bytes));
}

#[tokio::test]
async fn a_callback_is_kept_only_after_its_hand_shake() {
    let sandbox = Running::start().await;
    let before = sandbox.hub.heard().len();
    let hub = |path: &str| format!("{}{path}", sandbox.hub_url);
    assert_eq!(sandbox.meta.set_callback(MetaObject::Page, &hub("/quoting")).await.unwrap(), 200);
    assert_eq!(sandbox.meta.set_callback(MetaObject::Page, &hub("/json")).await.unwrap(), 200);
    let kept = || async {
        let url = format!("{}/_sandbox/meta/callbacks", sandbox.url);
        answered(sandbox.client.get(url)).await.1["callbacks"]["page"].clone()
    };
    assert_eq!(kept().await, json!(hub("/hook")), "neither answer was the plain challenge");
    assert_eq!(sandbox.meta.set_callback(MetaObject::Page, &hub("/good?x=1")).await.unwrap(), 200);
    assert_eq!(kept().await, json!(hub("/good?x=1")));
    sandbox.meta.set_app(MetaApp { verify_token: "another".to_owned(), ..MetaApp::default() });
    assert_eq!(sandbox.meta.set_callback(MetaObject::Page, &hub("/new")).await.unwrap(), 403);
    assert_eq!(kept().await, json!(hub("/good?x=1")));
    assert_eq!(sandbox.hub.heard().len(), before, "a hand-shake posts nothing");
}

#[tokio::test]
async fn one_body_holds_an_entry_for_each_account_and_comes_again() {
    let sandbox = Running::start().await;
    let says = [(PAGE, "A"), (OTHER_PAGE, "B"), (OTHER_PAGE, "C")];
    let says = says.map(|(page, words)| (page.to_owned(), PSID.to_owned(), text(words)));
    let events = sandbox.meta.say_batch(says.to_vec()).await.unwrap();
    let told = sandbox.hub.heard().pop().unwrap();
    assert_eq!(sandbox.hub.heard().len(), 1);
    let body = told.body();
    let entries = body["entry"].as_array().unwrap();
    assert_eq!(entries.iter().map(|entry| entry["id"].as_str().unwrap()).collect::<Vec<_>>(), [PAGE, OTHER_PAGE]);
    assert_eq!(body["entry"][1]["messaging"].as_array().unwrap().len(), 2);
    assert_eq!(body["entry"][1]["messaging"][1]["message"]["mid"], json!(events[2].id));
    assert_eq!(sandbox.meta.redeliver(&events[1].event_id).await.unwrap(), 200);
    let again = sandbox.hub.heard().pop().unwrap();
    assert_eq!((again.bytes, again.signature), (told.bytes, told.signature));
    let mixed = [PAGE, INSTAGRAM].map(|account| (account.to_owned(), PSID.to_owned(), text("x")));
    assert!(matches!(sandbox.meta.say_batch(mixed.to_vec()).await, Err(SandboxError::MixedBatch)));
    assert!(matches!(sandbox.meta.redeliver("none").await, Err(SandboxError::UnknownEvent(_))));
}

#[tokio::test]
async fn nobody_is_told_without_a_subscription() {
    let sandbox = Running::start().await;
    assert_eq!(sandbox.meta.subscriptions(PAGE), None);
    let path = format!("{PAGE}/subscribed_apps");
    assert_eq!(sandbox.get(PAGE, &path).await.1, json!({ "data": [] }));
    let (status, _) = sandbox.post(PAGE, &format!("{path}?subscribed_fields=messages,feed"), &json!({})).await;
    assert_eq!((status, sandbox.meta.subscriptions(PAGE)), (200, Some(vec!["messages".to_owned(), "feed".to_owned()])));
    let listed = sandbox.get(PAGE, &path).await.1;
    let recorded = &fixture!("messenger/send/list_subscribed_apps")["response"]["body"];
    assert_eq!(shape(&listed), shape(recorded));
    sandbox.say(PAGE, PSID, text("x")).await;
    let read = sandbox.meta.say(PAGE, PSID, MetaSay::Read { ids: Vec::new() }).await;
    assert!(matches!(read, Err(SandboxError::NotSubscribed { field: "message_reads", .. })), "{read:?}");
    sandbox.meta.set_subscribed(PAGE, false);
    assert!(matches!(sandbox.meta.say(PAGE, PSID, text("x")).await, Err(SandboxError::NotSubscribed { .. })));
    assert_eq!(sandbox.get(PAGE, &path).await.1, json!({ "data": [] }));
    sandbox.meta.set_subscribed(PAGE, true);
    sandbox.say(PAGE, PSID, comment("x")).await;
    let delete = sandbox.client.delete(format!("{}/v25.0/{path}", sandbox.url)).bearer_auth(token(PAGE));
    assert_eq!(answered(delete).await, (200, json!({ "success": true })));
    assert_eq!(sandbox.meta.subscriptions(PAGE), None);
    let (status, _) = sandbox.post(PAGE, &format!("{path}?subscribed_fields=nonsense"), &json!({})).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn files_of_messenger_are_open_to_who_has_the_url() {
    let sandbox = Running::start().await;
    let (_, told) = sandbox.say(PAGE, PSID, MetaSay::Image { file: MetaFile::picture(), caption: None }).await;
    let url = told["entry"][0]["messaging"][0]["message"]["attachments"][0]["payload"]["url"].as_str().unwrap();
    let file = sandbox.client.get(url).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "image/png");
    assert_eq!(file.bytes().await.unwrap(), MetaFile::picture().bytes);
}
