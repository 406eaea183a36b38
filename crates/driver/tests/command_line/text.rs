//! Words and numbers that the program says.

/// The number after the word `name`.
pub(crate) fn number_after(text: &str, name: &str) -> f64 {
    let mut words = text.split_whitespace();
    words.find(|&word| word == name).unwrap_or_else(|| panic!("no {name} in: {text}"));
    words.next().unwrap().trim_end_matches([',', ';']).parse().unwrap()
}

pub(crate) fn test_line(text: &str) -> &str {
    text.lines()
        .find(|line| line.starts_with("Test:"))
        .unwrap_or_else(|| panic!("no test line in: {text}"))
}

/// The same number, but for the roundings of a sum.
pub(crate) fn assert_close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * a.abs(), "{a} is not {b}");
}
