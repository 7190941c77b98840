//! Access tokens: only our own are taken, and only in their time.

use std::time::Duration;

use hubchat_domain::Timestamp;
use hubchat_ports::{AccessClaims, AccessTokenError};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::AccessTokensHarness;

/// 2026-01-01T00:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000)
}

fn claims() -> AccessClaims {
    AccessClaims {
        session_id: Uuid::from_u128(1).into(),
        user_id: Uuid::from_u128(2).into(),
        issued_at: now(),
        expires_at: now().plus(Duration::from_mins(10)),
    }
}

pub async fn a_token_says_what_it_was_made_of(harness: &dyn AccessTokensHarness) {
    let token = harness.tokens().issue(&claims()).unwrap();
    assert_eq!(harness.tokens().verify(&token, now()), Ok(claims()));
}

pub async fn a_token_is_good_in_its_time_only(harness: &dyn AccessTokensHarness) {
    let token = harness.tokens().issue(&claims()).unwrap();
    let last = claims().expires_at.minus(Duration::from_secs(1));
    assert!(harness.tokens().verify(&token, last).is_ok());
    for moment in [claims().expires_at, now().plus(Duration::from_hours(24)), now().minus(Duration::from_mins(1))] {
        assert_eq!(harness.tokens().verify(&token, moment), Err(AccessTokenError::Refused));
    }
}

pub async fn another_installations_tokens_are_refused(harness: &dyn AccessTokensHarness) {
    let token = harness.stranger().issue(&claims()).unwrap();
    assert_eq!(harness.tokens().verify(&token, now()), Err(AccessTokenError::Refused));
}

pub async fn a_token_that_was_changed_anywhere_is_refused(harness: &dyn AccessTokensHarness) {
    let token = harness.tokens().issue(&claims()).unwrap();
    let token = token.expose_secret();
    for (position, letter) in token.char_indices() {
        let mut changed = token.to_owned();
        let other = if letter == 'A' { "Q" } else { "A" };
        changed.replace_range(position..position + letter.len_utf8(), other);
        let verified = harness.tokens().verify(&SecretString::from(changed), now());
        assert_eq!(verified, Err(AccessTokenError::Refused), "a change at {position} goes unseen");
        let cut = SecretString::from(&token[..position]);
        assert_eq!(harness.tokens().verify(&cut, now()), Err(AccessTokenError::Refused));
    }
}
