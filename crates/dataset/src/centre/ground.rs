//! The ground of a picture: the brightness that its paper has in the light that falls on it.
//!
//! It is a polynomial of second degree in the two coordinates, by least squares over the pixels that are ground. Which these
//! are is not known: they are the 60 % nearest to the surface found before, beginning with the median along the edges, and
//! after ten rounds they are settled (least trimmed squares; Rousseeuw and Van Driessen, 2006).

/// Terms of the polynomial: 1, x, y, x², xy, y².
const TERMS: usize = 6;
/// The share of the pixels that is ground for sure.
const SURE: f64 = 0.6;
/// Half of a normal distribution's values are within 0.67 standard deviations, and [`SURE`] of them within this many.
const SURE_DEVIATIONS: f32 = 0.8416;
const ROUNDS: usize = 10;
/// About as many pixels are looked at.
const SAMPLES: usize = 20_000;

/// The ground of a picture.
pub(super) struct Ground {
    /// For each pixel.
    pub(super) surface: Vec<f32>,
    /// Standard deviation of the ground's pixels from it.
    pub(super) noise: f32,
}

impl Ground {
    /// The ground under `grey`, which has `rows × columns` pixels.
    pub(super) fn under(grey: &[f32], rows: usize, columns: usize) -> Self {
        let step = (grey.len() / SAMPLES).max(1);
        let samples: Vec<([f64; TERMS], f64)> = (0..grey.len())
            .step_by(step)
            .map(|i| (terms(i, rows, columns), f64::from(grey[i])))
            .collect();
        let mut polynomial = [0.0; TERMS];
        polynomial[0] = edge_median(grey, rows, columns).into();
        let mut order: Vec<(f64, usize)> = Vec::with_capacity(samples.len());
        let sure = ((samples.len() as f64 * SURE) as usize).min(samples.len() - 1);
        let mut noise = 0.0;
        for _ in 0..ROUNDS {
            order.clear();
            let distance = |(terms, x): &([f64; TERMS], f64)| (x - value(&polynomial, terms)).abs();
            order.extend(samples.iter().map(distance).enumerate().map(|(i, d)| (d, i)));
            let (near, (farthest, _), _) =
                order.select_nth_unstable_by(sure, |a, b| a.0.total_cmp(&b.0));
            noise = *farthest as f32 / SURE_DEVIATIONS;
            match fit(near.iter().map(|&(_, i)| &samples[i])) {
                Some(fitted) => polynomial = fitted,
                None => break,
            }
        }
        let surface = |i: usize| value(&polynomial, &terms(i, rows, columns)) as f32;
        Self { surface: (0..grey.len()).map(surface).collect(), noise }
    }
}

/// Standard deviation of the noise alone, by the differences between pixels two columns apart, whatever the ground is.
pub(super) fn grain(grey: &[f32], columns: usize) -> f32 {
    let line = |row: &[f32]| -> Vec<f32> {
        row.iter().zip(row.iter().skip(2)).map(|(a, b)| (a - b).abs()).collect()
    };
    let mut differences: Vec<f32> = grey.chunks(columns).flat_map(line).collect();
    // Half of the differences between two normal values are within 0.67 · √2 standard deviations.
    quantile(&mut differences, 0.5) / 0.954
}

/// Shifts ink that is above a ground without strokes so that the ground is 0; returns the standard deviation of its noise.
pub(super) fn settle(ink: &mut [f32]) -> f32 {
    let middle = quantile(&mut ink.to_vec(), 0.5);
    ink.iter_mut().for_each(|x| *x -= middle);
    let mut distances: Vec<f32> = ink.iter().map(|x| x.abs()).collect();
    quantile(&mut distances, SURE) / SURE_DEVIATIONS
}

/// The number that a share of the numbers do not exceed; 0 of none.
fn quantile(numbers: &mut [f32], share: f64) -> f32 {
    match numbers.len() {
        0 => 0.0,
        count => {
            let index = ((count as f64 * share) as usize).min(count - 1);
            *numbers.select_nth_unstable_by(index, f32::total_cmp).1
        }
    }
}


/// The terms at pixel `i`, with coordinates between −1 and 1.
fn terms(i: usize, rows: usize, columns: usize) -> [f64; TERMS] {
    let place = |at: usize, of: usize| (2 * at + 1) as f64 / of as f64 - 1.0;
    let (x, y) = (place(i % columns, columns), place(i / columns, rows));
    [1.0, x, y, x * x, x * y, y * y]
}

fn value(polynomial: &[f64; TERMS], terms: &[f64; TERMS]) -> f64 {
    polynomial.iter().zip(terms).map(|(factor, term)| factor * term).sum()
}

/// The median of the pixels along the edges.
fn edge_median(grey: &[f32], rows: usize, columns: usize) -> f32 {
    let mut edge: Vec<f32> = grey[..columns].to_vec();
    edge.extend_from_slice(&grey[(rows - 1) * columns..]);
    edge.extend(grey.chunks(columns).flat_map(|row| [row[0], row[columns - 1]]));
    let middle = edge.len() / 2;
    *edge.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// The polynomial of least squares, by the normal equations; `None` if the places do not determine it.
fn fit<'a>(samples: impl Iterator<Item = &'a ([f64; TERMS], f64)>) -> Option<[f64; TERMS]> {
    // A row of the equations is that of the matrix, and the right side behind it.
    let mut equations = [[0.0; TERMS + 1]; TERMS];
    for (terms, x) in samples {
        for (equation, a) in equations.iter_mut().zip(terms) {
            for (sum, b) in equation.iter_mut().zip(terms.iter().chain([x])) {
                *sum += a * b;
            }
        }
    }
    for pivot in 0..TERMS {
        let strongest = (pivot..TERMS)
            .max_by(|&a, &b| equations[a][pivot].abs().total_cmp(&equations[b][pivot].abs()))?;
        equations.swap(pivot, strongest);
        let row = equations[pivot];
        if row[pivot].abs() < 1e-6 {
            return None;
        }
        for (_, equation) in equations.iter_mut().enumerate().filter(|&(i, _)| i != pivot) {
            let times = equation[pivot] / row[pivot];
            equation.iter_mut().zip(row).for_each(|(x, of_pivot)| *x -= times * of_pivot);
        }
    }
    let mut solution = [0.0; TERMS];
    for (i, equation) in equations.iter().enumerate() {
        solution[i] = equation[TERMS] / equation[i];
    }
    Some(solution)
}
