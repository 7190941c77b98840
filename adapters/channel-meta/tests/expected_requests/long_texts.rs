//! Texts that are longer than one message of Meta's.

use hubchat_domain::MessageContent;
use hubchat_ports::{SendError, SendRequest};
use serde_json::Value;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::support::{Account, MESSAGE_ID, accepted, answering, asked, choices, config, fixture};

/// What goes out for a message, in order.
async fn sent(account: Account, request: &SendRequest) -> Vec<Value> {
    let server = answering(200, &accepted(account, "m_1")).await;
    let sent = account.adapter(config(&server.uri())).send(&account.access(), request).await.unwrap();
    let bodies: Vec<Value> = asked(&server).await.iter().map(|request| request.body_json().unwrap()).collect();
    assert_eq!(sent.external_ids.len(), bodies.len());
    bodies
}

fn texts(bodies: &[Value]) -> Vec<&str> {
    bodies.iter().map(|body| body["message"]["text"].as_str().or(body["text"]["body"].as_str()).unwrap()).collect()
}

#[tokio::test]
async fn messenger_takes_1900_units_a_part_and_the_last_part_proves_the_whole() {
    let long = "ก".repeat(1_900 * 2 + 1);
    let quoting = SendRequest { quoted_external_id: Some("m_parent".to_owned()), ..Account::Page.text(&long) };
    let bodies = sent(Account::Page, &quoting).await;
    let parts = texts(&bodies);
    assert_eq!(parts.concat(), long);
    assert_eq!(parts.iter().map(|part| part.chars().count()).collect::<Vec<_>>(), [1_900, 1_900, 1]);
    let marks: Vec<&Value> = bodies.iter().map(|body| &body["message"]["metadata"]).collect();
    let (whole, part) = (format!("hubchat:{MESSAGE_ID}"), format!("hubchat-part:{MESSAGE_ID}"));
    assert_eq!(marks, [&part, &part, &whole]);
    assert_eq!(bodies.iter().map(|body| body["reply_to"].is_object()).collect::<Vec<_>>(), [true, false, false]);

    let asking = Account::Page.request(choices(&[("ดำ", "BLACK")], &long));
    let bodies = sent(Account::Page, &asking).await;
    let offers: Vec<bool> = bodies.iter().map(|body| body["message"]["quick_replies"].is_array()).collect();
    assert_eq!(offers, [false, false, true], "the answers stand under the last words");
}

#[tokio::test]
async fn instagram_takes_1000_bytes_a_part_and_no_letter_loses_its_marks() {
    // Three characters and nine bytes, but one letter to the eye.
    let long = "ที่".repeat(300);
    for account in [Account::Instagram, Account::InstagramByPage] {
        let bodies = sent(account, &account.text(&long)).await;
        let parts = texts(&bodies);
        assert_eq!(parts.concat(), long);
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [999, 999, 702]);
        assert!(bodies.iter().all(|body| body["message"]["metadata"].is_null()), "Instagram knows no such field");
    }
}

#[tokio::test]
async fn whatsapp_takes_4096_characters_a_part_and_the_last_part_proves_the_whole() {
    let long = "ก".repeat(4_096 * 2 + 1);
    let quoting = SendRequest { quoted_external_id: Some("wamid.1".to_owned()), ..Account::Number.text(&long) };
    let bodies = sent(Account::Number, &quoting).await;
    let parts = texts(&bodies);
    assert_eq!(parts.concat(), long);
    assert_eq!(parts.iter().map(|part| part.chars().count()).collect::<Vec<_>>(), [4_096, 4_096, 1]);
    let marks: Vec<Option<&str>> = bodies.iter().map(|body| body["biz_opaque_callback_data"].as_str()).collect();
    assert_eq!(marks, [None, None, Some(MESSAGE_ID)]);
    assert_eq!(bodies.iter().map(|body| body["context"].is_object()).collect::<Vec<_>>(), [true, false, false]);
}

#[tokio::test]
async fn what_was_taken_beforehand_is_not_too_long_later_wherever_it_is_cut() {
    for account in Account::ALL {
        let adapter = account.adapter(config("http://127.0.0.1:9"));
        let most = adapter.capabilities().max_text_utf16;
        // Paragraphs that end soon after the last quarter of a part begins, so that parts are as short as can be.
        for (letter, letters) in [("a", 1_426), ("a", 751), ("ก", 251), ("a", 3_073), ("🍎", 1)] {
            let paragraph = letter.repeat(letters) + "\n";
            let mut text = String::new();
            let mut room = most;
            for letter in paragraph.chars().cycle() {
                let Some(left) = room.checked_sub(letter.len_utf16()) else { break };
                text.push(letter);
                room = left;
            }
            let content = MessageContent::Text { text: text.clone() };
            assert_eq!(adapter.check_content(&content, None), Ok(()));
            let bodies = sent(account, &account.request(content)).await;
            assert_eq!(texts(&bodies).concat(), text, "{account:?}");
            let longer = account.text(&(text + "ab"));
            assert!(adapter.check_content(&longer.content, None).is_err());
            let error = adapter.send(&account.access(), &longer).await.unwrap_err();
            assert!(matches!(error, SendError::Rejected { code: "invalid_content", .. }), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_part_that_fails_is_never_repeated_in_silence() {
    for (account, length, refusal) in [
        (Account::Page, 1_900, "messenger/error_613_rate"),
        (Account::Instagram, 333, "instagram/error_window"),
        (Account::Number, 4_096, "whatsapp/error_130429_throughput"),
    ] {
        let long = "ก".repeat(length * 3);
        for arrived in [1, 2] {
            let server = MockServer::start().await;
            let first = ResponseTemplate::new(200).set_body_json(accepted(account, "m_1"));
            Mock::given(matchers::any()).respond_with(first).up_to_n_times(arrived).mount(&server).await;
            let refusal = ResponseTemplate::new(400).set_body_json(&fixture(refusal)["response"]["body"]);
            Mock::given(matchers::any()).respond_with(refusal).mount(&server).await;
            let adapter = account.adapter(config(&server.uri()));
            let error = adapter.send(&account.access(), &account.text(&long)).await.unwrap_err();
            let SendError::Uncertain { reason } = &error else { panic!("{account:?}: {error:?}") };
            assert!(reason.contains(&format!("{arrived} of 3 parts")), "{reason}");
            assert_eq!(asked(&server).await.len() as u64, arrived + 1, "nothing goes out after a part that failed");
        }
    }
}
