//! Numbers that are the same in every run.

/// Random numbers (splitmix64) from a seed.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    /// Thirty-two bits.
    pub fn bits(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 32) as u32
    }

    /// A byte.
    pub fn byte(&mut self) -> u8 {
        (self.bits() >> 24) as u8
    }

    /// `len` bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.byte()).collect()
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((u64::from(self.bits()) * end as u64) >> 32) as usize
    }

    /// One of these.
    ///
    /// # Panics
    /// If there are none.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A number in [−1, 1).
    pub fn number(&mut self) -> f32 {
        self.bits() as f32 / (1u64 << 31) as f32 - 1.0
    }

    /// `len` numbers in [−1, 1).
    pub fn numbers(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.number()).collect()
    }

    /// `len` numbers in [−1, 1), of which a share is exactly 0.
    pub fn with_zeros(&mut self, len: usize, zeros: f64) -> Vec<f32> {
        let zeros = (zeros * 2_f64.powi(32)) as u64;
        let mut number = || if u64::from(self.bits()) < zeros { 0.0 } else { self.number() };
        (0..len).map(|_| number()).collect()
    }

    /// A whole number in −4 ..= 4: sums of products of these are exact.
    pub fn small_integer(&mut self) -> f32 {
        self.below(9) as f32 - 4.0
    }
}
