//! WhatsApp at the fake Meta.

use std::time::Duration;

use base64::Engine as _;
use hubchat_sandbox::{MetaFile, MetaSay, WhatsappNumber, WhatsappTemplate};
use serde_json::{Value, json};

use crate::meta::{ALMOST_A_DAY, DAY, NUMBER, PHONE, Running, WABA, answered, fixture, shape, text, token};

fn to_number() -> String {
    format!("{NUMBER}/messages")
}

fn message(kind: &str, content: &Value) -> Value {
    json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+66810000001", "type": kind,
        kind: content,
    })
}

fn words(body: &str) -> Value {
    message("text", &json!({ "body": body }))
}

fn code(answer: (u16, Value)) -> (u16, Value) {
    let (status, body) = answer;
    (status, body["error"]["code"].clone())
}

fn recorded(fixture: &Value) -> (u16, Value) {
    let response = &fixture["response"];
    (u16::try_from(response["status"].as_u64().unwrap()).unwrap(), response["body"]["error"]["code"].clone())
}

#[tokio::test]
async fn webhooks_have_the_shapes_of_recorded_ones() {
    let sandbox = Running::start().await;
    let id = || "wamid.X".to_owned();
    let pdf = || MetaFile { content_type: "application/pdf".to_owned(), ..MetaFile::picture() };
    let cases = [
        (text("สวัสดี"), fixture!("whatsapp/text")),
        (MetaSay::Image { file: MetaFile::picture(), caption: Some("แบบนี้".to_owned()) }, fixture!("whatsapp/image")),
        (MetaSay::React { to: id(), emoji: None }, fixture!("whatsapp/reaction_removed")),
        (MetaSay::Unsend { id: id() }, fixture!("whatsapp/message_revoke")),
        (
            MetaSay::Failed { id: id(), code: 131_053, title: "Media upload error".to_owned() },
            fixture!("whatsapp/status_failed_media"),
        ),
        (MetaSay::NativeReply { text: "ค่ะ".to_owned() }, fixture!("whatsapp/smb_message_echo")),
    ];
    for (say, recorded) in cases {
        let about = format!("{say:?}");
        let (_, told) = sandbox.say(NUMBER, PHONE, say).await;
        let untimed =
            |value: &Value| shape(value).into_iter().filter(|path| !path.contains("].time:")).collect::<Vec<_>>();
        assert_eq!(untimed(&told), untimed(&recorded), "{about}");
    }
    let (_, told) =
        sandbox.say(NUMBER, PHONE, MetaSay::Document { file: pdf(), file_name: "สลิป.pdf".to_owned() }).await;
    let document = &told["entry"][0]["changes"][0]["value"]["messages"][0]["document"];
    assert_eq!((&document["filename"], &document["mime_type"]), (&json!("สลิป.pdf"), &json!("application/pdf")));
    let (_, told) = sandbox.say(NUMBER, "TH.13491208655302741918", text("username")).await;
    let recorded = fixture!("whatsapp/text_username_only_bsuid");
    let only = |value: &Value| shape(&value["entry"][0]["changes"][0]["value"]["messages"]);
    assert_eq!(only(&told), only(&recorded));
    let answer = json!({
        "messaging_product": "whatsapp", "recipient": "TH.13491208655302741918", "type": "text", "text": {"body": "x"},
    });
    assert_eq!(sandbox.post(NUMBER, &to_number(), &answer).await.0, 200);
}

