//! WhatsApp.

use hubchat_domain::{Attachment, MessageContent, SendMode, ThreadKind};
use hubchat_ports::{FetchError, SendRequest, SignalRequest, ThreadSignal};
use serde_json::{Value, json};

use crate::support::{
    Account, MESSAGE_ID, answering, as_in, asked, choices, compare, config, fixture, sends_as_expected, wanted,
};

const NUMBER: Account = Account::Number;

/// By this the statuses of a message are known as ours.
fn marked(body: &mut Value) {
    body["biz_opaque_callback_data"] = json!(MESSAGE_ID);
}

#[tokio::test]
async fn texts_go_out_as_whatsapp_expects() {
    let said = |name: &str| NUMBER.text(&wanted(&fixture(name), "/text/body"));
    sends_as_expected(NUMBER, "whatsapp/text", &said("whatsapp/text"), marked).await;

    let quoting = SendRequest { quoted_external_id: Some("wamid.PARENT:caption".to_owned()), ..said("whatsapp/text") };
    sends_as_expected(NUMBER, "whatsapp/text", &quoting, |body| {
        marked(body);
        // The words under a file are no message of WhatsApp's.
        body["context"] = json!({"message_id": "wamid.PARENT"});
    })
    .await;

    let name = "whatsapp/text_to_bsuid";
    let to = SendRequest { external_thread_id: wanted(&fixture(name), "/recipient"), ..said(name) };
    sends_as_expected(NUMBER, name, &to, |body| {
        marked(body);
        body["text"]["preview_url"] = json!(false);
    })
    .await;
}

#[tokio::test]
async fn templates_go_out_as_they_were_chosen() {
    for name in ["whatsapp/template_text", "whatsapp/template_document_button"] {
        let template = fixture(name)["request"]["body"]["template"].clone();
        let content = MessageContent::Template {
            text: "สถานะพัสดุ".to_owned(),
            payload: json!({ "template": template }),
        };
        let request = SendRequest { mode: SendMode::Template, ..NUMBER.request(content) };
        sends_as_expected(NUMBER, name, &request, marked).await;
    }
}

#[tokio::test]
async fn files_go_by_their_address() {
    let (file, url) = (Attachment::default, "https://files.hubchat.example/m/abc/receipt-1001.pdf");
    for (name, kind, content) in [
        ("whatsapp/video", "video", MessageContent::Video(file())),
        ("whatsapp/audio", "audio", MessageContent::Audio(file())),
    ] {
        sends_as_expected(NUMBER, name, &NUMBER.file(content, url), |body| {
            marked(body);
            body[kind] = json!({"link": url});
        })
        .await;
    }
    // The fixtures of pictures and papers name uploaded files.
    for (kind, expected, content) in [
        ("image", json!({"link": url}), MessageContent::Image(file())),
        ("document", json!({"link": url, "filename": "receipt-1001.pdf"}), MessageContent::File(file())),
    ] {
        sends_as_expected(NUMBER, "whatsapp/audio", &NUMBER.file(content, url), |body| {
            marked(body);
            body.as_object_mut().unwrap().remove("audio");
            body["type"] = json!(kind);
            body[kind] = expected;
        })
        .await;
    }
}

#[tokio::test]
async fn answers_to_choose_from_are_buttons_or_a_list() {
    let name = "whatsapp/list";
    let text = wanted(&fixture(name), "/interactive/body/text");
    let pairs = [("M", "size_m"), ("L", "size_l"), ("XL", "size_xl"), ("XXL", "size_xxl")];
    let several = NUMBER.request(choices(&pairs, &text));
    sends_as_expected(NUMBER, name, &several, |body| {
        marked(body);
        let rows: Vec<Value> = pairs.iter().map(|(title, id)| json!({"id": id, "title": title})).collect();
        // hubchat has no words for the button of a list, and a single section needs no title.
        body["interactive"]["action"] = json!({"button": "☰", "sections": [{"rows": rows}]});
    })
    .await;

    let few = NUMBER.request(choices(&pairs[..2], &text));
    sends_as_expected(NUMBER, name, &few, |body| {
        marked(body);
        let button = |(title, id): &(&str, &str)| json!({"type": "reply", "reply": {"id": id, "title": title}});
        let buttons: Vec<Value> = pairs[..2].iter().map(button).collect();
        body["interactive"] = json!({"type": "button", "body": {"text": text}, "action": {"buttons": buttons}});
    })
    .await;
}

