//! The OpenAPI document: made from the routes' own statements, without a database, in version 3.1.

use std::sync::{Arc, OnceLock};

use poem_openapi::{OpenApi, OpenApiService, registry::Registry, types::Type};
use serde_json::{Map, Value, json};

use crate::{
    routes::{
        AccessRoutes, AuditRoutes, ChannelRoutes, ContactRoutes, ConversationRoutes, EventRoutes, InboxRoutes,
        KeyRoutes, LeadRoutes, MediaRoutes, MemberRoutes, MessageRoutes, NoteRoutes, PasswordRoutes, SettingsRoutes,
        TeamRoutes,
    },
    state::State,
    wire::{ClientFrame, EventPageView, ServerFrame, describe_settings},
};

type Routes = (
    LeadRoutes,
    ConversationRoutes,
    InboxRoutes,
    MessageRoutes,
    NoteRoutes,
    MediaRoutes,
    ChannelRoutes,
    MemberRoutes,
    TeamRoutes,
    AccessRoutes,
    PasswordRoutes,
    ContactRoutes,
    AuditRoutes,
    KeyRoutes,
    SettingsRoutes,
    EventRoutes,
);

const TITLE: &str = "hubchat";
const DESCRIPTION: &str = "Messages of many channels, as leads and conversations.\n\n\
    Every list is `{items, nextCursor}`. Times are RFC 3339 in UTC. Errors are problem documents \
    (RFC 9457) with a stable `code`. Requests that create take an `Idempotency-Key`.";

/// The operations of the API, below `/api`.
pub(crate) fn service(state: &Arc<State>) -> OpenApiService<Routes, ()> {
    let routes = (
        LeadRoutes(Arc::clone(state)),
        ConversationRoutes(Arc::clone(state)),
        InboxRoutes(Arc::clone(state)),
        MessageRoutes(Arc::clone(state)),
        NoteRoutes(Arc::clone(state)),
        MediaRoutes(Arc::clone(state)),
        ChannelRoutes(Arc::clone(state)),
        MemberRoutes(Arc::clone(state)),
        TeamRoutes(Arc::clone(state)),
        AccessRoutes(Arc::clone(state)),
        PasswordRoutes(Arc::clone(state)),
        ContactRoutes(Arc::clone(state)),
        AuditRoutes(Arc::clone(state)),
        KeyRoutes(Arc::clone(state)),
        SettingsRoutes(Arc::clone(state)),
        EventRoutes(Arc::clone(state)),
    );
    OpenApiService::new(routes, TITLE, env!("CARGO_PKG_VERSION"))
}

/// The OpenAPI 3.1 document of this API as JSON text. Needs no database and no configuration.
#[must_use]
pub fn openapi_document() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| format!("{:#}\n", document()))
}

/// The schemas of events and of the socket's frames (JSON Schema 2020-12), as text. Needs no database and no
/// configuration.
#[must_use]
pub fn events_schema() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut registry = Registry::new();
        for register in [EventPageView::register, ServerFrame::register, ClientFrame::register] {
            register(&mut registry);
        }
        let mut schemas = json!(registry.schemas);
        polish(&mut schemas);
        let text = schemas.to_string().replace("#/components/schemas/", "#/$defs/");
        let schemas: Value = serde_json::from_str(&text).unwrap_or_default();
        let document = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "hubchat: events and frames",
            "description": "What `GET /api/events` and the socket at `/api/ws` say, and what a client says to the socket.",
            "oneOf": [{"$ref": "#/$defs/ServerFrame"}, {"$ref": "#/$defs/ClientFrame"}],
            "$defs": schemas,
        });
        format!("{document:#}\n")
    })
}

/// The page that shows the document to people.
pub(crate) fn reference_page(nonce: &str) -> String {
    let nothing = OpenApiService::new((), TITLE, env!("CARGO_PKG_VERSION"));
    // Within a script element only `<` could end the data too early.
    let data = openapi_document().replace('<', "\\u003c");
    let page = nothing.scalar_html().replacen(&nothing.spec(), &data, 1);
    // The first two are the page's own; what follows is text within the second.
    let tag = format!("<script nonce=\"{nonce}\"");
    let mut parts = page.splitn(3, "<script");
    let (head, first, second) = (parts.next(), parts.next(), parts.next());
    [head, first, second].map(Option::unwrap_or_default).join(&tag)
}

fn document() -> Value {
    let mut registry = Registry::new();
    Routes::register(&mut registry);
    let mut paths = plain_paths();
    for path in Routes::meta().into_iter().flat_map(|api| api.paths) {
        let mut operations = serde_json::to_value(&path).unwrap_or_default();
        for operation in operations.as_object_mut().into_iter().flat_map(Map::values_mut) {
            // An operation that says nothing of credentials needs none; the document says so.
            if operation.get("security").is_none() && operation.is_object() {
                operation["security"] = json!([]);
            }
        }
        paths.insert(format!("/api{}", path.path), operations);
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": tags(&registry),
        "paths": paths,
        "components": {"schemas": registry.schemas, "securitySchemes": registry.security_schemes},
    });
    polish(&mut document);
    describe_settings(&mut document);
    for (schema, property) in [("Message", "content"), ("LeadPatch", "note"), ("ConversationPatch", "snoozedUntil")] {
        let pointer = format!("/components/schemas/{schema}/properties/{property}/type");
        if let Some(kind) = document.pointer_mut(&pointer) {
            *kind = json!([kind.take(), "null"]);
        }
    }
    if let Some(content) = document.pointer_mut("/paths/~1api~1audit~1export/get/responses/200/content") {
        *content = json!({"text/csv": {}, "application/jsonl": {}});
    }
    close_request_bodies(&mut document);
    document
}

