//! The order of an epoch, the same for the same seed in every release and on every machine.
//!
//! That is why each step is spelled out here or named: library shuffles may change their values between releases.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Shuffles slices, each time differently and reproducibly.
///
/// The algorithm: Fisher–Yates from the last element to the second, each swapped with an element at or before it. The place
/// is an unbiased integer by Lemire's multiply-and-reject on 32-bit words. A word is the upper half of an output of
/// xoshiro256++, whose state comes from the seed through SplitMix64.
///
/// ```
/// let mut shuffler = model::Shuffler::new(42);
/// let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
/// shuffler.shuffle(&mut order);
/// assert_eq!(order, [7, 0, 1, 4, 3, 5, 2, 6]);
/// ```
#[derive(Clone, Debug)]
pub struct Shuffler {
    generator: Xoshiro256PlusPlus,
}

impl Shuffler {
    /// A shuffler at the start of the sequence that `seed` stands for.
    pub fn new(seed: u64) -> Self {
        Self { generator: Xoshiro256PlusPlus::seed_from_u64(seed) }
    }

    /// Shuffles `order` in place: every permutation is as likely as any other.
    ///
    /// # Panics
    /// If `order` has more than `u32::MAX` elements.
    pub fn shuffle(&mut self, order: &mut [u32]) {
        let length = u32::try_from(order.len()).expect("at most u32::MAX elements to shuffle");
        for last in (1..length).rev() {
            let other = self.up_to(last);
            order.swap(last as usize, other as usize);
        }
    }

    /// An integer from 0 to `last`, which is below `u32::MAX`, each equally likely.
    ///
    /// A 32-bit word is scaled to `word · bound / 2³²`, the upper half of a product. The `2³² mod bound` words too many for a
    /// fair share are those whose product has a lower half below that number; they are drawn again (Lemire, "Fast Random
    /// Integer Generation in an Interval", 2019).
    fn up_to(&mut self, last: u32) -> u32 {
        let bound = last + 1;
        let mut product = self.word() * u64::from(bound);
        // The remainder is below the bound, so most words are seen to be good without a division.
        if (product as u32) < bound {
            let too_many = bound.wrapping_neg() % bound;
            while (product as u32) < too_many {
                product = self.word() * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }

    /// 32 random bits. The upper ones of an output: the lower ones are a little weaker in this family of generators.
    fn word(&mut self) -> u64 {
        self.generator.next_u64() >> 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The expected values come from this Python, which shares no code with the crates used here:
    //
    //     M = 2**64 - 1
    //     class Shuffler:
    //         def __init__(self, seed):                       # SplitMix64
    //             self.state = []
    //             for _ in range(4):
    //                 seed = z = (seed + 0x9e3779b97f4a7c15) & M
    //                 z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9 & M
    //                 z = (z ^ z >> 27) * 0x94d049bb133111eb & M
    //                 self.state.append(z ^ z >> 31)
    //         def word(self):                                 # xoshiro256++
    //             rotate = lambda x, k: (x << k | x >> 64 - k) & M
    //             a, b, c, d = self.state
    //             output = rotate(a + d & M, 23) + a & M
    //             t = b << 17 & M
    //             c ^= a; d ^= b; b ^= c; a ^= d; c ^= t
    //             self.state = [a, b, c, rotate(d, 45)]
    //             return output >> 32
    //         def up_to(self, last):
    //             while True:
    //                 product = self.word() * (last + 1)
    //                 if product % 2**32 >= 2**32 % (last + 1):
    //                     return product >> 32
    //         def shuffle(self, order):
    //             for last in range(len(order) - 1, 0, -1):
    //                 other = self.up_to(last)
    //                 order[last], order[other] = order[other], order[last]

    #[test]
    fn a_seed_stands_for_its_orders_for_ever() {
        for (seed, orders) in [
            (42, [[7, 0, 1, 4, 3, 5, 2, 6], [6, 0, 7, 3, 2, 5, 1, 4]]),
            (0, [[5, 3, 4, 1, 0, 6, 7, 2], [4, 7, 3, 5, 1, 0, 2, 6]]),
        ] {
            let mut shuffler = Shuffler::new(seed);
            for expected in orders {
                let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
                shuffler.shuffle(&mut order);
                assert_eq!(order, expected, "seed {seed}");
            }
        }

        let mut order: Vec<u32> = (0..60_000).collect();
        Shuffler::new(42).shuffle(&mut order);
        assert_eq!(order[..4], [46874, 39781, 55105, 22883]);
        assert_eq!(order[59_996..], [42066, 59031, 19128, 48858]);
        order.sort_unstable();
        assert!(order.iter().copied().eq(0..60_000));
    }

    // A quarter of all words is drawn again for this bound; with this seed the first two and the fourth are.
    #[test]
    fn refused_words_are_drawn_again() {
        let mut shuffler = Shuffler::new(4);
        let drawn: [u32; 6] = std::array::from_fn(|_| shuffler.up_to(3 * (1 << 30) - 1));
        assert_eq!(drawn, [809420061, 504740436, 2455369485, 3088854671, 585216369, 648563717]);
    }

    #[test]
    fn nothing_to_shuffle_draws_nothing() {
        let mut shuffler = Shuffler::new(42);
        shuffler.shuffle(&mut []);
        shuffler.shuffle(&mut [5]);
        let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
        shuffler.shuffle(&mut order);
        assert_eq!(order, [7, 0, 1, 4, 3, 5, 2, 6]);
    }

    /// How far counts are from equal: Pearson's χ², on average `counts.len() − 1` if only chance is at work.
    fn chi_squared(counts: &[u32]) -> f64 {
        let expected = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
        counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum()
    }

    // 23 degrees of freedom: 23 ± 7 is expected, and fair shuffling exceeds 60 for one seed in 30,000. Choosing the other
    // place among all four, the common mistake, gives about 900.
    #[test]
    fn all_permutations_are_equally_likely() {
        let mut shuffler = Shuffler::new(7);
        let mut counts = std::collections::HashMap::new();
        for _ in 0..24_000 {
            let mut order = [0, 1, 2, 3];
            shuffler.shuffle(&mut order);
            *counts.entry(order).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 24, "permutations seen");
        let counts: Vec<u32> = counts.into_values().collect();
        let distance = chi_squared(&counts);
        assert!(distance < 60.0, "χ² = {distance}: {counts:?}");
    }

    // 2 degrees of freedom: fair drawing exceeds 20 for one seed in 20,000. Without the rejection every other value is
    // divisible by 3, which gives about 3,750.
    #[test]
    fn large_bounds_are_unbiased() {
        let mut shuffler = Shuffler::new(7);
        let mut counts = [0; 3];
        for _ in 0..30_000 {
            counts[shuffler.up_to(3 * (1 << 30) - 1) as usize % 3] += 1;
        }
        let distance = chi_squared(&counts);
        assert!(distance < 20.0, "χ² = {distance}: {counts:?}");
    }
}
