//! The random numbers of an image.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Random numbers from xoshiro256++, shaped by exact operations only: a seed gives the same ones on every machine.
pub(super) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// The start of the sequence that `seed` stands for.
    pub(super) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// 64 random bits.
    pub(super) fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// One of `0..count`, each as likely as any other to within `count / 2³²`.
    pub(super) fn below(&mut self, count: usize) -> usize {
        (((self.word() >> 32) * count as u64) >> 32) as usize
    }

    /// A number from `low` to `high`.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        let unit = (self.word() >> 40) as f32 / (1 << 24) as f32;
        low + unit * (high - low)
    }

    /// A number with a bell-shaped distribution around 0, standard deviation `spread`: the sum of a word's four quarters,
    /// each of which is uniform. A normal distribution would need a logarithm, whose last bits differ from machine to
    /// machine.
    pub(super) fn around_zero(&mut self, spread: f32) -> f32 {
        /// Of a sum of four integers up to 65,535: √(4 · 2³² / 12).
        const DEVIATION: f32 = 37_837.2;
        let word = self.word();
        let sum: u64 = (0..4).map(|quarter| word >> (16 * quarter) & 0xffff).sum();
        (sum as f32 - 2.0 * 65_535.0) / DEVIATION * spread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Of 40,000 draws the mean has a standard error of 0.005 spreads, the deviation one of 0.35 % (the distribution has
    // thinner tails than a normal one), a count of a tenth one of 60.
    #[test]
    fn numbers_are_spread_as_asked() {
        let mut dice = Dice::new(1);
        let draws: Vec<f32> = (0..40_000).map(|_| dice.around_zero(0.5)).collect();
        let mean = draws.iter().sum::<f32>() / 40_000.0;
        let deviation = (draws.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 40_000.0).sqrt();
        assert!(mean.abs() < 0.0125, "mean {mean}");
        assert!((deviation - 0.5).abs() < 0.01, "deviation {deviation}");

        let mut counts = [0_i32; 10];
        for _ in 0..40_000 {
            counts[dice.below(10)] += 1;
            assert!((-0.25..=0.75).contains(&dice.between(-0.25, 0.75)));
        }
        assert!(counts.iter().all(|count| (count - 4_000).abs() < 300), "{counts:?}");
    }
}
