//! The loops over pictures, runs of columns, and rows.

use std::cell::RefCell;

use super::corners::{Corners, MARGIN, Shape};
use super::field::{Field, Noise, TAPS};
use super::stream::Stream;
use crate::parallel::for_each_chunk;
use crate::simd::{Isa, Kernel, LANES, Line, Simd};

/// Pixels that are worth a task: about 100 µs.
const WORTH_FORKING: usize = 1 << 16;

/// Where a new picture's pixels are in the old one: pixel p = (x, y), measured from the middle of the picture, x to the right and
/// y down, shows what lies at `matrix · p + shift`, measured from there, too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// Rows of a 2×2 matrix: that of x, and that of y.
    pub matrix: [[f32; 2]; 2],
    /// In pixels, of x and y.
    pub shift: [f32; 2],
    /// The random words that bend the picture: those from number 16 on. [`Warp::affine`] does not look at them.
    pub stream: Stream,
}

impl Placement {
    /// Everything stays where it is.
    pub const IDENTITY: Placement =
        Placement { matrix: [[1.0, 0.0], [0.0, 1.0]], shift: [0.0; 2], stream: Stream::ZERO };
}

/// Draws pictures of one size from others: what can be prepared for all of them.
#[derive(Clone, Debug)]
pub struct Warp {
    rows: usize,
    columns: usize,
    shape: Shape,
    /// The first columns of runs of sixteen, the last of which may begin inside of another. A row of fewer is one run.
    starts: Vec<usize>,
    field: Option<Field>,
}

impl Warp {
    /// The most pixels of a picture, its margin included: up to there an index is exact as a number of 24 bits.
    const MAX_PIXELS: usize = 1 << 24;

    /// The longest side of a picture: up to there a place is exact to 1/256 of a pixel.
    const MAX_SIDE: usize = 1 << 14;

    /// For pictures of `rows × columns` that are moved, turned, scaled and slanted. `None` if they have no pixel, or are larger than
    /// is of use: a side of more than 16,000 pixels, or more than 16 million pixels.
    pub fn affine(rows: usize, columns: usize) -> Option<Self> {
        let sides = 1..=Self::MAX_SIDE - 2;
        if !sides.contains(&rows) || !sides.contains(&columns) {
            return None;
        }
        let shape = Shape::new(rows, columns);
        let mut starts: Vec<usize> = (0..columns / LANES).map(|run| LANES * run).collect();
        if columns < LANES || !columns.is_multiple_of(LANES) {
            starts.push(columns.saturating_sub(LANES));
        }
        let fits = shape.words() <= Self::MAX_PIXELS;
        fits.then_some(Self { rows, columns, shape, starts, field: None })
    }

    /// As [`affine`](Self::affine), and each picture is bent at random: the displacements have the standard deviation
    /// `displacement` along each axis, in pixels; those of places that are less than `sigma` (at least 0.25) pixels apart are similar.
    /// `None` for such sizes as there, and for numbers out of range.
    pub fn elastic(rows: usize, columns: usize, displacement: f64, sigma: f64) -> Option<Self> {
        let affine = Self::affine(rows, columns)?;
        let in_range = (0.0..=Self::MAX_SIDE as f64).contains(&displacement)
            && (0.25..=Self::MAX_SIDE as f64).contains(&sigma);
        in_range.then(|| Self {
            field: Some(Field::new([rows, columns], &affine.starts, displacement, sigma)),
            ..affine
        })
    }

