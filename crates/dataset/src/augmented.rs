//! Examples whose pictures are distorted anew in each epoch.

use kernels::pictures::{Placement, Stream, Warp};
use kernels::{Rows, ask_for_large_pages};

use crate::augment::Limits;
use crate::{Augmentation, AugmentationError, Examples};

/// Examples of which each epoch sees other pictures: the same things, distorted at random.
///
/// Where a picture goes is a function of the seed, the epoch and its number. It does not depend on the number of threads, the
/// instruction set, the pictures before it or the epochs before. The pictures of an epoch take as much memory as the data
/// itself, once; where there is nothing to distort, none.
///
/// ```
/// use dataset::{Augmentation, Augmented, Mnist};
///
/// let digits = Mnist::drawn(42, 20, 1).train;
/// let mut augmented = Augmented::new(&digits, Augmentation::mid(), 7)?;
/// let first = augmented.epoch(0).as_bytes().unwrap().to_vec();
/// assert_ne!(augmented.epoch(1).as_bytes().unwrap(), first);
/// assert_eq!(augmented.epoch(0).as_bytes().unwrap(), first);
/// assert_eq!(augmented.augment_one(0, 3), first[3 * 784..][..784]);
/// # Ok::<(), dataset::AugmentationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Augmented<'a> {
    examples: &'a Examples,
    /// Whether there is nothing to distort.
    is_none: bool,
    limits: Limits,
    seed: u64,
    warp: Warp,
    /// The pictures of an epoch; empty before the first, and where there is nothing to distort.
    pixels: Vec<u8>,
}

impl<'a> Augmented<'a> {
    /// The pictures of `examples`, distorted as strongly as `augmentation` says.
    ///
    /// # Errors
    /// If a strength is out of range, or the pictures are larger than can be drawn.
    pub fn new(
        examples: &'a Examples,
        augmentation: Augmentation,
        seed: u64,
    ) -> Result<Self, AugmentationError> {
        let (rows, columns) = (examples.image_rows(), examples.image_columns());
        let warp = augmentation.warp(rows, columns)?;
        let limits = augmentation.limits(rows, columns);
        let is_none = augmentation.is_none();
        Ok(Self { examples, is_none, limits, seed, warp, pixels: Vec::new() })
    }

    /// Draws the pictures of an epoch, in parallel, and lends them as a network reads them. Allocates nothing after the first.
    pub fn epoch(&mut self, epoch: usize) -> Rows<'_> {
        if self.is_none {
            return self.examples.rows();
        }
        let mut pixels = std::mem::take(&mut self.pixels);
        let len = self.examples.pixels().len();
        pixels.reserve_exact(len.saturating_sub(pixels.len()));
        ask_for_large_pages(pixels.spare_capacity_mut());
        pixels.resize(len, 0);
        let placement = |i: usize, _: &[u8]| self.placement(epoch, i);
        self.warp.draw(self.examples.pixels(), &mut pixels, &placement);
        self.pixels = pixels;
        Rows::bytes(&self.pixels, self.examples.pixels_per_image())
    }

    /// Picture `i` as it is in an epoch, `image_rows × image_columns`: one to show.
    ///
    /// # Panics
    /// If there is no example `i`.
    #[track_caller]
    pub fn augment_one(&self, epoch: usize, i: usize) -> Vec<u8> {
        let from = self.examples.image(i);
        let mut to = vec![0; from.len()];
        self.warp.draw(from, &mut to, &|_, _: &[u8]| self.placement(epoch, i));
        to
    }

    fn placement(&self, epoch: usize, i: usize) -> Placement {
        self.limits.placement(Stream::new(self.seed, epoch as u64, i as u64))
    }
}
