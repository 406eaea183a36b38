//! The examples that make a batch, and where each of them lies.

use std::ops::Range;

use crate::layout::Rows;
use crate::simd::{LANES, Simd};

/// Which examples make a batch, in which order.
#[derive(Clone, Debug)]
pub enum Selection<'a> {
    /// A run of neighbours.
    Range(Range<usize>),
    /// Any examples, by their indices.
    Indices(&'a [u32]),
}

impl Selection<'_> {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::Indices(indices) => indices.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The example that is row `i` of the batch.
    #[inline(always)]
    pub(super) fn index(&self, i: usize) -> usize {
        match self {
            Self::Range(range) => range.start + i,
            Self::Indices(indices) => indices[i] as usize,
        }
    }
}

/// The rows of a batch, where they lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Examples<'a> {
    pub(super) rows: &'a Rows<'a>,
    pub(super) selection: &'a Selection<'a>,
}

impl Examples<'_> {
    /// Rows of the batch.
    pub(super) fn len(&self) -> usize {
        self.selection.len()
    }
}

/// Sixteen bytes b as the numbers that they stand for, `b / 255`, rounded once.
#[inline(always)]
pub(super) fn unit<S: Simd>(simd: S, bytes: &[u8; LANES]) -> S::Vector {
    simd.div_255(simd.load_bytes(bytes))
}
