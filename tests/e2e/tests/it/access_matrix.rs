//! Who may do what: every operation of the document, asked by everyone, on things of their own tenant, of
//! another one, and of nobody. `golden/access.txt` holds the answers; an operation without a row fails here.
//! `HUBCHAT_UPDATE_GOLDEN=1` writes the file anew, for someone to read the change.

use std::{collections::BTreeMap, fmt::Write as _};

use futures_util::future::join_all;
use hubchat_core::{
    Actor,
    domain::{Scope, TenantId},
    port::ExportKind,
};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, member, owner},
    database::Kind,
    hub::Hub,
    webhook::{body, post, text_event, user},
};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/access.txt");
/// An id that nobody has.
const MISSING: &str = "01890000-0000-7000-8000-000000000000";
const BOUNDARY: &str = "matrix";

/// An operation of the document.
struct Operation {
    id: String,
    method: Method,
    path: String,
    is_public: bool,
}

fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(hubchat_http::openapi_document()).expect("JSON");
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            operations.push(Operation {
                id: operation["operationId"].as_str().expect("an operation id").to_owned(),
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                is_public: operation["security"].as_array().is_none_or(Vec::is_empty),
            });
        }
    }
    operations
}

/// Things of one tenant, by the first part of the paths that name them.
type Things = BTreeMap<&'static str, String>;

/// The target of a path: its id, the second one if it has two.
fn filled(path: &str, things: &dyn Fn(&str) -> String) -> String {
    let Some((kind, _)) = path.trim_start_matches("/api/").split_once("/{") else {
        // An export has no format of its own accord.
        return if path.ends_with("/export") { format!("{path}?format=jsonl") } else { path.to_owned() };
    };
    let path = if path.contains("{id}") { path.replace("{id}", &things(kind)) } else { path.to_owned() };
    if path.contains("{memberId}") { path.replace("{memberId}", &things("members")) } else { path }
}

/// A body that is right in form. What it names is the target's.
fn body_of(operation: &str, target: &dyn Fn(&str) -> String, unique: &str) -> Option<Value> {
    Some(match operation {
        "connectChannel" => json!({
            "channelType": "LINE", "name": "x", "credentials": {"channelSecret": "x", "accessToken": "nonsense"},
        }),
        "updateChannel" | "updateMember" => json!({"name": "x"}),
        "updateLead" => json!({"note": "x"}),
        "assignLead" => json!({"mode": "NOBODY"}),
        "updateConversation" => json!({"status": "OPEN"}),
        "addNote" | "saveDraft" => json!({"text": "x"}),
        "sendConversationMessage" => json!({"type": "text", "content": "x"}),
        "sendMessage" => json!({"conversationId": target("conversations"), "type": "text", "content": "x"}),
        "inviteMember" => json!({"name": "x", "email": format!("{unique}@new.example"), "role": "SALES"}),
        "createTeam" | "updateTeam" => json!({"name": unique}),
        "createApiKey" => json!({"name": "x", "scopes": ["messages:send"]}),
        "logIn" => json!({"email": format!("{unique}@nobody.example"), "password": "not the right one"}),
        "testChannel" | "updateSettings" | "refreshSession" | "logOut" => json!({}),
        "acceptInvitation" | "resetPassword" => json!({"token": "none", "password": "not the right one"}),
        "forgotPassword" => json!({"email": format!("{unique}@nobody.example")}),
        "changePassword" => json!({"currentPassword": "not the right one", "newPassword": "also not the right one"}),
        _ => return None,
    })
}

/// The form of an upload.
fn form_of(operation: &str, conversation: &str) -> Option<Vec<u8>> {
    let (name, kind, bytes): (_, _, &[u8]) = match operation {
        "uploadMedia" | "uploadPdf" => ("x.pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n"),
        "uploadImage" => ("x.png", "image/png", b"\x89PNG\r\n\x1a\n"),
        _ => return None,
    };
    let mut form = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"conversationId\"\r\n\r\n{conversation}\r\n\
         --{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n"
    )
    .into_bytes();
    form.extend_from_slice(bytes);
    form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    Some(form)
}

