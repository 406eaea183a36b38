//! Numbers that are the same in every run.

/// Marsaglia's xorshift64*.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Self {
        Self(0x2545_f491_4f6c_dd1d)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// An integer below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 33) % bound
    }

    /// A number in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Multiples of 1/64 between -1 and 1, both excluded. Every sum of up to [`LARGEST_EXACT_DEPTH`] products of two of
    /// them is a multiple of 1/4096 that fits an f32 exactly, in whatever order it is summed, so a right answer is right to
    /// the last bit.
    pub(crate) fn exact(&mut self, len: usize) -> Vec<f32> {
        let steps = 2 * LARGEST_STEP as u64 + 1;
        let mut number = || self.below(steps) as i32 - LARGEST_STEP;
        (0..len).map(|_| number() as f32 / 64.0).collect()
    }
}

const LARGEST_STEP: i32 = 63;

/// Products in a sum that is still exact.
pub(crate) const LARGEST_EXACT_DEPTH: usize =
    (1 << f32::MANTISSA_DIGITS) / (LARGEST_STEP * LARGEST_STEP) as usize;
