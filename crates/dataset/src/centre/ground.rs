//! The ground of a picture: the brightness that its paper has in the light and the shadows that fall on it.
//!
//! It is what is left of the picture when all that is narrower than a width is taken away ([`wide`]): strokes are narrow, and
//! light that falls off, a lamp, a table beside the paper and a shadow are wide. The shadow of a pencil is narrow, but goes
//! from edge to edge ([`bar`]). Where a shadow has an edge, so has the ground, at the same place.
//!
//! [`wide`]: super::wide
//! [`bar`]: super::bar

use super::{bar, wide::wide};

/// The share of the pixels that is ground for sure.
const SURE: f64 = 0.6;
/// Half of a normal distribution's values are within 0.67 standard deviations, and [`SURE`] of them within this many.
const SURE_DEVIATIONS: f32 = 0.8416;
/// The least difference from the ground that is ink, of 255.
pub(super) const LEAST_INK: f32 = 16.0;
/// Noise reaches as many of its standard deviations.
const NOISE: f32 = 4.0;
/// A bar is not stronger than this share of full ink: else it is a stroke from edge to edge.
const STRONGEST_BAR: f32 = 0.85;
/// So many bars are looked for.
const BARS: usize = 3;

/// The most that strokes measure, in pixels.
#[derive(Clone, Copy)]
pub(super) struct Strokes {
    pub(super) width: f64,
    pub(super) length: f64,
}

/// The ground of a picture, and what is not ground.
pub(super) struct Ground {
    /// The brightness of the paper, for each pixel.
    pub(super) surface: Vec<f32>,
    /// How far each pixel is from it on the side of the ink.
    pub(super) ink: Vec<f32>,
    /// The noise of the paper is within this distance.
    pub(super) noise: f32,
    /// Whether a bar of shadow goes across.
    pub(super) has_bar: bool,
}

impl Ground {
    /// The ground under `grey`, `rows × columns`, whose ink is on a side, lighter (1) or darker (−1). `full` tells the
    /// strength of full ink.
    pub(super) fn under(
        grey: &[f32],
        [rows, columns]: [usize; 2],
        side: f32,
        strokes: Strokes,
        full: fn(&[f32]) -> f32,
    ) -> Self {
        let signed: Vec<f32> = grey.iter().map(|x| side * x).collect();
        let wide = wide(&signed, rows, columns, strokes.width as usize + 1);
        let mut ink: Vec<f32> = signed.iter().zip(&wide).map(|(x, wide)| x - wide).collect();
        // In noise, what is wide is on the far side of it.
        let middle = quantile(ink.clone(), 0.5);
        ink.iter_mut().for_each(|x| *x -= middle);
        let deviation = quantile(ink.iter().map(|x| x.abs()).collect(), SURE) / SURE_DEVIATIONS;
        let noise = NOISE * deviation;
        let mut has_bar = false;
        for _ in 0..BARS {
            let strength = LEAST_INK.max(noise)..STRONGEST_BAR * full(&ink);
            let Some(bar) = bar::across(&ink, rows, columns, strokes.length, strength) else {
                break;
            };
            ink.iter_mut().zip(&bar).for_each(|(x, bar)| *x -= bar);
            has_bar = true;
        }
        let surface = grey.iter().zip(&ink).map(|(x, ink)| x - side * ink).collect();
        Self { surface, ink, noise, has_bar }
    }
}

/// The number that a share of the numbers do not exceed.
fn quantile(mut numbers: Vec<f32>, share: f64) -> f32 {
    let index = ((numbers.len() as f64 * share) as usize).min(numbers.len() - 1);
    *numbers.select_nth_unstable_by(index, f32::total_cmp).1
}
