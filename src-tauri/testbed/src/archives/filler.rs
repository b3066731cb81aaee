//! Pseudo-random content that compresses about as well as a network operating system does.

use std::io::{self, Read};

/// How many different "words" the compressible part is made of.
const WORDS: usize = 2048;

/// An endless stream, the same for the same seed, that `xz -6` shrinks to roughly a quarter.
///
/// Mostly words of a fixed vocabulary, the frequent ones often, as in machine code and text; the rest random bytes.
#[derive(Clone, Debug)]
pub struct Filler {
    state: u64,
    words: Vec<Vec<u8>>,
    ready: Vec<u8>,
    taken: usize,
}

impl Filler {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        // Every stream has the same vocabulary, as the files of one system have.
        let mut filler = Self {
            state: 0x1ab0_57a7,
            words: Vec::new(),
            ready: Vec::new(),
            taken: 0,
        };
        filler.words = (0..WORDS).map(|_| filler.word()).collect();
        filler.state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        filler
    }

    /// The next `length` bytes.
    pub fn next_bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.fill(&mut bytes);
        bytes
    }

    /// The next number: xorshift64*.
    pub fn number(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// The next number below `limit`, which must not be zero.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.number() % limit
    }

    fn word(&mut self) -> Vec<u8> {
        let length = 4 + usize::try_from(self.below(13)).unwrap_or_default();
        (0..length)
            .map(|_| self.number().to_be_bytes()[0])
            .collect()
    }

    fn fill(&mut self, mut buffer: &mut [u8]) {
        while !buffer.is_empty() {
            if self.taken == self.ready.len() {
                self.prepare();
            }
            let count = buffer.len().min(self.ready.len() - self.taken);
            let (now, later) = buffer.split_at_mut(count);
            now.copy_from_slice(&self.ready[self.taken..self.taken + count]);
            self.taken += count;
            buffer = later;
        }
    }

    /// Makes the next 16 KiB or so.
    fn prepare(&mut self) {
        self.ready.clear();
        self.taken = 0;
        while self.ready.len() < 16 * 1024 {
            let number = self.number();
            if number.is_multiple_of(24) {
                self.ready.extend_from_slice(&number.to_be_bytes()[..4]);
            } else {
                // The minimum of two draws makes low words frequent and high ones rare.
                let first = usize::try_from(number >> 40).unwrap_or_default() % WORDS;
                let second =
                    usize::try_from((number >> 16) & 0xff_ffff).unwrap_or_default() % WORDS;
                self.ready.extend_from_slice(&self.words[first.min(second)]);
            }
        }
    }
}

/// Bytes that no compression makes smaller, the same each time.
pub fn noise(bytes: usize) -> Vec<u8> {
    let mut filler = Filler::new(0);
    let mut noise = Vec::with_capacity(bytes + 8);
    while noise.len() < bytes {
        noise.extend_from_slice(&filler.number().to_ne_bytes());
    }
    noise.truncate(bytes);
    noise
}

impl Read for Filler {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill(buffer);
        Ok(buffer.len())
    }
}
