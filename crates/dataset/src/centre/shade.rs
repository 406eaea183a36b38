//! Shadows with edges: what is wide is no stroke.
//!
//! Opening a picture (the least of each neighbourhood, then the greatest of each) takes away what is narrower than the
//! neighbourhood and leaves the rest where it was, edges included. What the opening leaves of the ink is therefore ground.

use std::collections::VecDeque;

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
