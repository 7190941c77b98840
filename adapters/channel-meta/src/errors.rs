//! What Meta's refusals mean. The code decides, then the sub-code, then `is_transient`; never the status or the text
//! (<https://developers.facebook.com/docs/messenger-platform/error-codes>,
//! <https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes>,
//! <https://developers.facebook.com/docs/graph-api/guides/error-handling>).

use std::time::Duration;

use hubchat_ports::{FetchError, SendError};
use hubchat_provider_http::{ProviderError, ProviderResponse};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

/// Limits of Meta's are counted over minutes at least.
const LEAST_WAIT: Duration = Duration::from_mins(1);
/// The first wait for a pair of number and customer (4^n seconds are advised).
const PAIR_WAIT: Duration = Duration::from_secs(4);

#[derive(Debug, Default, Deserialize)]
struct Envelope {
    #[serde(default)]
    error: Refusal,
}

/// A refusal.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Refusal {
    #[serde(default)]
    message: String,
    #[serde(default)]
    pub(crate) code: i64,
    #[serde(default)]
    error_subcode: i64,
    #[serde(default)]
    is_transient: bool,
    #[serde(default)]
    error_data: Value,
    #[serde(default)]
    fbtrace_id: String,
}

impl Refusal {
    fn of(response: &ProviderResponse) -> Option<Self> {
        response
            .json::<Envelope>()
            .map(|envelope| envelope.error)
            .filter(|refusal| refusal.code != 0 || !refusal.message.is_empty())
    }

    /// Meta's words and its trace, without the token: Meta repeats one that it cannot read.
    fn words(&self, token: &SecretString) -> String {
        let details = self.error_data["details"].as_str().filter(|details| !details.is_empty());
        let words = details.unwrap_or(&self.message);
        let words = match token.expose_secret() {
            "" => words.to_owned(),
            token => words.replace(token, "…"),
        };
        let words: String = words.chars().take(400).collect();
        let trace: String = self.fbtrace_id.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        if trace.is_empty() { format!("{words} ({})", self.code) } else { format!("{words} ({}, {trace})", self.code) }
    }
}

/// What a refusal is to a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Nothing was done; it may be tried again.
    Again,
    /// Too many requests.
    Wait(Duration),
    /// The customer's last word is too long ago.
    WindowClosed,
    /// The credentials are refused.
    Unauthorized,
    /// It will never be done, for a reason of this code.
    Never(&'static str),
    /// Another system owns the thread.
    Standby,
}

/// What a code means.
pub(crate) fn meaning(code: i64, subcode: i64, is_transient: bool) -> Meaning {
    use Meaning::{Again, Never, Standby, Unauthorized, Wait, WindowClosed};
    match (code, subcode) {
        (10, 2_018_278 | 2_534_022 | 2_018_065) | (131_047, _) => WindowClosed,
        (0 | 190, _) => Unauthorized,
        // Abuse limits: waiting a minute does not help, an operator has to look.
        (613, 1_893_016 | 2_018_338) | (10, 1_893_063) | (368 | 131_031 | 131_042 | 130_497 | 131_045 | 133_010, _) => {
            Never("account_restricted")
        }
        (131_048 | 131_064, _) => Never("quality_limit"),
        (4 | 17 | 32 | 613 | 80_001 | 80_002 | 80_006 | 80_007 | 80_008 | 130_429 | 133_016, _) => Wait(LEAST_WAIT),
        (131_056, _) => Wait(PAIR_WAIT),
        (10, 2_018_300) | (100, 2_534_037) | (2_018_321, _) => Standby,
        (10, 2_018_108) | (200, 1_545_041) | (100, 2_018_001 | 2_534_014 | 2_534_029) => Never("recipient_unreachable"),
        (551 | 9_000_001 | 2_018_218 | 131_026 | 131_021 | 131_030 | 130_472 | 131_049 | 131_050 | 131_062, _) => {
            Never("recipient_unreachable")
        }
        (100, 2_534_025) | (10_900 | 10_903 | 10_904, _) => Never("private_reply_impossible"),
        (3 | 10 | 131_005 | 200..=299, _) => Never("forbidden"),
        (132_000..=132_068, _) => Never("template_refused"),
        (1 | 2 | 131_000 | 131_016 | 131_057 | 132_069 | 133_004, _) => Again,
        _ if is_transient => Again,
        (100 | 33 | 131_008 | 131_009 | 131_051..=131_053, _) => Never("invalid_content"),
        _ => Never("rejected"),
    }
}

/// How long Meta itself says that a business has to wait
/// (<https://developers.facebook.com/docs/graph-api/overview/rate-limiting#headers>): minutes.
fn told_wait(response: &ProviderResponse) -> Option<Duration> {
    let usage: Value = serde_json::from_str(response.header("x-business-use-case-usage")?).ok()?;
    let limits = usage.as_object()?.values().filter_map(Value::as_array).flatten();
    let minutes = limits.filter_map(|limit| limit["estimated_time_to_regain_access"].as_u64()).max()?;
    (minutes > 0).then(|| Duration::from_secs(minutes.saturating_mul(60)))
}

