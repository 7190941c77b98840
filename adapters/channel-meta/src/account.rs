//! What an account of Meta's has, by hubchat's names for it.

/// The token of the page, of the Instagram account or of the system user.
pub(crate) const ACCESS_TOKEN: &str = "access_token";
/// The secret of an app of the account's own.
pub(crate) const APP_SECRET: &str = "app_secret";
/// The verify token of an app of the account's own.
pub(crate) const VERIFY_TOKEN: &str = "verify_token";
/// The page that an Instagram account is linked to: it was connected by Facebook's log-in.
pub(crate) const PAGE_ID: &str = "page_id";
/// The WhatsApp Business account that a number belongs to.
pub(crate) const WABA_ID: &str = "waba_id";

/// An id of Meta's: digits, for it becomes part of an address.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The id of an object that belongs to another, such as a comment's: digits and underscores.
pub(crate) fn is_object_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_digit() || byte == b'_';
    !text.is_empty() && text.len() <= 128 && text.bytes().all(plain)
}
