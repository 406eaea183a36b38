//! From the way of a pen to pixels, sized and centred as MNIST's are.

use crate::path::{Node, Path};

/// Rows and columns of an image.
pub const SIDE: usize = 28;

/// Rows and columns of the box that MNIST fits a digit into before placing it in the image.
const BOX: usize = 20;
/// How many pixels the edge of a line takes from full ink to none. It gives as many grey pixels as MNIST has.
const EDGE: f32 = 1.2;
/// The row and the column where MNIST puts the centre of mass, the first being 0.
const CENTRE: i32 = 14;

/// The box of a digit.
pub(super) struct Canvas {
    /// How deep inside the line the middle of a pixel is, in pixels; negative outside.
    depths: [[f32; BOX]; BOX],
}

impl Canvas {
    /// A canvas for any number of digits.
    pub(super) fn new() -> Self {
        Self { depths: [[0.0; BOX]; BOX] }
    }

    /// Draws what the pen wrote on its way into `image`, which is all zero. The path is left fitted to the box.
    pub(super) fn draw(&mut self, path: &mut Path, image: &mut [u8; SIDE * SIDE]) {
        fit(&mut path.nodes);
        self.depths = [[-EDGE; BOX]; BOX];
        for pair in path.nodes.windows(2) {
            if !pair[1].lifted {
                self.draw_piece(pair[0], pair[1]);
            }
        }
        self.develop(image);
    }

    /// Draws a straight piece of a line with round ends.
    fn draw_piece(&mut self, from: Node, to: Node) {
        let reach = from.radius.max(to.radius) + EDGE / 2.0;
        // The pixels whose middles can be in reach.
        let range = |axis: usize| {
            let (a, b) = (from.place[axis], to.place[axis]);
            let first = (a.min(b) - reach - 0.5).max(0.0) as usize;
            first..((a.max(b) + reach + 0.5) as usize).min(BOX)
        };
        let (columns, rows) = (range(0), range(1));
        let [dx, dy] = [to.place[0] - from.place[0], to.place[1] - from.place[1]];
        let growth = to.radius - from.radius;
        // A piece without length is a dot.
        let scale = 1.0 / (dx * dx + dy * dy).max(1e-6);
        for row in rows {
            let y = row as f32 + 0.5 - from.place[1];
            for (column, depth) in columns.clone().zip(&mut self.depths[row][columns.clone()]) {
                let x = column as f32 + 0.5 - from.place[0];
                let along = ((x * dx + y * dy) * scale).clamp(0.0, 1.0);
                let (x, y) = (x - along * dx, y - along * dy);
                *depth = depth.max(from.radius + along * growth - (x * x + y * y).sqrt());
            }
        }
    }

    /// Turns depths into grey, and places the box so that the centre of mass comes next to the middle of the image, or as
    /// near to it as the image has room.
    fn develop(&self, image: &mut [u8; SIDE * SIDE]) {
        let grey = |depth: f32| ((depth / EDGE + 0.5).clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        let pixels = self.depths.map(|row| row.map(grey));

        let (mut ink, mut ink_x, mut ink_y) = (0, 0, 0);
        for (y, row) in pixels.iter().enumerate() {
            for (x, &pixel) in row.iter().enumerate() {
                ink += i32::from(pixel);
                ink_x += i32::from(pixel) * x as i32;
                ink_y += i32::from(pixel) * y as i32;
            }
        }
        // CENTRE − moment/ink, rounded. There is ink: a line passes within half a pixel of a middle, where EDGE still shows.
        let shift = |moment: i32| {
            let rounded = (2 * (CENTRE * ink - moment) + ink).div_euclid(2 * ink);
            rounded.clamp(0, (SIDE - BOX) as i32) as usize
        };
        let (left, top) = (shift(ink_x), shift(ink_y));
        let (rows, _) = image.as_chunks_mut::<SIDE>();
        for (row, pixels) in rows[top..].iter_mut().zip(&pixels) {
            row[left..][..BOX].copy_from_slice(pixels);
        }
    }
}

/// Moves and scales the line, its width included, into the middle of the box, whose longer side it fills.
fn fit(nodes: &mut [Node]) {
    // Beyond the radius, an edge fades for another half of its width; a fade that does not reach the middle of a pixel is
    // not seen.
    const ROOM: f32 = BOX as f32 - (EDGE - 1.0);
    let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
    for node in &*nodes {
        for axis in [0, 1] {
            low[axis] = low[axis].min(node.place[axis] - node.radius);
            high[axis] = high[axis].max(node.place[axis] + node.radius);
        }
    }
    let scale = ROOM / (high[0] - low[0]).max(high[1] - low[1]);
    for node in nodes {
        for axis in [0, 1] {
            let middle = (low[axis] + high[axis]) / 2.0;
            node.place[axis] = (node.place[axis] - middle) * scale + BOX as f32 / 2.0;
        }
        node.radius *= scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(strokes: &[&[[f32; 2]]], radius: f32) -> [[u8; SIDE]; SIDE] {
        let mut path = Path::default();
        for stroke in strokes {
            path.add_stroke(stroke, |_| radius);
        }
        let mut image = [0; SIDE * SIDE];
        Canvas::new().draw(&mut path, &mut image);
        let (rows, _) = image.as_chunks();
        rows.try_into().unwrap()
    }

    // The box has 20 rows, and the bar's middle lies between two of them: the lower one becomes the centre. The bar is 3.3
    // wide around the middle of the box, between two columns.
    #[test]
    fn a_bar_fills_the_height_and_lies_in_the_middle() {
        let rows = drawn(&[&[[0.0, 0.0], [0.0, 1.0]]], 0.1);
        let lit: Vec<usize> = (0..SIDE).filter(|&y| rows[y] != [0; SIDE]).collect();
        assert_eq!(lit, (5..25).collect::<Vec<_>>());
        // The round end, of radius 1.65, begins a tenth of a pixel inside: the nearest middle is 1.25 above its centre and
        // 0.5 beside it, so 0.304 deep.
        assert_eq!(rows[5][14], (255.0_f32 * (0.304 / EDGE + 0.5)).round() as u8);
        let row = rows[14];
        assert_eq!((row[13], row[14], row[15]), (row[16], 255, 255), "{row:?}");
        assert!((1..255).contains(&row[13]), "{row:?}");
        assert_eq!(row.iter().filter(|&&pixel| pixel > 0).count(), 4, "{row:?}");
    }

    #[test]
    fn a_pen_in_the_air_leaves_no_line() {
        let rows = drawn(&[&[[0.0, 0.0], [0.0, 1.0]], &[[1.0, 0.0], [1.0, 1.0]]], 0.05);
        let columns_between = rows.iter().filter(|row| row[12..17] == [0; 5]).count();
        assert_eq!(columns_between, SIDE);
    }
}