#[tokio::test]
async fn a_message_is_accepted_and_its_statuses_bring_back_what_it_carried() {
    let sandbox = Running::start().await;
    sandbox.say(NUMBER, PHONE, text("hello")).await;
    let fixture = fixture!("whatsapp/send/text");
    let (status, answer) = sandbox.post(NUMBER, &to_number(), &fixture["request"]["body"]).await;
    assert_eq!(status, 200, "{answer}");
    let expected = &fixture["response"]["body"];
    assert_eq!(
        (&answer["contacts"][0]["wa_id"], &answer["contacts"][0]["input"]),
        (&expected["contacts"][0]["wa_id"], &expected["contacts"][0]["input"])
    );
    let id = answer["messages"][0]["id"].as_str().unwrap().to_owned();
    let effect = sandbox.meta.effects().pop().unwrap();
    assert_eq!((effect.channel, effect.to.as_str(), &effect.id), ("whatsapp", PHONE, &id));
    let (_, told) = sandbox.say(NUMBER, PHONE, MetaSay::Delivered { ids: vec![id.clone()] }).await;
    assert_eq!(shape(&told), shape(&fixture!("whatsapp/status_delivered")));
    let item = &told["entry"][0]["changes"][0]["value"]["statuses"][0];
    assert_eq!((&item["id"], &item["biz_opaque_callback_data"]), (&json!(id), &json!("msg_01HXYZ")));
    let pressed = MetaSay::QuickReply { text: "ยืนยัน".to_owned(), payload: "ORDER_OK".to_owned() };
    let (_, told) = sandbox.say(NUMBER, PHONE, pressed).await;
    assert_eq!(shape(&told), shape(&fixture!("whatsapp/button_template_reply")));
    assert_eq!(told["entry"][0]["changes"][0]["value"]["messages"][0]["context"]["id"], json!(id));
}

#[tokio::test]
async fn only_templates_go_out_when_the_window_is_closed() {
    let sandbox = Running::start().await;
    let closed = recorded(&fixture!("whatsapp/send/error_131047_window"));
    assert_eq!(code(sandbox.post(NUMBER, &to_number(), &words("x")).await), closed, "who never wrote");
    sandbox.say(NUMBER, PHONE, text("hello")).await;
    sandbox.clock.advance(ALMOST_A_DAY);
    assert_eq!(sandbox.post(NUMBER, &to_number(), &words("x")).await.0, 200);
    sandbox.clock.advance(Duration::from_millis(1));
    assert_eq!(code(sandbox.post(NUMBER, &to_number(), &words("x")).await), closed);
    sandbox.meta.add_template(WABA, WhatsappTemplate::new("order_update", "th", "คุณ {{1}} พัสดุ {{2}}"));
    let fixture = fixture!("whatsapp/send/template_text");
    let (status, answer) = sandbox.post(NUMBER, &to_number(), &fixture["request"]["body"]).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(sandbox.meta.effects().pop().unwrap().operation, "template");
    sandbox.meta.set_blocked(NUMBER, PHONE, true);
    assert_eq!(code(sandbox.post(NUMBER, &to_number(), &fixture["request"]["body"]).await), (400, json!(131_026)));
}

