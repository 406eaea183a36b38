//! The largest sizes that a network may have.

/// The most weights that a layer may have, its units rounded up to a multiple of sixteen: they are kept in panels of
/// sixteen columns. 2³¹ of them take 8 GiB.
pub const MOST_WEIGHTS: usize = 1 << 31;

/// The most classes: class indices have sixteen bits.
pub const MOST_CLASSES: usize = 1 << 16;
