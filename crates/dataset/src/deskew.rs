//! Pictures made upright: the rows of each are shifted sideways until what it shows leans neither way.
//!
//! With its ink as mass, at (x, y) in pixels, let x̄ and ȳ be its centre, and μ_xy and μ_yy its second moments about that. The line
//! x = x̄ + α·(y − ȳ) with α = μ_xy / μ_yy fits the rows' ink best (least squares). New pixel (x, y) shows what lies at
//! (x + α·(y − ȳ), y), which makes that line upright and leaves the centre where it is.
//!
//! This is how LeCun, Bottou, Bengio and Haffner deskewed MNIST (1998: "Gradient-based learning applied to document recognition",
//! section III): rows are shifted so that the principal axis, from second moments, is vertical. They count pixels of ink; here
//! a pixel counts as much as it is bright.
//!
//! A picture that leans by more than two columns for each row, 63°, is not slanted but lies, such as a dash: it is sheared by so much, no more.
//! (Of MNIST's digits, 92 in 60,000 lean by more than one column, none by more than 1.9.)

use kernels::pictures::{Placement, Warp};

use crate::{AugmentationError, Examples, Images};

/// Columns for each row.
const LARGEST: f64 = 2.0;

/// Deskews pictures of one size.
#[derive(Clone, Debug)]
pub struct Deskew {
    rows: usize,
    columns: usize,
    warp: Warp,
}

impl Deskew {
    /// For pictures of `rows × columns` pixels.
    ///
    /// # Errors
    /// If they are larger than can be drawn, or have no pixel.
    pub fn new(rows: usize, columns: usize) -> Result<Self, AugmentationError> {
        let warp = Warp::affine(rows, columns).ok_or(AugmentationError::Size { rows, columns })?;
        Ok(Self { rows, columns, warp })
    }

    /// Draws each picture of `from` upright in its place in `to`, in parallel. Both are pictures of `rows × columns` bytes, back to
    /// back.
    ///
    /// # Panics
    /// If `from` and `to` are not as long, or no whole number of pictures.
    #[track_caller]
    pub fn draw(&self, from: &[u8], to: &mut [u8]) {
        self.warp.draw(from, to, &|_, picture: &[u8]| self.placement(picture));
    }

    /// The pictures, upright.
    ///
    /// # Errors
    /// If they are larger than can be drawn.
    pub fn images(images: &Images) -> Result<Images, AugmentationError> {
        let mut pixels = vec![0; images.pixels().len()];
        Self::new(images.rows(), images.columns())?.draw(images.pixels(), &mut pixels);
        Ok(images.with_pixels(pixels))
    }

    /// The examples with their pictures upright.
    ///
    /// # Errors
    /// If these are larger than can be drawn.
    pub fn examples(examples: &Examples) -> Result<Examples, AugmentationError> {
        let images = Self::images(examples.images())?;
        Ok(examples.with_images(images))
    }

    fn placement(&self, picture: &[u8]) -> Placement {
        let slant = Slant::of(picture, self.columns);
        let middle = (self.rows - 1) as f64 / 2.0;
        Placement {
            matrix: [[1.0, slant.columns_per_row as f32], [0.0, 1.0]],
            shift: [(slant.columns_per_row * (middle - slant.middle_row)) as f32, 0.0],
            ..Placement::IDENTITY
        }
    }
}

/// How a picture leans.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Slant {
    /// α, between −2 and 2; 0 where there is no ink, or all of it in one row.
    columns_per_row: f64,
    /// ȳ.
    middle_row: f64,
}

impl Slant {
    fn of(picture: &[u8], columns: usize) -> Self {
        // Sums of whole numbers, exact in any order: of ink, and of ink times x, y, x·y and y².
        let [mut ink, mut x, mut y, mut xy, mut yy] = [0_u64; 5];
        for (row, pixels) in picture.chunks_exact(columns).enumerate() {
            let (mut row_ink, mut row_x) = (0_u64, 0_u64);
            for (column, pixel) in pixels.iter().enumerate() {
                row_ink += u64::from(*pixel);
                row_x += u64::from(*pixel) * column as u64;
            }
            let row = row as u64;
            ink += row_ink;
            x += row_x;
            y += row * row_ink;
            xy += row * row_x;
            yy += row * row * row_ink;
        }
        // ink² times each of the two moments.
        let moment = |product: u64, a: u64, b: u64| {
            i128::from(ink) * i128::from(product) - i128::from(a) * i128::from(b)
        };
        let (mu_xy, mu_yy) = (moment(xy, x, y), moment(yy, y, y));
        if mu_yy == 0 {
            return Self { columns_per_row: 0.0, middle_row: 0.0 };
        }
        Self {
            columns_per_row: (mu_xy as f64 / mu_yy as f64).clamp(-LARGEST, LARGEST),
            middle_row: y as f64 / ink as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slanted_line_becomes_upright_about_its_middle() {
        // One column to the right for each row, from (5, 3) to (14, 12).
        let (rows, columns) = (20, 30);
        let mut picture = vec![0; rows * columns];
        for i in 0..10 {
            picture[(5 + i) * columns + 3 + i] = 200;
        }
        let slant = Slant::of(&picture, columns);
        assert_eq!(slant, Slant { columns_per_row: 1.0, middle_row: 9.5 });
        let mut upright = vec![0; rows * columns];
        Deskew::new(rows, columns).unwrap().draw(&picture, &mut upright);
        for (i, grey) in upright.iter().enumerate() {
            // The middle is at column 7.5: half of the ink on each side.
            let (row, column) = (i / columns, i % columns);
            let on_line = (5..15).contains(&row) && (7..=8).contains(&column);
            assert_eq!(*grey, if on_line { 100 } else { 0 }, "{row}, {column}");
        }
    }

    #[test]
    fn moments_are_those_of_the_formula() {
        let mut random = testing::Random(3);
        for _ in 0..50 {
            let (rows, columns) = (1 + random.below(40), 1 + random.below(40));
            let picture = random.bytes(rows * columns);
            let sum = |f: &dyn Fn(f64, f64) -> f64| {
                let term = |(i, p): (usize, &u8)| {
                    f64::from(*p) * f((i % columns) as f64, (i / columns) as f64)
                };
                picture.iter().enumerate().map(term).sum::<f64>()
            };
            let ink = sum(&|_, _| 1.0);
            let (x, y) = (sum(&|x, _| x) / ink, sum(&|_, y| y) / ink);
            let mu_yy = sum(&|_, b| (b - y) * (b - y));
            let expected = if rows > 1 && ink > 0.0 {
                (sum(&|a, b| (a - x) * (b - y)) / mu_yy).clamp(-2.0, 2.0)
            } else {
                0.0
            };
            let found = Slant::of(&picture, columns);
            assert!((found.columns_per_row - expected).abs() < 1e-9, "{rows}×{columns}");
            assert!(rows == 1 || (found.middle_row - y).abs() < 1e-9, "{rows}×{columns}");
        }
    }

    #[test]
    fn what_cannot_lean_stays() {
        for picture in [vec![0; 12], [vec![0; 4], vec![9; 4], vec![0; 4]].concat()] {
            let images = Images::new(picture, 3, 4).unwrap();
            assert_eq!(Deskew::images(&images).unwrap(), images);
        }
        let pixel = Images::new(vec![200, 3], 1, 1).unwrap();
        assert_eq!(Deskew::images(&pixel).unwrap(), pixel);
        assert!(Deskew::new(0, 3).is_err() && Deskew::new(9000, 9000).is_err());
    }
}
