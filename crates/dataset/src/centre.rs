//! A picture of a digit in the form of MNIST's: white ink on black, in a box of 20 × 20 pixels, its centre of mass in the
//! middle of 28 × 28.
//!
//! 1. Whether ink is darker or lighter than its ground is told by what is narrow in the picture ([`mod@side`]).
//! 2. The ground is what is wide in it ([`wide`]): wider than strokes, which before the digit is found are taken for narrower
//!    than a third of the picture. Light that falls off, a lamp and a table are wide, and so is a shadow; its edge is one of the
//!    ground, at the same place, and is no ink. Nor is what goes across the picture from edge to edge, such as the shadow of
//!    a pencil ([`bar`]). What is left, by more than noise and 16 of 255 levels, is ink; dark ink counts by the share of the
//!    light that it takes, in the shadow as much as beside it.
//! 3. The full ink is what a thousandth of the pixels reach. Ink below four standard deviations of the noise is 0, full ink
//!    is 255, and between them it rises in a line. Of the pieces that are at least half as strong as full ink, those along an
//!    edge of the picture (a hand) and specks below a twentieth of the largest piece go, below a quarter where they are on an
//!    edge ([`pieces`]); with those that stay goes what is within two pixels.
//! 4. Steps 2 and 3 are done again on the part around what was found, in its full resolution, where strokes are narrower than
//!    half of the digit and no longer than from corner to corner of its rectangle.
//! 5. Strokes finer than MNIST's are made as wide as those of a fine pen there ([`strokes`]).
//! 6. The rectangle of the ink is scaled until its longer side has 20 pixels of 28: made smaller, each pixel is the mean of
//!    the area that it covers, times a factor by which the brightest stays as bright; made larger, it is interpolated.
//! 7. It is moved by whole pixels until its centre of mass, with pixels counted from 0, is within half a pixel of 14 from the
//!    top and from the left. MNIST's own pictures stay where they are.
//!
//! The steps 6 and 7 are those of the page on MNIST (Y. LeCun, C. Cortes, C. Burges); other sizes than 28 have their sevenths.

mod bar;
mod ground;
mod pieces;
mod side;
mod strokes;
mod wide;

use thiserror::Error;

use crate::{Picture, Scale};
use ground::{Ground, LEAST_INK, Strokes};
use side::side;

/// Pictures are analysed in no more than this many pixels a side.
const ANALYSED: usize = 512;
/// The share of the pixels that reach the full ink.
const FULL: f64 = 0.001;
/// A stroke narrower than this part of the digit's longer side is a fine pen's: half a percent of MNIST's are.
const FINE: f64 = 0.07;
/// It is made as wide as this: a fifth of MNIST's are narrower.
const PEN: f64 = 0.1;
/// Before the digit is found, strokes are narrower than this part of the longer side of the picture, and shorter than this part
/// of the shorter one.
const WIDEST: f64 = 1.0 / 3.0;
const LONGEST: f64 = 0.5;
/// Then, they are narrower than this part of the digit's longer side.
const WIDEST_FOUND: f64 = 0.5;

/// Why no digit is found in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CentreFault {
    /// All of it has the brightness of its ground.
    #[error("there is nothing on its ground; take a picture with a stronger contrast")]
    Blank,
}

/// The ink of a picture that may be a photograph, as `rows × columns` bytes in the form of MNIST's: `centre.rs`
/// begins with how.
///
/// # Errors
/// If there is no ink.
///
/// # Panics
/// If `rows` or `columns` is 0.
pub fn centred(picture: &Picture, rows: usize, columns: usize) -> Result<Vec<u8>, CentreFault> {
    assert!(rows > 0 && columns > 0, "a picture has pixels");
    let whole = Area { top: 0, left: 0, rows: picture.rows(), columns: picture.columns() };
    let mut ink = Ink::find(picture, whole, None)?;
    // The part of it may be too plain to show a ground of its own.
    ink = Ink::find(picture, ink.area.with_margin(whole), Some(&ink)).unwrap_or(ink);
    Ok(ink.thickened().placed(rows, columns))
}

/// The ink of a drawing, which is nothing but ink on black, as `rows × columns` bytes in the form of MNIST's: the last two steps
/// of the page of `centre`.
///
/// # Errors
/// If there is no ink.
///
/// # Panics
/// If `rows` or `columns` is 0.
pub fn fitted(drawing: &Picture, rows: usize, columns: usize) -> Result<Vec<u8>, CentreFault> {
    assert!(rows > 0 && columns > 0, "a picture has pixels");
    let (pixels, width) = (drawing.pixels(), drawing.columns());
    let area = rectangle(pixels, width).ok_or(CentreFault::Blank)?;
    let Area { rows: height, columns: length, .. } = area;
    let ink = Ink {
        side: 1.0,
        has_bar: false,
        pixels: area.cut(pixels, width),
        rows: height,
        columns: length,
        area,
    };
    Ok(ink.placed(rows, columns))
}

