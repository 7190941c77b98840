//! A foreign service with a channel of its own: it embeds hubchat on SQLite, lets a customer write
//! through the channel, does the jobs and prints the inbox. Run it by `cargo run -p hubchat-example-embed`.

mod pigeon;

use std::sync::Arc;

use bytes::Bytes;
use hubchat_core::{
    Actor, AuditChain, ChannelRegistry, ConnectChannelCommand, Hubchat, PortSet, Ports, Settings, WebhookAddress,
    domain::ChannelType,
    port::{
        ChannelAdapter, ConversationFilter, ConversationOrder, Lane, PageRequest, ReserveRequest, Vault, WebhookHeaders,
    },
};
use hubchat_mailer::FileMailer;
use hubchat_media_objectstore::ObjectStoreMedia;
use hubchat_storage_seaorm::{Storage, StorageConfig};
use hubchat_system::{
    AeadVault, Argon2Hasher, EdDsaTokens, GovernorRateLimiter, HashCost, LocalBus, MasterKeys, OsRandomness,
    SystemClock, UuidV7Ids,
};
use secrecy::SecretString;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let names = inbox_after_one_message().await?;
    anyhow::ensure!(names == ["a pigeon came"], "unexpected inbox: {names:?}");
    Ok(())
}

/// Everything an embedder does, from an empty folder to the previews in the inbox.
async fn inbox_after_one_message() -> anyhow::Result<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let url = SecretString::from(format!("sqlite://{}", folder.path().join("embedded.db").display()));
    let keys = MasterKeys::generate()?;
    let access_tokens = Arc::new(EdDsaTokens::new(&keys));
    let vault: Arc<dyn Vault> = Arc::new(AeadVault::new(keys));
    let chain = Arc::new(AuditChain::new(Arc::clone(&vault)));
    let storage = Storage::connect(&StorageConfig { url, migration_url: None, max_connections: 4 }, chain).await?;
    storage.migrate().await?;
    let bus = Arc::new(LocalBus::new());
    storage.announce_on(bus.clone());
    let channels: [Arc<dyn ChannelAdapter>; 1] = [Arc::new(pigeon::PigeonPost)];
    let ports = Ports::from(PortSet {
        repository: Arc::new(storage.clone()),
        directory: Arc::new(storage.clone()),
        access: Arc::new(storage.clone()),
        socket_tickets: Arc::new(storage.clone()),
        bus,
        passwords: Arc::new(Argon2Hasher::new(HashCost::FLOOR)?),
        access_tokens,
        mailer: Arc::new(FileMailer::new(folder.path().join("mail"), "loft@pigeons.example".parse()?)),
        intake: Arc::new(storage.intake()),
        queue: Arc::new(storage.queue()),
        channels: ChannelRegistry::new(channels),
        vault,
        media_files: Arc::new(ObjectStoreMedia::local(folder.path())?),
        rate_limiter: Arc::new(GovernorRateLimiter::new()),
        clock: Arc::new(SystemClock),
        ids: Arc::new(UuidV7Ids::new()),
        randomness: Arc::new(OsRandomness),
    });
    let hubchat = Hubchat::new(ports, &Settings::default());

    let actor = Actor::system(hubchat.create_tenant.run("loft", "The Loft").await?.id);
    let connect = ConnectChannelCommand {
        channel_type: ChannelType::Webchat,
        name: "Pigeons".to_owned(),
        secrets: vec![("ring".to_owned(), SecretString::from("blue"))],
        external_id: Some("loft-1".to_owned()),
        idempotency_key: None,
    };
    let connected = hubchat.connect_channel.run(&actor, &connect).await?;
    let address = WebhookAddress::Key(&connected.account.webhook_key);
    let headers = WebhookHeaders::new([("ring", b"blue".as_slice())]);
    let body = Bytes::from_static(br#"{"from": "Noi", "text": "a pigeon came"}"#);
    hubchat.accept_webhook.run(ChannelType::Webchat, address, &headers, &body).await?;

    let queue = &hubchat.ports.queue;
    let lease = std::time::Duration::from_secs(30);
    let request = ReserveRequest { lane: Lane::Inbound, max_jobs: 10, max_per_key: 10, lease };
    let jobs = queue.reserve(request).await?;
    let done: Vec<_> = hubchat.jobs.run_batch(&jobs).await.into_iter().map(|(lease, _)| lease).collect();
    queue.complete(&done).await?;

    let page = PageRequest { after: None, limit: 10 };
    let inbox =
        hubchat.inbox.conversations(&actor, &ConversationFilter::default(), ConversationOrder::Latest, page).await?;
    Ok(inbox.items.into_iter().filter_map(|row| row.conversation.last_message_preview).collect())
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn an_embedded_hubchat_turns_a_message_into_a_conversation() {
        assert_eq!(super::inbox_after_one_message().await.expect("it works"), ["a pigeon came"]);
    }
}
