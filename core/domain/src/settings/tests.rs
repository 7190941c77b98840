//! The table of settings keeps its word.

use serde_json::{Value, json};

use super::*;

#[test]
fn every_setting_takes_its_own_value_and_is_written_under_its_name() {
    let usual = TenantSettings::default();
    let written = serde_json::to_value(&usual).expect("JSON");
    let names: Vec<&String> = written.as_object().expect("an object").keys().collect();
    assert_eq!(names.len(), TenantSettings::DEFINITIONS.len());
    for definition in TenantSettings::DEFINITIONS {
        let value = usual.value(definition.key).expect("a value");
        assert_eq!(Some(&value), written.get(definition.key), "{}", definition.key);
        let mut set = usual.clone();
        let taken = set.set(definition.key, &value);
        assert_eq!(taken.is_ok(), definition.kind.has_default(), "a default is a value that it takes");
        assert_eq!(set, usual);
        assert!(!definition.words.join(" ").trim().is_empty());
    }
}

#[test]
fn a_value_that_is_taken_is_the_one_that_is_read() {
    let mut settings = TenantSettings::default();
    for (key, value) in [
        ("name", json!("ร้านมาลี")),
        ("allowedOrigins", json!(["https://shop.example", "http://localhost:3000"])),
        ("retentionDays", json!(365)),
        ("retentionDays", Value::Null),
        ("publicReplyText", Value::Null),
        ("publicReplyText", json!("ตอบในแชทแล้วค่ะ")),
        ("managersSee", json!("TEAM_AND_UNASSIGNED")),
        ("salesSee", json!("OWN")),
        ("viewersSee", json!("ALL")),
        ("requestsPerMinute", json!(1)),
        ("callerRequestsPerMinute", json!(1_000_000)),
        ("conversationSendsPerMinute", Value::Null),
        ("uploadMaxBytes", json!(1_073_741_824)),
        ("showTyping", json!(false)),
        ("showSeen", json!(true)),
    ] {
        settings.set(key, &value).expect("a good value");
        assert_eq!(settings.value(key), Some(value), "{key}");
    }
    assert!(settings.allows_origin("https://shop.example"));
    assert!(!settings.allows_origin("https://shop.example.evil.example"));
    assert_eq!(settings.sight_of(MemberRole::Sales), Sight::Own);
    assert_eq!(settings.sight_of(MemberRole::Manager), Sight::TeamAndUnassigned);
    assert_eq!(settings.sight_of(MemberRole::Owner), Sight::All);
    let read: TenantSettings = serde_json::from_value(serde_json::to_value(&settings).expect("JSON")).expect("read");
    assert_eq!(read, settings);
}

#[test]
fn blanks_around_a_name_are_no_part_of_it() {
    let mut settings = TenantSettings::default();
    settings.set("name", &json!("  Mali ")).expect("a name");
    assert_eq!(settings.value("name"), Some(json!("Mali")));
}

#[test]
fn what_cannot_be_is_refused_by_name_and_changes_nothing() {
    let usual = TenantSettings::default();
    let many: Vec<String> = (0..51).map(|n| format!("https://s{n}.example")).collect();
    for (key, value) in [
        ("name", json!(" ")),
        ("name", json!("x".repeat(201))),
        ("name", Value::Null),
        ("allowedOrigins", json!("https://shop.example")),
        ("allowedOrigins", json!(["*"])),
        ("allowedOrigins", json!([null])),
        ("allowedOrigins", json!(["https://a.example", "https://a.example"])),
        ("allowedOrigins", json!(many)),
        ("allowedOrigins", Value::Null),
        ("retentionDays", json!(0)),
        ("retentionDays", json!(36_501)),
        ("retentionDays", json!(-1)),
        ("retentionDays", json!(1.5)),
        ("retentionDays", json!("30")),
        ("publicReplyText", json!("")),
        ("publicReplyText", json!("  ")),
        ("publicReplyText", json!("x".repeat(1_001))),
        ("publicReplyText", json!("a\u{0}b")),
        ("managersSee", json!("EVERYTHING")),
        ("salesSee", json!("own")),
        ("viewersSee", Value::Null),
        ("requestsPerMinute", json!(0)),
        ("callerRequestsPerMinute", json!(1_000_001)),
        ("conversationSendsPerMinute", json!(true)),
        ("uploadMaxBytes", json!(1_023)),
        ("showTyping", json!("yes")),
        ("showSeen", Value::Null),
    ] {
        let mut settings = usual.clone();
        let refused = settings.set(key, &value).expect_err(key);
        assert_eq!(refused.key(), key);
        assert!(matches!(refused, InvalidSetting::Value { .. }), "{key}: {refused}");
        assert_eq!(settings, usual, "{key}");
    }
    let mut settings = usual;
    let refused = settings.set("colour", &json!("red")).expect_err("no such setting");
    assert_eq!(refused, InvalidSetting::Unknown { key: "colour".to_owned() });
}

#[test]
fn the_page_names_every_setting_with_its_default() {
    let page = TenantSettings::reference();
    for definition in TenantSettings::DEFINITIONS {
        assert!(page.contains(&format!("\n## `{}`\n", definition.key)), "{}", definition.key);
    }
    assert!(page.contains(Tenant::USUAL_PUBLIC_REPLY));
}
