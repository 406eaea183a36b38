//! Smooth strokes through points.

/// A place on the page: to the right, and down.
pub(super) type Place = [f32; 2];

/// Straight pieces between two points of a stroke. A stroke's points are 4 to 8 pixels apart.
const PIECES: usize = 4;

/// Where the pen is at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    /// Half the width of the line.
    pub(super) radius: f32,
    /// The pen comes here without touching the paper.
    pub(super) lifted: bool,
}

/// The way of the pen, in short straight pieces.
#[derive(Debug, Default)]
pub(super) struct Path {
    pub(super) nodes: Vec<Node>,
}

impl Path {
    /// Adds a stroke through `points`: a Catmull–Rom spline, which passes each point in the direction from the one before
    /// it to the one after it, and so turns at once where a point stands twice. `radius` is told which part of the stroke
    /// is behind the pen.
    pub(super) fn add_stroke(&mut self, points: &[Place], radius: impl Fn(f32) -> f32) {
        let last = points.len() - 1;
        let mut add = |place, along, lifted| {
            self.nodes.push(Node { place, radius: radius(along), lifted });
        };
        add(points[0], 0.0, true);
        for i in (0..last).filter(|&i| points[i] != points[i + 1]) {
            let around =
                [points[i.saturating_sub(1)], points[i], points[i + 1], points[(i + 2).min(last)]];
            for piece in 1..=PIECES {
                let t = piece as f32 / PIECES as f32;
                add(spline(around, t), (i as f32 + t) / last as f32, false);
            }
        }
    }
}

/// The place `t` of the way from the second to the third of four points.
fn spline([a, b, c, d]: [Place; 4], t: f32) -> Place {
    [0, 1].map(|axis| {
        let [a, b, c, d] = [a, b, c, d].map(|point| point[axis]);
        let cubic = 3.0 * (b - c) + d - a;
        let square = 2.0 * a - 5.0 * b + 4.0 * c - d;
        b + 0.5 * t * (c - a + t * (square + t * cubic))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_passes_its_points_and_turns_at_corners() {
        let points = [[0.0, 0.0], [4.0, 0.0], [4.0, 0.0], [4.0, 8.0]];
        let mut path = Path::default();
        path.add_stroke(&points, |along| 1.0 + along);
        let places: Vec<Place> = path.nodes.iter().map(|node| node.place).collect();
        assert_eq!(places.len(), 1 + 2 * PIECES);
        assert_eq!(
            (places[0], places[PIECES], places[2 * PIECES]),
            (points[0], points[1], points[3])
        );
        // Straight up to the corner and straight on from it.
        assert!(places[..=PIECES].iter().all(|place| place[1] == 0.0), "{places:?}");
        assert!(places[PIECES..].iter().all(|place| place[0] == 4.0), "{places:?}");
        assert_eq!((path.nodes[0].radius, path.nodes[2 * PIECES].radius), (1.0, 2.0));

        path.add_stroke(&points, |_| 1.0);
        let lifted: Vec<usize> = (0..path.nodes.len()).filter(|&i| path.nodes[i].lifted).collect();
        assert_eq!(lifted, [0, 1 + 2 * PIECES]);
    }

    #[test]
    fn a_stroke_is_as_smooth_backwards() {
        let mut points = [[0.0, 0.0], [2.0, 3.0], [5.0, 4.0], [9.0, 1.0], [7.0, 0.0]];
        let [there, back] = [(); 2].map(|()| {
            let mut path = Path::default();
            path.add_stroke(&points, |_| 1.0);
            points.reverse();
            path.nodes
        });
        for (a, b) in there.iter().zip(back.iter().rev()) {
            assert!((0..2).all(|axis| (a.place[axis] - b.place[axis]).abs() < 1e-5), "{a:?} {b:?}");
        }
        // Through the third point in the direction from the second to the fourth: 7 to the right and 2 up.
        let [before, after] = [there[2 * PIECES - 1], there[2 * PIECES + 1]].map(|node| node.place);
        let slope = (after[1] - before[1]) / (after[0] - before[0]);
        assert!((slope - -2.0 / 7.0).abs() < 0.05, "{slope}");
    }
}
