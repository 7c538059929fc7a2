//! Randomness: for ids, keys, nonces, jitter. A test's is seeded.

/// Unpredictable bytes.
pub trait Chance: Send + Sync {
    /// Fills the whole buffer. In production from the operating system, good enough for keys.
    fn fill(&self, buffer: &mut [u8]);
}
