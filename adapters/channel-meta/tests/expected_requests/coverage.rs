//! No fixture is forgotten.

use std::{fs, path::PathBuf};

/// What hubchat never asks for, and why.
const NOT_SENT: [&str; 15] = [
    // Files go by their address and are never uploaded beforehand.
    "messenger/attachment_upload",
    "whatsapp/image_by_id",
    "whatsapp/media_upload",
    // The words under a file are a message of their own.
    "whatsapp/image_by_link",
    // A sound is a file like others, not a recording.
    "whatsapp/voice",
    // No message of hubchat's is one of these.
    "instagram/generic_template",
    "instagram/images",
    "instagram/react",
    "messenger/generic_template",
    "whatsapp/contacts",
    "whatsapp/reaction",
    "whatsapp/sticker",
    // Comments are not moderated.
    "facebook-comments/hide_comment",
    // Part of the whole list of messenger/subscribe_page, for that replaces the one before.
    "facebook-comments/subscribe_feed",
    // Numbers are registered at Meta.
    "whatsapp/register_number",
];

#[test]
fn every_request_of_the_contract_is_compared_or_never_sent() {
    let sources = [
        include_str!("accounts.rs"),
        include_str!("files.rs"),
        include_str!("instagram.rs"),
        include_str!("messenger.rs"),
        include_str!("refusals.rs"),
        include_str!("whatsapp.rs"),
    ];
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut count = 0;
    for channel in ["facebook-comments", "instagram", "messenger", "whatsapp"] {
        for file in fs::read_dir(root.join(channel).join("send")).unwrap() {
            let file = file.unwrap().file_name().into_string().unwrap();
            let name = format!("{channel}/{}", file.strip_suffix(".json").unwrap());
            let compared = sources.iter().any(|source| source.contains(&format!("\"{name}\"")));
            assert_ne!(compared, NOT_SENT.contains(&name.as_str()), "{name}");
            count += 1;
        }
    }
    assert!(count > 60, "{count} fixtures");
}