/// The groups of operations, those of [`plain_paths`] last.
fn tags(registry: &Registry) -> Value {
    let mut tags: Vec<Value> = registry.tags.iter().filter_map(|tag| serde_json::to_value(tag).ok()).collect();
    tags.push(json!({"name": "Webhooks", "description": "For providers."}));
    tags.push(json!({"name": "Operation", "description": "For whoever runs hubchat."}));
    Value::Array(tags)
}

/// The framework speaks OpenAPI 3.0; this says the same in the words of 3.1, and more briefly.
fn polish(value: &mut Value) {
    match value {
        Value::Object(map) => {
            // 3.0 has no description beside a reference.
            if let Some(reference) = map.get("allOf").and_then(|parts| parts.get(0)?.get("$ref").cloned()) {
                map.remove("allOf");
                map.insert("$ref".to_owned(), reference);
            }
            if map.get("explode") == Some(&Value::Bool(true)) {
                map.remove("explode");
            }
            for (from, to) in [
                ("application/json; charset=utf-8", "application/json"),
                ("IDEMPOTENCY-REPLAYED", crate::idempotency::REPLAYED),
            ] {
                if let Some(inner) = map.remove(from) {
                    map.insert(to.to_owned(), inner);
                }
            }
            if map.get("description").is_some_and(|text| text == "") {
                map.insert("description".to_owned(), json!("Done."));
            }
            map.values_mut().for_each(polish);
        }
        Value::Array(items) => items.iter_mut().for_each(polish),
        _ => {}
    }
}

/// A body with a field that nobody knows is refused: the schemas of bodies say so.
fn close_request_bodies(document: &mut Value) {
    let operations = document["paths"].as_object().into_iter().flat_map(Map::values).filter_map(Value::as_object);
    let references: Vec<String> = operations
        .flat_map(Map::values)
        .filter_map(|operation| operation.pointer("/requestBody/content/application~1json/schema/$ref")?.as_str())
        .filter_map(|reference| reference.strip_prefix('#').map(str::to_owned))
        .collect();
    for pointer in references {
        if let Some(schema) = document.pointer_mut(&pointer) {
            schema["additionalProperties"] = json!(false);
        }
    }
}

/// Routes outside the framework's service.
fn plain_paths() -> Map<String, Value> {
    let problem = json!({
        "description": "Not done. `code` says why; each code has its page at `/problems/<code>`.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    });
    let parameter = |name: &str, place: &str, description: &str| {
        json!({
            "name": name, "in": place, "required": true, "description": description, "schema": {"type": "string"},
        })
    };
    let webhook = |id: &str, summary: &str, parameters: Value| {
        json!({"post": {
            "operationId": id,
            "tags": ["Webhooks"],
            "summary": summary,
            "description": "For providers. The signature is checked over the exact bytes; the answer comes once \
                every event is durable. At most one MiB.",
            "security": [],
            "parameters": parameters,
            "requestBody": {"required": true, "content": {"application/json": {"schema": {}}}},
            "responses": {"200": {"description": "Every event is kept."}, "default": problem},
        }})
    };
    let plain = |id: &str, summary: &str, kind: &str, description: &str| {
        json!({"get": {
            "operationId": id,
            "tags": ["Operation"],
            "summary": summary,
            "security": [],
            "responses": {"200": {"description": description, "content": {kind: {}}}, "default": problem},
        }})
    };
    let channel = parameter("channel", "path", "The channel in lower case, such as `line`.");
    let key = parameter("key", "path", "The unguessable key of the account's `webhookPath`.");
    let mut paths = Map::new();
    paths.insert(
        "/webhooks/{channel}/{key}".to_owned(),
        webhook("receiveWebhook", "Receive a webhook of an account", json!([channel, key])),
    );
    paths.insert(
        "/api/webhook/{channel}".to_owned(),
        webhook(
            "receiveWebhookByDestination",
            "Receive a webhook of the account that its body names",
            json!([channel]),
        ),
    );
    paths.insert(
        "/media/{tenant}/{id}/{variant}".to_owned(),
        json!({"get": {
            "operationId": "openMedia",
            "tags": ["Messages"],
            "summary": "Read a file by its signed link",
            "description": "Links come with messages and uploads; they cannot be made up.",
            "security": [],
            "parameters": [
                parameter("tenant", "path", "As in the link."),
                parameter("id", "path", "As in the link."),
                parameter("variant", "path", "`original` or `thumbnail`."),
                parameter("expires", "query", "As in the link."),
                parameter("signature", "query", "As in the link."),
            ],
            "responses": {"200": {"description": "The file.", "content": {"*/*": {}}}, "default": problem},
        }}),
    );
    paths
        .insert("/health".to_owned(), plain("getHealth", "Whether the process is alive", "application/json", "It is."));
    paths.insert(
        "/ready".to_owned(),
        plain("getReadiness", "Whether requests should come here", "application/json", "They should."),
    );
    paths.insert(
        "/metrics".to_owned(),
        plain("getMetrics", "What this process counts", "text/plain", "Metrics in the Prometheus format."),
    );
    paths
}
