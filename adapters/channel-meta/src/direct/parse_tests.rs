//! Every event of the contract's fixtures, understood.

use super::*;
use crate::{
    direct::split,
    fixtures::{webhook, webhooks},
};

fn events(family: Family, file: &str) -> Vec<InboundEvent> {
    let batch = split(family, &webhook(file).into()).expect("JSON");
    batch.events.iter().flat_map(|event| parse(family, &event.raw).expect("understood")).collect()
}

fn messenger(file: &str) -> Vec<InboundEvent> {
    events(Family::Facebook, &format!("messenger/{file}.json"))
}

fn instagram(file: &str) -> Vec<InboundEvent> {
    events(Family::Instagram, &format!("instagram/{file}.json"))
}

fn comments(file: &str) -> Vec<InboundEvent> {
    events(Family::Facebook, &format!("facebook-comments/{file}.json"))
}

/// Kinds of content, `:` and the external id, of the messages.
fn said(events: &[InboundEvent]) -> Vec<String> {
    let of = |event: &InboundEvent| match &event.kind {
        InboundEventKind::Message { external_message_id, content, media, .. }
        | InboundEventKind::Echo { external_message_id, content, media, .. } => {
            let file = if media.is_some() { "+file" } else { "" };
            format!("{}{file}:{external_message_id}", content.kind())
        }
        other => format!("{other:?}"),
    };
    events.iter().map(of).collect()
}

fn text_of(event: &InboundEvent) -> String {
    let InboundEventKind::Message { content, .. } = &event.kind else { panic!("a message, not {:?}", event.kind) };
    content.text().unwrap_or_default()
}

#[test]
fn a_text_is_understood_whole() {
    let [event] = messenger("text").try_into().expect("one event");
    let thread = event.thread.as_ref().unwrap();
    assert_eq!((thread.kind, thread.external_thread_id.as_str()), (ThreadKind::Direct, "7254519988800011"));
    assert_eq!(event.occurred_at, Some(Timestamp::from_millis(1_767_225_602_123)));
    assert!(!event.standby);
    assert_eq!(text_of(&event), "สวัสดีค่ะ ยังมีของไหมคะ");
}

#[test]
fn every_file_of_a_message_is_taken() {
    assert_eq!(said(&messenger("image")), ["IMAGE+file:m_hubMsgr00007AbCdEfGhIjKlMnOpQrStUv"]);
    let album = messenger("images_album");
    let id = "m_hubMsgr00009AbCdEfGhIjKlMnOpQrStUv";
    assert_eq!(said(&album), [format!("IMAGE+file:{id}"), format!("IMAGE+file:{id}#1")]);
    for (file, kind) in
        [("video", "VIDEO+file"), ("audio", "AUDIO+file"), ("file", "FILE+file"), ("sticker", "STICKER")]
    {
        assert!(said(&messenger(file))[0].starts_with(kind), "{file}");
    }
    assert_eq!(messenger("sticker_transition").len(), 1, "one sticker, though it comes twice");
    assert!(said(&messenger("sticker_transition"))[0].starts_with("STICKER"));
    assert_eq!(messenger("fallback_link").len(), 1, "the link is in the text");
    assert!(text_of(&messenger("reel_share")[0]).contains("https://www.facebook.com/reel/900100"));
}

