//! The fake Telegram against recorded answers of the real one.

use hubchat_sandbox::{
    FakeTelegram, Fault, FaultAction, Sandbox, SandboxConfig, TelegramBot, TelegramFile, TelegramSay,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

const TOKEN: &str = "7000000001:AAfixture";
const CUSTOMER: i64 = 900_100_200;

struct Running {
    telegram: FakeTelegram,
    url: String,
    _stop: DropGuard,
}

impl Running {
    async fn start() -> Self {
        let sandbox = Sandbox::new(SandboxConfig::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let (server, stopping) = (sandbox.clone(), stop.clone());
        tokio::spawn(async move { server.serve(listener, stopping).await.unwrap() });
        let telegram = sandbox.telegram().clone();
        telegram.add_bot(TelegramBot::new(TOKEN));
        Self { telegram, url, _stop: stop.drop_guard() }
    }

    async fn call(&self, token: &str, method: &str, body: &Value) -> (u16, Value) {
        let answer = client().post(format!("{}/bot{token}/{method}", self.url)).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// The customer writes first; nobody hears it, for there is no webhook.
    async fn meet(&self) {
        let said = self.telegram.say(None, CUSTOMER, TelegramSay::Text("hello".to_owned())).await;
        assert!(said.is_err(), "no webhook is set");
    }
}

fn client() -> reqwest::Client {
    #[expect(clippy::disallowed_methods, reason = "a test is a user of the sandbox")]
    reqwest::Client::new()
}

fn recorded(text: &str) -> (u16, Value) {
    let fixture: Value = serde_json::from_str(text).unwrap();
    let response = &fixture["response"];
    (u16::try_from(response["status"].as_u64().unwrap()).unwrap(), response["body"].clone())
}

#[tokio::test]
async fn refusals_are_in_telegrams_own_words() {
    let sandbox = Running::start().await;
    let text = json!({"chat_id": CUSTOMER, "text": "x"});
    let stranger = recorded(include_str!("../../fixtures/telegram/send/error_400_chat.json"));
    assert_eq!(sandbox.call(TOKEN, "sendMessage", &text).await, stranger, "a bot cannot write first");
    let bad_token = recorded(include_str!("../../fixtures/telegram/send/error_401_token.json"));
    assert_eq!(sandbox.call("7000000001:AAother", "sendMessage", &text).await, bad_token);
    sandbox.meet().await;
    assert_eq!(sandbox.call(TOKEN, "sendMessage", &text).await.0, 200);
    sandbox.telegram.set_blocked(7_000_000_001, CUSTOMER, true);
    let blocked = recorded(include_str!("../../fixtures/telegram/send/error_403_blocked.json"));
    assert_eq!(sandbox.call(TOKEN, "sendMessage", &text).await, blocked);
    sandbox.telegram.set_blocked(7_000_000_001, CUSTOMER, false);
    for (method, body) in [
        ("sendMessage", json!({"chat_id": CUSTOMER, "text": " "})),
        ("sendMessage", json!({"chat_id": CUSTOMER, "text": "x".repeat(4_097)})),
        ("sendPhoto", json!({"chat_id": CUSTOMER, "photo": "http://insecure.example/a.jpg"})),
        ("sendLocation", json!({"chat_id": CUSTOMER})),
        ("setWebhook", json!({"url": "http://insecure.example/"})),
        ("setWebhook", json!({"url": "https://hub.example/", "secret_token": "not plain!"})),
    ] {
        let (status, answer) = sandbox.call(TOKEN, method, &body).await;
        assert_eq!((status, &answer["ok"]), (400, &json!(false)), "{method} {answer}");
    }
    assert_eq!(sandbox.call(TOKEN, "noSuchMethod", &json!({})).await.0, 404);
    assert_eq!(sandbox.telegram.effects().len(), 1, "what was refused had no effect");
}

#[tokio::test]
async fn what_was_sent_answers_as_recorded_and_is_kept_as_the_customer_got_it() {
    let sandbox = Running::start().await;
    sandbox.meet().await;
    let (status, mut expected) = recorded(include_str!("../../fixtures/telegram/send/text.json"));
    let (answered, answer) = sandbox.call(TOKEN, "sendMessage", &json!({"chat_id": CUSTOMER, "text": "สวัสดี"})).await;
    assert_eq!(answered, status);
    let effect = sandbox.telegram.effects().remove(0);
    for (field, value) in expected["result"].as_object_mut().unwrap() {
        assert!(answer["result"].get(field).is_some_and(|told| told.is_i64() == value.is_i64()), "{field}");
    }
    assert_eq!(answer["result"]["message_id"], effect.message_id);
    assert_eq!((effect.chat_id, &effect.body["text"]), (CUSTOMER, &json!("สวัสดี")));
}

#[tokio::test]
async fn faults_come_before_and_after_the_effect() {
    let sandbox = Running::start().await;
    sandbox.meet().await;
    let text = json!({"chat_id": CUSTOMER, "text": "x"});
    sandbox.telegram.set_fault(Fault::on("/sendMessage", FaultAction::rate_limited()).times(1));
    let (status, answer) = sandbox.call(TOKEN, "sendMessage", &text).await;
    assert_eq!((status, &answer["parameters"]["retry_after"]), (429, &json!(1)));
    assert!(sandbox.telegram.effects().is_empty());
    sandbox.telegram.set_fault(Fault::on("/sendMessage", FaultAction::LostAnswerAfterEffect).times(1));
    let lost = client().post(format!("{}/bot{TOKEN}/sendMessage", sandbox.url)).json(&text).send().await;
    assert!(lost.is_err(), "no byte of an answer");
    assert_eq!(sandbox.telegram.effects().len(), 1);
    sandbox.telegram.set_fault(Fault::on("/sendMessage", FaultAction::rate_limited()).to("5"));
    assert_eq!(sandbox.call(TOKEN, "sendMessage", &text).await.0, 200, "another chat's fault");
}

#[tokio::test]
async fn files_are_for_the_bot_that_got_them() {
    const OTHER: &str = "7000000002:AAother";
    let sandbox = Running::start().await;
    // Whatever answers is good enough to be told an update.
    let webhook_url = Some(format!("{}/", sandbox.url));
    sandbox.telegram.add_bot(TelegramBot { webhook_url, ..TelegramBot::new(TOKEN) });
    sandbox.telegram.add_bot(TelegramBot::new(OTHER));
    let photo = TelegramSay::Photo { file: TelegramFile::picture(), caption: None };
    let said = sandbox.telegram.say(Some(7_000_000_001), CUSTOMER, photo).await.unwrap();
    let update: Value = serde_json::from_slice(said.body()).unwrap();
    let asked = json!({"file_id": update["message"]["photo"][0]["file_id"]});
    let (status, file) = sandbox.call(TOKEN, "getFile", &asked).await;
    assert_eq!(status, 200);
    let (_, expected) = recorded(include_str!("../../fixtures/telegram/send/get_file.json"));
    for field in expected["result"].as_object().unwrap().keys() {
        assert!(file["result"].get(field).is_some(), "{field}");
    }
    let path = file["result"]["file_path"].as_str().unwrap();
    let bytes = client().get(format!("{}/file/bot{TOKEN}/{path}", sandbox.url)).send().await.unwrap();
    assert_eq!(bytes.bytes().await.unwrap(), TelegramFile::picture().bytes);
    assert_eq!(sandbox.call(OTHER, "getFile", &asked).await.0, 400, "another bot's id of it is another");
    let foreign = client().get(format!("{}/file/bot{OTHER}/{path}", sandbox.url)).send().await.unwrap();
    assert_eq!(foreign.status().as_u16(), 404);
}