/// A send that was refused.
pub(crate) fn send_refused(response: &ProviderResponse, token: &SecretString) -> SendError {
    let Some(refusal) = Refusal::of(response) else {
        let reason = format!("Meta answered {}", response.status());
        // Without a word of Meta's nobody knows what a failing server has done.
        return match response.status() {
            401 => SendError::Unauthorized { reason },
            429 => SendError::RateLimited { after: response.retry_after(), reason },
            500..=599 => SendError::Uncertain { reason },
            _ => SendError::Rejected { code: "rejected", reason },
        };
    };
    let reason = refusal.words(token);
    match meaning(refusal.code, refusal.error_subcode, refusal.is_transient) {
        Meaning::Again => SendError::Retry { after: response.retry_after(), reason },
        Meaning::Wait(least) => {
            let told = told_wait(response).or_else(|| response.retry_after());
            SendError::RateLimited { after: Some(told.unwrap_or(least)), reason }
        }
        Meaning::WindowClosed => SendError::WindowClosed { reason },
        Meaning::Unauthorized => SendError::Unauthorized { reason },
        Meaning::Standby => SendError::Rejected { code: "conversation_standby", reason },
        Meaning::Never(code) => SendError::Rejected { code, reason },
    }
}

/// A send that got no answer.
pub(crate) fn send_failed(error: &ProviderError) -> SendError {
    let reason = error.to_string();
    match error {
        ProviderError::NotSent => SendError::Retry { after: None, reason },
        ProviderError::AddressRefused => SendError::Rejected { code: "rejected", reason },
        _ => SendError::Uncertain { reason },
    }
}

/// A question that was refused.
pub(crate) fn fetch_refused(response: &ProviderResponse, token: &SecretString) -> FetchError {
    let Some(refusal) = Refusal::of(response) else {
        let reason = format!("Meta answered {}", response.status());
        return match response.status() {
            401 => FetchError::Unauthorized { reason },
            429 | 500..=599 => FetchError::Retry { after: response.retry_after(), reason },
            _ => FetchError::NotAvailable { reason },
        };
    };
    let reason = refusal.words(token);
    match meaning(refusal.code, refusal.error_subcode, refusal.is_transient) {
        Meaning::Again => FetchError::Retry { after: response.retry_after(), reason },
        Meaning::Wait(least) => FetchError::Retry { after: told_wait(response).or(Some(least)), reason },
        Meaning::Unauthorized => FetchError::Unauthorized { reason },
        Meaning::WindowClosed | Meaning::Standby | Meaning::Never(_) => FetchError::NotAvailable { reason },
    }
}

/// A question that got no answer: asking again does no harm.
pub(crate) fn fetch_failed(error: &ProviderError) -> FetchError {
    let reason = error.to_string();
    match error {
        ProviderError::AddressRefused | ProviderError::TooLarge => FetchError::NotAvailable { reason },
        _ => FetchError::Retry { after: None, reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_contract_has_its_meaning() {
        use Meaning::{Again, Never, Standby, Unauthorized, Wait, WindowClosed};
        let unreachable = Never("recipient_unreachable");
        let table: &[(&[(i64, i64)], Meaning)] = &[
            (&[(1, 0), (2, 0), (131_000, 0), (131_016, 0), (131_057, 0), (132_069, 0), (133_004, 0)], Again),
            (
                &[(4, 0), (17, 0), (32, 0), (613, 0), (613, 2_534_040), (80_001, 0), (80_002, 0), (80_006, 0)],
                Wait(LEAST_WAIT),
            ),
            (&[(80_007, 0), (80_008, 0), (130_429, 0), (133_016, 0)], Wait(LEAST_WAIT)),
            (&[(131_056, 0)], Wait(PAIR_WAIT)),
            (&[(613, 1_893_016), (613, 2_018_338), (368, 0), (10, 1_893_063)], Never("account_restricted")),
            (&[(131_031, 0), (131_042, 0), (130_497, 0), (131_045, 0), (133_010, 0)], Never("account_restricted")),
            (&[(10, 2_018_278), (10, 2_534_022), (10, 2_018_065), (131_047, 0)], WindowClosed),
            (&[(10, 2_018_108), (551, 0), (551, 1_545_041), (200, 1_545_041), (100, 2_018_001)], unreachable),
            (&[(100, 2_534_014), (9_000_001, 0), (2_018_218, 0), (100, 2_534_029), (131_026, 0)], unreachable),
            (&[(131_021, 0), (131_030, 0), (130_472, 0), (131_049, 0), (131_050, 0)], unreachable),
            (
                &[(10, 0), (200, 0), (200, 2_018_028), (200, 2_534_041), (230, 0), (3, 0), (131_005, 0)],
                Never("forbidden"),
            ),
            (&[(0, 0), (190, 0), (190, 460), (190, 463), (190, 467)], Unauthorized),
            (
                &[(100, 2_018_008), (100, 2_018_294), (100, 2_018_047), (100, 2_018_109), (100, 2_534_015)],
                Never("invalid_content"),
            ),
            (
                &[(100, 33), (100, 0), (33, 0), (131_008, 0), (131_009, 0), (131_051, 0), (131_053, 0)],
                Never("invalid_content"),
            ),
            (&[(100, 2_534_037), (10, 2_018_300), (2_018_321, 0)], Standby),
            (&[(100, 2_534_025), (10_900, 0), (10_903, 0), (10_904, 0)], Never("private_reply_impossible")),
            (&[(132_000, 0), (132_001, 0), (132_005, 0), (132_015, 0), (132_068, 0)], Never("template_refused")),
            (&[(131_048, 0), (131_064, 0)], Never("quality_limit")),
            (&[(131_037, 0), (134_011, 0), (135_000, 0), (999_999, 0)], Never("rejected")),
        ];
        for (codes, expected) in table {
            for (code, subcode) in *codes {
                assert_eq!(meaning(*code, *subcode, false), *expected, "{code}-{subcode}");
            }
        }
        assert_eq!(meaning(999_999, 0, true), Again, "Meta says that it will pass");
        assert_eq!(meaning(190, 0, true), Unauthorized, "the code counts for more");
    }
}