/// A rectangle of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Area {
    top: usize,
    left: usize,
    rows: usize,
    columns: usize,
}

impl Area {
    /// The area with half of its longer side around it, as far as that is in `whole`.
    fn with_margin(self, whole: Self) -> Self {
        let margin = self.rows.max(self.columns) / 2 + 1;
        let stretch = |from: usize, length: usize, of: usize| {
            let start = from.saturating_sub(margin);
            (start, (from + length + margin).min(of) - start)
        };
        let (top, rows) = stretch(self.top, self.rows, whole.rows);
        let (left, columns) = stretch(self.left, self.columns, whole.columns);
        Self { top, left, rows, columns }
    }

    /// Its pixels, row by row, out of those of a picture with so many `columns`.
    fn cut<T: Copy>(self, pixels: &[T], columns: usize) -> Vec<T> {
        let row = |row: usize| {
            let start = (self.top + row) * columns + self.left;
            &pixels[start..start + self.columns]
        };
        (0..self.rows).flat_map(row).copied().collect()
    }
}

/// Ink on black, cut to its rectangle.
struct Ink {
    /// 1 if it was lighter than its ground, −1 if it was darker.
    side: f32,
    /// Whether a bar of shadow goes across.
    has_bar: bool,
    pixels: Vec<u8>,
    /// Of `pixels`, which may be smaller than the picture.
    rows: usize,
    columns: usize,
    /// The rectangle in the picture.
    area: Area,
}

impl Ink {
    /// The ink in an area of a picture, of which is known what was found `before`.
    fn find(picture: &Picture, area: Area, before: Option<&Self>) -> Result<Self, CentreFault> {
        let pixels = area.cut(picture.pixels(), picture.columns());
        let scale = Scale::new([area.rows, area.columns], [ANALYSED; 2]);
        let [rows, columns] = scale.into_size();
        let grey: Vec<f32> = scale.means(&pixels).into_iter().map(|mean| mean as f32).collect();
        let side = before.map_or_else(|| side(&grey, rows, columns), |before| before.side);
        let strokes = match before {
            Some(before) => before.strokes(rows as f64 / area.rows as f64),
            None => {
                let [longer, shorter] = [rows.max(columns), rows.min(columns)].map(|x| x as f64);
                Strokes { width: WIDEST * longer, length: LONGEST * shorter }
            }
        };
        let Ground { surface, mut ink, noise, has_bar } =
            Ground::under(&grey, [rows, columns], side, strokes, full_ink);
        let least = LEAST_INK.max(noise);
        if ink.iter().all(|&x| x <= least) {
            return Err(CentreFault::Blank);
        }
        // Dark ink takes a share of the light that falls on it.
        if side < 0.0 {
            let lightest = surface.iter().copied().fold(1.0, f32::max);
            let light = |ground: f32| ground.max(0.2 * lightest) / lightest;
            ink.iter_mut().zip(&surface).for_each(|(x, &ground)| *x /= light(ground));
        }
        let full = full_ink(&ink).max(least);
        // Where the ground is not known well yet, the weaker ink of a shadow counts as well.
        let strong = if before.is_some() { 0.5 } else { 0.3 } * full;
        let kept = pieces::kept(&ink, strong, rows, columns);
        let least = noise.min(0.5 * full);
        for (x, kept) in ink.iter_mut().zip(kept) {
            *x = if kept { ((*x - least) / (full - least)).clamp(0.0, 1.0) * 255.0 } else { 0.0 };
        }
        let ink: Vec<u8> = ink.into_iter().map(|x| x.round() as u8).collect();
        let found = rectangle(&ink, columns).ok_or(CentreFault::Blank)?;
        let in_picture = |at: usize, of: usize, from: usize| at * of / from;
        let bottom = in_picture(found.top + found.rows, area.rows, rows);
        let right = in_picture(found.left + found.columns, area.columns, columns);
        let (top, left) =
            (in_picture(found.top, area.rows, rows), in_picture(found.left, area.columns, columns));
        let pixels = found.cut(&ink, columns);
        Ok(Self {
            side,
            has_bar,
            pixels,
            rows: found.rows,
            columns: found.columns,
            area: Area {
                top: area.top + top,
                left: area.left + left,
                rows: (bottom - top).max(1),
                columns: (right - left).max(1),
            },
        })
    }

