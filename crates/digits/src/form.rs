//! The ways to write a digit, as points that a pen passes.

/// A place in hundredths of a box: to the right, and down. Only proportions matter: every digit is fitted to its image in
/// the end.
pub(super) type Point = (i8, i8);

/// The places that the pen passes between touching the paper and leaving it.
pub(super) type Stroke = &'static [Point];

/// A digit, stroke by stroke.
pub(super) type Drawing = &'static [Stroke];

/// A way to write a digit.
pub(super) struct Form {
    /// How many write it so, compared with the other forms of the digit.
    pub(super) share: u32,
    /// The same strokes with the same number of points and the same corners.
    pub(super) drawings: &'static [Drawing],
}
