//! The table of message objects that LINE takes and refuses.

use serde_json::{Value, json};

use crate::harness::{Harness, PUSH, USER, status_and_json};

fn buttons(text: &str, actions: usize) -> Value {
    let actions: Vec<Value> = (0..actions).map(|_| json!({"type":"message","label":"a","text":"b"})).collect();
    json!({"type":"template","altText":"a","template":{"type":"buttons","text":text,"actions":actions}})
}

fn quick(label: &str, items: usize) -> Value {
    let item = json!({"type":"action","action":{"type":"message","label":label,"text":"b"}});
    json!({"type":"text","text":"t","quickReply":{"items":vec![item; items]}})
}

fn uri_button(uri: &str) -> Value {
    json!({"type":"template","altText":"a","template":{"type":"buttons","text":"t",
        "actions":[{"type":"uri","label":"open","uri":uri}]}})
}

#[tokio::test]
async fn messages_within_the_limits_are_taken() {
    let sandbox = Harness::start().await;
    let long_url = format!("https://example.com/{}", "a".repeat(2_000 - 20));
    let flag = "🇹🇭".repeat(20);
    for message in [
        json!({"type":"text","text":"ก".repeat(5_000)}),
        json!({"type":"text","text":"🍎".repeat(2_500)}),
        json!({"type":"image","originalContentUrl":long_url,"previewImageUrl":"https://example.com/p.jpg"}),
        json!({"type":"sticker","packageId":"446","stickerId":"1988"}),
        buttons(&"b".repeat(160), 4),
        quick(&flag, 13),
        uri_button("tel:0800000000"),
        json!({"type":"flex","altText":"a".repeat(1_500),"contents":{"type":"carousel","contents":[{"type":"bubble"}]}}),
    ] {
        let body = json!({ "to": USER, "messages": [message] });
        let (status, answer) = status_and_json(sandbox.post(PUSH).json(&body)).await;
        assert_eq!(status, 200, "{answer} for {message}");
    }
}

#[tokio::test]
async fn messages_beyond_the_limits_are_refused_with_the_place() {
    let sandbox = Harness::start().await;
    let image =
        |original: &str| json!({"type":"image","originalContentUrl":original,"previewImageUrl":"https://e.com/p"});
    let location = |title: &str, latitude: f64| json!({"type":"location","title":title,"address":"a","latitude":latitude,"longitude":1.0});
    let confirm = |text: &str, actions: usize| {
        let mut message = buttons(text, actions);
        message["template"]["type"] = json!("confirm");
        message
    };
    let mut titled = buttons(&"b".repeat(61), 1);
    titled["template"]["title"] = json!("t");
    let flex = |alt: &str, contents: Value| json!({"type":"flex","altText":alt,"contents":contents});
    let bubble = json!({"type":"bubble"});
    for (message, property) in [
        (json!({"type":"text","text":""}), "text"),
        (json!({"type":"text"}), "text"),
        (json!({"type":"text","text":"ก".repeat(5_001)}), "text"),
        (json!({"type":"text","text":"🍎".repeat(2_501)}), "text"),
        (image("http://example.com/a.jpg"), "originalContentUrl"),
        (image("not a url"), "originalContentUrl"),
        (image(&format!("https://example.com/{}", "a".repeat(2_000))), "originalContentUrl"),
        (json!({"type":"image","originalContentUrl":"https://e.com/o"}), "previewImageUrl"),
        (json!({"type":"video","originalContentUrl":"https://e.com/o"}), "previewImageUrl"),
        (json!({"type":"audio","originalContentUrl":"https://e.com/o"}), "duration"),
        (json!({"type":"sticker","packageId":"446"}), "stickerId"),
        (location(&"t".repeat(101), 1.0), "title"),
        (location("t", 91.0), "latitude"),
        (json!({"type":"file","originalContentUrl":"https://e.com/o"}), "type"),
        (json!({}), "type"),
        (json!("text"), "type"),
        (buttons(&"b".repeat(161), 1), "template.text"),
        (titled, "template.text"),
        (buttons("b", 5), "template.actions"),
        (buttons("b", 0), "template.actions"),
        (confirm("b", 1), "template.actions"),
        (confirm(&"b".repeat(241), 2), "template.text"),
        (uri_button("javascript:alert(1)"), "template.actions[0].uri"),
        (quick("a", 14), "quickReply.items"),
        (quick(&"a".repeat(21), 1), "quickReply.items[0].action.label"),
        (flex(&"a".repeat(1_501), bubble.clone()), "altText"),
        (flex("", bubble.clone()), "altText"),
        (flex("a", json!({"type":"carousel","contents":vec![bubble; 13]})), "contents.contents"),
        (flex("a", json!({"type":"text"})), "contents.type"),
    ] {
        let body = json!({ "to": USER, "messages": [{"type":"text","text":"fine"}, message] });
        let (status, answer) = status_and_json(sandbox.post(PUSH).json(&body)).await;
        assert_eq!(status, 400, "{message}");
        assert_eq!(answer["message"], "The request body has 1 error(s)", "{message} {answer}");
        assert_eq!(answer["details"][0]["property"], format!("messages[1].{property}"), "{answer}");
        assert!(answer["details"][0]["message"].is_string());
    }
    assert_eq!(sandbox.line.effect_count(), 0);
}

#[tokio::test]
async fn one_to_five_messages_go_in_one_request() {
    let sandbox = Harness::start().await;
    for (count, expected) in [(0, 400), (1, 200), (5, 200), (6, 400)] {
        let messages = vec![json!({"type":"text","text":"t"}); count];
        let body = json!({ "to": USER, "messages": messages });
        let (status, answer) = status_and_json(sandbox.post(PUSH).json(&body)).await;
        assert_eq!(status, expected);
        if expected == 200 {
            assert_eq!(answer["sentMessages"].as_array().unwrap().len(), count);
        } else {
            assert_eq!(answer["details"][0]["property"], "messages");
        }
    }
    let (status, _) = status_and_json(sandbox.post(PUSH).json(&json!({ "to": USER }))).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn the_receiver_must_look_like_an_id_of_line() {
    let sandbox = Harness::start().await;
    let hex = "11112222333344445555666677778888";
    for (to, expected) in [
        (format!("U{hex}"), 200),
        (format!("C{hex}"), 200),
        (format!("R{hex}"), 200),
        (format!("X{hex}"), 400),
        (format!("U{hex}0"), 400),
        (format!("U{}z", &hex[1..]), 400),
        ("@shop".to_owned(), 400),
        (String::new(), 400),
    ] {
        let body = json!({ "to": to, "messages": [{"type":"text","text":"t"}] });
        assert_eq!(status_and_json(sandbox.post(PUSH).json(&body)).await.0, expected, "{to}");
    }
}
