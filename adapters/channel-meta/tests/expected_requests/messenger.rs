//! Messenger and the comments of a page.

use hubchat_domain::{Attachment, MessageContent, SendMode, ThreadKind};
use hubchat_ports::{SendRequest, SignalRequest, ThreadSignal};
use serde_json::{Value, json};

use crate::support::{Account, MESSAGE_ID, as_in, asked, choices, compare, config, fixture, sends_as_expected, wanted};

const PAGE: Account = Account::Page;

/// By this the echo of a message is known as ours.
fn marked(body: &mut Value) {
    body["message"]["metadata"] = json!(format!("hubchat:{MESSAGE_ID}"));
}

#[tokio::test]
async fn texts_go_out_as_messenger_expects() {
    let said = |name: &str| PAGE.text(&wanted(&fixture(name), "/message/text"));
    let sent = sends_as_expected(PAGE, "messenger/text", &said("messenger/text"), marked).await;
    assert_eq!(sent.recipient_id.as_deref(), Some(PAGE.customer()));

    let name = "messenger/text_reply_to";
    let quoted = Some(wanted(&fixture(name), "/reply_to/mid"));
    let quoting = SendRequest { quoted_external_id: quoted, ..said(name) };
    sends_as_expected(PAGE, name, &quoting, marked).await;

    let name = "messenger/text_human_agent";
    let late = SendRequest { mode: SendMode::HumanAgent, ..said(name) };
    sends_as_expected(PAGE, name, &late, marked).await;

    let name = "messenger/quick_replies";
    let asking = choices(&[("ดำ", "COLOR_BLACK"), ("ขาว", "COLOR_WHITE")], &wanted(&fixture(name), "/message/text"));
    sends_as_expected(PAGE, name, &PAGE.request(asking), marked).await;
}

#[tokio::test]
async fn files_go_out_as_messenger_expects() {
    let file = Attachment::default;
    for (name, content) in [
        ("messenger/image", MessageContent::Image(file())),
        ("messenger/video", MessageContent::Video(file())),
        ("messenger/audio", MessageContent::Audio(file())),
        ("messenger/pdf", MessageContent::File(file())),
    ] {
        let url = wanted(&fixture(name), "/message/attachment/payload/url");
        sends_as_expected(PAGE, name, &PAGE.file(content, &url), marked).await;
    }
}

#[tokio::test]
async fn a_comment_is_answered_in_private_and_in_public() {
    let recipient = "7254519988800011";
    for (name, place) in [
        ("facebook-comments/private_reply", "/recipient/comment_id"),
        // What a visitor wrote on the page is a post of the page.
        ("facebook-comments/private_reply_visitor_post", "/recipient/post_id"),
    ] {
        let expected = fixture(name);
        let request = SendRequest {
            thread_kind: ThreadKind::Comment,
            external_thread_id: "the-commenter".to_owned(),
            mode: SendMode::PrivateReply,
            comment_id: Some(wanted(&expected, place)),
            ..PAGE.text(&wanted(&expected, "/message/text"))
        };
        let sent = sends_as_expected(PAGE, name, &request, marked).await;
        assert_eq!(sent.recipient_id.as_deref(), Some(recipient), "the commenter's id in private: {name}");
    }
    let name = "facebook-comments/public_reply";
    let (text, comment_id) = (wanted(&fixture(name), "/message"), "122100000000000001_990000000000011".to_owned());
    let request = PAGE.request(MessageContent::PublicReply { text, comment_id });
    sends_as_expected(PAGE, name, &request, |_| ()).await;
}

#[tokio::test]
async fn an_answer_to_no_comment_is_not_asked_for() {
    let server = as_in(&fixture("facebook-comments/public_reply")).await;
    let adapter = PAGE.adapter(config(&server.uri()));
    for comment in ["", "../me", "1/../2", "1?x", "me", "ก"] {
        let content = MessageContent::PublicReply { text: "x".to_owned(), comment_id: comment.to_owned() };
        assert!(adapter.send(&PAGE.access(), &PAGE.request(content)).await.is_err(), "{comment}");
        let comment_id = Some(comment.to_owned());
        let private = SendRequest { mode: SendMode::PrivateReply, comment_id, ..PAGE.text("x") };
        assert!(adapter.send(&PAGE.access(), &private).await.is_err(), "{comment}");
    }
    let long = SendRequest {
        mode: SendMode::PrivateReply,
        comment_id: Some("1_2".to_owned()),
        ..PAGE.text(&"ก".repeat(1_901))
    };
    assert!(adapter.send(&PAGE.access(), &long).await.is_err(), "one comment, one answer");
    assert!(asked(&server).await.is_empty());
}

#[tokio::test]
async fn signals_go_out_as_messenger_expects() {
    for (name, signal) in [("messenger/typing_on", ThreadSignal::Typing), ("messenger/mark_seen", ThreadSignal::Seen)] {
        let server = as_in(&fixture(name)).await;
        let request = SignalRequest {
            thread_kind: ThreadKind::Direct,
            external_thread_id: PAGE.customer().to_owned(),
            newest_inbound_id: None,
            signal,
        };
        PAGE.adapter(config(&server.uri())).signal(&PAGE.access(), &request).await.unwrap();
        compare(name, &asked(&server).await[0], Some(&fixture(name)["request"]["body"]));
    }
}