#[tokio::test]
async fn a_place_goes_out_with_what_is_known_of_it() {
    for (title, address) in [(Some("ร้านตัวอย่าง"), Some("1 ถนนตัวอย่าง")), (Some(""), None)]
    {
        let content = MessageContent::Location {
            title: title.map(str::to_owned),
            address: address.map(str::to_owned),
            latitude: 13.7563,
            longitude: 100.5018,
        };
        sends_as_expected(NUMBER, "whatsapp/text", &NUMBER.request(content), |body| {
            marked(body);
            body.as_object_mut().unwrap().remove("text");
            body["type"] = json!("location");
            body["location"] = json!({"latitude": 13.7563, "longitude": 100.5018});
            if let (Some(title), Some(address)) = (title, address) {
                body["location"]["name"] = json!(title);
                body["location"]["address"] = json!(address);
            }
        })
        .await;
    }
}

#[tokio::test]
async fn the_newest_message_is_marked_as_read() {
    let name = "whatsapp/mark_read";
    let newest = wanted(&fixture(name), "/message_id");
    for signal in [ThreadSignal::Seen, ThreadSignal::Typing] {
        let server = as_in(&fixture(name)).await;
        let adapter = NUMBER.adapter(config(&server.uri()));
        let nothing = SignalRequest {
            thread_kind: ThreadKind::Direct,
            external_thread_id: NUMBER.customer().to_owned(),
            newest_inbound_id: None,
            signal,
        };
        let refused = adapter.signal(&NUMBER.access(), &nothing).await.unwrap_err();
        assert!(matches!(refused, FetchError::NotAvailable { .. }), "{refused:?}");
        let request = SignalRequest { newest_inbound_id: Some(format!("{newest}:caption")), ..nothing };
        adapter.signal(&NUMBER.access(), &request).await.unwrap();
        let mut body = fixture(name)["request"]["body"].clone();
        if signal == ThreadSignal::Typing {
            body["typing_indicator"] = json!({"type": "text"});
        }
        compare(name, &asked(&server).await[0], Some(&body));
    }
}

#[tokio::test]
async fn the_templates_of_the_business_are_asked_for() {
    let template = json!({
        "name": "order_update", "language": "th", "status": "APPROVED", "category": "UTILITY", "components": [
            {"type": "HEADER", "format": "DOCUMENT"}, {"type": "BODY", "text": "สวัสดี {{1}} พัสดุ {{2}}"},
        ],
    });
    let page = json!({"data": [template, {"name": "without a language"}], "paging": {"cursors": {"after": "QVFI"}}});
    let server = answering(200, &page).await;
    let templates = NUMBER.adapter(config(&server.uri())).templates(&NUMBER.access()).await.unwrap();
    assert_eq!(templates.len(), 1);
    assert_eq!((templates[0].name.as_str(), templates[0].body_parameters), ("order_update", 2));
    assert_eq!(templates[0].header.as_deref(), Some("DOCUMENT"));
    let asked = asked(&server).await;
    assert_eq!(asked.len(), 1, "there is no next page");
    assert_eq!(asked[0].url.path(), "/facebook/v25.0/102000000000321/message_templates");

    let more = json!({"data": [template], "paging": {"cursors": {"after": "QVFI"}, "next": "https://x.example/"}});
    let server = answering(200, &more).await;
    let templates = NUMBER.adapter(config(&server.uri())).templates(&NUMBER.access()).await.unwrap();
    assert_eq!(templates.len(), 10, "an endless list ends after ten pages");
    let last = crate::support::asked(&server).await.pop().unwrap();
    assert_eq!(crate::support::query(&last)["after"], "QVFI");
}
