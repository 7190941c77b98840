//! The proof that a webhook is Meta's, and that a subscription is made by whoever owns the app
//! (<https://developers.facebook.com/docs/graph-api/webhooks/getting-started>).

use aws_lc_rs::{constant_time, hmac};
use hubchat_ports::{ChannelSecrets, VerifyError, WebhookHeaders};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    account::{APP_SECRET, VERIFY_TOKEN},
    config::MetaApp,
};

/// The header, in lower case. That of SHA-1 beside it proves too little.
const HEADER: &str = "x-hub-signature-256";

/// Which secrets of the app sign a channel's webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signer {
    /// The app.
    App,
    /// The app, or the Instagram app beside it.
    InstagramToo,
}

/// Checks a signature over the exact bytes with the secrets of the app.
pub(crate) fn verify_app(
    headers: &WebhookHeaders,
    body: &[u8],
    app: Option<&MetaApp>,
    signer: Signer,
) -> Result<(), VerifyError> {
    let app = app.ok_or(VerifyError::NoSecret)?;
    let instagram = app.instagram_app_secret.as_ref().filter(|_| signer == Signer::InstagramToo);
    let secrets = [Some(&app.app_secret), app.former_app_secret.as_ref(), instagram];
    check(headers, body, secrets.into_iter().flatten())
}

/// Checks a signature with the account's own app secret, or with the app's when it has none.
pub(crate) fn verify(
    headers: &WebhookHeaders,
    body: &[u8],
    secrets: &ChannelSecrets,
    app: Option<&MetaApp>,
    signer: Signer,
) -> Result<(), VerifyError> {
    match secrets.get(APP_SECRET) {
        Some(own) => check(headers, body, std::iter::once(own)),
        None => verify_app(headers, body, app, signer),
    }
}

fn check<'a>(
    headers: &WebhookHeaders,
    body: &[u8],
    secrets: impl Iterator<Item = &'a SecretString>,
) -> Result<(), VerifyError> {
    let mut secrets = secrets.filter(|secret| !secret.expose_secret().is_empty()).peekable();
    if secrets.peek().is_none() {
        return Err(VerifyError::NoSecret);
    }
    let told = headers.only(HEADER).and_then(decode).ok_or(VerifyError::Missing)?;
    let mut matches = false;
    for secret in secrets {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
        let expected = hmac::sign(&key, body);
        matches |= constant_time::verify_slices_are_equal(&told, expected.as_ref()).is_ok();
    }
    if matches { Ok(()) } else { Err(VerifyError::Mismatch) }
}

