//! Pictures distorted at random, against a loop over pixels.

use super::{Case, Work};
use crate::support::pictures::{MNIST_PIXELS, like_digits};
use kernels::pictures::{Placement, Stream, Warp};

const SIDE: usize = 28;
const DISPLACEMENT: f64 = 1.0;
const SIGMA: f64 = 4.0;
/// Points of the grid that noise is drawn on, along each axis.
const GRID: usize = 8;

/// Digits turned, scaled, slanted, shifted and bent.
pub(super) struct Distort {
    pixels: Vec<u8>,
    warp: Warp,
    /// For each row or column, the bell at each point of the grid.
    bells: [[f32; GRID]; SIDE],
    /// Ours and the loop's.
    results: [Vec<u8>; 2],
}

impl Distort {
    pub(super) fn new(count: usize) -> Self {
        let pixels = like_digits(count);
        let warp = Warp::elastic(SIDE, SIDE, DISPLACEMENT, SIGMA).expect("numbers in range");
        let bells = std::array::from_fn(|i| {
            let distance = |g: usize| (i as f64 - 13.5) / SIGMA - (g as f64 - 3.5);
            let bell: [f64; GRID] = std::array::from_fn(|g| (-0.5 * distance(g).powi(2)).exp());
            let length = bell.iter().map(|x| x * x).sum::<f64>().sqrt();
            bell.map(|x| (x / length) as f32)
        });
        let results = [(); 2].map(|()| vec![0; pixels.len()]);
        Self { pixels, warp, bells, results }
    }

    fn count(&self) -> usize {
        self.pixels.len() / MNIST_PIXELS
    }

    /// About as far as a training of many epochs wants it.
    fn placement(i: usize) -> Placement {
        let stream = Stream::new(1, 0, i as u64);
        let number = |index| stream.number(index) as f32;
        let turn = 0.2 * number(0);
        Placement {
            matrix: [
                [1.0 + 0.15 * number(1), 0.15 * number(2) - turn],
                [turn, 1.0 + 0.15 * number(3)],
            ],
            shift: [number(4), number(5)],
            stream,
        }
    }
}

impl Case for Distort {
    fn name(&self) -> String {
        format!("distort {} of {SIDE}x{SIDE}", self.count())
    }

    fn other_name(&self) -> &'static str {
        "loop over pixels"
    }

    /// Pixels are read and written.
    fn work(&self) -> Work {
        Work::Bytes(2 * self.pixels.len())
    }

    fn ours(&mut self) {
        let placement = |i: usize, _: &[u8]| Self::placement(i);
        self.warp.draw(&self.pixels, &mut self.results[0], &placement);
    }

    fn other(&mut self) {
        let pictures = self.pixels.chunks_exact(MNIST_PIXELS);
        for (i, (from, to)) in
            pictures.zip(self.results[1].chunks_exact_mut(MNIST_PIXELS)).enumerate()
        {
            distort(from, to, &Self::placement(i), &self.bells);
        }
    }

    fn check(&self) -> Result<(), String> {
        let [ours, other] = &self.results;
        let far = |(a, b): (&u8, &u8)| a.abs_diff(*b) > 3;
        match ours.iter().zip(other).position(far) {
            Some(i) => Err(format!("pixel {i} is {}, and the loop's {}", ours[i], other[i])),
            None if ours == &self.pixels => Err("nothing was distorted".to_owned()),
            None => Ok(()),
        }
    }
}

/// The definition, written down: [`kernels::pictures`].
fn distort(from: &[u8], to: &mut [u8], placement: &Placement, bells: &[[f32; GRID]; SIDE]) {
    // Twelve bits with variance 1.
    let scale = (DISPLACEMENT * (12.0_f64 / (4095.0 * 4097.0)).sqrt()) as f32;
    let mut spread = [[[0.0; SIDE]; 2]; GRID];
    for (g, spread) in spread.iter_mut().enumerate() {
        for h in 0..GRID {
            let word = placement.stream.word(16 + (GRID * g + h) as u32);
            let noise = [word >> 20, word & 0xfff].map(|bits| (bits as f32 - 2047.5) * scale);
            for (spread, noise) in spread.iter_mut().zip(noise) {
                for (sum, bell) in spread.iter_mut().zip(bells) {
                    *sum += noise * bell[h];
                }
            }
        }
    }
    let grey = |y: i32, x: i32| {
        let inside = (0..SIDE as i32).contains(&y) && (0..SIDE as i32).contains(&x);
        if inside { f32::from(from[y as usize * SIDE + x as usize]) } else { 0.0 }
    };
    for row in 0..SIDE {
        for column in 0..SIDE {
            let p = [column as f32 - 13.5, row as f32 - 13.5];
            let [x, y] = [0, 1].map(|axis| {
                let [by_x, by_y] = placement.matrix[axis];
                let bent: f32 = (0..GRID).map(|g| bells[row][g] * spread[g][axis][column]).sum();
                by_x * p[0] + by_y * p[1] + placement.shift[axis] + bent + 13.5
            });
            let (left, top) = (x.floor(), y.floor());
            let (right, down) = (x - left, y - top);
            let (i, j) = (top as i32, left as i32);
            let upper = grey(i, j) * (1.0 - right) + grey(i, j + 1) * right;
            let lower = grey(i + 1, j) * (1.0 - right) + grey(i + 1, j + 1) * right;
            to[row * SIDE + column] = (upper * (1.0 - down) + lower * down).round() as u8;
        }
    }
}
