//! What is wide in a picture: paper and shadows, but no strokes.
//!
//! Opening a picture (the least of the neighbourhood of each pixel, then the greatest) takes away what is narrower than the
//! neighbourhood and leaves the rest where it was, edges included. The neighbourhood is an octagon, so that edges in all
//! directions and round ones stay: a line along the rows, one along the columns and two slanted ones, one after the other. The
//! least of a line is the lesser of the leasts of its halves, so that a line of n pixels takes log₂ n passes.
//!
//! Each line begins at its pixel for the leasts and ends there for the greatest: the octagon lies to one side of the pixel and
//! comes back. Around the picture its edges are repeated as far as that reaches, and lines that run on from the end of a row
//! into the next begin there. A shadow's edge that leaves the picture at an acute angle bends there and leaves no tip.

use std::iter::repeat_n;
use std::mem::swap;

/// `ink`, `rows × columns`, without what is narrower than an octagon of `width` pixels, which is not 0.
pub(super) fn wide(ink: &[f32], rows: usize, columns: usize, width: usize) -> Vec<f32> {
    let across = columns + 2 * width;
    let mut around = Vec::with_capacity((rows + 2 * width) * across);
    for row in 0..rows + 2 * width {
        let row = &ink[row.saturating_sub(width).min(rows - 1) * columns..][..columns];
        around.extend(repeat_n(row[0], width));
        around.extend_from_slice(row);
        around.extend(repeat_n(row[columns - 1], width));
    }
    // The sides of a regular octagon: straight ones of 0.41 of its width, slanted ones over 0.29 of it.
    let slant = (width as f64 * (1.0 - 0.5_f64.sqrt())).round() as usize;
    let straight = width - 2 * slant;
    let lines =
        [(1, straight), (across, straight), (across + 1, slant + 1), (across - 1, slant + 1)];
    let mut next = around.clone();
    for join in [least, greatest] {
        for (step, length) in lines {
            let mut joined = 1;
            while joined < length {
                let further = joined.min(length - joined);
                join(&around, further * step, &mut next);
                swap(&mut around, &mut next);
                joined += further;
            }
        }
    }
    let row = |row: usize| &around[(row + width) * across + width..][..columns];
    (0..rows).flat_map(row).copied().collect()
}

/// The lesser of each number and the one at a distance after it.
fn least(numbers: &[f32], distance: usize, least: &mut [f32]) {
    for ((least, &a), &b) in least.iter_mut().zip(numbers).zip(&numbers[distance..]) {
        *least = if a < b { a } else { b };
    }
}

/// The greater of each number and the one at a distance before it.
fn greatest(numbers: &[f32], distance: usize, greatest: &mut [f32]) {
    let later = &numbers[distance..];
    for ((greatest, &a), &b) in greatest[distance..].iter_mut().zip(numbers).zip(later) {
        *greatest = if a > b { a } else { b };
    }
}
