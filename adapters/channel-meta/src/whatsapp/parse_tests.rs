//! Every event of the contract's fixtures, understood.

use super::*;
use crate::{
    fixtures::{webhook, webhooks},
    whatsapp::split::split,
};

fn events(file: &str) -> Vec<InboundEvent> {
    let batch = split(&webhook(&format!("whatsapp/{file}.json")).into()).expect("JSON");
    batch.events.iter().flat_map(|event| parse(&event.raw).expect("understood")).collect()
}

fn kind_of(file: &str) -> String {
    match &events(file)[0].kind {
        InboundEventKind::Message { content, media, .. } => {
            format!("{}{}", content.kind(), if media.is_some() { "+file" } else { "" })
        }
        other => panic!("{file}: a message, not {other:?}"),
    }
}

#[test]
fn a_text_is_understood_whole() {
    let [event] = events("text").try_into().expect("one event");
    let thread = event.thread.as_ref().unwrap();
    assert_eq!(
        (thread.external_thread_id.as_str(), thread.alias.as_deref()),
        ("66810000001", Some("TH.13491208655302741918"))
    );
    assert_eq!(event.occurred_at, Some(Timestamp::from_millis(1_767_225_602_000)));
    assert_eq!(event.profile.unwrap().display_name.as_deref(), Some("Somchai K."));
    let InboundEventKind::Message { content, .. } = &event.kind else { panic!("a message") };
    assert_eq!(content.text().as_deref(), Some("สวัสดีครับ มีของไหม"));
}

#[test]
fn a_person_without_a_number_goes_by_the_other_id() {
    let thread = events("text_username_only_bsuid").remove(0).thread.unwrap();
    assert_eq!((thread.external_thread_id.as_str(), thread.alias), ("TH.13491208655302741918", None));
}

#[test]
fn every_kind_has_its_content() {
    for (file, kind) in [
        ("image", "IMAGE+file"),
        ("image_without_url", "IMAGE+file"),
        ("video", "VIDEO+file"),
        ("audio_voice", "AUDIO+file"),
        ("document", "FILE+file"),
        ("sticker", "IMAGE+file"),
        ("location", "LOCATION"),
        ("contacts", "TEMPLATE"),
        ("interactive_list_reply", "TEMPLATE"),
        ("button_template_reply", "TEMPLATE"),
        ("order", "TEMPLATE"),
        ("unsupported", "TEMPLATE"),
        ("text_forwarded", "TEXT"),
    ] {
        assert_eq!(kind_of(file), kind, "{file}");
    }
    assert_eq!(events("image").len(), 2, "the words under a picture are a message too");
}

#[test]
fn reactions_revocations_and_new_numbers_are_told_apart() {
    assert!(matches!(&events("reaction_removed")[0].kind, InboundEventKind::Reaction { emoji: None, .. }));
    assert!(matches!(&events("message_revoke")[0].kind, InboundEventKind::Unsent { .. }));
    assert_eq!(events("system_user_changed_number")[0].kind, InboundEventKind::Moved { to: "66810000009".to_owned() });
    let edit = json!({"number": "1", "contact": null, "message": {
        "from": "2", "id": "w2", "timestamp": "3", "type": "edit",
        "edit": {"original_message_id": "w1", "message": {"type": "text", "text": {"body": "new"}}},
    }});
    let edited = parse(edit.to_string().as_bytes()).unwrap().remove(0);
    let expected = InboundEventKind::Edited { external_message_id: "w1".to_owned(), text: "new".to_owned() };
    assert_eq!(edited.kind, expected);
}

#[test]
fn statuses_move_messages_and_tell_reasons() {
    for (file, expected) in [("status_sent", DeliveryStatus::Sent), ("status_delivered", DeliveryStatus::Delivered)] {
        let InboundEventKind::Receipt { status, failure, .. } = events(file).remove(0).kind else { panic!("{file}") };
        assert_eq!((status, failure), (expected, None), "{file}");
    }
    for (file, code) in [
        ("status_failed_re_engagement", "window_closed"),
        ("status_failed_undeliverable", "recipient_unreachable"),
        ("status_failed_media", "invalid_content"),
    ] {
        let InboundEventKind::Receipt { status, failure, .. } = events(file).remove(0).kind else { panic!("{file}") };
        assert_eq!((status, failure.unwrap().code.as_str()), (DeliveryStatus::Failed, code), "{file}");
    }
    let id = Uuid::from_u128(9);
    let ours = json!({"number": "1", "status": {
        "id": "w1", "status": "read", "timestamp": "5", "recipient_id": "2", "biz_opaque_callback_data": id,
    }});
    let InboundEventKind::Receipt { message_id, status, .. } =
        parse(ours.to_string().as_bytes()).unwrap().remove(0).kind
    else {
        panic!("a receipt")
    };
    assert_eq!((message_id, status), (Some(MessageId::from_uuid(id)), DeliveryStatus::Read));
}

#[test]
fn what_was_sent_from_the_app_is_an_echo_in_the_customers_thread() {
    let echo = events("smb_message_echo").remove(0);
    assert_eq!(echo.thread.as_ref().unwrap().external_thread_id, "66810000001");
    assert!(matches!(echo.kind, InboundEventKind::Echo { message_id: None, .. }));
}

#[test]
fn the_advertisement_is_kept() {
    let referral = events("text_ctwa_referral").remove(0).referral.expect("an advertisement");
    assert_eq!(referral.ad_id.as_deref(), Some("120226305854810001"));
    assert_eq!(referral.click_id.as_deref(), Some("Aff-hubchatclid"));
}

#[test]
fn every_payload_is_understood() {
    for file in webhooks("whatsapp") {
        let batch = split(&webhook(&file).into()).expect("JSON");
        assert!(!batch.events.is_empty(), "{file}");
        for event in batch.events {
            assert!(!parse(&event.raw).expect("understood").is_empty(), "{file}");
        }
    }
    for file in
        ["template_status_rejected", "account_update_restriction", "phone_number_quality_update", "value_level_error"]
    {
        assert!(matches!(events(file)[0].kind, InboundEventKind::Unsupported { .. }), "{file}");
    }
}
