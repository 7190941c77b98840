//! Profiles, groups, media, webhook settings and the rest of LINE's paths.

use hubchat_sandbox::{LineChannel, Media, MediaState, Say, SayKind};
use serde_json::{Value, json};

use crate::harness::{BOT, GROUP, Harness, TOKEN, USER, status_and_json};

#[tokio::test]
async fn profiles_are_stable_and_their_pictures_can_be_fetched() {
    let sandbox = Harness::start().await;
    let path = format!("/v2/bot/profile/{USER}");
    let (status, profile) = status_and_json(sandbox.get(&path)).await;
    assert_eq!(status, 200);
    assert_eq!(profile["userId"], USER);
    assert_eq!(status_and_json(sandbox.get(&path)).await.1, profile);
    let picture = sandbox.client.get(profile["pictureUrl"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/png");
    assert!(picture.bytes().await.unwrap().starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn a_profile_is_hidden_from_a_blocked_channel_and_without_consent() {
    let sandbox = Harness::start().await;
    let path = format!("/v2/bot/profile/{USER}");
    sandbox.line.set_blocked(BOT, USER, true);
    assert_eq!(status_and_json(sandbox.get(&path)).await, (404, json!({ "message": "Not found" })));
    sandbox.line.set_blocked(BOT, USER, false);
    sandbox.line.set_profile_consent(USER, false);
    assert_eq!(status_and_json(sandbox.get(&path)).await.0, 404);
    let member = format!("/v2/bot/group/{GROUP}/member/{USER}");
    assert_eq!(status_and_json(sandbox.get(&member)).await.0, 404);
    sandbox.line.set_profile_consent(USER, true);
    assert_eq!(status_and_json(sandbox.get(&path)).await.0, 200);
    assert_eq!(status_and_json(sandbox.get(&member)).await.0, 200);
}

#[tokio::test]
async fn a_group_can_be_looked_up_until_the_channel_leaves() {
    let sandbox = Harness::start().await;
    let path = format!("/v2/bot/group/{GROUP}/summary");
    let (status, summary) = status_and_json(sandbox.get(&path)).await;
    assert_eq!((status, &summary["groupId"]), (200, &json!(GROUP)));
    assert!(summary["groupName"].is_string());
    let room = GROUP.replace('C', "R");
    assert_eq!(status_and_json(sandbox.get(&format!("/v2/bot/room/{room}/member/{USER}"))).await.0, 200);
    sandbox.line.say(Say::new(SayKind::Leave(GROUP.to_owned()))).await.unwrap();
    assert_eq!(status_and_json(sandbox.get(&path)).await.0, 404);
    let push = json!({ "to": GROUP, "messages": [{ "type": "text", "text": "x" }] });
    assert_eq!(status_and_json(sandbox.post("/v2/bot/message/push").json(&push)).await.0, 400);
}

#[tokio::test]
async fn media_have_the_bytes_of_their_type() {
    let sandbox = Harness::start().await;
    let file = SayKind::File { file_name: "a.pdf".to_owned(), media: Media::default() };
    for (kind, offset, magic) in [
        (SayKind::Image(Media::default()), 0, &b"\xff\xd8\xff"[..]),
        (SayKind::Video(Media::default()), 4, b"ftypisom"),
        (SayKind::Audio(Media::default()), 4, b"ftypM4A "),
        (file, 0, b"%PDF-"),
    ] {
        let said = sandbox.line.say(Say::new(kind)).await.unwrap();
        let path = format!("/v2/bot/message/{}/content", said.message_id.unwrap());
        let answer = sandbox.get(&path).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.bytes().await.unwrap()[offset..].starts_with(magic), "{path}");
    }
}

#[tokio::test]
async fn media_go_through_the_states_they_were_given() {
    let sandbox = Harness::start().await;
    let media = |processing_polls, state| Media { processing_polls, state, ..Media::default() };
    let say = async |media| sandbox.line.say(Say::new(SayKind::Video(media))).await.unwrap().message_id.unwrap();
    let content =
        async |id: &str| sandbox.get(&format!("/v2/bot/message/{id}/content")).send().await.unwrap().status().as_u16();
    let transcoding =
        async |id: &str| status_and_json(sandbox.get(&format!("/v2/bot/message/{id}/content/transcoding"))).await;

    let slow = say(media(2, MediaState::Ready)).await;
    assert_eq!(transcoding(&slow).await, (200, json!({ "status": "processing" })));
    assert_eq!(content(&slow).await, 202);
    assert_eq!(transcoding(&slow).await, (200, json!({ "status": "succeeded" })));
    assert_eq!(content(&slow).await, 200);
    let preview = sandbox.get(&format!("/v2/bot/message/{slow}/content/preview")).send().await.unwrap();
    assert!(preview.bytes().await.unwrap().starts_with(b"\xff\xd8\xff"));

    let failed = say(media(0, MediaState::Failed)).await;
    assert_eq!(transcoding(&failed).await, (200, json!({ "status": "failed" })));
    assert_eq!(content(&failed).await, 404);
    assert_eq!(content(&say(media(0, MediaState::Gone)).await).await, 410);
    assert_eq!(content(&say(media(0, MediaState::Missing)).await).await, 404);
    assert_eq!(content("590000000000000001").await, 404);

    sandbox.line.say(Say::new(SayKind::Unsend { message_id: slow.clone() })).await.unwrap();
    assert_eq!(content(&slow).await, 410);

    let image = sandbox.line.say(Say::new(SayKind::Image(Media::default()))).await.unwrap().message_id.unwrap();
    assert_eq!(transcoding(&image).await.0, 400);
    let other = LineChannel::new("U99990000aaaabbbbccccddddeeeeffff", "s", "another-token");
    sandbox.line.add_channel(other);
    let foreign = sandbox.client.get(format!("{}/v2/bot/message/{image}/content", sandbox.url));
    assert_eq!(foreign.bearer_auth("another-token").send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn the_webhook_is_set_read_and_really_tested() {
    let sandbox = Harness::start().await;
    let endpoint = "/v2/bot/channel/webhook/endpoint";
    let test = "/v2/bot/channel/webhook/test";
    let (_, before) = status_and_json(sandbox.get(endpoint)).await;
    let put = |url: &str| {
        let request = sandbox.client.put(format!("{}{endpoint}", sandbox.url)).bearer_auth(TOKEN);
        request.json(&json!({ "endpoint": url }))
    };
    let long = format!("https://example.com/{}", "a".repeat(500));
    for refused in ["http://example.com/", "ftp://localhost/", "nonsense", &long] {
        assert_eq!(status_and_json(put(refused)).await.0, 400, "{refused}");
    }
    let own = before["endpoint"].as_str().unwrap();
    assert_eq!(status_and_json(put(own)).await.0, 200);
    assert_eq!(status_and_json(sandbox.get(endpoint)).await.1, json!({ "endpoint": own, "active": true }));

    let (status, result) = status_and_json(sandbox.post(test)).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&result["success"], &result["reason"], &result["statusCode"]),
        (&json!(true), &json!("OK"), &json!(200))
    );
    assert_eq!(sandbox.hub.posts()[0].body(), json!({ "destination": BOT, "events": [] }));
    sandbox.hub.answer_with(401);
    let (_, result) = status_and_json(sandbox.post(test)).await;
    assert_eq!((&result["success"], &result["reason"]), (&json!(false), &json!("ERROR_STATUS_CODE")));
    let away = sandbox.post(test).json(&json!({ "endpoint": "http://127.0.0.1:1/" }));
    assert_eq!(status_and_json(away).await.1["reason"], "COULD_NOT_CONNECT");

    sandbox.line.add_channel(LineChannel::new(BOT, "s", TOKEN));
    assert_eq!(status_and_json(sandbox.get(endpoint)).await.0, 404);
    assert_eq!(status_and_json(sandbox.post(test)).await.0, 404);
}

#[tokio::test]
async fn loading_and_marks_of_reading_are_checked() {
    let sandbox = Harness::start().await;
    for (chat, seconds, expected) in
        [(USER, 5, 202), (USER, 60, 202), (USER, 7, 400), (USER, 65, 400), (USER, 0, 400), (GROUP, 5, 400)]
    {
        let body = json!({ "chatId": chat, "loadingSeconds": seconds });
        let (status, _) = status_and_json(sandbox.post("/v2/bot/chat/loading/start").json(&body)).await;
        assert_eq!(status, expected, "{chat} {seconds}");
    }
    let said = sandbox.line.say(Say::text("hello")).await.unwrap();
    for (token, expected) in [(said.mark_as_read_token, 200), (Some("unknown".to_owned()), 400), (None, 400)] {
        let body = json!({ "markAsReadToken": token });
        assert_eq!(status_and_json(sandbox.post("/v2/bot/chat/markAsRead").json(&body)).await.0, expected);
    }
}

#[tokio::test]
async fn tokens_are_asked_for_everywhere_and_can_be_verified() {
    let sandbox = Harness::start().await;
    for path in ["/v2/bot/info", "/v2/bot/message/quota", "/v2/bot/message/1/content", "/v2/bot/profile/x"] {
        let bare = sandbox.client.get(format!("{}{path}", sandbox.url));
        assert_eq!(status_and_json(bare).await.0, 401, "{path}");
    }
    assert_eq!(status_and_json(sandbox.get("/v2/bot/nothing")).await.0, 404);
    let verify = async |token: &str| -> (u16, Value) {
        let path = format!("{}/oauth2/v2.1/verify?access_token={token}", sandbox.url);
        status_and_json(sandbox.client.get(path)).await
    };
    let (status, token) = verify(TOKEN).await;
    assert_eq!(status, 200);
    assert!(token["expires_in"].as_i64().unwrap() > 0);
    assert_eq!(verify("another").await.0, 400);
}
