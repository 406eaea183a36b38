//! The width of strokes: a fine pen's are made wider, so that they do not vanish when the picture is made small.

use std::f64::consts::PI;

/// The mean width of the strokes, in pixels: twice the area over the length of the outline, which is the sum of all
/// differences between neighbours, less the part by which steps along rows and columns are longer than a slanted line.
pub(super) fn width(pixels: &[u8], columns: usize) -> f64 {
    let area: u64 = pixels.iter().copied().map(u64::from).sum();
    let step = |a: u8, b: u8| u64::from(a.abs_diff(b));
    // Outside of the picture, there is no ink.
    let along = |line: &mut dyn Iterator<Item = u8>| {
        let mut last = 0;
        line.map(|x| step(x, std::mem::replace(&mut last, x))).sum::<u64>() + u64::from(last)
    };
    let rows: u64 = pixels.chunks(columns).map(|row| along(&mut row.iter().copied())).sum();
    let columns: u64 = (0..columns)
        .map(|column| along(&mut pixels.iter().skip(column).step_by(columns).copied()))
        .sum();
    2.0 * area as f64 / (PI / 4.0 * (rows + columns) as f64)
}

/// The picture with the darkest ink of a disc of `radius` around each pixel; it grows by the radius on each side.
/// Returns the pixels and `[rows, columns]`.
pub(super) fn thickened(pixels: &[u8], columns: usize, radius: usize) -> (Vec<u8>, [usize; 2]) {
    let rows = pixels.len() / columns;
    let wide = columns + 2 * radius;
    let mut thick = vec![0; (rows + 2 * radius) * wide];
    for down in 0..=2 * radius {
        let height = radius.abs_diff(down);
        let reach = ((radius * radius - height * height) as f64).sqrt().round() as usize;
        for (row, pixels) in pixels.chunks(columns).enumerate() {
            let line = &mut thick[(row + down) * wide..][..wide];
            for (column, &x) in pixels.iter().enumerate().filter(|&(_, &x)| x > 0) {
                for place in &mut line[column + radius - reach..=column + radius + reach] {
                    *place = x.max(*place);
                }
            }
        }
    }
    (thick, [rows + 2 * radius, wide])
}
