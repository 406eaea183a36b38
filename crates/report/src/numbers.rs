//! Numbers as the report writes them: short, whatever their magnitude.

use indicatif::HumanCount;

/// A share of 1 in percent. What is not quite none or all doesn't look as if it were; what is no number is a dash.
pub(crate) fn percent(share: f64) -> String {
    match 100.0 * share {
        percent if percent.is_nan() => "–".to_owned(),
        percent if percent > 0.0 && percent < 0.005 => "< 0.01 %".to_owned(),
        percent if (99.995..100.0).contains(&percent) => "> 99.99 %".to_owned(),
        percent => format!("{percent:.2} %"),
    }
}

/// 10000 as 10,000.
pub(crate) fn count(number: usize) -> String {
    HumanCount(number as u64).to_string()
}

/// With `decimals` decimals; where that would be a long row of digits, or zeros only, in scientific notation.
pub(crate) fn decimal(number: f64, decimals: usize) -> String {
    let least = 1.0 / 10_f64.powi(decimals as i32);
    match number.abs() {
        0.0 => format!("{number:.decimals$}"),
        magnitude if !magnitude.is_finite() => "not finite".to_owned(),
        magnitude if (least..1e6).contains(&magnitude) => format!("{number:.decimals$}"),
        _ => format!("{number:.2e}"),
    }
}

/// With two digits that count.
pub(crate) fn two_digits(number: f64) -> String {
    let magnitude = number.abs();
    if !(1e-4..1e4).contains(&magnitude) {
        return format!("{number:.1e}");
    }
    let decimals = (1.0 - magnitude.log10().floor()).max(0.0) as usize;
    format!("{number:.decimals$}")
}

/// As it was given, without a long row of zeros.
pub(crate) fn setting(number: f64) -> String {
    let plain = number == 0.0 || (1e-5..1e6).contains(&number.abs());
    if plain { number.to_string() } else { format!("{number:e}") }
}

/// The least of 1, 2, 5, 10, 20, 50, … that is not below `step`.
pub(crate) fn round_step(step: usize) -> usize {
    let steps = (0..).flat_map(|power| [1, 2, 5].map(|lead: usize| lead * 10_usize.pow(power)));
    steps.into_iter().find(|&round| round >= step).unwrap_or(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_all_is_not_all() {
        assert_eq!(
            [0.0, 0.000_01, 0.5, 0.979_25, 0.999_96, 1.0].map(percent),
            ["0.00 %", "< 0.01 %", "50.00 %", "97.92 %", "> 99.99 %", "100.00 %"]
        );
        assert_eq!(percent(f64::NAN), "–");
    }

    #[test]
    fn no_number_is_long() {
        assert_eq!(
            [0.0, 0.0371, 0.0001, 12.0, 999_999.0].map(|number| decimal(number, 4)),
            ["0.0000", "0.0371", "0.0001", "12.0000", "999999.0000"]
        );
        assert_eq!(
            [3.21e-5, 1e6, 1.234e38, -1e77, f64::INFINITY, f64::NAN].map(|n| decimal(n, 4)),
            ["3.21e-5", "1.00e6", "1.23e38", "-1.00e77", "not finite", "not finite"]
        );
        assert_eq!(
            [0.0512, 1.0, 74.6, 9876.0, 1e4, 3e-5, 1.5e30].map(two_digits),
            ["0.051", "1.0", "75", "9876", "1.0e4", "3.0e-5", "1.5e30"]
        );
        assert_eq!(
            [0.001, 0.0, 5e-5, 1e-30, 3e38, 10.0].map(setting),
            ["0.001", "0", "0.00005", "1e-30", "3e38", "10"]
        );
    }

    #[test]
    fn steps_are_round() {
        assert_eq!([0, 1, 2, 3, 6, 14, 21, 99].map(round_step), [1, 1, 2, 5, 10, 20, 50, 100]);
    }
}
