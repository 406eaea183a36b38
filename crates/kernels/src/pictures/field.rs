//! Smooth random displacements.
//!
//! White noise N on a coarse grid, spread by bells: along each axis a displacement is d = U·N·Vᵀ, where N is grid rows × grid
//! columns of uniform numbers with mean 0 and variance 1, `U[i, g] = exp(−(i − y_g)² / 2σ²)` for row i and grid point y_g, and V
//! the same for columns. The grid's points are σ apart. The rows of U and V have length 1, so that each displacement has variance 1:
//! the sum of the squares of all products `U[i, g]·V[j, h]`.
//!
//! This is what a Gaussian filter makes of noise at every pixel (Simard, Steinkraus and Platt 2003: "Best practices for
//! convolutional neural networks applied to visual document analysis"), with the noise where it can be told from its neighbours.
//!
//! Of a bell only the eight grid points nearest to a pixel are used; those farther than 4σ would have 3 in 10,000 of its height.
//! Pictures of 28 pixels and σ = 4 have no more than eight.

use super::stream::Stream;
use crate::simd::{LANES, Line, Simd};

/// Grid points that a pixel's displacement depends on, along each axis.
pub(super) const TAPS: usize = 8;

/// The first word of a stream that displacements are made of; whoever places pictures has those before it.
const FIRST_WORD: u32 = 16;

/// Twelve random bits, as the odd number `2·bits − 4095`: mean 0, and this is its variance.
const NOISE_VARIANCE: f64 = (4096.0 * 4096.0 - 1.0) / 3.0;

/// The two bases, for pictures of one size.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Points of the grid along each axis, rounded up to whole taps: those too many have weight 0.
    grid_rows: usize,
    grid_columns: usize,
    /// For each row, and the first of the grid rows that it depends on: rows of U, in pixels of displacement.
    pub(super) row_weights: Vec<(usize, [f32; TAPS])>,
    /// For each run of columns: the transposed rows of V for runs of eight grid points, and the first of these.
    column_weights: Vec<(usize, Vec<[Line; TAPS]>)>,
}

/// The numbers of one picture.
#[derive(Debug, Default)]
pub(super) struct Noise {
    /// N of both axes: `grid_rows × grid_columns` in runs of eight.
    grid: [Vec<[f32; TAPS]>; 2],
    /// N·Vᵀ of both axes for sixteen columns: `grid_rows` lines.
    spread: [Vec<Line>; 2],
}

impl Field {
    /// For pictures of `rows × columns` whose runs of sixteen columns begin at `starts`; displacements have the standard deviation
    /// `displacement` and the smoothness `sigma`, in pixels.
    pub(super) fn new(
        [rows, columns]: [usize; 2],
        starts: &[usize],
        displacement: f64,
        sigma: f64,
    ) -> Self {
        let column_bells = bells(columns, sigma, 1.0 / NOISE_VARIANCE.sqrt());
        Self {
            grid_rows: grid_points(rows, sigma),
            grid_columns: grid_points(columns, sigma),
            row_weights: bells(rows, sigma, displacement),
            column_weights: starts
                .iter()
                .map(|&start| transposed(&column_bells[start..columns.min(start + LANES)]))
                .collect(),
        }
    }

    /// Makes room.
    pub(super) fn prepare(&self, noise: &mut Noise) {
        for axis in 0..2 {
            noise.grid[axis].resize(self.grid_rows * self.grid_columns / TAPS, [0.0; TAPS]);
            noise.spread[axis].resize(self.grid_rows, Line::ZERO);
        }
    }

    /// Draws N of both axes.
    #[inline(always)]
    pub(super) fn draw(&self, stream: Stream, noise: &mut Noise) {
        let [x, y] = &mut noise.grid;
        let runs = self.grid_rows * self.grid_columns / TAPS;
        let (x, y) = (&mut x[..runs], &mut y[..runs]);
        for run in 0..runs {
            for i in 0..TAPS {
                let word = stream.word(FIRST_WORD + (TAPS * run + i) as u32);
                // Twelve of the upper bits for one axis, twelve of the lower for the other.
                x[run][i] = (2 * (word >> 20) as i32 - 4095) as f32;
                y[run][i] = (2 * (word & 0xfff) as i32 - 4095) as f32;
            }
        }
    }

