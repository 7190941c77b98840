//! temporary
use hubchat_core::{*, domain::*};
use secrecy::{ExposeSecret, SecretString};
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = hubchat_wiring::Config::load(None, &hubchat_wiring::Environment::of_process())?;
    let w = hubchat_wiring::wire(&config).await?;
    let t = w.hubchat.create_tenant.run("shop", "Shop").await?;
    let a = Actor::system(t.id);
    let k = w.hubchat.create_api_key.run(&a, "k", &[Scope::Admin]).await?;
    println!("{}", k.key.expose_secret());
    let c = w.hubchat.connect_channel.run(&a, &ConnectChannelCommand { channel_type: ChannelType::Line, name: "Shop".into(), secrets: vec![("channel_secret".into(), SecretString::from("s3cret")), ("access_token".into(), SecretString::from("tok"))], external_id: Some("Ubot".into()), idempotency_key: None }).await?;
    println!("{}", c.webhook_path);
    w.storage.close().await;
    Ok(())
}