#[test]
fn an_echo_tells_ours_from_others() {
    let [own] = messenger("echo_own_app").try_into().expect("one event");
    assert_eq!(own.thread.as_ref().unwrap().external_thread_id, "7254519988800011", "the customer's thread");
    assert!(
        matches!(&own.kind, InboundEventKind::Echo { external_message_id, message_id: None, .. } if external_message_id == "m_hubSent00001")
    );
    let id = Uuid::from_u128(7);
    let echo = |metadata: &str| {
        let raw = json!({"entry": "1", "messaging": {
            "sender": {"id": "1"}, "recipient": {"id": "2"}, "timestamp": 5,
            "message": {"mid": "m", "is_echo": true, "text": "x", "metadata": metadata},
        }});
        parse(Family::Facebook, raw.to_string().as_bytes()).unwrap().remove(0).kind
    };
    let InboundEventKind::Echo { message_id, .. } = echo(&format!("hubchat:{id}")) else { panic!("an echo") };
    assert_eq!(message_id, Some(MessageId::from_uuid(id)));
    assert!(matches!(echo(&format!("hubchat-part:{id}")), InboundEventKind::Unsupported { .. }));
    let InboundEventKind::Echo { message_id, .. } = echo("another app's") else { panic!("an echo") };
    assert_eq!(message_id, None);
}

#[test]
fn receipts_tell_messages_and_times() {
    let delivered = messenger("delivery");
    assert_eq!(delivered.len(), 2);
    assert!(
        matches!(&delivered[0].kind, InboundEventKind::Receipt { external_message_id, status: DeliveryStatus::Delivered, .. } if external_message_id == "m_hubSent00001")
    );
    let until = Timestamp::from_millis(1_767_225_689_123);
    assert_eq!(delivered[1].kind, InboundEventKind::ReceiptUpTo { until, status: DeliveryStatus::Delivered });
    let until = Timestamp::from_millis(1_767_225_695_123);
    assert_eq!(messenger("read")[0].kind, InboundEventKind::ReceiptUpTo { until, status: DeliveryStatus::Read });
}

#[test]
fn reactions_postbacks_and_quick_replies_are_told_apart() {
    let InboundEventKind::Reaction { target, emoji, .. } = &messenger("reaction")[0].kind else { panic!("a reaction") };
    assert_eq!((target.as_str(), emoji.as_deref()), ("m_hubMsgrPARENT", Some("❤️")));
    for taken_back in [messenger("unreact"), instagram("unreact")] {
        assert!(matches!(&taken_back[0].kind, InboundEventKind::Reaction { emoji: None, .. }));
    }
    assert!(!text_of(&messenger("postback")[0]).is_empty());
    let InboundEventKind::Message { content: MessageContent::Template { payload, .. }, .. } =
        &messenger("quick_reply")[0].kind
    else {
        panic!("a quick reply")
    };
    assert!(payload["quickReply"]["payload"].is_string());
    let InboundEventKind::Message { quoted_external_id, .. } = &messenger("text_reply_to")[0].kind else {
        panic!("a message")
    };
    assert_eq!(quoted_external_id.as_deref(), Some("m_hubMsgrPARENT"));
}

#[test]
fn what_brought_the_customer_is_kept() {
    let first = messenger("text_with_ad_referral").remove(0).referral.expect("an advertisement");
    assert_eq!((first.source.as_str(), first.ad_id.as_deref()), ("ADS", Some("6045246247433")));
    assert_eq!(first.title.as_deref(), Some("โปรเดือนมกรา"));
    let started = messenger("postback_get_started_ad").remove(0).referral.expect("an advertisement");
    assert_eq!(started.reference.as_deref(), Some("promo-jan"));
    let link = messenger("referral_m_me").remove(0);
    assert_eq!(link.kind, InboundEventKind::Notice(SystemNotice::Referred));
    assert_eq!(link.referral.expect("a link").reference.as_deref(), Some("qr-shopfront"));
    assert!(instagram("text_with_ad_referral").remove(0).referral.is_some());
}

#[test]
fn another_owners_thread_is_shown_and_not_answered() {
    for standby in [messenger("standby_message"), instagram("standby_message")] {
        assert!(standby[0].standby && matches!(standby[0].kind, InboundEventKind::Message { .. }));
    }
    assert!(matches!(messenger("handover_pass_thread_control")[0].kind, InboundEventKind::Unsupported { .. }));
}