#[tokio::test]
async fn templates_must_be_there_and_be_filled() {
    let sandbox = Running::start().await;
    sandbox.meta.add_template(WABA, WhatsappTemplate::new("order_update", "th", "คุณ {{1}} พัสดุ {{2}} ({{1}})"));
    sandbox.meta.add_template(
        WABA,
        WhatsappTemplate {
            components: vec![
                json!({"type": "HEADER", "format": "DOCUMENT"}),
                json!({"type": "BODY", "text": "ใบเสร็จ"}),
                json!({"type": "BUTTONS", "buttons": [
                    {"type": "QUICK_REPLY", "text": "OK"},
                    {"type": "URL", "text": "ดู", "url": "https://shop.example/{{1}}"},
                ]}),
            ],
            ..WhatsappTemplate::new("invoice", "th", "")
        },
    );
    sandbox.meta.add_template(
        WABA,
        WhatsappTemplate { status: "PAUSED".to_owned(), ..WhatsappTemplate::new("paused", "th", "x") },
    );
    let template = |name: &str, language: &str, components: &Value| {
        message("template", &json!({"name": name, "language": {"code": language}, "components": components}))
    };
    let body =
        |count: usize| json!([{"type": "body", "parameters": vec![json!({"type": "text", "text": "x"}); count]}]);
    let invoice = |kind: &str, index: &str| {
        json!([
            {"type": "header", "parameters": [{"type": kind, kind: {"link": "https://files.example/a.pdf"}}]},
            {"type": "button", "sub_type": "url", "index": index, "parameters": [{"type": "text", "text": "7"}]},
        ])
    };
    for (sent, expected) in [
        (template("order_update", "th", &body(2)), (200, Value::Null)),
        (template("order_update", "th", &body(1)), (400, json!(132_000))),
        (template("order_update", "th", &json!([])), (400, json!(132_000))),
        (template("order_update", "en", &body(2)), recorded(&fixture!("whatsapp/send/error_132001_template"))),
        (template("nothing", "th", &body(2)), (404, json!(132_001))),
        (template("paused", "th", &json!([])), (400, json!(132_015))),
        (template("invoice", "th", &invoice("document", "1")), (200, Value::Null)),
        (template("invoice", "th", &invoice("image", "1")), (400, json!(132_012))),
        (template("invoice", "th", &invoice("document", "0")), (400, json!(132_000))),
    ] {
        assert_eq!(code(sandbox.post(NUMBER, &to_number(), &sent).await), expected, "{sent}");
    }
    let (_, first) = sandbox.get(NUMBER, &format!("{WABA}/message_templates?limit=2&fields=name")).await;
    assert_eq!(first["data"].as_array().unwrap().len(), 2);
    let next = first["paging"]["next"].as_str().unwrap();
    let (_, second) = answered(sandbox.client.get(next).bearer_auth(token(NUMBER))).await;
    assert_eq!((&second["data"][0]["name"], &second["data"][0]["status"]), (&json!("paused"), &json!("PAUSED")));
    assert!(second["paging"].get("next").is_none());
}

#[tokio::test]
async fn contents_are_checked() {
    let sandbox = Running::start().await;
    sandbox.say(NUMBER, PHONE, text("hello")).await;
    let row = json!({"id": "a", "title": "A"});
    let list = |rows: usize| {
        message(
            "interactive",
            &json!({
                "type": "list", "body": {"text": "x"},
                "action": {"button": "เลือก", "sections": [{"title": "s", "rows": vec![row.clone(); rows]}]},
            }),
        )
    };
    let buttons = |title: &str| {
        message(
            "interactive",
            &json!({
                "type": "button", "body": {"text": "x"},
                "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": title}}]},
            }),
        )
    };
    let mut no_product = words("x");
    no_product["messaging_product"] = Value::Null;
    for (sent, expected) in [
        (words(&"ก".repeat(4_096)), 200),
        (words(&"ก".repeat(4_097)), 400),
        (words(""), 400),
        (no_product, 400),
        (message("image", &json!({"link": "https://files.example/a.jpg", "caption": "x"})), 200),
        (message("image", &json!({"link": "http://files.example/a.jpg"})), 400),
        (message("image", &json!({"id": "1"})), 400),
        (message("audio", &json!({"link": "https://files.example/a.mp3", "caption": "x"})), 400),
        (message("location", &json!({"latitude": 13.7, "longitude": 100.5})), 200),
        (message("location", &json!({"latitude": "13.7"})), 400),
        (message("reaction", &json!({"message_id": "wamid.X", "emoji": ""})), 200),
        (list(10), 200),
        (list(11), 400),
        (buttons(&"x".repeat(20)), 200),
        (buttons(&"x".repeat(21)), 400),
        (message("dance", &json!({})), 400),
    ] {
        let (status, answer) = sandbox.post(NUMBER, &to_number(), &sent).await;
        assert_eq!(status, expected, "{sent} {answer}");
    }
}

