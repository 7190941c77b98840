//! Webhooks of Instagram.
#![no_main]

use std::sync::LazyLock;

use hubchat_channel_meta::{InstagramAdapter, MetaConfig};

static ADAPTER: LazyLock<InstagramAdapter> =
    LazyLock::new(|| InstagramAdapter::new(MetaConfig::default(), hubchat_fuzz::client()));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hubchat_fuzz::take_apart(&*ADAPTER, bytes));
