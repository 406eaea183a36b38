//! Sine, cosine, exponential and logarithm of products and sums alone.
//!
//! The mathematical library differs between systems, and even between CPUs, in the last bit. A picture that is drawn from such a
//! number must not.

/// 1/n!
const fn reciprocal_factorials<const N: usize>() -> [f64; N] {
    let mut table = [1.0; N];
    let mut n = 1;
    while n < N {
        table[n] = table[n - 1] / n as f64;
        n += 1;
    }
    table
}

const FACTORIAL: [f64; 12] = reciprocal_factorials();

/// e^x for |x| ≤ 2, to 1e-11 of it: the eighth root from its series, squared three times.
pub(crate) fn exponential(x: f64) -> f64 {
    let x = x / 8.0;
    let mut sum = 0.0;
    for factor in FACTORIAL[..10].iter().rev() {
        sum = sum * x + factor;
    }
    let square = sum * sum;
    let fourth = square * square;
    fourth * fourth
}

/// Sine and cosine of an angle of at most half a turn, to 1e-10: those of an eighth of it from their series, doubled three times.
pub(crate) fn sine_cosine(angle: f64) -> (f64, f64) {
    let x = angle / 8.0;
    let (mut sine, mut cosine) = (0.0, 0.0);
    for pair in FACTORIAL.chunks_exact(2).rev() {
        cosine = pair[0] - cosine * (x * x);
        sine = pair[1] - sine * (x * x);
    }
    sine *= x;
    for _ in 0..3 {
        (sine, cosine) = (2.0 * sine * cosine, cosine * cosine - sine * sine);
    }
    (sine, cosine)
}

/// ln x for 1 ≤ x ≤ 5: 2·artanh of (x − 1)/(x + 1).
pub(crate) fn natural_logarithm(x: f64) -> f64 {
    let y = (x - 1.0) / (x + 1.0);
    let mut sum = 0.0;
    // y² ≤ 4/9: the sum of those left out is below 1e-16.
    for n in (0..44).rev() {
        sum = sum * y * y + 1.0 / f64::from(2 * n + 1);
    }
    2.0 * y * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_those_of_the_library() {
        for i in -1000..=1000 {
            let x = f64::from(i) / 1000.0;
            let angle = x * std::f64::consts::PI;
            let (sine, cosine) = sine_cosine(angle);
            assert!((sine - angle.sin()).abs() < 1e-10, "sin {angle}: {sine}");
            assert!((cosine - angle.cos()).abs() < 1e-10, "cos {angle}: {cosine}");
            let (power, exact) = (exponential(2.0 * x), (2.0 * x).exp());
            assert!((power / exact - 1.0).abs() < 1e-11, "e^{}: {power}", 2.0 * x);
            let y = 3.0 + 2.0 * x;
            assert!((natural_logarithm(y) - y.ln()).abs() < 1e-14, "ln {y}");
        }
        assert_eq!((sine_cosine(0.0), exponential(0.0)), ((0.0, 1.0), 1.0));
        assert_eq!(natural_logarithm(1.0), 0.0);
    }
}
