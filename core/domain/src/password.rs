//! The rule that new passwords must meet: long, and none that everybody tries first.

/// Why a password is not taken. No message holds a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than [`MIN_PASSWORD_CHARS`] or more than [`MAX_PASSWORD_CHARS`] characters.
    #[error("a password has 12 to 256 characters")]
    Length,
    /// One of those that are tried first.
    #[error("this password is too common")]
    Common,
    /// The address, or the part before its `@`.
    #[error("the e-mail address is no password")]
    Email,
}

/// The fewest characters of a password. NIST SP 800-63B asks for 8 and recommends 15.
pub const MIN_PASSWORD_CHARS: usize = 12;
/// The most characters of a password: beyond it the hashing itself would be the attack.
pub const MAX_PASSWORD_CHARS: usize = 256;

/// The commonest passwords of that length, in lower case. Shorter ones are refused by their length.
const COMMON: &[&str] = &[
    "password1234",
    "password12345",
    "password123456",
    "passwordpassword",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiop1234",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "iloveyou1234",
    "administrator",
    "welcome12345",
    "letmein12345",
    "changeme1234",
    "correcthorsebatterystaple",
    "correct horse battery staple",
];

/// Whether a person with that address may have that password. Any characters are taken; nothing is demanded of
/// their mixture, which only makes passwords harder to keep in mind.
pub fn check_password(password: &str, email: &str) -> Result<(), WeakPassword> {
    let chars = password.chars().count();
    if !(MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&chars) {
        return Err(WeakPassword::Length);
    }
    let plain = password.trim().to_lowercase();
    let email = email.trim().to_lowercase();
    if plain == email || email.split_once('@').is_some_and(|(local, _)| plain == local) {
        return Err(WeakPassword::Email);
    }
    if COMMON.contains(&plain.as_str()) || is_one_character(&plain) || is_row(&plain) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// The same character again and again.
fn is_one_character(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    chars.all(|char| Some(char) == first)
}

/// Each character the one after, or before, the last: `abcdefghijkl`, `123456789012`.
fn is_row(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = |step: i64| {
        codes.windows(2).all(|pair| match pair {
            [a, b] => {
                let moved = i64::from(*b) - i64::from(*a);
                // From 9 to 0 a row of digits goes on.
                moved == step || moved == -9 * step
            }
            _ => false,
        })
    };
    steps(1) || steps(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters_of_any_script() {
        let rule = |text: &str| check_password(text, "nok@shop.example");
        assert_eq!(rule(&"ab".repeat(5)), Err(WeakPassword::Length));
        assert_eq!(rule("lily of the v"), Ok(()));
        assert_eq!(rule("กขฃคฅฆงจฉชซฌ!"), Ok(()));
        assert_eq!(rule(&"xy".repeat(128)), Ok(()));
        assert_eq!(rule(&"xy".repeat(129)), Err(WeakPassword::Length));
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for text in [
            "Password1234",
            "QWERTYUIOP123",
            " changeme1234 ",
            "aaaaaaaaaaaa",
            "abcdefghijkl",
            "123456789012",
            "987654321098",
        ] {
            assert_eq!(check_password(text, "nok@shop.example"), Err(WeakPassword::Common), "{text}");
        }
        for text in ["nok.the.seller@shop.example", "NOK.the.seller"] {
            assert_eq!(check_password(text, "Nok.The.Seller@shop.example"), Err(WeakPassword::Email), "{text}");
        }
    }
}
