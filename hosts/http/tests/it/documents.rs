//! The OpenAPI document and the pages.

use std::{fs, path::Path};

use hubchat_core::domain::TenantSettings;
use poem::Request;
use serde_json::Value;

use crate::harness::Mocks;

fn document() -> Value {
    serde_json::from_str(hubchat_http::openapi_document()).expect("JSON")
}

#[test]
fn the_document_in_the_tree_is_the_one_of_the_routes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    #[expect(clippy::disallowed_methods, reason = "a switch of this test, not configuration")]
    let update = std::env::var_os("HUBCHAT_UPDATE_GOLDEN").is_some();
    if update {
        fs::write(&path, hubchat_http::openapi_document()).expect("the document can be written");
    }
    let golden = fs::read_to_string(&path).expect("docs/openapi.json is there");
    let golden: Value = serde_json::from_str(&golden).expect("docs/openapi.json is JSON");
    assert!(
        golden == document(),
        "docs/openapi.json is not what the routes say: run this test with HUBCHAT_UPDATE_GOLDEN=1 and look at the change"
    );
}

#[test]
fn the_schemas_of_events_in_the_tree_are_those_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/events.schema.json");
    #[expect(clippy::disallowed_methods, reason = "a switch of this test, not configuration")]
    let update = std::env::var_os("HUBCHAT_UPDATE_GOLDEN").is_some();
    if update {
        fs::write(&path, hubchat_http::events_schema()).expect("the schemas can be written");
    }
    let golden = fs::read_to_string(&path).expect("docs/events.schema.json is there");
    assert!(
        golden == hubchat_http::events_schema(),
        "docs/events.schema.json is not what the types say: run this test with HUBCHAT_UPDATE_GOLDEN=1 and look at the change"
    );
    let schemas: Value = serde_json::from_str(&golden).expect("JSON");
    let names = |union: &str| -> Vec<String> {
        let mapping = &schemas["$defs"][union]["discriminator"]["mapping"];
        mapping.as_object().expect("frames by their type").keys().cloned().collect()
    };
    assert_eq!(names("ServerFrame"), ["beat", "event", "presence", "ready", "renew", "renewed", "reset"]);
    assert_eq!(names("ClientFrame"), ["hello", "presence", "renew", "subscribe", "unsubscribe"]);
    // The rows are those of the API itself.
    for row in ["Conversation", "Message", "Lead"] {
        assert_eq!(
            schemas["$defs"][row]["properties"].as_object().expect("a row").keys().collect::<Vec<_>>(),
            document()["components"]["schemas"][row]["properties"]
                .as_object()
                .expect("a row")
                .keys()
                .collect::<Vec<_>>(),
        );
    }
}

#[test]
fn the_page_of_settings_in_the_tree_is_the_one_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.md");
    #[expect(clippy::disallowed_methods, reason = "a switch of this test, not configuration")]
    let update = std::env::var_os("HUBCHAT_UPDATE_GOLDEN").is_some();
    if update {
        fs::write(&path, TenantSettings::reference()).expect("the page can be written");
    }
    let golden = fs::read_to_string(&path).expect("docs/settings.md is there");
    assert!(
        golden == TenantSettings::reference(),
        "docs/settings.md is not what the types say: run this test with HUBCHAT_UPDATE_GOLDEN=1 and look at the change"
    );
}

#[test]
fn every_reference_of_the_document_leads_somewhere_and_nothing_is_of_version_3_0() {
    fn walk(value: &Value, whole: &Value) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    let pointer = reference.strip_prefix('#').expect("a local reference");
                    assert!(whole.pointer(pointer).is_some(), "{reference}");
                }
                assert!(!map.contains_key("nullable"));
                for (name, inner) in map {
                    let flag = matches!(name.as_str(), "exclusiveMinimum" | "exclusiveMaximum") && inner.is_boolean();
                    assert!(!flag, "{name} is a number in 3.1");
                    walk(inner, whole);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, whole)),
            _ => {}
        }
    }
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    walk(&document, &document);
}

#[test]
fn every_operation_has_a_name_of_its_own_and_tells_of_problems() {
    let document = document();
    let mut names = std::collections::BTreeSet::new();
    for item in document["paths"].as_object().expect("paths").values() {
        for operation in item.as_object().expect("operations").values() {
            let name = operation["operationId"].as_str().expect("a name");
            assert!(names.insert(name.to_owned()), "{name} twice");
            let problem = &operation["responses"]["default"]["content"];
            assert!(problem.get("application/problem+json").is_some(), "{name}");
        }
    }
}

#[tokio::test]
async fn the_pages_are_served_and_the_reference_runs_nothing_from_elsewhere() {
    let client = Mocks::new().client();
    let get = |path: &'static str| client.call(Request::builder().uri_str(path).finish());
    let page = get("/docs").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("receiveWebhook") && page.text.contains("listLeads"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("http"), "{policy}");
    assert_eq!(get("/openapi.json").await.json(), document());
    assert_eq!(get("/events.schema.json").await.text, hubchat_http::events_schema());
    let problem = get("/problems/invalid_cursor").await;
    assert!(problem.header("content-type").starts_with("text/markdown"));
    assert!(problem.text.contains("invalid_cursor"));
}