    /// N·Vᵀ of both axes for run number `run` of columns, each number rounded to twelve bits.
    #[inline(always)]
    pub(super) fn spread<'a, S: Simd>(
        &self,
        simd: S,
        run: usize,
        noise: &'a mut Noise,
    ) -> [&'a [Line]; 2] {
        let (first, weights) = &self.column_weights[run];
        let (per_row, first) = (self.grid_columns / TAPS, first / TAPS);
        for axis in 0..2 {
            let (grid, spread) = (&noise.grid[axis], &mut noise.spread[axis][..self.grid_rows]);
            for (row, to) in spread.iter_mut().enumerate() {
                let noise = &grid[per_row * row + first..][..weights.len()];
                let mut sum = simd.splat(0.0);
                for run in 0..weights.len() {
                    for tap in 0..TAPS {
                        let weight = simd.load(&weights[run][tap].0);
                        sum = simd.mul_add(simd.splat(noise[run][tap]), weight, sum);
                    }
                }
                // Dekker's splitting: what is left of the upper half has 24 − 12 bits.
                let much = simd.mul(sum, simd.splat(4097.0));
                let upper = simd.sub(much, simd.sub(much, sum));
                simd.store(upper, &mut to.0);
            }
        }
        let [x, y] = &noise.spread;
        [x, y]
    }
}

/// Points of a grid whose ends are at or beyond the first and last of `length` pixels, rounded up to whole taps.
fn grid_points(length: usize, sigma: f64) -> usize {
    (used_points(length, sigma)).next_multiple_of(TAPS)
}

fn used_points(length: usize, sigma: f64) -> usize {
    ((length - 1) as f64 / sigma).ceil() as usize + 1
}

/// For each of `length` pixels the first of the eight grid points nearest to it, and the bell at these, of length `gain`.
fn bells(length: usize, sigma: f64, gain: f64) -> Vec<(usize, [f32; TAPS])> {
    let points = used_points(length, sigma);
    let bell = |pixel: usize| {
        // In steps of the grid, whose middle is that of the pixels.
        let place = (pixel as f64 - (length - 1) as f64 / 2.0) / sigma + (points - 1) as f64 / 2.0;
        let last_first = points.saturating_sub(TAPS) as f64;
        let first = (place - (TAPS / 2) as f64).ceil().clamp(0.0, last_first) as usize;
        let weights: [f64; TAPS] = std::array::from_fn(|tap| {
            let distance = (first + tap) as f64 - place;
            if first + tap < points { (-0.5 * distance * distance).exp() } else { 0.0 }
        });
        let length = weights.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
        (first, weights.map(|weight| to_twelve_bits((gain * weight / length) as f32)))
    };
    (0..length).map(bell).collect()
}

/// Bells of up to sixteen columns, as lanes: the first grid point, a multiple of eight, and the weights from there on.
fn transposed(bells: &[(usize, [f32; TAPS])]) -> (usize, Vec<[Line; TAPS]>) {
    let lowest = bells[0].0 / TAPS * TAPS;
    let end = bells[bells.len() - 1].0 + TAPS;
    let mut runs = vec![[Line::ZERO; TAPS]; (end - lowest).div_ceil(TAPS)];
    for (lane, (first, weights)) in bells.iter().enumerate() {
        for (tap, weight) in weights.iter().enumerate() {
            let point = first + tap - lowest;
            runs[point / TAPS][point % TAPS].0[lane] = *weight;
        }
    }
    (lowest, runs)
}

/// To the nearest number with twelve significant bits, ties away from zero.
fn to_twelve_bits(x: f32) -> f32 {
    f32::from_bits((x.to_bits() + (1 << 11)) & !0xfff)
}
