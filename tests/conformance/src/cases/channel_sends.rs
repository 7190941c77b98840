//! What a channel can carry, and sending it.

use std::collections::BTreeSet;

use hubchat_domain::{MessageContent, MessageKind};
use hubchat_ports::SendError;

use crate::ChannelAdapterHarness;
use crate::specimens::contents;

pub async fn the_adapter_says_what_it_is(harness: &dyn ChannelAdapterHarness) {
    let adapter = harness.adapter();
    let capabilities = adapter.capabilities();
    assert_eq!(adapter.capabilities(), capabilities);
    assert!(!capabilities.send_kinds.is_empty() && capabilities.sends_per_second > 0);
    let kinds: Vec<&str> = capabilities.send_kinds.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(kinds.iter().collect::<BTreeSet<_>>().len(), kinds.len(), "a kind is named twice");
    let texts = capabilities.send_kinds.contains(&MessageKind::Text);
    assert_eq!(capabilities.max_text_utf16 > 0, texts);
    let names: BTreeSet<&&str> = adapter.secret_names().iter().collect();
    assert_eq!(names.len(), adapter.secret_names().len());
    assert!(harness.sends().iter().all(|send| send.access.account.channel_type == adapter.channel_type()));
}

pub async fn kinds_that_the_channel_cannot_carry_are_refused_beforehand(harness: &dyn ChannelAdapterHarness) {
    let kinds = harness.adapter().capabilities().send_kinds;
    let url = || Some("https://cdn.example/file".to_owned());
    for content in contents("text").into_iter().filter(|content| !kinds.contains(&content.kind())) {
        let refused = harness.adapter().check_content(&content, url());
        assert!(refused.is_err(), "{} is taken", content.kind());
        assert!(refused.is_err_and(|refusal| !refusal.field.is_empty() && !refusal.reason.is_empty()));
    }
    for send in harness.sends() {
        let file_url = send.request.file.as_ref().map(|file| file.url.clone());
        let checked = harness.adapter().check_content(&send.request.content, file_url);
        assert_eq!(checked, Ok(()), "{}", send.request.content.kind());
    }
}

pub async fn a_text_may_be_as_long_as_declared_and_no_longer(harness: &dyn ChannelAdapterHarness) {
    let capabilities = harness.adapter().capabilities();
    if !capabilities.send_kinds.contains(&MessageKind::Text) {
        return;
    }
    let most = capabilities.max_text_utf16;
    // Letters of one UTF-16 unit, and emoji of two.
    for (text, fits) in [
        ("a".repeat(most), true),
        ("ก".repeat(most), true),
        ("🍎".repeat(most / 2), true),
        ("a".repeat(most + 1), false),
        ("ก".repeat(most + 1), false),
        ("🍎".repeat(most / 2 + 1), false),
    ] {
        let units = text.encode_utf16().count();
        let checked = harness.adapter().check_content(&MessageContent::Text { text }, None);
        assert_eq!(checked.is_ok(), fits, "{units} units of {most}");
    }
    let blank = harness.adapter().check_content(&MessageContent::Text { text: String::new() }, None);
    assert!(blank.is_err(), "an empty text is taken");
}

pub async fn a_message_of_every_kind_can_be_sent(harness: &dyn ChannelAdapterHarness) {
    let sends = harness.sends();
    for kind in harness.adapter().capabilities().send_kinds {
        assert!(sends.iter().any(|send| send.request.content.kind() == *kind), "the harness gives no {kind}");
    }
    for send in sends {
        let sent = harness.adapter().send(&send.access, &send.request).await.unwrap();
        let ids: BTreeSet<&String> = sent.external_ids.iter().collect();
        assert_eq!(ids.len(), sent.external_ids.len(), "two parts share an id");
        assert!(sent.external_ids.iter().all(|id| !id.is_empty()));
    }
}

pub async fn a_message_that_is_never_answered_is_uncertain(harness: &dyn ChannelAdapterHarness) {
    let send = harness.unanswered();
    let outcome = harness.adapter().send(&send.access, &send.request).await;
    assert!(matches!(outcome, Err(SendError::Uncertain { .. })), "{outcome:?}");
}

pub async fn refused_credentials_are_told_apart(harness: &dyn ChannelAdapterHarness) {
    let send = harness.unauthorized();
    let outcome = harness.adapter().send(&send.access, &send.request).await;
    assert!(matches!(outcome, Err(SendError::Unauthorized { .. })), "{outcome:?}");
}
