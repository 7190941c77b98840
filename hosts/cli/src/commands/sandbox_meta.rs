//! The sandbox's accounts at the fake Meta.

use std::net::SocketAddr;

use anyhow::Context;
use hubchat_core::{Actor, ConnectChannelCommand, Hubchat, domain::ChannelType};
use hubchat_sandbox::{InstagramAccount, MetaApp, MetaObject, MetaPage, Sandbox, WhatsappNumber, WhatsappTemplate};
use hubchat_wiring::MetaSettings;
use secrecy::SecretString;

use super::sandbox::connected;

/// The ids that the sandbox's customers write to when nothing else is said.
const PAGE: &str = "100200300400500";
const INSTAGRAM: &str = "17841400000000001";
const NUMBER: &str = "106540352240001";
const BUSINESS: &str = "102000000000321";
/// The sandbox's own credentials: good for its fake provider only.
const PAGE_TOKEN: &str = "sandbox-page-token";
const INSTAGRAM_TOKEN: &str = "sandbox-instagram-token";
const NUMBER_TOKEN: &str = "sandbox-number-token";

/// Messages that may be sent when the customer has been silent for a day.
const TEMPLATES: [(&str, &str, &str); 3] = [
    ("order_update", "en", "Hello {{1}}, your order {{2}} is on its way."),
    ("order_update", "th", "สวัสดีค่ะคุณ {{1}} คำสั่งซื้อ {{2}} ของคุณกำลังจัดส่งค่ะ"),
    ("follow_up", "th", "สวัสดีค่ะคุณ {{1}} ยังสนใจสินค้าอยู่ไหมคะ ทางร้านพร้อมช่วยเลือกค่ะ"),
];

/// Points the configuration at the fake Meta and its app.
pub(super) fn point_at(settings: &mut MetaSettings, sandbox: &str) {
    let app = MetaApp::default();
    sandbox.clone_into(&mut settings.graph_url);
    sandbox.clone_into(&mut settings.instagram_url);
    settings.app_id = Some(app.app_id);
    settings.app_secret = Some(app.app_secret);
    settings.verify_token = Some(SecretString::from(app.verify_token));
}

/// Sees to it that there is a page, an Instagram account and a WhatsApp number, connected.
pub(super) async fn furnish(
    sandbox: &Sandbox,
    hub: &Hubchat,
    actor: &Actor,
    hubchat: SocketAddr,
) -> anyhow::Result<()> {
    let meta = sandbox.meta();
    meta.add_page(MetaPage::new(PAGE, PAGE_TOKEN));
    meta.add_instagram(InstagramAccount::new(INSTAGRAM, INSTAGRAM_TOKEN));
    meta.add_number(WhatsappNumber::new(NUMBER, BUSINESS, NUMBER_TOKEN));
    for (name, language, text) in TEMPLATES {
        meta.add_template(BUSINESS, WhatsappTemplate::new(name, language, text));
    }
    // hubchat does not listen yet, so the hand-shake is left out.
    for (object, channel) in
        [(MetaObject::Page, "facebook"), (MetaObject::Instagram, "instagram"), (MetaObject::Whatsapp, "whatsapp")]
    {
        meta.set_callback_unchecked(object, &format!("http://{hubchat}/webhooks/{channel}"));
    }
    let accounts = [
        (ChannelType::Facebook, "Sandbox page", PAGE, PAGE_TOKEN),
        (ChannelType::Instagram, "Sandbox Instagram", INSTAGRAM, INSTAGRAM_TOKEN),
        (ChannelType::Whatsapp, "Sandbox WhatsApp", NUMBER, NUMBER_TOKEN),
    ];
    for (channel_type, name, id, token) in accounts {
        let mut secrets = vec![("access_token".to_owned(), SecretString::from(token))];
        if channel_type == ChannelType::Whatsapp {
            secrets.push(("waba_id".to_owned(), SecretString::from(BUSINESS)));
        }
        let command = ConnectChannelCommand {
            channel_type,
            name: name.to_owned(),
            secrets,
            external_id: Some(id.to_owned()),
            idempotency_key: None,
        };
        let account = connected(hub, actor, &command, id).await.with_context(|| name.to_owned())?;
        // A sandbox forgets its subscriptions when it ends.
        hub.check_channel.run(actor.tenant_id(), account.id, true).await?;
    }
    Ok(())
}
