//! Shadows with edges: what is wide is no stroke.
//!
//! Opening a picture (the least of each neighbourhood, then the greatest of each) takes away what is narrower than the
//! neighbourhood and leaves the rest where it was, edges included. What the opening leaves of the ink is therefore ground.

use std::collections::VecDeque;

use crate::Scale;

const SMALL: usize = 48;

/// The part of `ink`, `rows × columns`, that is at least `width` pixels wide and high.
pub(super) fn wide(ink: &[f32], rows: usize, columns: usize, width: usize) -> Vec<f32> {
    let mut opened = ink.to_vec();
    for sign in [-1.0, 1.0] {
        let mut line = Vec::with_capacity(rows.max(columns));
        for row in opened.chunks_mut(columns) {
            greatest(row.iter_mut(), sign, width, &mut line);
        }
        for column in 0..columns {
            greatest(opened.iter_mut().skip(column).step_by(columns), sign, width, &mut line);
        }
    }
    opened
}

/// As [`wide`], with what is on the edges of the picture going on beyond them.
pub(super) fn wide_beyond(ink: &[f32], rows: usize, columns: usize, width: usize) -> Vec<f32> {
    let across = columns + 2 * width;
    let inside = |at: usize, of: usize| at.saturating_sub(width).min(of - 1);
    let mut padded = Vec::with_capacity((rows + 2 * width) * across);
    for row in 0..rows + 2 * width {
        let row = &ink[inside(row, rows) * columns..][..columns];
        padded.extend(std::iter::repeat_n(row[0], width));
        padded.extend_from_slice(row);
        padded.extend(std::iter::repeat_n(row[columns - 1], width));
    }
    let opened = wide(&padded, rows + 2 * width, across, width);
    (0..rows).flat_map(|row| opened[(row + width) * across + width..][..columns].iter().copied()).collect()
}

/// Whether ink is lighter (1) or darker (−1) than the ground, by how far pixels are from the median around them, cubed: ink is
/// less than half of what is around it, and of an edge, both sides count the same.
pub(super) fn side(grey: &[f32], rows: usize, columns: usize) -> f32 {
    let scale = Scale::new([rows, columns], [SMALL; 2]);
    let [rows, columns] = scale.into_size();
    let small: Vec<f64> = scale.means(grey).into_iter().map(|x| (x + 16.0).ln()).collect();
    let reach = rows.max(columns) / 4 + 1;
    let mut sum = 0.0;
    let mut around = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            around.clear();
            for line in row.saturating_sub(reach)..(row + reach + 1).min(rows) {
                let from = column.saturating_sub(reach);
                around.extend_from_slice(&small[line * columns + from..line * columns + (column + reach + 1).min(columns)]);
            }
            let middle = around.len() / 2;
            let median = *around.select_nth_unstable_by(middle, f64::total_cmp).1;
            sum += (small[row * columns + column] - median).powi(3);
        }
    }
    sum.signum() as f32
}

/// Puts in the place of each number of a line the greatest (with `sign` −1: the least) of the numbers less than `width / 2`
/// away and, if `width` is even, of one more on a side that `sign` tells.
fn greatest<'a>(
    numbers: impl Iterator<Item = &'a mut f32>,
    sign: f32,
    width: usize,
    line: &mut Vec<f32>,
) {
    let mut places: Vec<&mut f32> = numbers.collect();
    line.clear();
    line.extend(places.iter().map(|x| sign * **x));
    // Of a window of so many, as many are before the place; the other way round on the way back.
    let before = if sign < 0.0 { width / 2 } else { (width - 1) / 2 };
    let after = width - 1 - before;
    // Places in the window whose number nothing later in it exceeds, in their order.
    let mut candidates: VecDeque<usize> = VecDeque::new();
    let mut entered = 0;
    for (place, x) in places.iter_mut().enumerate() {
        while entered < line.len().min(place + after + 1) {
            while candidates.back().is_some_and(|&last| line[last] <= line[entered]) {
                candidates.pop_back();
            }
            candidates.push_back(entered);
            entered += 1;
        }
        while candidates.front().is_some_and(|&first| first + before < place) {
            candidates.pop_front();
        }
        **x = sign * line[candidates[0]];
    }
}