/// The 32 bytes behind `sha256=` and 64 lower-case digits.
fn decode(value: &[u8]) -> Option<[u8; 32]> {
    let digits = value.strip_prefix(b"sha256=")?;
    if digits.len() != 64 {
        return None;
    }
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// Whether the token of a hand-shake is the one that was configured, for the account or else for the app.
pub(crate) fn accepts_handshake(told: &str, secrets: &ChannelSecrets, app: Option<&MetaApp>) -> bool {
    let known = secrets.get(VERIFY_TOKEN).or_else(|| app.map(|app| &app.verify_token));
    known.is_some_and(|known| {
        let known = known.expose_secret().as_bytes();
        !known.is_empty() && constant_time::verify_slices_are_equal(told.as_bytes(), known).is_ok()
    })
}

/// The proof that a call comes from the app and not from someone who found the token
/// (<https://developers.facebook.com/docs/graph-api/guides/secure-requests>).
pub(crate) fn appsecret_proof(app_secret: &SecretString, token: &SecretString) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, app_secret.expose_secret().as_bytes());
    crate::keys::hex(hmac::sign(&key, token.expose_secret().as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{app, signed, webhook};

    fn told(values: &[&[u8]]) -> WebhookHeaders {
        WebhookHeaders::new(values.iter().map(|value| ("X-Hub-Signature-256", *value)))
    }

    fn check_app(values: &[&[u8]], body: &[u8]) -> Result<(), VerifyError> {
        verify_app(&told(values), body, Some(&app()), Signer::InstagramToo)
    }

    #[test]
    fn only_the_signature_over_these_bytes_verifies() {
        let body = webhook("messenger/text.json");
        let good = signed("meta-test-app-secret", &body);
        assert_eq!(check_app(&[good.as_bytes()], &body), Ok(()));
        let mut cases = 0;
        for at in 0..good.len() {
            let mut changed = good.clone().into_bytes();
            changed[at] ^= 1;
            assert!(check_app(&[&changed], &body).is_err(), "{at}");
            assert!(check_app(&[&good.as_bytes()[..at]], &body).is_err(), "{at}");
            cases += 2;
        }
        for at in (0..body.len()).step_by(7) {
            let mut changed = body.clone();
            changed[at] ^= 1;
            assert_eq!(check_app(&[good.as_bytes()], &changed), Err(VerifyError::Mismatch), "{at}");
            cases += 1;
        }
        let upper = good.to_ascii_uppercase().replace("SHA256", "sha256");
        for bad in [upper.as_str(), &good[7..], &format!(" {good}"), &format!("{good}0"), "sha256=", ""] {
            assert_eq!(check_app(&[bad.as_bytes()], &body), Err(VerifyError::Missing), "{bad}");
        }
        assert!(cases >= 200, "{cases} cases");
        assert_eq!(check_app(&[], &body), Err(VerifyError::Missing));
        assert_eq!(check_app(&[good.as_bytes(), good.as_bytes()], &body), Err(VerifyError::Missing));
    }

    #[test]
    fn a_secret_that_was_changed_counts_until_it_is_taken_out() {
        let body = webhook("messenger/text.json");
        let of_former = signed("former-secret", &body);
        assert_eq!(check_app(&[of_former.as_bytes()], &body), Ok(()));
        let without = MetaApp { former_app_secret: None, ..app() };
        let result = verify_app(&told(&[of_former.as_bytes()]), &body, Some(&without), Signer::App);
        assert_eq!(result, Err(VerifyError::Mismatch));
        let of_instagram = signed("instagram-secret", &body);
        assert_eq!(check_app(&[of_instagram.as_bytes()], &body), Ok(()));
        let headers = told(&[of_instagram.as_bytes()]);
        assert_eq!(verify_app(&headers, &body, Some(&app()), Signer::App), Err(VerifyError::Mismatch));
    }

    #[test]
    fn an_accounts_own_app_counts_alone() {
        let body = webhook("messenger/text.json");
        let own = ChannelSecrets::new([(APP_SECRET.to_owned(), SecretString::from("own"))]);
        let by = |secret: &str| {
            let signature = signed(secret, &body);
            verify(&told(&[signature.as_bytes()]), &body, &own, Some(&app()), Signer::App)
        };
        assert_eq!(by("own"), Ok(()));
        assert_eq!(by("meta-test-app-secret"), Err(VerifyError::Mismatch));
        let none = ChannelSecrets::default();
        let signature = signed("", &body);
        let without = verify(&told(&[signature.as_bytes()]), &body, &none, None, Signer::App);
        assert_eq!(without, Err(VerifyError::NoSecret));
    }

    #[test]
    fn the_token_of_a_hand_shake_is_the_configured_one() {
        let none = ChannelSecrets::default();
        assert!(accepts_handshake("verify-me", &none, Some(&app())));
        for bad in ["", "verify-m", "verify-mf", "verify-me ", "VERIFY-ME"] {
            assert!(!accepts_handshake(bad, &none, Some(&app())), "{bad}");
        }
        assert!(!accepts_handshake("", &none, None));
        let own = ChannelSecrets::new([(VERIFY_TOKEN.to_owned(), SecretString::from("mine"))]);
        assert!(accepts_handshake("mine", &own, Some(&app())));
        assert!(!accepts_handshake("verify-me", &own, Some(&app())));
    }
}
