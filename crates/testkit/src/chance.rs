//! Bytes that are the same in every run with the same seed.

use std::sync::Mutex;

use ports::Chance;

/// A seeded generator (splitmix64). Not for keys.
pub struct SeededChance(Mutex<u64>);

impl SeededChance {
    /// A generator with its seed.
    pub fn new(seed: u64) -> SeededChance {
        SeededChance(Mutex::new(seed))
    }
}

impl Chance for SeededChance {
    fn fill(&self, buffer: &mut [u8]) {
        let mut state = self.0.lock().expect("nothing panics while it holds the generator");
        for piece in buffer.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = *state;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^= word >> 31;
            let bytes = word.to_le_bytes();
            piece.copy_from_slice(&bytes[..piece.len()]);
        }
    }
}
