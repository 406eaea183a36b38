//! Pictures made smaller: each new pixel is the mean over the area of old ones that it covers.

/// How pictures of one size are made smaller.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// `[rows, columns]` of a picture, and of what is made of it.
    from: [usize; 2],
    to: [usize; 2],
}

impl Scale {
    /// For pictures of `size`, `[rows, columns]`, that have to fit into `most`, about in their proportions. Those that do are
    /// left as they are.
    pub fn new(size: [usize; 2], most: [usize; 2]) -> Self {
        let times = |axis: usize| size[axis] as f64 / most[axis].max(1) as f64;
        let times = times(0).max(times(1)).max(1.0);
        let smaller = |length: usize| ((length as f64 / times).round() as usize).max(1);
        Self { from: size, to: size.map(smaller) }
    }

    /// For pictures of size `from` of which smaller ones of size `to` are made, `[rows, columns]`.
    ///
    /// # Panics
    /// If a side of `to` is 0 or longer than that of `from`.
    pub fn to(from: [usize; 2], to: [usize; 2]) -> Self {
        assert!((0..2).all(|axis| (1..=from[axis]).contains(&to[axis])), "{from:?} to {to:?}");
        Self { from, to }
    }

    /// `[rows, columns]` of a picture made smaller, neither of them 0: a picture of one row stays one of one row.
    pub fn into_size(self) -> [usize; 2] {
        self.to
    }

    /// The numbers of a picture, made smaller.
    pub fn means<T: Copy + Into<f64>>(self, numbers: &[T]) -> Vec<f64> {
        let [rows, columns] = [0, 1].map(|axis| stretches(self.from[axis], self.to[axis]));
        let mut means = Vec::with_capacity(rows.len() * columns.len());
        for (top, row_shares) in &rows {
            for (left, column_shares) in &columns {
                let (mut sum, mut area) = (0.0, 0.0);
                for (row, row_share) in row_shares.iter().enumerate() {
                    let start = (top + row) * self.from[1] + left;
                    for (number, share) in numbers[start..].iter().zip(column_shares) {
                        sum += row_share * share * (*number).into();
                        area += row_share * share;
                    }
                }
                means.push(sum / area);
            }
        }
        means
    }

    /// The grey pixels of a picture, made smaller. The brightest stays as bright as it was: strokes much thinner than a new
    /// pixel would be too pale to be seen.
    pub fn greys(self, pixels: &[u8]) -> Vec<u8> {
        let means = self.means(pixels);
        let brightest = pixels.iter().copied().max().unwrap_or(0);
        let brightest_mean = means.iter().copied().fold(0.0, f64::max);
        let gain = if brightest > 0 { f64::from(brightest) / brightest_mean } else { 1.0 };
        means.iter().map(|mean| (gain * mean).round() as u8).collect()
    }
}

/// `length` old pixels cut into `count` stretches of equal length: the first pixel of each, and how much of it and of those
/// after it the stretch covers.
fn stretches(length: usize, count: usize) -> Vec<(usize, Vec<f64>)> {
    let edge = |index: usize| (index * length) as f64 / count as f64;
    let stretch = |index: usize| {
        let (from, to) = (edge(index), edge(index + 1));
        let pixels = from as usize..to.ceil() as usize;
        let share = |pixel: usize| to.min((pixel + 1) as f64) - from.max(pixel as f64);
        (pixels.start, pixels.map(share).collect())
    };
    (0..count).map(stretch).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_their_proportions_and_never_vanish() {
        for (size, most, expected) in [
            ([28, 28], [80, 80], [28, 28]),
            ([1000, 1000], [80, 40], [40, 40]),
            ([300, 200], [80, 80], [80, 53]),
            ([1, 2000], [80, 14], [1, 14]),
            ([2000, 1], [80, 14], [80, 1]),
            ([5, 5], [80, 0], [1, 1]),
        ] {
            assert_eq!(Scale::new(size, most).into_size(), expected, "{size:?} into {most:?}");
        }
        for length in 1..200 {
            for most in 1..100 {
                let [rows, columns] = Scale::new([length, 3 * length], [200, most]).into_size();
                assert_eq!(columns, most.min(3 * length), "{length} into {most}");
                assert_eq!(rows, ((columns + 1) / 3).max(1), "{length} into {most}");
            }
        }
    }

    #[test]
    fn a_mean_is_that_of_its_area() {
        // 3×3 on 2×2: each new number covers a whole old one, halves of two and a quarter of the middle one.
        let numbers = [90.0, 0.0, 0.0, 0.0, 180.0, 0.0, 0.0, 0.0, -9.0_f32];
        let expected = [90.0 + 45.0, 45.0, 45.0, -9.0 + 45.0].map(|sum| sum / 2.25);
        let found = Scale::new([3, 3], [2, 2]).means(&numbers);
        assert!(
            found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12),
            "{found:?} for {expected:?}"
        );
        // Sides of any two lengths: what is the same everywhere stays so, and nothing outside is read.
        for size in [[1, 7], [7, 1], [13, 29], [1000, 3], [80, 81], [64, 49]] {
            for most in [[1, 1], [1, 80], [80, 1], [7, 9], [48, 48]] {
                let scale = Scale::new(size, most);
                let found = scale.means(&vec![7_u8; size[0] * size[1]]);
                assert_eq!(
                    found.len(),
                    scale.into_size().iter().product::<usize>(),
                    "{size:?} into {most:?}"
                );
                assert!(found.iter().all(|mean| (mean - 7.0).abs() < 1e-12), "{found:?}");
            }
        }
        // A picture in its own size is itself.
        let numbers = [1_u8, 2, 3, 4, 5, 6];
        assert_eq!(Scale::new([2, 3], [2, 3]).means(&numbers), numbers.map(f64::from));
    }

    #[test]
    fn the_brightest_stays_as_bright() {
        let halved = |pixels: [u8; 4]| Scale::new([1, 4], [1, 2]).greys(&pixels);
        assert_eq!(halved([200, 0, 50, 0]), [200, 50]);
        assert_eq!(halved([200, 200, 10, 30]), [200, 20]);
        assert_eq!(halved([0, 0, 0, 1]), [0, 1]);
        assert_eq!(halved([0; 4]), [0, 0]);
        let pixels = [1, 200, 3, 255];
        assert_eq!(Scale::new([2, 2], [2, 2]).greys(&pixels), pixels);
    }

    #[test]
    fn rows_and_columns_stay_apart() {
        // The left third and the upper half of 4×6 have numbers of their own.
        let numbers: Vec<u8> = (0..24).map(|i| 10 * (i / 12) + u8::from(i % 6 < 2)).collect();
        let means = Scale::new([4, 6], [2, 3]).means(&numbers);
        assert_eq!(means, [1.0, 0.0, 0.0, 11.0, 10.0, 10.0]);
    }
}
