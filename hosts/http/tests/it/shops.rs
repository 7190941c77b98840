//! A whole hubchat on an embedded database and a folder, behind a real socket, with two shops in it; and a
//! client that may send what no decent client would.

use std::{fmt::Write as _, net::SocketAddr, path::Path, pin::Pin};

use hubchat_core::{
    Actor, Hubchat,
    domain::{
        AccountStatus, ChannelAccount, ChannelAccountRecord, ChannelType, Contact, ContactIdentity, Conversation,
        IdentityKey, Lead, Scope, TenantId, ThreadKey, ThreadKind,
    },
    port::{DataKey, KnownIdentity, SealedSecrets, StoredAccount, WrappedKey},
};
use hubchat_http::{HttpConfig, run};
use hubchat_wiring::{Config, wire};
use secrecy::ExposeSecret;
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

use crate::harness::now;

/// A tenant with a customer and a key.
pub(crate) struct Shop {
    pub(crate) tenant: TenantId,
    pub(crate) conversation: String,
    pub(crate) key: String,
}

/// The whole. Its server ends with the test.
pub(crate) struct Shops {
    pub(crate) ours: Shop,
    pub(crate) theirs: Shop,
    pub(crate) hubchat: Hubchat,
    address: SocketAddr,
    folder: TempDir,
}

impl Shops {
    pub(crate) fn open() -> Pin<Box<impl Future<Output = Self>>> {
        Self::open_with(|_| ())
    }

    /// On the heap: what a hubchat is made of would fill the test's own frame.
    pub(crate) fn open_with(change: impl FnOnce(&mut HttpConfig)) -> Pin<Box<impl Future<Output = Self>>> {
        Box::pin(Self::begin(change))
    }

    async fn begin(change: impl FnOnce(&mut HttpConfig)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        let wired = Box::pin(wire(&config)).await.expect("a hubchat");
        let hubchat = wired.hubchat;
        let (ours, theirs) = (shop(&hubchat, "ours").await, shop(&hubchat, "theirs").await);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut http = HttpConfig::from(&config);
        change(&mut http);
        tokio::spawn(run(listener, hubchat.clone(), http, None, CancellationToken::new()));
        Self { ours, theirs, hubchat, address, folder }
    }

    /// Files that are kept, and those that are being written.
    pub(crate) fn files(&self) -> usize {
        count(&self.folder.path().join("media"))
    }

    /// Sends the head and then the pieces, and reads the answer meanwhile.
    pub(crate) async fn call(&self, head: &str, pieces: Vec<Vec<u8>>) -> Reply {
        let stream = TcpStream::connect(self.address).await.expect("a connection");
        let (mut reading, mut writing) = stream.into_split();
        let head = format!("{head}\r\nhost: test\r\nconnection: close\r\n\r\n");
        let sending = tokio::spawn(async move {
            // The server may close before it has read all: that is what is tested.
            if writing.write_all(head.as_bytes()).await.is_ok() {
                for piece in pieces {
                    if writing.write_all(&piece).await.is_err() {
                        break;
                    }
                }
            }
            writing
        });
        let mut bytes = Vec::new();
        let _ = reading.read_to_end(&mut bytes).await;
        drop(sending.await.expect("no panic"));
        Reply::parse(&bytes)
    }

