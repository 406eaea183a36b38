//! How strongly pictures are distorted, and at random where to: another picture of the same thing.
//!
//! For each pixel p of a new picture, measured from the middle (x to the right, y down), it is looked up in the old one what
//! lies at
//!
//! ```text
//! R(θ) · [[1, sh], [0, 1]] · diag(sx, sy) · p + t + d(p)
//! ```
//!
//! with a rotation R by θ, a shear sh, scales sx and sy, a shift t and the displacement d of a smooth random field
//! ([`kernels::pictures`]); bilinearly between four pixels, black outside. θ, sh and both of t are uniform between ± their
//! limits, sx and sy are e to the power of a number that is uniform between ± ln(1 + scale): half as large is as likely as
//! twice as large.

use kernels::pictures::{Placement, Stream, Warp};
use thiserror::Error;

use crate::elementary::{exponential, natural_logarithm, sine_cosine};

/// Pixels of the side that lengths are given for: MNIST's.
const SIDE: f64 = 28.0;

/// How strongly pictures are distorted. All limits 0: not at all.
///
/// Lengths are in pixels of a picture whose smaller side has 28. In others they are longer or shorter as that side is, so that a
/// strength does to a digit what it does to the same digit drawn larger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Augmentation {
    /// The largest rotation, in degrees, at most 180.
    pub rotation: f64,
    /// The largest change of scale along each axis: with 0.15, from 1/1.15 to 1.15. At most 4.
    pub scale: f64,
    /// The largest slant: columns for each row. At most 4.
    pub shear: f64,
    /// The largest shift along each axis, in pixels, at most 1000.
    pub shift: f64,
    /// Standard deviation along each axis of the displacements that bend a picture, in pixels, at most 1000.
    pub elastic: f64,
    /// How smooth these are, in pixels, from 0.5 to 1000: the standard deviation of the bells that noise is spread by.
    pub smoothness: f64,
}

impl Augmentation {
    /// The names of the strengths, as [`named`](Self::named) knows them.
    pub const NAMES: [&'static str; 4] = ["none", "weak", "mid", "strong"];

    /// Pictures stay as they are.
    pub const fn none() -> Self {
        Self { rotation: 0.0, scale: 0.0, shear: 0.0, shift: 0.0, elastic: 0.0, smoothness: 4.0 }
    }

    /// For short trainings, up to some 25 epochs of MNIST.
    pub const fn weak() -> Self {
        let none = Self::none();
        Self { rotation: 10.0, scale: 0.10, shear: 0.10, shift: 1.0, elastic: 0.7, ..none }
    }

    /// For fifty epochs and more.
    pub const fn mid() -> Self {
        let none = Self::none();
        Self { rotation: 12.5, scale: 0.15, shear: 0.15, shift: 1.0, elastic: 1.0, ..none }
    }

    /// For very long trainings.
    pub const fn strong() -> Self {
        let none = Self::none();
        Self { rotation: 15.0, scale: 0.15, shear: 0.15, shift: 2.0, elastic: 1.2, ..none }
    }

    /// The strength of a name among [`NAMES`](Self::NAMES).
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::none()),
            "weak" => Some(Self::weak()),
            "mid" => Some(Self::mid()),
            "strong" => Some(Self::strong()),
            _ => None,
        }
    }

    /// Whether pictures stay as they are.
    pub fn is_none(&self) -> bool {
        Self { smoothness: Self::none().smoothness, ..*self } == Self::none()
    }

    /// The warp that draws pictures of `rows × columns`.
    pub(crate) fn warp(&self, rows: usize, columns: usize) -> Result<Warp, AugmentationError> {
        let limits = [
            ("rotation", self.rotation, 0.0, 180.0),
            ("scale", self.scale, 0.0, 4.0),
            ("shear", self.shear, 0.0, 4.0),
            ("shift", self.shift, 0.0, 1000.0),
            ("elastic", self.elastic, 0.0, 1000.0),
            ("smoothness", self.smoothness, 0.5, 1000.0),
        ];
        for (name, value, least, most) in limits {
            if !(least..=most).contains(&value) {
                return Err(AugmentationError::Range { name, value, least, most });
            }
        }
        let pixels = pixel_length(rows, columns);
        if self.elastic == 0.0 {
            Warp::affine(rows, columns)
        } else {
            // In a tiny picture every pixel has a displacement of its own anyway.
            let smoothness = (self.smoothness * pixels).max(0.25);
            Warp::elastic(rows, columns, self.elastic * pixels, smoothness)
        }
        .ok_or(AugmentationError::Size { rows, columns })
    }

    /// Where pictures of `rows × columns` go.
    pub(crate) fn limits(&self, rows: usize, columns: usize) -> Limits {
        Limits {
            angle: self.rotation.to_radians(),
            logarithm: natural_logarithm(1.0 + self.scale),
            shear: self.shear,
            shift: self.shift * pixel_length(rows, columns),
        }
    }
}

