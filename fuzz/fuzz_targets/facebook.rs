//! Webhooks of Messenger and page comments.
#![no_main]

use std::sync::LazyLock;

use hubchat_channel_meta::{FacebookAdapter, MetaConfig};

static ADAPTER: LazyLock<FacebookAdapter> =
    LazyLock::new(|| FacebookAdapter::new(MetaConfig::default(), hubchat_fuzz::client()));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hubchat_fuzz::take_apart(&*ADAPTER, bytes));
