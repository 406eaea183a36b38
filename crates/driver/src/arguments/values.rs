//! Values of options, each checked where it is read.

use std::ops::RangeInclusive;
use std::time::Duration;

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

/// A part of some examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Portion {
    /// In (0, 1).
    Share(f64),
    /// At least 1.
    Count(usize),
}

impl Portion {
    /// How many of `examples` it is, rounded.
    pub(crate) fn of(self, examples: usize) -> usize {
        match self {
            Self::Share(share) => (share * examples as f64).round() as usize,
            Self::Count(count) => count,
        }
    }
}

/// A share, which has a point in it, or a count.
pub(super) fn portion(text: &str) -> Result<Portion, &'static str> {
    match (text.parse::<usize>(), text.parse::<f64>()) {
        (Ok(count), _) if count >= 1 => Ok(Portion::Count(count)),
        (Err(_), Ok(share)) if share > 0.0 && share < 1.0 => Ok(Portion::Share(share)),
        _ => Err("neither a count of at least 1 nor a share between 0 and 1, as in 0.1"),
    }
}

/// A time that is not nothing, as in `90s`, `10m` or `1h 30m`.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(time) if time > Duration::ZERO => Ok(time),
        _ => Err("not a time, as in 90s, 10m or 1h30m".into()),
    }
}

/// A number that something is multiplied by.
pub(super) fn factor(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 0.0 && factor.is_finite() => Ok(factor),
        _ => Err("not a finite number above 0"),
    }
}

/// The kernels compute in `f32`: there, too, the rate must be neither zero nor infinite.
pub(super) fn learning_rate(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(number) if number as f32 > 0.0 && (number as f32).is_finite() => Ok(number),
        _ => Err("not a finite number above 0"),
    }
}