#[tokio::test]
async fn messages_are_marked_read_by_the_number_they_came_to() {
    let sandbox = Running::start().await;
    let (id, _) = sandbox.say(NUMBER, PHONE, text("hello")).await;
    let mut read = fixture!("whatsapp/send/mark_read")["request"]["body"].clone();
    assert_eq!(sandbox.post(NUMBER, &to_number(), &read).await.0, 400, "no such message");
    read["message_id"] = json!(id);
    read["typing_indicator"] = json!({"type": "text"});
    assert_eq!(sandbox.post(NUMBER, &to_number(), &read).await, (200, json!({ "success": true })));
    let effect = sandbox.meta.effects().pop().unwrap();
    assert_eq!((effect.operation, effect.to.as_str(), &effect.id), ("read", PHONE, &id));
}

#[tokio::test]
async fn files_are_fetched_with_the_token_and_for_five_minutes() {
    const OTHER: &str = "106540352240002";
    let sandbox = Running::start().await;
    sandbox.meta.add_number(WhatsappNumber::new(OTHER, WABA, &token(OTHER)));
    let (_, told) = sandbox.say(NUMBER, PHONE, MetaSay::Image { file: MetaFile::picture(), caption: None }).await;
    let image = &told["entry"][0]["changes"][0]["value"]["messages"][0]["image"];
    let id = image["id"].as_str().unwrap();
    let (status, info) = sandbox.get(NUMBER, id).await;
    assert_eq!(status, 200, "{info}");
    assert_eq!(shape(&info), shape(&fixture!("whatsapp/send/media_get_url")["response"]["body"]));
    let told_hash = base64::engine::general_purpose::STANDARD.decode(image["sha256"].as_str().unwrap()).unwrap();
    let hex = info["sha256"].as_str().unwrap();
    let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    assert_eq!(bytes.collect::<Vec<_>>(), told_hash, "one hash, in base64 there and in hex here");
    assert_eq!(sandbox.get(OTHER, id).await.0, 400);
    assert_eq!(sandbox.meta.wrong_token_calls(), 1);
    let fetch = |url: String, token: Option<String>| {
        let request = sandbox.client.get(url);
        token.into_iter().fold(request, reqwest::RequestBuilder::bearer_auth).send()
    };
    let url = || info["url"].as_str().unwrap().to_owned();
    let file = fetch(url(), Some(token(NUMBER))).await.unwrap();
    assert_eq!(file.bytes().await.unwrap(), MetaFile::picture().bytes);
    assert_eq!(fetch(url(), None).await.unwrap().status().as_u16(), 401);
    assert_eq!(fetch(url(), Some(token(OTHER))).await.unwrap().status().as_u16(), 404);
    sandbox.clock.advance(Duration::from_mins(5));
    assert_eq!(fetch(url(), Some(token(NUMBER))).await.unwrap().status().as_u16(), 404, "too old");
    let fresh = sandbox.get(NUMBER, id).await.1["url"].as_str().unwrap().to_owned();
    assert_eq!(fetch(fresh, Some(token(NUMBER))).await.unwrap().status().as_u16(), 200);
    sandbox.clock.advance(7 * DAY);
    assert_eq!(sandbox.get(NUMBER, id).await.0, 400, "the id is forgotten");
}

#[tokio::test]
async fn an_uploaded_file_can_be_sent_by_its_number() {
    let sandbox = Running::start().await;
    sandbox.say(NUMBER, PHONE, text("hello")).await;
    let upload = |content_type: &str| {
        let form = format!(
            "--XyZ\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
             --XyZ\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n{content_type}\r\n\
             --XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\
             Content-Type: {content_type}\r\n\r\nnot\r\nreally\r\n--a picture\r\n--XyZ--\r\n"
        );
        let request = sandbox.client.post(format!("{}/v25.0/{NUMBER}/media", sandbox.url)).bearer_auth(token(NUMBER));
        answered(request.header("content-type", "multipart/form-data; boundary=XyZ").body(form))
    };
    let (status, answer) = upload("image/jpeg").await;
    assert_eq!(status, 200, "{answer}");
    let id = answer["id"].as_str().unwrap();
    let (_, info) = sandbox.get(NUMBER, id).await;
    assert_eq!(info["file_size"], json!("not\r\nreally\r\n--a picture".len().to_string()));
    let sent = message("image", &json!({"id": id, "caption": "x"}));
    assert_eq!(sandbox.post(NUMBER, &to_number(), &sent).await.0, 200);
    assert_eq!(upload("application/x-sh").await.0, 400);
}