/// Asks, and answers the status with the body, without what differs between any two requests.
async fn ask(
    hub: &Hub,
    operation: &Operation,
    credential: Option<&str>,
    target: &(dyn Fn(&str) -> String + Sync),
    unique: &str,
) -> (u16, String) {
    let url = format!("{}{}", hub.url, filled(&operation.path, target));
    let mut request = hub.client.request(operation.method.clone(), url);
    if let Some(credential) = credential {
        request = request.bearer_auth(credential);
    }
    if let Some(form) = form_of(&operation.id, &target("conversations")) {
        request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}")).body(form);
    } else if let Some(body) = body_of(&operation.id, target, unique) {
        request = request.json(&body);
    }
    let response = request.send().await.expect("hubchat answers");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    let Ok(Value::Object(mut body)) = serde_json::from_str(&text) else { return (status, text) };
    body.remove("requestId");
    (status, Value::Object(body).to_string())
}

/// Everything that storage holds of a tenant.
async fn contents(hub: &Hub, tenant: TenantId) -> Vec<String> {
    let mut rows = Vec::new();
    for &kind in ExportKind::ALL {
        let page = hub.wired.hubchat.ports.repository.inbox(tenant).export_page(kind, None, 1_000).await.expect("rows");
        rows.extend(page.rows.into_iter().map(|row| format!("{} {}", kind.as_str(), Value::Object(row))));
    }
    rows
}

/// Another tenant with one thing of each kind.
async fn stranger(hub: &Hub) -> (TenantId, Things) {
    let hubchat = &hub.wired.hubchat;
    let tenant = hubchat.create_tenant.run("other", "Other").await.expect("a tenant").id;
    let actor = Actor::system(tenant);
    let destination = "U00000000000000000000000000000777";
    let mut command = crate::hub::line_account(destination);
    command.external_id = Some(destination.to_owned());
    hub.sandbox.line().add_channel(hubchat_sandbox::LineChannel::new(
        destination,
        crate::hub::CHANNEL_SECRET,
        crate::hub::ACCESS_TOKEN,
    ));
    let connected = hubchat.connect_channel.run(&actor, &command).await.expect("an account");
    let mut webhook: Value =
        serde_json::from_slice(&body(&[text_event(&user(77), "77", "secret talk")])).expect("JSON");
    webhook["destination"] = json!(destination);
    let url = format!("{}{}", hub.url, connected.webhook_path);
    post(&hub.client, &url, webhook.to_string().into_bytes()).await;
    hub.drained().await;
    let made = hubchat.create_api_key.run(&actor, "theirs", &[Scope::Admin], None).await.expect("a key");
    let (key, key_id) = (made.key, made.record.id.to_string());
    let things = things_of(hub, key.expose_secret(), &key_id).await;
    (tenant, things)
}

/// One thing of each kind of the tenant of an admin key.
async fn things_of(hub: &Hub, key: &str, key_id: &str) -> Things {
    let client = Browser { token: Some(key.to_owned()), ..Browser::of(hub) };
    let get = async |path: &str| client.call_from(&[], Method::GET, path, None).await.body;
    let first = |page: &Value| page["items"][0]["id"].as_str().expect("a thing").to_owned();
    let conversations = get("/api/conversations").await;
    let conversation = first(&conversations);
    let messages = get(&format!("/api/conversations/{conversation}/messages")).await;
    let leads = get("/api/leads").await;
    let contact = leads["items"][0]["contactId"].as_str().expect("a contact").to_owned();
    let team = client.call_from(&[], Method::POST, "/api/teams", Some(json!({"name": "North"}))).await.body;
    let invited = json!({"name": "Theirs", "email": format!("{key_id}@team.example"), "role": "SALES"});
    let invited = client.call_from(&[], Method::POST, "/api/members", Some(invited)).await.body;
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    Things::from([
        ("conversations", conversation),
        ("messages", first(&messages)),
        ("leads", first(&leads)),
        ("contacts", contact),
        ("channels", first(&get("/api/channels").await)),
        ("teams", id(&team)),
        ("members", id(&invited)),
        ("keys", key_id.to_owned()),
        ("auth/sessions", MISSING.to_owned()),
    ])
}

/// Everyone who may ask, with their credential.
async fn everyone(hub: &Hub) -> Vec<(&'static str, Option<String>)> {
    let mut all = vec![("nobody", None), ("garbage", Some("not.a.token".to_owned()))];
    let mut owner = owner(hub).await;
    let (mut gone, gone_id) = member(hub, &mut owner, "gone@shop.example", "ADMIN").await;
    let mut people = vec![("OWNER", owner.token.clone())];
    for role in ["ADMIN", "MANAGER", "SALES", "VIEWER"] {
        let (browser, _) = member(hub, &mut owner, &format!("{}@shop.example", role.to_lowercase()), role).await;
        people.push((role, browser.token));
    }
    let disabled = json!({"status": "DISABLED"});
    owner.call(Method::PATCH, &format!("/api/members/{gone_id}"), Some(disabled)).await;
    gone.is_out().await;
    all.push(("disabled", gone.token));
    all.extend(people);
    for &scope in Scope::ALL {
        let made = hub.wired.hubchat.create_api_key.run(&hub.tenant, "matrix", &[scope], None).await.expect("a key");
        all.push((scope.as_str(), Some(made.key.expose_secret().to_owned())));
    }
    all
}

