//! Values of options, each checked where it is read.

use std::ops::RangeInclusive;

/// More units in a layer than this is a slip of the keyboard.
const MOST_UNITS: usize = 1 << 16;

pub(super) fn at_least_one(text: &str) -> Result<usize, &'static str> {
    match text.parse() {
        Ok(number) if number >= 1 => Ok(number),
        _ => Err("not a whole number of at least 1"),
    }
}

/// Indices have 32 bits.
pub(super) fn features(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if (1..u32::MAX as usize).contains(&number) => Ok(number),
        _ => Err(format!("not a whole number from 1 to {}", u32::MAX - 1)),
    }
}

/// An index, or a range of them: `3`, `0-99`.
pub(super) fn indices(text: &str) -> Result<RangeInclusive<usize>, &'static str> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok(first..=last),
        _ => Err("not a whole number, or a range of them as in 0-99"),
    }
}

pub(super) fn units(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if (1..=MOST_UNITS).contains(&number) => Ok(number),
        _ => Err(format!("not a whole number from 1 to {MOST_UNITS}")),
    }
}

/// A share of something, in [0, 1).
pub(super) fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..1.0).contains(&share) => Ok(share),
        _ => Err("it must be a number from 0 to 1, and not 1".into()),
    }
}

/// The kernels compute in `f32`: there, too, the rate must be neither zero nor infinite.
pub(super) fn learning_rate(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(number) if number as f32 > 0.0 && (number as f32).is_finite() => Ok(number),
        _ => Err("not a finite number above 0"),
    }
}