#[tokio::test]
async fn a_business_account_is_subscribed_and_may_have_its_own_callback() {
    let sandbox = Running::start().await;
    let path = format!("{WABA}/subscribed_apps");
    let own = |token: &str| json!({"override_callback_uri": format!("{}/own", sandbox.hub_url), "verify_token": token});
    let (status, refused) = sandbox.post(NUMBER, &path, &own("wrong")).await;
    assert_eq!((status, &refused["error"]["code"]), (400, &json!(2_200)));
    assert_eq!(sandbox.post(NUMBER, &path, &own("sandbox-verify-token")).await.0, 200);
    assert!(sandbox.meta.subscriptions(NUMBER).is_some_and(|fields| fields.contains(&"messages".to_owned())));
    assert_eq!(sandbox.meta.subscriptions(WABA), sandbox.meta.subscriptions(NUMBER));
    let (_, listed) = sandbox.get(NUMBER, &path).await;
    assert_eq!(listed["data"][0]["whatsapp_business_api_data"]["id"], json!("4000000000000001"));
    let (_, numbers) = sandbox.get(NUMBER, &format!("{WABA}/phone_numbers?fields=id,verified_name")).await;
    assert_eq!(numbers["data"][0], json!({"id": NUMBER, "verified_name": "Hubchat Demo"}));
    let (_, number) = sandbox.get(NUMBER, &format!("{NUMBER}?fields=id,quality_rating")).await;
    assert_eq!(number, json!({"id": NUMBER, "quality_rating": "GREEN"}));
}

#[tokio::test]
async fn the_control_endpoints_do_as_the_handle() {
    let sandbox = Running::start().await;
    let control = |part: &str, body: Value| {
        answered(sandbox.client.post(format!("{}/_sandbox/meta/{part}", sandbox.url)).json(&body))
    };
    let (status, _) = control("pages", json!({"id": "55", "accessToken": "token-55", "name": "ร้าน"})).await;
    assert_eq!(status, 201);
    let hook = format!("{}/own", sandbox.hub_url);
    let kept = control("callbacks", json!({"object": "page", "url": hook})).await;
    assert_eq!(kept, (200, json!({"status": 200, "kept": true})));
    for channel in ["messenger", "comment", "instagram", "whatsapp"] {
        let (status, said) = control("say", json!({"channel": channel, "text": "hello"})).await;
        assert_eq!((status, &said["status"]), (200, &json!(200)), "{channel} {said}");
    }
    let (status, said) = control("say", json!({"channel": "messenger", "accountId": "55", "text": "hi"})).await;
    assert_eq!(status, 200);
    let (_, again) = control("redeliver", json!({"eventId": said["eventId"]})).await;
    assert_eq!(again["status"], json!(200));
    let reply = json!({"recipient": {"id": "7254519988800011"}, "message": {"text": "x"}});
    assert_eq!(sandbox.post("55", "55/messages", &reply).await.0, 200);
    let (_, effects) = answered(sandbox.client.get(format!("{}/_sandbox/meta/effects", sandbox.url))).await;
    assert_eq!((&effects["effects"][0]["accountId"], &effects["wrongTokenCalls"]), (&json!("55"), &json!(0)));
    let (status, _) = control("faults", json!({"path": "/messages", "action": {"type": "status", "code": 401}})).await;
    assert_eq!(status, 201);
    assert_eq!(sandbox.post("55", "55/messages", &reply).await.1["error"]["code"], json!(190));
}
