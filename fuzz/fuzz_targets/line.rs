//! Webhooks of LINE.
#![no_main]

use std::sync::LazyLock;

use hubchat_channel_line::{LineAdapter, LineConfig};

static ADAPTER: LazyLock<LineAdapter> =
    LazyLock::new(|| LineAdapter::new(LineConfig::default(), hubchat_fuzz::client()));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hubchat_fuzz::take_apart(&*ADAPTER, bytes));
