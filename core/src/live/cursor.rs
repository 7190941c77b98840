//! A place in a tenant's sequence of events, as clients keep it.

use std::{fmt, str::FromStr};

/// A place in one of a tenant's sequences. Its text is opaque to clients. It holds no tenant: that is the
/// credential's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventCursor {
    /// Which sequence.
    pub epoch: i64,
    /// The place of the last event that is known.
    pub seq: i64,
}

/// The text is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of events")]
pub struct InvalidCursor;

impl fmt::Display for EventCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.seq)
    }
}

impl FromStr for EventCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (epoch, seq) = text.split_once('.').ok_or(InvalidCursor)?;
        // One spelling only: nothing but digits, and no needless ones.
        let number = |part: &str| {
            let plain = part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
            if plain { part.parse().map_err(|_| InvalidCursor) } else { Err(InvalidCursor) }
        };
        Ok(Self { epoch: number(epoch)?, seq: number(seq)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_has_one_spelling() {
        for cursor in [
            EventCursor { epoch: 0, seq: 0 },
            EventCursor { epoch: 1_767_225_600_000_000, seq: 42 },
            EventCursor { epoch: 1, seq: i64::MAX },
        ] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for wrong in
            ["", ".", "1", "1.", ".1", "01.1", "1.01", "+1.1", "1.-1", "1.1.1", "1. 1", "1.9223372036854775808"]
        {
            assert_eq!(wrong.parse::<EventCursor>(), Err(InvalidCursor), "{wrong}");
        }
    }
}
