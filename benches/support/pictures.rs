//! Pictures, and made-up ones for where only the density of ink and how it clusters matter.

use crate::support::random::Random;
use kernels::dense::{Batch, Selection};
use kernels::{Rows, Targets};

/// Pictures in memory, with their classes.
#[derive(Clone, Copy)]
pub(crate) struct Pictures<'a> {
    pub(crate) pixels: &'a [u8],
    pub(crate) labels: &'a [u8],
}

impl<'a> Pictures<'a> {
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    pub(crate) fn columns(&self) -> usize {
        self.pixels.len() / self.len()
    }

    pub(crate) fn rows(&self) -> Rows<'a> {
        Rows::bytes(self.pixels, self.columns())
    }

    pub(crate) fn targets(&self) -> Targets<'a> {
        Targets::Classes(self.labels)
    }

    /// `count` of them from number `start` on.
    pub(crate) fn part(&self, start: usize, count: usize) -> Pictures<'a> {
        let columns = self.columns();
        Pictures {
            pixels: &self.pixels[start * columns..][..count * columns],
            labels: &self.labels[start..][..count],
        }
    }

    /// The first `count` of them, or all if there are not so many.
    pub(crate) fn first(&self, count: usize) -> Pictures<'a> {
        self.part(0, count.min(self.len()))
    }

    /// Whether a network skips the zeros of a batch of these.
    pub(crate) fn zeros_are_skipped(&self) -> bool {
        let mut batch = Batch::new(self.columns());
        batch.gather(&self.rows(), None, &Selection::Range(0..self.len().min(128)));
        batch.is_listed()
    }
}

/// The share of non-zero pixels in MNIST's training images.
pub(crate) const MNIST_DENSITY: f64 = 0.191;
/// Pixels of such an image.
pub(crate) const MNIST_PIXELS: usize = SIDE * SIDE;

const SIDE: usize = 28;
/// Digits keep clear of the edge: in a batch of 128 of MNIST's, a third of all pixels is never lit. With this margin it
/// is two fifths.
const MARGIN: usize = 3;
/// Strokes are a few pixels wide: the mean run of ink is `SHORT_RUN / (1 - density)` pixels, that of paper
/// `SHORT_RUN / density`.
const SHORT_RUN: f64 = 6.0;

/// `count` pixels, of which the share `density` is not zero, in runs.
pub(crate) fn in_runs(random: &mut Random, count: usize, density: f64) -> Vec<u8> {
    let mut lit = random.unit() < density;
    let pixel = |_| {
        let flip = (if lit { 1.0 - density } else { density }) / SHORT_RUN;
        lit ^= random.unit() < flip;
        if lit { 1 + random.below(255) as u8 } else { 0 }
    };
    (0..count).map(pixel).collect()
}

/// `count` pictures of MNIST's size, density and empty margin.
pub(crate) fn like_digits(count: usize) -> Vec<u8> {
    const INSIDE: usize = SIDE - 2 * MARGIN;
    let mut random = Random::new();
    let density = MNIST_DENSITY * (SIDE * SIDE) as f64 / (INSIDE * INSIDE) as f64;
    let ink = in_runs(&mut random, count * INSIDE * INSIDE, density);
    let mut pixels = vec![0; count * SIDE * SIDE];
    for (picture, ink) in
        pixels.chunks_exact_mut(SIDE * SIDE).zip(ink.chunks_exact(INSIDE * INSIDE))
    {
        let rows = picture.chunks_exact_mut(SIDE).skip(MARGIN);
        for (row, ink) in rows.zip(ink.chunks_exact(INSIDE)) {
            row[MARGIN..][..INSIDE].copy_from_slice(ink);
        }
    }
    pixels
}

/// The share of pixels that are not zero.
pub(crate) fn density(pixels: &[u8]) -> f64 {
    pixels.iter().filter(|&&pixel| pixel != 0).count() as f64 / pixels.len() as f64
}

/// Any classes do where nothing is to be learned: 0 to 9 in turn.
pub(crate) fn labels(count: usize) -> Vec<u8> {
    (0..count).map(|i| (i % 10) as u8).collect()
}
