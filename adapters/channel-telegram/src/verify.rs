//! The proof that a webhook is Telegram's: the secret token that setWebhook told
//! (<https://core.telegram.org/bots/api#setwebhook>). The body is not signed.

use aws_lc_rs::{constant_time, hmac};
use hubchat_ports::{ChannelSecrets, VerifyError, WebhookHeaders};
use secrecy::{ExposeSecret, SecretString};

use crate::bot::token;

/// The header, in lower case.
const HEADER: &str = "x-telegram-bot-api-secret-token";

/// The secret token of a bot's webhook. It follows from the bot's token, so there is nothing more to keep or
/// to type in, a new token has a new one, and whoever sees it learns nothing of the token.
#[must_use]
pub fn webhook_secret(bot_token: &SecretString) -> SecretString {
    let key = hmac::Key::new(hmac::HMAC_SHA256, bot_token.expose_secret().as_bytes());
    let mut secret = String::with_capacity(64);
    for byte in hmac::sign(&key, b"hubchat telegram webhook").as_ref() {
        secret.extend([byte >> 4, byte & 0xf].into_iter().filter_map(|digit| char::from_digit(digit.into(), 16)));
    }
    SecretString::from(secret)
}

pub(crate) fn verify(headers: &WebhookHeaders, secrets: &ChannelSecrets) -> Result<(), VerifyError> {
    let token = token(secrets).ok_or(VerifyError::NoSecret)?;
    let told = headers.only(HEADER).filter(|told| !told.is_empty()).ok_or(VerifyError::Missing)?;
    let expected = webhook_secret(token);
    constant_time::verify_slices_are_equal(told, expected.expose_secret().as_bytes()).map_err(|_| VerifyError::Mismatch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{TOKEN, secrets};

    fn check(values: &[&[u8]], secrets: &ChannelSecrets) -> Result<(), VerifyError> {
        verify(&WebhookHeaders::new(values.iter().map(|value| ("X-Telegram-Bot-Api-Secret-Token", *value))), secrets)
    }

    #[test]
    fn only_the_secret_itself_verifies() {
        let good = webhook_secret(&SecretString::from(TOKEN));
        let good = good.expose_secret();
        assert!(good.len() <= 256 && good.bytes().all(|byte| byte.is_ascii_alphanumeric()), "as setWebhook takes it");
        let good = good.as_bytes();
        assert_eq!(check(&[good], &secrets(TOKEN)), Ok(()));
        assert_eq!(check(&[], &secrets(TOKEN)), Err(VerifyError::Missing));
        assert_eq!(check(&[b""], &secrets(TOKEN)), Err(VerifyError::Missing));
        assert_eq!(check(&[good, good], &secrets(TOKEN)), Err(VerifyError::Missing));
        let mut cases = 0;
        for at in 0..good.len() {
            for bit in 0..3 {
                let mut changed = good.to_vec();
                changed[at] ^= 1 << bit;
                assert_eq!(check(&[&changed], &secrets(TOKEN)), Err(VerifyError::Mismatch));
                cases += 1;
            }
            assert!(check(&[&good[..at]], &secrets(TOKEN)).is_err());
            cases += 1;
        }
        for other in [good.to_ascii_uppercase(), [good, b" "].concat(), [b" ", good].concat(), TOKEN.into()] {
            assert_eq!(check(&[&other], &secrets(TOKEN)), Err(VerifyError::Mismatch));
        }
        assert!(cases >= 200, "{cases} cases");
        assert_eq!(check(&[good], &secrets("7000000002:AAfixture")), Err(VerifyError::Mismatch));
    }

    #[test]
    fn without_a_token_nothing_verifies() {
        for none in ["", "no-colon", ":key", "7000000001:", "7000000001:a/b", "7000000001:a b", "7x:key"] {
            let empty = webhook_secret(&SecretString::from(none));
            assert_eq!(
                check(&[empty.expose_secret().as_bytes()], &secrets(none)),
                Err(VerifyError::NoSecret),
                "{none}"
            );
        }
        assert_eq!(check(&[b"x"], &ChannelSecrets::default()), Err(VerifyError::NoSecret));
    }
}