    /// Draws each picture of `from` to its place in `to`, in parallel; `placement(i, picture)` says where picture i goes. Both
    /// are pictures of `rows × columns` bytes, back to back.
    ///
    /// # Panics
    /// If `from` and `to` are not as long, or no whole number of pictures.
    #[track_caller]
    pub fn draw(
        &self,
        from: &[u8],
        to: &mut [u8],
        placement: &(impl Fn(usize, &[u8]) -> Placement + Sync),
    ) {
        let pixels = self.rows * self.columns;
        assert_eq!(from.len(), to.len(), "as many pictures as there is room for");
        assert!(from.len().is_multiple_of(pixels), "whole pictures");
        let grain = (WORTH_FORKING / pixels).max(1) * pixels;
        for_each_chunk(to, grain, &|first: usize, to: &mut [u8]| {
            let from = &from[first..][..to.len()];
            with_workspace(|workspace| {
                let first = first / pixels;
                Isa::active().run(Draw { warp: self, first, from, to, placement, workspace });
            });
        });
    }
}

/// Working memory of a thread.
#[derive(Debug, Default)]
struct Workspace {
    corners: Corners,
    noise: Noise,
}

/// Runs `body` on this thread's working memory, which is kept.
fn with_workspace(body: impl FnOnce(&mut Workspace)) {
    thread_local! {
        static WORKSPACE: RefCell<Workspace> = RefCell::default();
    }
    let mut workspace = WORKSPACE.take();
    body(&mut workspace);
    WORKSPACE.set(workspace);
}

/// Some pictures, the first of which has the number `first`.
struct Draw<'a, F> {
    warp: &'a Warp,
    first: usize,
    from: &'a [u8],
    to: &'a mut [u8],
    placement: &'a F,
    workspace: &'a mut Workspace,
}

impl<F: Fn(usize, &[u8]) -> Placement> Kernel for Draw<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Warp { rows, columns, shape, starts, field } = self.warp;
        let Workspace { corners, noise } = self.workspace;
        corners.prepare(*shape);
        if let Some(field) = field {
            field.prepare(noise);
        }
        let pixels = rows * columns;
        for i in 0..self.to.len() / pixels {
            let from = &self.from[i * pixels..][..pixels];
            let to = &mut self.to[i * pixels..][..pixels];
            let placement = (self.placement)(self.first + i, from);
            let table = corners.fill(simd, *shape, from, starts);
            if let Some(field) = field {
                field.draw(placement.stream, noise);
            }
            for (run, &start) in starts.iter().enumerate() {
                let strip = Strip::new(simd, self.warp, table, start, &placement);
                if let Some(field) = field {
                    strip.draw_bent(simd, field, field.spread(simd, run, noise), to);
                } else {
                    strip.draw_straight(simd, to);
                }
            }
        }
    }
}

/// Sixteen columns of a picture, from `start` on.
#[derive(Clone, Copy)]
struct Strip<'a, S: Simd> {
    table: &'a [u32],
    rows: usize,
    columns: usize,
    start: usize,
    /// The part that a pixel's column adds to its place, of x and y.
    across: [S::Vector; 2],
    /// The part that its row adds: so much for each pixel below the middle, and what all have, measured from the corner of the margin.
    per_row: [f32; 2],
    origin: [f32; 2],
    middle_row: f32,
    /// The last places where there are corners, of x and y.
    last: [S::Vector; 2],
    stride: S::Vector,
}

impl<'a, S: Simd> Strip<'a, S> {
    #[inline(always)]
    fn new(
        simd: S,
        warp: &Warp,
        table: &'a [u32],
        start: usize,
        Placement { matrix, shift, .. }: &Placement,
    ) -> Self {
        let &Warp { rows, columns, shape, .. } = warp;
        let (middle_x, middle_y) = ((columns - 1) as f32 / 2.0, (rows - 1) as f32 / 2.0);
        let mut x = [0.0; LANES];
        for (lane, x) in x.iter_mut().enumerate() {
            *x = (start + lane) as f32 - middle_x;
        }
        let (x, margin) = (simd.load(&x), MARGIN as f32);
        let [[x_by_x, x_by_y], [y_by_x, y_by_y]] = *matrix;
        Self {
            table,
            rows,
            columns,
            start,
            across: [simd.mul(simd.splat(x_by_x), x), simd.mul(simd.splat(y_by_x), x)],
            per_row: [x_by_y, y_by_y],
            origin: [shift[0] + (middle_x + margin), shift[1] + (middle_y + margin)],
            middle_row: middle_y,
            last: [simd.splat((columns + MARGIN) as f32), simd.splat((rows + MARGIN) as f32)],
            stride: simd.splat(shape.stride as f32),
        }
    }

