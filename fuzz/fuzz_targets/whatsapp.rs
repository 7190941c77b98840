//! Webhooks of WhatsApp.
#![no_main]

use std::sync::LazyLock;

use hubchat_channel_meta::{MetaConfig, WhatsappAdapter};

static ADAPTER: LazyLock<WhatsappAdapter> =
    LazyLock::new(|| WhatsappAdapter::new(MetaConfig::default(), hubchat_fuzz::client()));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hubchat_fuzz::take_apart(&*ADAPTER, bytes));
