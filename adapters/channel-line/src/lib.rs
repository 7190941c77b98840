//! The LINE Messaging API behind hubchat's channel adapter.
