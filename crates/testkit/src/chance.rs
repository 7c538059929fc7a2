//! Bytes that are the same in every run with the same seed.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use ports::Chance;

/// A seeded generator (splitmix64). Not for keys.
pub struct SeededChance(Mutex<State>);

struct State {
    word: u64,
    arranged: VecDeque<Vec<u8>>,
}

impl SeededChance {
    /// A generator with its seed.
    pub fn new(seed: u64) -> SeededChance {
        SeededChance(Mutex::new(State { word: seed, arranged: VecDeque::new() }))
    }

    /// Arranges a coincidence: the next draw of so many bytes gives these.
    pub fn arrange(&self, bytes: &[u8]) {
        self.state().arranged.push_back(bytes.to_vec());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nothing panics while it holds the generator")
    }
}

impl Chance for SeededChance {
    fn fill(&self, buffer: &mut [u8]) {
        let mut state = self.state();
        if state.arranged.front().is_some_and(|next| next.len() == buffer.len()) {
            buffer.copy_from_slice(&state.arranged.pop_front().expect("there is a first"));
            return;
        }
        for piece in buffer.chunks_mut(8) {
            state.word = state.word.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = state.word;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^= word >> 31;
            let bytes = word.to_le_bytes();
            piece.copy_from_slice(&bytes[..piece.len()]);
        }
    }
}
