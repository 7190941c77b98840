//! Access tokens: JSON Web Tokens after the profile of RFC 9068, signed by Ed25519 and nothing else.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hubchat_domain::Timestamp;
use hubchat_ports::{AccessClaims, AccessTokenError, AccessTokens};
use jsonwebtoken::{Algorithm, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    MasterKeys,
    signing_keys::{SigningKey, SigningKeys, period},
};

/// What the header calls the token (RFC 9068, section 2.1).
const TYPE: &str = "at+jwt";
/// Who issues: this kind of program; which installation it was, the key tells.
const ISSUER: &str = "hubchat";
/// For whom: this API.
const AUDIENCE: &str = "hubchat-api";
/// No token of ours is longer.
const MOST_BYTES: usize = 1_024;
/// Clocks of hosts may differ by so much.
const LEEWAY: Duration = Duration::from_secs(5);
/// No token of ours is good for longer.
const LONGEST: Duration = Duration::from_mins(15);

/// The claims, each of one type: a number in quotes or a list of audiences is refused.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: u64,
    nbf: u64,
    exp: u64,
}

/// Makes and checks access tokens with keys that are made from the master keys.
pub struct EdDsaTokens {
    keys: SigningKeys,
    /// The keys of the period that was asked for last.
    known: Mutex<Option<(u64, Arc<[SigningKey]>)>>,
}

impl std::fmt::Debug for EdDsaTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EdDsaTokens(..)")
    }
}

impl EdDsaTokens {
    /// Tokens of the installation that has these master keys. The first one signs; tokens of the others are taken.
    #[must_use]
    pub fn new(keys: &MasterKeys) -> Self {
        Self { keys: SigningKeys::new(keys), known: Mutex::default() }
    }

    fn keys_at(&self, now: Timestamp) -> Option<Arc<[SigningKey]>> {
        let period = period(now);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, keys)) = &*known
            && *of == period
        {
            return Some(Arc::clone(keys));
        }
        let keys = self.keys.of_period(period)?;
        *known = Some((period, Arc::clone(&keys)));
        Some(keys)
    }

    fn checked(&self, token: &str, now: Timestamp) -> Option<AccessClaims> {
        if token.len() > MOST_BYTES || token.bytes().filter(|byte| *byte == b'.').count() != 2 {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        // Only the four words of our own headers: none that brings a key, or an address of one, along.
        let ours = Header { typ: Some(TYPE.to_owned()), kid: header.kid.clone(), ..Header::new(Algorithm::EdDSA) };
        if header != ours {
            return None;
        }
        let id = header.kid?;
        let keys = self.keys_at(now)?;
        let key = keys.iter().find(|key| key.id == id)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        // The library would ask the system's clock; the moment is the caller's, and is looked at below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.verifies, &validation).ok()?.claims;
        let (issued_at, not_before) = (moment(claims.iat)?, moment(claims.nbf)?);
        let expires_at = moment(claims.exp)?;
        let in_time = issued_at.max(not_before) <= now.plus(LEEWAY)
            && now < expires_at
            && expires_at.since(issued_at) <= LONGEST
            && claims.aud == AUDIENCE
            && claims.iss == ISSUER;
        in_time.then_some(())?;
        let id = |text: &str| (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten();
        Some(AccessClaims {
            session_id: id(&claims.sid)?.into(),
            user_id: id(&claims.sub)?.into(),
            issued_at,
            expires_at,
        })
    }
}

fn moment(seconds: u64) -> Option<Timestamp> {
    // Beyond the year 9999 nothing of ours is good.
    let seconds = i64::try_from(seconds).ok().filter(|seconds| *seconds <= 253_402_300_799)?;
    Some(Timestamp::from_millis(seconds * 1_000))
}

fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_millis() / 1_000).unwrap_or_default()
}

impl AccessTokens for EdDsaTokens {
    fn issue(&self, claims: &AccessClaims) -> Result<SecretString, AccessTokenError> {
        let keys = self.keys_at(claims.issued_at).ok_or(AccessTokenError::Failed)?;
        let key = keys.first().ok_or(AccessTokenError::Failed)?;
        let header = Header { typ: Some(TYPE.to_owned()), kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
        let issued = seconds(claims.issued_at);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: claims.user_id.to_string(),
            sid: claims.session_id.to_string(),
            iat: issued,
            nbf: issued,
            exp: seconds(claims.expires_at),
        };
        jsonwebtoken::encode(&header, &claims, &key.signs).map(SecretString::from).map_err(|_| AccessTokenError::Failed)
    }

    fn verify(&self, token: &SecretString, now: Timestamp) -> Result<AccessClaims, AccessTokenError> {
        self.checked(token.expose_secret(), now).ok_or(AccessTokenError::Refused)
    }
}

#[cfg(test)]
#[path = "access_tokens_tests.rs"]
mod tests;
