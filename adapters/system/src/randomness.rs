//! Chance, from the operating system.

use hubchat_ports::Randomness;
use secrecy::SecretSlice;

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandomness;

impl Randomness for OsRandomness {
    fn fraction(&self) -> f64 {
        let mut bytes = [0_u8; 4];
        // Jitter that cannot be drawn is no jitter: the middle does.
        if aws_lc_rs::rand::fill(&mut bytes).is_err() {
            return 0.5;
        }
        f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
    }

    /// # Panics
    ///
    /// When the operating system has no randomness to give. A secret that can be guessed must not be made.
    fn secret_bytes(&self, count: usize) -> SecretSlice<u8> {
        let mut bytes = vec![0_u8; count];
        assert!(aws_lc_rs::rand::fill(&mut bytes).is_ok(), "the operating system gives no randomness");
        bytes.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn fractions_fill_their_range() {
        let fractions: Vec<f64> = (0..1_000).map(|_| OsRandomness.fraction()).collect();
        assert!(fractions.iter().all(|f| (0.0..1.0).contains(f)));
        assert!(fractions.iter().any(|f| *f < 0.1) && fractions.iter().any(|f| *f > 0.9));
    }

    #[test]
    fn secrets_have_their_length_and_never_repeat() {
        let (one, other) = (OsRandomness.secret_bytes(32), OsRandomness.secret_bytes(32));
        assert_eq!(one.expose_secret().len(), 32);
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert!(OsRandomness.secret_bytes(0).expose_secret().is_empty());
    }
}