/// The answers to one operation, by everyone: `missing` or, when a thing of one's own could be read too, `own/missing`.
async fn row(
    hub: &Hub,
    operation: &Operation,
    everyone: &[(&'static str, Option<String>)],
    own: &Things,
    foreign: &Things,
) -> String {
    let has_target = operation.path.contains('{') || body_names_a_thing(&operation.id);
    let number = |who: usize| format!("{}-{who}", operation.id.to_lowercase());
    let thing = |things: &Things, kind: &str| -> String {
        let known = things.get(kind).cloned();
        known.unwrap_or_else(|| if operation.is_public { MISSING.to_owned() } else { panic!("a thing of {kind}") })
    };
    let answers = everyone.iter().enumerate().map(|(who, (name, credential))| async move {
        let credential = credential.as_deref();
        let missing = ask(hub, operation, credential, &|_| MISSING.to_owned(), &number(who)).await;
        if !has_target {
            return format!("{name}={}", missing.0);
        }
        let other = ask(hub, operation, credential, &|kind| thing(foreign, kind), &number(who)).await;
        let same = |text: &str| foreign.values().fold(text.to_owned(), |text, id| text.replace(id.as_str(), MISSING));
        assert_eq!(
            (missing.0, same(&missing.1)),
            (other.0, same(&other.1)),
            "{} {} by {name}: another tenant's thing is answered like one that is not there",
            operation.method,
            operation.path,
        );
        assert!(!other.1.contains("secret talk"));
        if operation.method != Method::GET || operation.is_public {
            return format!("{name}={}", missing.0);
        }
        let seen = ask(hub, operation, credential, &|kind| thing(own, kind), &number(who)).await;
        format!("{name}={}/{}", seen.0, missing.0)
    });
    let answers = join_all(answers).await;
    format!("{} {} {}", operation.method, operation.path, answers.join(" "))
}

/// Operations that name their target in the body.
fn body_names_a_thing(operation: &str) -> bool {
    matches!(operation, "sendMessage" | "uploadMedia" | "uploadImage" | "uploadPdf")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_answers_everyone_as_written_down() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let hub = Hub::start_with(kind, |config| {
            config.limits.public_requests_per_minute = 100_000;
            config.limits.sign_ins_per_minute = 100_000;
            config.limits.refused_credentials_per_minute = 100_000;
            config.limits.refused_webhooks_per_minute = 100_000;
        })
        .await;
        let url = format!("{}{}", hub.url, hub.webhook_path);
        post(&hub.client, &url, body(&[text_event(&user(1), "1", "hello")])).await;
        hub.drained().await;
        let made =
            hub.wired.hubchat.create_api_key.run(&hub.tenant, "own", &[Scope::Admin], None).await.expect("a key");
        let own = things_of(&hub, made.key.expose_secret(), &made.record.id.to_string()).await;
        let (other, foreign) = stranger(&hub).await;
        let everyone = everyone(&hub).await;
        let before = contents(&hub, other).await;
        assert!(before.len() >= 8, "the other tenant has one of each kind");

        let mut rows = String::new();
        for operation in &operations() {
            writeln!(rows, "{}", row(&hub, operation, &everyone, &own, &foreign).await).expect("text");
        }
        assert_eq!(contents(&hub, other).await, before, "nothing of the other tenant has changed");
        hub.stop().await;
        #[expect(clippy::disallowed_methods, reason = "a developer asks for the golden file by the environment")]
        if std::env::var("HUBCHAT_UPDATE_GOLDEN").is_ok() {
            std::fs::write(GOLDEN, &rows).expect("the golden file is written");
        }
        let golden = std::fs::read_to_string(GOLDEN).expect("the golden file");
        for (row, expected) in rows.lines().zip(golden.lines()) {
            assert_eq!(row, expected);
        }
        assert_eq!(rows.lines().count(), golden.lines().count(), "an operation came or went");
    }
}
