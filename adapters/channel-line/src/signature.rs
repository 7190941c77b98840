//! The signature of a webhook: base64 of HMAC-SHA256 over the raw body under the channel secret
//! (<https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/>).

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hubchat_ports::{ChannelSecrets, VerifyError, WebhookHeaders};
use secrecy::ExposeSecret;

/// The header, in lower case; LINE says not to rely on its case.
pub(crate) const HEADER: &str = "x-line-signature";
/// The secret's name.
pub(crate) const CHANNEL_SECRET: &str = "channel_secret";
const SHA256_BYTES: usize = 32;

pub(crate) fn verify(headers: &WebhookHeaders, body: &[u8], secrets: &ChannelSecrets) -> Result<(), VerifyError> {
    let secret = secrets.get(CHANNEL_SECRET).ok_or(VerifyError::NoSecret)?;
    let told = headers.only(HEADER).ok_or(VerifyError::Missing)?;
    // Only the one canonical writing of 32 bytes is a signature: another writing of the same bytes would
    // let a replay look new.
    let mac = STANDARD.decode(told).map_err(|_| VerifyError::Missing)?;
    if mac.len() != SHA256_BYTES {
        return Err(VerifyError::Missing);
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
    hmac::verify(&key, body, &mac).map_err(|_| VerifyError::Mismatch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{secrets, signatures, webhook};
    use secrecy::SecretString;

    fn check(values: &[&[u8]], body: &[u8]) -> Result<(), VerifyError> {
        let headers = WebhookHeaders::new(values.iter().map(|value| ("X-Line-Signature", *value)));
        verify(&headers, body, &secrets())
    }

    #[test]
    fn lines_own_vector_and_every_fixture_verify() {
        let known = signatures();
        let vector = &known["officialVector"];
        let (body, signature) = (vector["body"].as_str().unwrap(), vector["signature"].as_str().unwrap());
        assert_eq!(check(&[signature.as_bytes()], body.as_bytes()), Ok(()));
        for (file, signature) in known["files"].as_object().unwrap() {
            assert_eq!(check(&[signature.as_str().unwrap().as_bytes()], &webhook(file)), Ok(()), "{file}");
        }
    }

    #[test]
    fn nothing_else_verifies() {
        let body = webhook("text.json");
        let known = signatures();
        let good = known["files"]["text.json"].as_str().unwrap().as_bytes().to_vec();
        let mut cases = 0;
        let mut refused = |values: &[&[u8]], body: &[u8]| {
            cases += 1;
            assert!(check(values, body).is_err(), "case {cases}: {values:?}");
        };
        refused(&[], &body);
        refused(&[b""], &body);
        refused(&[&good, &good], &body);
        refused(&[&good, b"other"], &body);
        for at in 0..good.len() {
            let mut changed = good.clone();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            refused(&[&changed], &body);
            refused(&[&good[..at]], &body);
        }
        let text = String::from_utf8(good.clone()).unwrap();
        let raw = STANDARD.decode(&text).unwrap();
        let hexadecimal = raw.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        for written in [
            format!(" {text}"),
            format!("{text} "),
            format!("{text}\n"),
            text.trim_end_matches('=').to_owned(),
            format!("{text}="),
            hexadecimal.clone(),
            format!("sha256={hexadecimal}"),
            text.to_lowercase(),
            format!("{text},{text}"),
        ] {
            refused(&[written.as_bytes()], &body);
        }
        let url_safe = text.replace('+', "-").replace('/', "_");
        if url_safe != text {
            refused(&[url_safe.as_bytes()], &body);
        }
        for cut in 0..body.len().min(200) {
            refused(&[&good], &body[..cut]);
        }
        let reserialised = serde_json::from_slice::<serde_json::Value>(&body).unwrap().to_string();
        refused(&[&good], reserialised.as_bytes());
        refused(&[&good], &[body.as_slice(), b"\n"].concat());
        let other = ChannelSecrets::new([(CHANNEL_SECRET.to_owned(), SecretString::from("another"))]);
        let headers = WebhookHeaders::new([("x-line-signature", good.as_slice())]);
        assert_eq!(verify(&headers, &body, &other), Err(VerifyError::Mismatch));
        for empty in
            [ChannelSecrets::default(), ChannelSecrets::new([(CHANNEL_SECRET.to_owned(), SecretString::from(""))])]
        {
            assert_eq!(verify(&headers, &body, &empty), Err(VerifyError::NoSecret));
        }
        assert!(cases >= 200, "{cases} cases");
    }
}
