//! What each command does: build hubchat, call one use case, answer.

mod audit;
mod channel;
mod key;
mod keys;
mod look_at;
mod member;
mod privacy;
mod queue;
mod sandbox;
mod sandbox_meta;
mod settings;
mod team;
mod tenant;
mod up;

use anyhow::Context;
use hubchat_core::Actor;
use hubchat_wiring::{Config, Environment, Wired, init_telemetry, wire};
use serde_json::json;

use crate::{
    Answer, Arguments,
    arguments::{Command, SandboxChannel},
};

/// Carries a command out.
pub async fn execute(arguments: Arguments) -> anyhow::Result<Answer> {
    let mut config = Config::load(arguments.config.as_deref(), &Environment::of_process())?;
    match arguments.command {
        Command::Openapi => {
            let text = hubchat_http::openapi_document();
            let document = serde_json::from_str(text).context("the document cannot be read")?;
            return Ok(Answer::new([text.to_owned()], document));
        }
        Command::Sandbox(SandboxChannel::Line(line)) => return sandbox::line(line).await,
        Command::Sandbox(SandboxChannel::Telegram(telegram)) => return sandbox::telegram(telegram).await,
        Command::Sandbox(SandboxChannel::Messenger(said)) => return sandbox::meta("messenger", said).await,
        Command::Sandbox(SandboxChannel::Comment(said)) => return sandbox::meta("comment", said).await,
        Command::Sandbox(SandboxChannel::Instagram(said)) => return sandbox::meta("instagram", said).await,
        Command::Sandbox(SandboxChannel::Whatsapp(said)) => return sandbox::meta("whatsapp", said).await,
        Command::Up(up) => return Box::pin(up::run(&mut config, &up, arguments.json)).await,
        _ => {}
    }
    init_telemetry(&config)?;
    let wired = wire(&config).await?;
    let answer = match arguments.command {
        Command::Migrate => Ok(Answer::new(["the schema is up to date".to_owned()], json!({"migrated": true}))),
        Command::Tenant(command) => tenant::tenant(&wired, command).await,
        Command::Key(command) => key::key(&wired, command).await,
        Command::Settings(command) => settings::settings(&wired, command).await,
        Command::Member(command) => member::member(&wired, command).await,
        Command::Team(command) => team::team(&wired, command).await,
        Command::Channel(command) => channel::channel(&wired, command).await,
        Command::Keys(command) => keys::keys(&wired, command).await,
        Command::Queue(command) => queue::queue(&wired, command).await,
        Command::Contact(command) => privacy::contact(&wired, command).await,
        Command::Retention(command) => privacy::retention(&wired, command).await,
        Command::Export(command) => privacy::export(&wired, command).await,
        Command::Audit(command) => audit::audit(&wired, command).await,
        Command::Openapi | Command::Sandbox(_) | Command::Up(_) => Err(anyhow::anyhow!("handled above")),
    };
    wired.storage.close().await;
    answer
}

/// The operator at the machine, for the tenant of a slug.
async fn operator(wired: &Wired, slug: &str) -> anyhow::Result<Actor> {
    let tenant = wired.hubchat.create_tenant.find(slug).await.with_context(|| format!("tenant {slug}"))?;
    Ok(Actor::system(tenant.id))
}
