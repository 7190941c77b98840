//! Instagram, by its own log-in and by way of a page.

use hubchat_domain::{Attachment, MessageContent, SendMode, ThreadKind};
use hubchat_ports::{SendRequest, SignalRequest, ThreadSignal};

use crate::support::{Account, as_in, asked, choices, compare, config, fixture, sends_as_expected, wanted};

const INSTAGRAM: Account = Account::Instagram;

#[tokio::test]
async fn texts_go_out_as_instagram_expects() {
    let said = |name: &str| INSTAGRAM.text(&wanted(&fixture(name), "/message/text"));
    sends_as_expected(INSTAGRAM, "instagram/text", &said("instagram/text"), |_| ()).await;

    let name = "instagram/text_via_page";
    sends_as_expected(Account::InstagramByPage, name, &said(name), |_| ()).await;

    let name = "instagram/reply_to";
    let quoted = Some(wanted(&fixture(name), "/reply_to/mid"));
    let quoting = SendRequest { quoted_external_id: quoted, ..said(name) };
    sends_as_expected(INSTAGRAM, name, &quoting, |_| ()).await;

    let name = "instagram/quick_replies";
    let asking = choices(&[("ดำ", "COLOR_BLACK")], &wanted(&fixture(name), "/message/text"));
    sends_as_expected(INSTAGRAM, name, &INSTAGRAM.request(asking), |_| ()).await;

    let name = "instagram/text";
    let late = SendRequest { mode: SendMode::HumanAgent, ..said(name) };
    sends_as_expected(INSTAGRAM, name, &late, |body| {
        body["messaging_type"] = "MESSAGE_TAG".into();
        body["tag"] = "HUMAN_AGENT".into();
    })
    .await;
}

#[tokio::test]
async fn files_go_out_as_instagram_expects() {
    let file = Attachment::default;
    for (name, content) in [
        ("instagram/image", MessageContent::Image(file())),
        ("instagram/video", MessageContent::Video(file())),
        ("instagram/pdf", MessageContent::File(file())),
    ] {
        let url = wanted(&fixture(name), "/message/attachment/payload/url");
        sends_as_expected(INSTAGRAM, name, &INSTAGRAM.file(content, &url), |_| ()).await;
    }
    // There is no fixture of a sound; it differs from a film by its type.
    let sound = INSTAGRAM.file(MessageContent::Audio(file()), "https://files.hubchat.example/m/abc/clip.mp4");
    let audio = |body: &mut serde_json::Value| body["message"]["attachment"]["type"] = "audio".into();
    sends_as_expected(INSTAGRAM, "instagram/video", &sound, audio).await;
}

#[tokio::test]
async fn a_comment_is_answered_in_private_and_in_public() {
    let name = "instagram/private_reply_to_comment";
    let expected = fixture(name);
    let request = SendRequest {
        thread_kind: ThreadKind::Comment,
        external_thread_id: "the-commenter".to_owned(),
        mode: SendMode::PrivateReply,
        comment_id: Some(wanted(&expected, "/recipient/comment_id")),
        ..INSTAGRAM.text(&wanted(&expected, "/message/text"))
    };
    let sent = sends_as_expected(INSTAGRAM, name, &request, |_| ()).await;
    assert_eq!(sent.recipient_id.as_deref(), Some(INSTAGRAM.customer()), "the commenter's id in private");

    let name = "instagram/public_reply_to_comment";
    let (text, comment_id) = (wanted(&fixture(name), "/message"), "17900000000000011".to_owned());
    let request = INSTAGRAM.request(MessageContent::PublicReply { text, comment_id });
    sends_as_expected(INSTAGRAM, name, &request, |_| ()).await;
}

#[tokio::test]
async fn a_signal_goes_out_as_instagram_expects() {
    let name = "instagram/typing_on";
    let server = as_in(&fixture(name)).await;
    let request = SignalRequest {
        thread_kind: ThreadKind::Direct,
        external_thread_id: INSTAGRAM.customer().to_owned(),
        newest_inbound_id: None,
        signal: ThreadSignal::Typing,
    };
    INSTAGRAM.adapter(config(&server.uri())).signal(&INSTAGRAM.access(), &request).await.unwrap();
    compare(name, &asked(&server).await[0], Some(&fixture(name)["request"]["body"]));
}
