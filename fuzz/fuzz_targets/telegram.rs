//! Webhooks of Telegram.
#![no_main]

use std::sync::LazyLock;

use hubchat_channel_telegram::{TelegramAdapter, TelegramConfig};

static ADAPTER: LazyLock<TelegramAdapter> =
    LazyLock::new(|| TelegramAdapter::new(TelegramConfig::default(), hubchat_fuzz::client()));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hubchat_fuzz::take_apart(&*ADAPTER, bytes));
