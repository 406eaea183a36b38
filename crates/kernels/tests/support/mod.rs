//! Reproducible numbers for the tests.
#![allow(dead_code, reason = "each test compiles it as a module of its own and uses a part")]

/// Random numbers (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// Thirty-two bits.
    pub(crate) fn bits(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 32) as u32
    }

    /// A whole number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        ((u64::from(self.bits()) * end as u64) >> 32) as usize
    }

    /// One of these.
    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// In [−1, 1).
    pub(crate) fn number(&mut self) -> f32 {
        self.bits() as f32 / (1u64 << 31) as f32 - 1.0
    }

    /// A whole number in −4 ..= 4: sums of products of these are exact.
    pub(crate) fn small_integer(&mut self) -> f32 {
        self.below(9) as f32 - 4.0
    }

    /// `len` numbers in [−1, 1).
    pub(crate) fn numbers(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.number()).collect()
    }
}