    #[inline(always)]
    fn draw_straight(self, simd: S, to: &mut [u8]) {
        for row in 0..self.rows {
            self.draw_run(simd, self.place(simd, row), row, to);
        }
    }

    #[inline(always)]
    fn draw_bent(self, simd: S, field: &Field, spread: [&[Line]; 2], to: &mut [u8]) {
        let weights = &field.row_weights[..self.rows];
        let mut row = 0;
        while row < self.rows {
            // As long as rows depend on the same part of the grid, that stays in registers.
            let first = weights[row].0;
            let (x_taps, y_taps) = (window(simd, spread[0], first), window(simd, spread[1], first));
            while row < self.rows && weights[row].0 == first {
                let [mut x, mut y] = self.place(simd, row);
                for tap in 0..TAPS {
                    // Twelve bits times twelve: exact.
                    let weight = simd.splat(weights[row].1[tap]);
                    x = simd.mul_add(weight, x_taps[tap], x);
                    y = simd.mul_add(weight, y_taps[tap], y);
                }
                self.draw_run(simd, [x, y], row, to);
                row += 1;
            }
        }
    }

    /// The places of sixteen pixels of a row, x and y, measured from the corner of the margin.
    #[inline(always)]
    fn place(&self, simd: S, row: usize) -> [S::Vector; 2] {
        let y = row as f32 - self.middle_row;
        [
            simd.add(self.across[0], simd.splat(self.per_row[0] * y + self.origin[0])),
            simd.add(self.across[1], simd.splat(self.per_row[1] * y + self.origin[1])),
        ]
    }

    /// Sixteen pixels of a row of the picture `to`, from their places.
    #[inline(always)]
    fn draw_run(&self, simd: S, [x, y]: [S::Vector; 2], row: usize, to: &mut [u8]) {
        let (x, right) = whole_and_rest(simd, x, self.last[0]);
        let (y, down) = whole_and_rest(simd, y, self.last[1]);
        let index = simd.mul_add(y, self.stride, x);
        let [a, b, c, d] = simd.gather_bytes(self.table, index);
        let upper = simd.mul_add(right, simd.sub(b, a), a);
        let lower = simd.mul_add(right, simd.sub(d, c), c);
        let grey = simd.mul_add(down, simd.sub(lower, upper), upper);
        let to = &mut to[row * self.columns..][..self.columns];
        if let Some(to) = to[self.start..].first_chunk_mut() {
            simd.store_bytes(grey, to);
        } else {
            let mut run = [0; LANES];
            simd.store_bytes(grey, &mut run);
            to.copy_from_slice(&run[..self.columns]);
        }
    }
}

/// Eight lines from `first` on.
#[inline(always)]
fn window<S: Simd>(simd: S, lines: &[Line], first: usize) -> [S::Vector; TAPS] {
    let mut taps = [simd.splat(0.0); TAPS];
    for (tap, line) in taps.iter_mut().zip(&lines[first..]) {
        *tap = simd.load(&line.0);
    }
    taps
}

/// A coordinate, not below 0 nor above `last`, in 1/256: the whole number, and the rest.
#[inline(always)]
fn whole_and_rest<S: Simd>(simd: S, x: S::Vector, last: S::Vector) -> (S::Vector, S::Vector) {
    // A number that has this added to it keeps eight bits behind the point.
    let large = simd.splat(1.5 * 32_768.0);
    let x = simd.max(simd.min(x, last), simd.splat(0.0));
    let x = simd.sub(simd.add(x, large), large);
    let whole = simd.truncate(x);
    (whole, simd.sub(x, whole))
}
