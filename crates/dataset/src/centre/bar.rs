//! The shadow of something narrow and straight, such as a pencil: a bar from edge to edge of the picture.
//!
//! Of all lines across the picture, those in the bar are dark all along, and as dark as the bar where no stroke crosses them.
//! Strokes end before they are across. The direction of such lines is looked for in a small picture, and then to half a
//! pixel in the picture itself.

use std::f64::consts::PI;
use std::ops::Range;

use crate::Scale;

/// The direction is looked for in no more than so many pixels a side.
const SMALL: usize = 64;
/// So many directions are tried: lines in neighbouring ones are at most two pixels apart.
const DIRECTIONS: usize = 96;
/// The share of a line that may be without ink.
const GAPS: f64 = 0.2;
/// So many pixels beside a bar belong to its edge.
const EDGE: usize = 2;

/// The ink of the bar, for each pixel of `ink`, `rows × columns`; `None` if there is none that is longer than a stroke and whose
/// strength is in a range.
pub(super) fn across(
    ink: &[f32],
    rows: usize,
    columns: usize,
    stroke: f64,
    strength: Range<f32>,
) -> Option<Vec<f32>> {
    let [top, bottom] = [&ink[..columns], &ink[(rows - 1) * columns..]];
    let sides = ink.chunks(columns).flat_map(|row| [&row[0], &row[columns - 1]]);
    if top.iter().chain(bottom).chain(sides).all(|&x| x < strength.start) {
        return None;
    }
    let shortest = stroke / (1.0 - GAPS);
    let score = |ink: &[f32], size: [usize; 2], angle: f64| -> f32 {
        let lines = lines(ink, size, angle, shortest * size[0] as f64 / rows as f64);
        lines.iter().filter(|&&x| x >= strength.start).map(|x| x * x).sum()
    };
    let scale = Scale::new([rows, columns], [SMALL; 2]);
    let small: Vec<f32> = scale.means(ink).into_iter().map(|x| x as f32).collect();
    let mut turn = PI / DIRECTIONS as f64;
    let all = (0..DIRECTIONS).map(|i| i as f64 * turn);
    let scores = all.map(|angle| (score(&small, scale.into_size(), angle), angle));
    let (best, mut angle) = scores.max_by(|a, b| a.0.total_cmp(&b.0))?;
    if best == 0.0 {
        return None;
    }
    let size = [rows, columns];
    let mut best = score(ink, size, angle);
    while turn * rows.max(columns) as f64 > 0.5 {
        turn /= 2.0;
        for turned in [angle - turn, angle + turn] {
            let score = score(ink, size, turned);
            if score > best {
                (best, angle) = (score, turned);
            }
        }
    }
    let lines = lines(ink, size, angle, shortest);
    let strongest = |lines: &[f32]| lines.iter().copied().fold(0.0, f32::max);
    if !strength.contains(&strongest(&lines)) {
        return None;
    }
    let with_edge = |line: usize| {
        strongest(&lines[line.saturating_sub(EDGE)..(line + EDGE + 1).min(lines.len())])
    };
    let bar = (0..lines.len()).map(with_edge);
    let bar: Vec<f32> = bar.map(|x| if x < strength.start { 0.0 } else { x }).collect();
    let line = line_of(size, angle);
    Some((0..ink.len()).map(|i| bar[line(i)]).collect())
}

/// The number of the line on which a pixel is, of all lines at right angles to an angle.
fn line_of([rows, columns]: [usize; 2], angle: f64) -> impl Fn(usize) -> usize {
    let (sin, cos) = angle.sin_cos();
    let first = (cos * (columns - 1) as f64).min(0.0) + (sin * (rows - 1) as f64).min(0.0);
    move |i| (cos * (i % columns) as f64 + sin * (i / columns) as f64 - first).round() as usize
}

/// For each line at right angles to an angle, the ink that all of it has but for [`GAPS`]; 0 if it has fewer pixels than
/// `shortest`.
fn lines(ink: &[f32], size: [usize; 2], angle: f64, shortest: f64) -> Vec<f32> {
    let line = line_of(size, angle);
    let mut lines: Vec<Vec<f32>> = vec![Vec::new(); size[0] + size[1]];
    for (i, &x) in ink.iter().enumerate() {
        lines[line(i)].push(x);
    }
    let all_along = |line: &mut Vec<f32>| {
        if line.is_empty() || (line.len() as f64) < shortest {
            return 0.0;
        }
        let gaps = (line.len() as f64 * GAPS) as usize;
        line.select_nth_unstable_by(gaps, f32::total_cmp).1.max(0.0)
    };
    lines.iter_mut().map(all_along).collect()
}
