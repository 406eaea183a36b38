//! The pieces of ink that make the digit, apart from specks and from what lies along the edges.

/// Smaller pieces than this share of the largest are specks.
const SPECK: f64 = 0.05;
/// And so are smaller ones than this on the edges of the picture, where a shadow's edge leaves it.
const EDGE_SPECK: f64 = 0.25;
/// A piece that touches the edges with more pixels than this share of the shorter side reaches into the picture from outside.
const ALONG_EDGE: f64 = 0.25;
/// Pixels around a piece that belong to it.
const AROUND: usize = 2;

/// A piece of ink: pixels that touch each other, if only at corners.
struct Piece {
    pixels: Vec<usize>,
    /// How many of them are on the edges of the picture.
    on_edge: usize,
}

/// For each pixel whether it belongs to the digit, which is made of pixels of at least `threshold`.
pub(super) fn kept(ink: &[f32], threshold: f32, rows: usize, columns: usize) -> Vec<bool> {
    let mut pieces = pieces(ink, threshold, rows, columns);
    let shorter = rows.min(columns) as f64;
    let from_outside = |piece: &Piece| piece.on_edge as f64 > ALONG_EDGE * shorter;
    if !pieces.iter().all(from_outside) {
        pieces.retain(|piece| !from_outside(piece));
    }
    let largest = pieces.iter().map(|piece| piece.pixels.len()).max().unwrap_or(0);
    pieces.retain(|piece| {
        let share = if piece.on_edge > 0 { EDGE_SPECK } else { SPECK };
        piece.pixels.len() as f64 >= share * largest as f64
    });
    let mut kept = vec![false; ink.len()];
    for pixel in pieces.iter().flat_map(|piece| &piece.pixels) {
        for row in around(pixel / columns, rows, AROUND) {
            for column in around(pixel % columns, columns, AROUND) {
                kept[row * columns + column] = true;
            }
        }
    }
    kept
}

/// The places within `distance` of `at`, below `end`.
fn around(at: usize, end: usize, distance: usize) -> std::ops::Range<usize> {
    at.saturating_sub(distance)..(at + distance + 1).min(end)
}

/// All pieces of at least `threshold`.
fn pieces(ink: &[f32], threshold: f32, rows: usize, columns: usize) -> Vec<Piece> {
    let mut seen = vec![false; ink.len()];
    let mut pieces = Vec::new();
    for start in 0..ink.len() {
        if seen[start] || ink[start] < threshold {
            continue;
        }
        seen[start] = true;
        let mut piece = Piece { pixels: vec![start], on_edge: 0 };
        let mut next = 0;
        while let Some(&pixel) = piece.pixels.get(next) {
            next += 1;
            let (row, column) = (pixel / columns, pixel % columns);
            let is_on_edge = row == 0 || column == 0 || row + 1 == rows || column + 1 == columns;
            piece.on_edge += usize::from(is_on_edge);
            for row in around(row, rows, 1) {
                for column in around(column, columns, 1) {
                    let neighbour = row * columns + column;
                    if !seen[neighbour] && ink[neighbour] >= threshold {
                        seen[neighbour] = true;
                        piece.pixels.push(neighbour);
                    }
                }
            }
        }
        pieces.push(piece);
    }
    pieces
}
