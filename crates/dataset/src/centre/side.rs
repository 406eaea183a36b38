//! Whether the ink of a picture is lighter or darker than its ground.
//!
//! Strokes are narrower than the paper between them, and narrower than what a shadow and strokes leave of the paper: of what
//! is narrow, most is ink. Which side that is, several widths decide, the narrowest most. Brightness counts by its logarithm,
//! so that ink in a shadow weighs as much as ink in the light.

use crate::Scale;

use super::wide::wide;

/// The picture is looked at in no more than this many pixels a side.
const SMALL: usize = 96;
/// Each of these widths has its weight: of the parts narrower than it, one over its square counts.
const WIDTHS: [usize; 5] = [3, 5, 9, 17, 26];
/// Brightness below this, of 255, is about as dark as black: a camera's black is not 0.
const BLACK: f64 = 16.0;

/// 1 if the ink of `grey`, `rows × columns`, is lighter than its ground, −1 if it is darker, 0 if all is of one brightness.
pub(super) fn side(grey: &[f32], rows: usize, columns: usize) -> f32 {
    let scale = Scale::new([rows, columns], [SMALL; 2]);
    let [rows, columns] = scale.into_size();
    let small = scale.means(grey);
    let [lighter, darker] = [1.0, -1.0].map(|sign| -> f32 {
        let signed: Vec<f32> = small.iter().map(|x| sign * (x + BLACK).ln() as f32).collect();
        let weight = |width: usize| -> f32 {
            let wide = wide(&signed, rows, columns, width);
            // The cube lets noise vanish beside ink.
            let narrow: f32 = signed.iter().zip(wide).map(|(x, wide)| (x - wide).powi(3)).sum();
            narrow / (width * width) as f32
        };
        WIDTHS.into_iter().map(weight).sum()
    });
    match lighter - darker {
        0.0 => 0.0,
        more => more.signum(),
    }
}
