//! Checks of an answer: a bench that times wrong answers is worth nothing.

/// Up to this many elements of an answer are compared with the oracle, which is slow.
const SAMPLES: usize = 211;

/// Indices below `len`, spread evenly from the first to the last.
pub(crate) fn samples(len: usize) -> impl Iterator<Item = usize> {
    let count = SAMPLES.min(len);
    (0..count).map(move |i| i * (len - 1) / (count - 1).max(1))
}

/// Whether two forms of an operation gave the same, to the bit; NaN is never right.
pub(crate) fn equal(what: &str, ours: &[f32], other: &[f32]) -> Result<(), String> {
    assert_eq!(ours.len(), other.len(), "lengths of {what}");
    match ours.iter().zip(other).position(|(ours, other)| ours != other || ours.is_nan()) {
        None => Ok(()),
        Some(i) => Err(format!(
            "{what}: element {i} is {} in one form, {} in the other",
            ours[i], other[i]
        )),
    }
}

/// Whether a number is within `tolerance` of the oracle's.
pub(crate) fn close(what: &str, ours: f64, expected: f64, tolerance: f64) -> Result<(), String> {
    // Written so that NaN is not close to anything.
    if (ours - expected).abs() <= tolerance {
        Ok(())
    } else {
        Err(format!("{what} is {ours}, not {expected}"))
    }
}

/// [`close`] for all elements, relative to the largest expected one.
pub(crate) fn all_close(
    what: &str,
    ours: &[f32],
    expected: &[f32],
    tolerance: f64,
) -> Result<(), String> {
    assert_eq!(ours.len(), expected.len(), "lengths of {what}");
    let largest = expected.iter().fold(0.0, |largest: f32, x| largest.max(x.abs()));
    let tolerance = tolerance * f64::from(largest);
    for (i, (&ours, &expected)) in ours.iter().zip(expected).enumerate() {
        close(&format!("{what}: element {i}"), ours.into(), expected.into(), tolerance)?;
    }
    Ok(())
}
