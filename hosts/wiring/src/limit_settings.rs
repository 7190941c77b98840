//! How often anything may be asked, and which proxies are believed.

use std::net::IpAddr;

use hubchat_core::Limits;
use ipnet::IpNet;
use serde::Deserialize;

use crate::{ConfigError, Environment};

/// The limits of this installation, a minute. A tenant's settings can be stricter, never laxer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Requests of all callers of a tenant together.
    pub tenant_requests_per_minute: u32,
    /// Requests of one API key, or of one log-in of a member.
    pub caller_requests_per_minute: u32,
    /// Messages into one conversation.
    pub conversation_sends_per_minute: u32,
    /// Requests of an address that need no credential.
    pub public_requests_per_minute: u32,
    /// Requests of an address that log in, take up an invitation or reset a password.
    pub sign_ins_per_minute: u32,
    /// Requests of an address whose credential was refused.
    pub refused_credentials_per_minute: u32,
    /// Refused webhooks of an address, for one path; ten times as many for all paths.
    pub refused_webhooks_per_minute: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        let Limits { tenant_requests_per_minute, caller_requests_per_minute, conversation_sends_per_minute } =
            Limits::default();
        Self {
            tenant_requests_per_minute,
            caller_requests_per_minute,
            conversation_sends_per_minute,
            public_requests_per_minute: 1_200,
            sign_ins_per_minute: 30,
            refused_credentials_per_minute: 120,
            refused_webhooks_per_minute: 600,
        }
    }
}

impl LimitSettings {
    /// What the use cases keep.
    #[must_use]
    pub const fn of_callers(&self) -> Limits {
        Limits {
            tenant_requests_per_minute: self.tenant_requests_per_minute,
            caller_requests_per_minute: self.caller_requests_per_minute,
            conversation_sends_per_minute: self.conversation_sends_per_minute,
        }
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let all = [
            self.tenant_requests_per_minute,
            self.caller_requests_per_minute,
            self.conversation_sends_per_minute,
            self.public_requests_per_minute,
            self.sign_ins_per_minute,
            self.refused_credentials_per_minute,
            self.refused_webhooks_per_minute,
        ];
        if all.contains(&0) {
            let reason = "every limit is at least 1 a minute".to_owned();
            return Err(ConfigError::Invalid { setting: "limits", reason });
        }
        Ok(())
    }
}

/// The header in which trusted proxies tell whom they speak for. Only the one that they set is read: the other
/// would be whatever a client sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The proxies that the environment names: networks or single addresses, separated by commas.
pub(crate) fn proxies(environment: &Environment) -> Result<Option<Vec<IpNet>>, ConfigError> {
    let Some(text) = environment.get("HUBCHAT_TRUSTED_PROXIES") else { return Ok(None) };
    let network = |text: &str| {
        text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| ConfigError::Invalid {
            setting: "HUBCHAT_TRUSTED_PROXIES",
            reason: "must be networks such as 10.0.0.0/8, or addresses, separated by commas".to_owned(),
        })
    };
    text.split(',').map(str::trim).filter(|text| !text.is_empty()).map(network).collect::<Result<_, _>>().map(Some)
}

/// The header that the environment names.
pub(crate) fn proxy_header(environment: &Environment) -> Result<Option<ProxyHeader>, ConfigError> {
    match environment.get("HUBCHAT_TRUSTED_PROXY_HEADER") {
        None => Ok(None),
        Some("x-forwarded-for") => Ok(Some(ProxyHeader::XForwardedFor)),
        Some("forwarded") => Ok(Some(ProxyHeader::Forwarded)),
        Some(_) => Err(ConfigError::Invalid {
            setting: "HUBCHAT_TRUSTED_PROXY_HEADER",
            reason: "must be x-forwarded-for or forwarded".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_networks_and_addresses() {
        let of = |text: &'static str| proxies(&Environment::new([("HUBCHAT_TRUSTED_PROXIES", text)]));
        let named = of("10.0.0.0/8, 192.0.2.7,fd00::/8").expect("good").expect("named");
        assert_eq!(
            named.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"]
        );
        assert!(of("everybody").is_err_and(|error| error.to_string().starts_with("HUBCHAT_TRUSTED_PROXIES")));
        assert_eq!(proxies(&Environment::default()).expect("nothing"), None);
    }

    #[test]
    fn a_limit_of_none_is_refused() {
        assert!(LimitSettings::default().check().is_ok());
        assert!(LimitSettings { sign_ins_per_minute: 0, ..LimitSettings::default() }.check().is_err());
    }
}
