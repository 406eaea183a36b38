//! Shadows with edges: what is wide is no stroke.
//!
//! Opening a picture (the least of each neighbourhood, then the greatest of each) takes away what is narrower than the
//! neighbourhood and leaves the rest where it was, edges included. What the opening leaves of the ink is therefore ground.

use crate::Scale;

const SMALL: usize = 96;
const WIDTHS: [usize; 5] = [3, 5, 9, 17, 26];

/// The part of `ink`, `rows × columns`, that is at least `width` pixels wide in all directions.
pub(super) fn wide(ink: &[f32], rows: usize, columns: usize, width: usize) -> Vec<f32> {
    let across = columns + 2 * width;
    let inside = |at: usize, of: usize| at.saturating_sub(width).min(of - 1);
    let mut padded = Vec::with_capacity((rows + 2 * width) * across);
    for row in 0..rows + 2 * width {
        let row = &ink[inside(row, rows) * columns..][..columns];
        padded.extend(std::iter::repeat_n(row[0], width));
        padded.extend_from_slice(row);
        padded.extend(std::iter::repeat_n(row[columns - 1], width));
    }
    let slant = (width as f64 * (1.0 - 0.5_f64.sqrt())).round() as usize;
    let side = width - 2 * slant;
    let lines = [(1, side), (across, side), (across + 1, slant + 1), (across - 1, slant + 1)];
    let mut next = padded.clone();
    for (step, length) in lines {
        along(&mut padded, &mut next, step, length, least_after);
    }
    for (step, length) in lines {
        along(&mut padded, &mut next, step, length, greatest_before);
    }
    (0..rows).flat_map(|row| padded[(row + width) * across + width..][..columns].iter().copied()).collect()
}

fn along(numbers: &mut Vec<f32>, next: &mut Vec<f32>, step: usize, length: usize, join: fn(&[f32], &mut [f32], usize)) {
    let mut joined = 1;
    while joined < length {
        let further = joined.min(length - joined);
        join(numbers, next, further * step);
        std::mem::swap(numbers, next);
        joined += further;
    }
}

fn least_after(numbers: &[f32], least: &mut [f32], distance: usize) {
    for ((least, &a), &b) in least.iter_mut().zip(numbers).zip(&numbers[distance..]) {
        *least = if a < b { a } else { b };
    }
}

fn greatest_before(numbers: &[f32], greatest: &mut [f32], distance: usize) {
    for ((greatest, &a), &b) in greatest[distance..].iter_mut().zip(numbers).zip(&numbers[distance..]) {
        *greatest = if a > b { a } else { b };
    }
}

/// Whether ink is lighter (1) or darker (−1) than the ground.
pub(super) fn side(grey: &[f32], rows: usize, columns: usize) -> f32 {
    let scale = Scale::new([rows, columns], [SMALL; 2]);
    let [rows, columns] = scale.into_size();
    let small: Vec<f32> = scale.means(grey).into_iter().map(|x| (x + 16.0).ln() as f32).collect();
    let narrow = |sign: f32, width: usize| -> f32 {
        let turned: Vec<f32> = small.iter().map(|x| sign * x).collect();
        let wide = wide(&turned, rows, columns, width);
        turned.iter().zip(wide).map(|(x, wide)| (x - wide).powi(3)).sum()
    };
    let sum: f32 = WIDTHS.iter().map(|&width| (narrow(1.0, width) - narrow(-1.0, width)) / (width as f32).powi(2)).sum();
    sum.signum()
}