#[test]
fn instagrams_stories_and_deletions_are_understood() {
    let answered = instagram("story_reply");
    assert_eq!(text_of(&answered[0]), "สวยมาก");
    assert_eq!(said(&answered)[2].split(':').next(), Some("FILE+file"), "the story is fetched before it expires");
    assert_eq!(said(&instagram("story_mention")).len(), 2);
    let InboundEventKind::Unsent { external_message_id } = &instagram("message_deleted")[0].kind else {
        panic!("unsent")
    };
    assert_eq!(external_message_id, "aWdfZAG1faXRlbPARENT");
}

#[test]
fn a_comment_has_its_thread_by_post_and_person() {
    let [comment] = comments("comment_add").try_into().expect("one event");
    let thread = comment.thread.as_ref().unwrap();
    assert_eq!(thread.kind, ThreadKind::Comment);
    assert_eq!(thread.external_thread_id, "100200300400500_122100000000000001:24680135791113");
    assert_eq!(thread.post_id.as_deref(), Some("100200300400500_122100000000000001"));
    assert_eq!(comment.sender_external_id.as_deref(), Some("24680135791113"));
    assert_eq!(comment.profile.as_ref().unwrap().display_name.as_deref(), Some("Kanya P."));
    assert_eq!(comment.occurred_at, Some(Timestamp::from_millis(1_767_225_700_000)));
    assert_eq!(text_of(&comment), "ราคาเท่าไหร่คะ");
    let id = "122100000000000001_990000000000011";
    assert!(
        matches!(&comments("comment_edited")[0].kind, InboundEventKind::Edited { external_message_id, .. } if external_message_id == id)
    );
    assert!(
        matches!(&comments("comment_remove")[0].kind, InboundEventKind::Unsent { external_message_id } if external_message_id == id)
    );
    assert_eq!(comments("comment_hide")[0].kind, InboundEventKind::Notice(SystemNotice::CommentHidden));
    assert_eq!(comments("comment_unhide")[0].kind, InboundEventKind::Notice(SystemNotice::CommentShown));
    let InboundEventKind::Message { quoted_external_id, .. } = &comments("comment_reply")[0].kind else {
        panic!("a comment")
    };
    assert_eq!(quoted_external_id.as_deref(), Some(id));
    let nobody = comments("comment_no_from").remove(0);
    assert_eq!(nobody.thread.unwrap().external_thread_id, "122100000000000001_990000000000016");
    assert_eq!(comments("comment_on_ad_post").remove(0).referral.unwrap().source, "ADS");
    assert_eq!(comments("visitor_post_add").remove(0).thread.unwrap().kind, ThreadKind::Comment);
}

#[test]
fn noise_and_our_own_comments_are_passed_over() {
    for events in [comments("page_status_noise"), comments("reaction_add_noise"), instagram("comment_own")] {
        assert!(events.iter().all(|event| matches!(event.kind, InboundEventKind::Unsupported { .. })));
    }
}

#[test]
fn instagrams_comments_are_threads_too() {
    let comment = instagram("comment").remove(0);
    assert_eq!(comment.thread.as_ref().unwrap().external_thread_id, "17920000000000001:1789001122334466");
    assert_eq!(comment.profile.unwrap().display_name.as_deref(), Some("kanya.p"));
    let of_ad = instagram("comment_on_ad").remove(0);
    assert_eq!(
        of_ad.thread.unwrap().external_thread_id,
        "17920000000000001:1789001122334466",
        "the post that people know"
    );
    assert_eq!(of_ad.referral.unwrap().ad_id.as_deref(), Some("6045246247499"));
    assert!(matches!(instagram("live_comment")[0].kind, InboundEventKind::Message { .. }));
}

#[test]
fn every_payload_is_understood() {
    for (family, folder) in
        [(Family::Facebook, "messenger"), (Family::Facebook, "facebook-comments"), (Family::Instagram, "instagram")]
    {
        for file in webhooks(folder) {
            assert!(!events(family, &file).is_empty(), "{file}");
        }
    }
}