    /// Sends the head and a part of the body, and hangs up.
    pub(crate) async fn hang_up(&self, head: &str, body: &[u8]) {
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        let head = format!("{head}\r\nhost: test\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("a connection");
        stream.write_all(body).await.expect("a connection");
    }

    /// Calls as an owner would: with a key of our shop that may do everything.
    pub(crate) async fn as_admin(&self, method: &str, path: &str, headers: &str, body: Option<&Value>) -> Reply {
        let actor = Actor::system(self.ours.tenant);
        let key = self.hubchat.create_api_key.run(&actor, "admin", &[Scope::Admin], None).await.expect("a key").key;
        self.as_key(key.expose_secret(), method, path, headers, body).await
    }

    /// Calls with a key; each of the headers ends its line.
    pub(crate) async fn as_key(
        &self,
        key: &str,
        method: &str,
        path: &str,
        headers: &str,
        body: Option<&Value>,
    ) -> Reply {
        let body = body.map(Value::to_string).unwrap_or_default().into_bytes();
        let head = format!(
            "{method} {path} HTTP/1.1\r\n{headers}authorization: Bearer {key}\r\ncontent-type: application/json\r\n\
             content-length: {}",
            body.len(),
        );
        self.call(&head, vec![body]).await
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(&format!("GET {path} HTTP/1.1"), Vec::new()).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Reply {
        let body = body.to_string().into_bytes();
        let head = format!(
            "POST {path} HTTP/1.1\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}",
            self.ours.key,
            body.len(),
        );
        self.call(&head, vec![body]).await
    }

    /// Sends a form as our shop.
    pub(crate) async fn upload(&self, path: &str, form: &Form) -> Reply {
        let body = form.body();
        self.call(&Form::head(path, &self.ours.key, Some(body.len())), vec![body]).await
    }
}

fn count(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
}

async fn shop(hubchat: &Hubchat, slug: &str) -> Shop {
    let tenant = hubchat.create_tenant.run(slug, slug).await.expect("a tenant").id;
    let scopes = [Scope::MessagesSend, Scope::InboxRead];
    let key = hubchat.create_api_key.run(&Actor::system(tenant), "test", &scopes, None).await.expect("a key");
    let ids = &hubchat.ports.ids;
    let account = ChannelAccountRecord {
        id: ids.next_uuid().into(),
        tenant_id: tenant,
        channel_type: ChannelType::Line,
        name: "Shop".to_owned(),
        external_id: Some(format!("U{slug}")),
        webhook_key: format!("key-{slug}"),
        status: AccountStatus::Active,
        status_reason: None,
        last_checked_at: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    let source = (account.id, ChannelType::Line);
    let contact = Contact::first_seen(ids.next_uuid().into(), tenant, now());
    let person = IdentityKey { account_id: account.id, external_user_id: "Uperson".to_owned() };
    let identity = ContactIdentity::first_seen(ids.next_uuid().into(), &contact, person, ChannelType::Line, now());
    let lead = Lead::open(ids.next_uuid().into(), tenant, contact.record().id, source, now());
    let thread = ThreadKey { account_id: account.id, external_thread_id: "Uperson".to_owned() };
    let conversation =
        Conversation::begin(ids.next_uuid().into(), (thread, ThreadKind::Direct), &identity, lead.record().id, now());
    let session = hubchat.ports.repository.begin(tenant).await.expect("a session");
    let data_key = WrappedKey { tenant_id: tenant, version: 1, wrapped: "wrapped".to_owned() };
    let first = DataKey { key: data_key.clone(), created_at: now(), retired_at: None };
    session.data_keys().insert(&first).await.expect("a data key");
    let sealed = SealedSecrets("sealed".to_owned());
    let account = StoredAccount { account: ChannelAccount::connect(account), sealed, key: data_key };
    session.accounts().insert(&account).await.expect("an account");
    session.contacts().insert_many(&[KnownIdentity { identity, contact }]).await.expect("a contact");
    session.leads().insert_many(&[lead]).await.expect("a lead");
    session.conversations().insert_many(std::slice::from_ref(&conversation)).await.expect("a conversation");
    session.commit().await.expect("all of it");
    Shop { tenant, conversation: conversation.record().id.to_string(), key: key.key.expose_secret().to_owned() }
}

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer with a head");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("a head of text");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Self { status, head: head.to_lowercase(), body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The value of a header; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        self.head.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_default()
    }

    /// Status and code of a problem.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert!(self.head.contains("content-type: application/problem+json"), "{}", self.head);
        (self.status, self.json()["code"].as_str().expect("a code").to_owned())
    }
}

/// A form with one file, unless a test wants it otherwise.
#[derive(Clone)]
pub(crate) struct Form {
    pub(crate) conversation: Option<String>,
    /// As it stands in the part's `Content-Disposition`, quoting and all.
    pub(crate) file_name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
    /// What follows the file's part.
    pub(crate) end: String,
}

impl Form {
    pub(crate) fn new(shop: &Shop, name: &str, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            conversation: Some(shop.conversation.clone()),
            file_name: format!("filename=\"{name}\""),
            content_type: content_type.to_owned(),
            bytes: bytes.into(),
            end: "\r\n--edge--\r\n".to_owned(),
        }
    }

    pub(crate) fn head(path: &str, key: &str, length: Option<usize>) -> String {
        let framing = length.map_or("transfer-encoding: chunked".to_owned(), |n| format!("content-length: {n}"));
        format!(
            "POST {path} HTTP/1.1\r\nauthorization: Bearer {key}\r\n\
             content-type: multipart/form-data; boundary=edge\r\n{framing}"
        )
    }

    /// The body up to the file's first byte.
    pub(crate) fn beginning(&self) -> String {
        let mut text = String::new();
        if let Some(id) = &self.conversation {
            let disposition = "content-disposition: form-data; name=\"conversationId\"";
            write!(text, "--edge\r\n{disposition}\r\n\r\n{id}\r\n").expect("text can be written");
        }
        let (name, kind) = (&self.file_name, &self.content_type);
        let disposition = format!("content-disposition: form-data; name=\"file\"; {name}");
        write!(text, "--edge\r\n{disposition}\r\ncontent-type: {kind}\r\n\r\n").expect("text can be written");
        text
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        [self.beginning().as_bytes(), &self.bytes, self.end.as_bytes()].concat()
    }
}
