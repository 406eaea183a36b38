//! The wide parts of a picture: paper and shadows, but no strokes.
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

/// The part of the width of a regular octagon that a slanted side is over: 1 − √½.
const SLANT: f64 = 0.2929;

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
    let slant = (width as f64 * SLANT) as usize;
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

#[cfg(test)]
mod tests {
    use testing::Random;

    use super::*;

    /// The opening by its definition: the greatest, over all octagons that hold a pixel, of the least in the octagon.
    fn opened(ink: &[f32], rows: usize, columns: usize, width: usize) -> Vec<f32> {
        let slant = (width as f64 * SLANT) as i32;
        let longest = width as i32 - 1;
        let places = move || {
            let all = (0..=longest).flat_map(move |y| (0..=longest).map(move |x| (y, x)));
            // Without the corners.
            all.filter(move |&(y, x)| {
                let from_edge = |at: i32| at.min(longest - at);
                from_edge(y) + from_edge(x) >= slant
            })
        };
        let at = |row: i32, column: i32| {
            let [row, column] = [(row, rows), (column, columns)]
                .map(|(at, of)| at.clamp(0, of as i32 - 1) as usize);
            ink[row * columns + column]
        };
        let pixel = |i: usize| {
            let [row, column] = [i / columns, i % columns].map(|at| at as i32);
            let leasts = places().map(|(up, left)| {
                let octagon = places().map(|(y, x)| at(row - up + y, column - left + x));
                octagon.fold(f32::INFINITY, f32::min)
            });
            leasts.fold(f32::NEG_INFINITY, f32::max)
        };
        (0..rows * columns).map(pixel).collect()
    }

    #[test]
    fn it_is_the_opening_by_an_octagon() {
        let mut random = Random(1);
        for _ in 0..200 {
            let [rows, columns, width] = [0; 3].map(|_| 1 + random.below(12));
            let ink = random.numbers(rows * columns);
            assert_eq!(
                wide(&ink, rows, columns, width),
                opened(&ink, rows, columns, width),
                "{rows} × {columns}, {width}"
            );
        }
    }

    #[test]
    fn edges_stay_where_they_are_and_strokes_go() {
        let (side, width) = (60, 15);
        for direction in 0..64 {
            let (sin, cos) = (f64::from(direction) * 0.1).sin_cos();
            let place =
                |i: usize| cos * ((i % side) as f64 - 29.5) + sin * ((i / side) as f64 - 29.5);
            let edge: Vec<f32> = (0..side * side).map(|i| f32::from(place(i) > 0.0)).collect();
            // A stroke beside the edge.
            let is_stroke = |i: usize| (-14.0..-9.0).contains(&place(i));
            let with_stroke: Vec<f32> =
                edge.iter().enumerate().map(|(i, &x)| x + f32::from(is_stroke(i))).collect();
            let found = wide(&with_stroke, side, side, width);
            let wrong = found.iter().zip(&edge).filter(|(a, b)| a != b).count();
            assert!(wrong <= 12, "direction {direction}: {wrong} pixels");
        }
    }
}
