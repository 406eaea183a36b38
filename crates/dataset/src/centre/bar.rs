//! The shadow of something narrow, such as a pencil: a straight bar from edge to edge of the picture.
//!
//! Of all straight lines across the picture, those in the bar have ink all along them.

use std::f64::consts::PI;

use crate::Scale;

/// A bar is looked for in a picture made smaller, so many pixels a side, in so many directions.
const SMALL: usize = 64;
const DIRECTIONS: usize = 96;
/// The share of a line that may be without ink.
const GAPS: f64 = 0.1;
/// A line across is at least as long as this share of the shorter side.
const ACROSS: f64 = 0.9;

/// The ink of a bar across the picture, where it is at least `least`.
pub(super) fn across(ink: &[f32], rows: usize, columns: usize, least: f32) -> Option<Vec<f32>> {
    let edges = ink[..columns].iter().chain(&ink[(rows - 1) * columns..]);
    let sides = ink.chunks(columns).flat_map(|row| [&row[0], &row[columns - 1]]);
    if edges.chain(sides).all(|&x| x < least) {
        return None;
    }
    let scale = Scale::new([rows, columns], [SMALL; 2]);
    let size = scale.into_size();
    let small: Vec<f32> = scale.means(ink).into_iter().map(|x| x as f32).collect();
    let step = PI / DIRECTIONS as f64;
    let score = |ink: &[f32], size: [usize; 2], angle: f64| -> f32 {
        lines(ink, size, angle).iter().filter(|&&x| x >= least).map(|x| x * x).sum()
    };
    let mut best = (0.0, 0.0);
    for direction in 0..DIRECTIONS {
        let angle = direction as f64 * step;
        let score = score(&small, size, angle);
        if score > best.0 {
            best = (score, angle);
        }
    }
    if best.0 == 0.0 {
        return None;
    }
    let size = [rows, columns];
    best.0 = score(ink, size, best.1);
    let mut turn = step;
    while turn * rows.max(columns) as f64 > 0.5 {
        turn /= 2.0;
        for angle in [best.1 - turn, best.1 + turn] {
            let score = score(ink, size, angle);
            if score > best.0 {
                best = (score, angle);
            }
        }
    }
    let lines = lines(ink, size, best.1);
    let widest = |line: usize| {
        let around = &lines[line.saturating_sub(2)..(line + 3).min(lines.len())];
        around.iter().copied().fold(0.0, f32::max)
    };
    let widened: Vec<f32> = (0..lines.len()).map(widest).map(|x| if x < least { 0.0 } else { x }).collect();
    let place = places(size, best.1);
    Some((0..ink.len()).map(|i| widened[place(i)]).collect())
}

/// The line on which each pixel is, in the direction of an angle.
fn places([rows, columns]: [usize; 2], angle: f64) -> impl Fn(usize) -> usize {
    let (sin, cos) = angle.sin_cos();
    let first = (cos * (columns - 1) as f64).min(0.0) + (sin * (rows - 1) as f64).min(0.0);
    move |i| (cos * (i % columns) as f64 + sin * (i / columns) as f64 - first).round() as usize
}

/// For each line in the direction of an angle, the ink that all of it has but for [`GAPS`]; 0 if it is not across.
fn lines(ink: &[f32], [rows, columns]: [usize; 2], angle: f64) -> Vec<f32> {
    let place = places([rows, columns], angle);
    let mut lines: Vec<Vec<f32>> = vec![Vec::new(); rows + columns + 1];
    for (i, &x) in ink.iter().enumerate() {
        lines[place(i)].push(x);
    }
    let shortest = ACROSS * rows.min(columns) as f64;
    let least = |line: &mut Vec<f32>| {
        if (line.len() as f64) < shortest.max(1.0) {
            return 0.0;
        }
        let index = (line.len() as f64 * GAPS) as usize;
        line.select_nth_unstable_by(index, f32::total_cmp).1.max(0.0)
    };
    lines.iter_mut().map(least).collect()
}