/// How far pictures of one size go at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    angle: f64,
    /// Of the scale.
    logarithm: f64,
    shear: f64,
    /// In their own pixels.
    shift: f64,
}

impl Limits {
    /// Where a picture goes, by the first six words of its stream.
    pub(crate) fn placement(&self, stream: Stream) -> Placement {
        let (sine, cosine) = sine_cosine(self.angle * stream.number(0));
        let shear = self.shear * stream.number(1);
        let scale_x = exponential(self.logarithm * stream.number(2));
        let scale_y = exponential(self.logarithm * stream.number(3));
        let (right, down) = (self.shift * stream.number(4), self.shift * stream.number(5));
        let x_row = [cosine * scale_x, (cosine * shear - sine) * scale_y];
        let y_row = [sine * scale_x, (sine * shear + cosine) * scale_y];
        Placement {
            matrix: [[x_row[0] as f32, x_row[1] as f32], [y_row[0] as f32, y_row[1] as f32]],
            shift: [right as f32, down as f32],
            stream,
        }
    }
}

/// Pixels of a picture for each that lengths are given in.
fn pixel_length(rows: usize, columns: usize) -> f64 {
    rows.min(columns) as f64 / SIDE
}

/// Why pictures cannot be distorted.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum AugmentationError {
    /// A strength that is no number, or of no use.
    #[error("{name} {value} of an augmentation is not between {least} and {most}")]
    Range {
        /// The field of [`Augmentation`].
        name: &'static str,
        /// Its value.
        value: f64,
        /// The least that it may be.
        least: f64,
        /// The most that it may be.
        most: f64,
    },
    /// Pictures of more than 16 million pixels, or with a side of more than 16,000.
    #[error(
        "pictures of {rows}×{columns} pixels are too large to be drawn anew: make them smaller"
    )]
    Size {
        /// Rows of a picture.
        rows: usize,
        /// Columns of a picture.
        columns: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placements_stay_within_their_limits_and_reach_them() {
        let size = 56;
        let mid = Augmentation::mid();
        let placements = |augmentation: Augmentation| {
            let stream = |i| Stream::new(1, 2, i);
            let limits = augmentation.limits(size, size);
            (0..4000).map(move |i| limits.placement(stream(i)))
        };
        let extremes = |numbers: &mut dyn Iterator<Item = f32>| {
            numbers.fold((f32::MAX, f32::MIN), |(low, high), x| (low.min(x), high.max(x)))
        };
        let near = |found: (f32, f32), low: f32, high: f32| {
            let slack = 0.01 * (high - low);
            assert!(found.0 >= low && found.0 < low + slack, "{found:?}, {low}, {high}");
            assert!(found.1 <= high && found.1 > high - slack, "{found:?}, {low}, {high}");
        };
        // In twice as large a picture, a pixel is two.
        near(extremes(&mut placements(mid).map(|at| at.shift[0])), -2.0, 2.0);
        near(extremes(&mut placements(mid).map(|at| at.shift[1])), -2.0, 2.0);
        let turned = Augmentation { rotation: 12.5, ..Augmentation::none() };
        let angle = |at: Placement| at.matrix[1][0].atan2(at.matrix[0][0]).to_degrees();
        near(extremes(&mut placements(turned).map(angle)), -12.5, 12.5);
        let scaled = Augmentation { scale: 0.15, ..Augmentation::none() };
        for axis in 0..2 {
            let scale = |at: Placement| at.matrix[axis][axis];
            near(extremes(&mut placements(scaled).map(scale)), 1.0 / 1.15, 1.15);
        }
        let slanted = Augmentation { shear: 0.15, ..Augmentation::none() };
        near(extremes(&mut placements(slanted).map(|at| at.matrix[0][1])), -0.15, 0.15);
        let all_else =
            placements(slanted).all(|at| at.matrix[1] == [0.0, 1.0] && at.shift == [0.0; 2]);
        assert!(all_else);
    }

    #[test]
    fn names() {
        for name in Augmentation::NAMES {
            let named = Augmentation::named(name).unwrap();
            assert_eq!(named.is_none(), name == "none");
        }
        assert_eq!(Augmentation::named("middle"), None);
    }

    #[test]
    fn numbers_out_of_range_are_an_error() {
        let mid = Augmentation::mid();
        for bad in [
            Augmentation { rotation: -1.0, ..mid },
            Augmentation { scale: f64::NAN, ..mid },
            Augmentation { shear: 4.1, ..mid },
            Augmentation { shift: f64::INFINITY, ..mid },
            Augmentation { elastic: -0.1, ..mid },
            Augmentation { smoothness: 0.0, ..mid },
        ] {
            let error = bad.warp(28, 28).unwrap_err();
            assert!(matches!(error, AugmentationError::Range { .. }), "{bad:?}: {error}");
        }
        let error = mid.warp(5000, 5000).unwrap_err();
        assert_eq!(
            error.to_string(),
            "pictures of 5000×5000 pixels are too large to be drawn anew: make them smaller"
        );
        assert!(mid.warp(1, 1).is_ok());
    }
}