    /// The most that strokes of this ink measure in a picture so many times as large.
    fn strokes(&self, times: f64) -> Strokes {
        let [height, length] = [self.area.rows, self.area.columns].map(|x| x as f64 * times);
        // Nothing of a bar is ground because it is wide: it would be a bar no more.
        let share = if self.has_bar { 1.0 } else { WIDEST_FOUND };
        Strokes { width: share * height.max(length), length: height.hypot(length) }
    }

    /// The ink as a pen of about the width of MNIST's would have left it, if its own is much finer.
    fn thickened(self) -> Self {
        let longer = self.rows.max(self.columns) as f64;
        let width = strokes::width(&self.pixels, self.columns);
        if width >= FINE * longer {
            return self;
        }
        let radius = ((PEN * longer - width) / 2.0).round() as usize;
        let (pixels, [rows, columns]) = strokes::thickened(&self.pixels, self.columns, radius);
        Self { pixels, rows, columns, ..self }
    }

    /// The ink in a field of `rows × columns`.
    fn placed(&self, rows: usize, columns: usize) -> Vec<u8> {
        let box_side = |side: usize| ((side * 20) as f64 / 28.0).round().max(1.0);
        let times =
            (box_side(rows) / self.rows as f64).min(box_side(columns) / self.columns as f64);
        let scaled = |side: usize| ((side as f64 * times).round() as usize).max(1);
        let [height, width] = [scaled(self.rows), scaled(self.columns)];
        let pixels = if times <= 1.0 {
            Scale::to([self.rows, self.columns], [height, width]).greys(&self.pixels)
        } else {
            enlarged(&self.pixels, [self.rows, self.columns], [height, width])
        };
        let [down, right] = [(height, rows, 0), (width, columns, 1)]
            .map(|(side, field, axis)| offset(&pixels, width, axis, side, field));
        let mut field = vec![0; rows * columns];
        for (i, row) in pixels.chunks(width).enumerate() {
            let start = (down + i) * columns + right;
            field[start..start + width].copy_from_slice(row);
        }
        field
    }
}

/// The difference from the ground that a share of the pixels reach: see [`FULL`].
fn full_ink(ink: &[f32]) -> f32 {
    let mut sorted = ink.to_vec();
    let index = sorted.len() - 1 - (sorted.len() as f64 * FULL) as usize;
    *sorted.select_nth_unstable_by(index, f32::total_cmp).1
}

/// The rectangle of the pixels that are not 0; `None` if all are.
fn rectangle(pixels: &[u8], columns: usize) -> Option<Area> {
    let lit = || pixels.iter().enumerate().filter(|&(_, &x)| x > 0).map(|(i, _)| i);
    let (top, bottom) = (lit().next()? / columns, lit().next_back()? / columns);
    let left = lit().map(|i| i % columns).min()?;
    let right = lit().map(|i| i % columns).max()?;
    Some(Area { top, left, rows: bottom + 1 - top, columns: right + 1 - left })
}

/// How far from the start of a field of `field` pixels a picture of `side` pixels begins along an axis (0 down, 1 to the
/// right), so that its centre of mass is in the middle, or as near as it fits.
fn offset(pixels: &[u8], columns: usize, axis: usize, side: usize, field: usize) -> usize {
    let (mut mass, mut moment) = (0.0, 0.0);
    for (i, &x) in pixels.iter().enumerate() {
        let at = [i / columns, i % columns][axis];
        mass += f64::from(x);
        moment += f64::from(x) * at as f64;
    }
    let shift = (field as f64 / 2.0 - moment / mass).round();
    (shift.max(0.0) as usize).min(field - side)
}

/// A picture with more pixels, each interpolated between the four around it; edges go on beyond the picture.
fn enlarged(pixels: &[u8], from: [usize; 2], to: [usize; 2]) -> Vec<u8> {
    let between = |at: usize, axis: usize| {
        let place = (at as f64 + 0.5) * from[axis] as f64 / to[axis] as f64 - 0.5;
        let place = place.clamp(0.0, (from[axis] - 1) as f64);
        let before = place as usize;
        (before, (before + 1).min(from[axis] - 1), place - before as f64)
    };
    let mut enlarged = Vec::with_capacity(to[0] * to[1]);
    for row in 0..to[0] {
        let (above, below, down) = between(row, 0);
        for column in 0..to[1] {
            let (left, right, along) = between(column, 1);
            let mix = |row: usize| {
                let at = |column: usize| f64::from(pixels[row * from[1] + column]);
                at(left) + (at(right) - at(left)) * along
            };
            let (above, below) = (mix(above), mix(below));
            enlarged.push((above + (below - above) * down).round() as u8);
        }
    }
    enlarged
}
