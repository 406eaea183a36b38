//! Names of classes, which may be long.

/// Widths of letters in parts of their height, as wide as the common fonts have them.
const DIGIT: f64 = 0.64;
const LETTER: f64 = 0.6;
const CAPITAL: f64 = 0.72;
const WIDE: f64 = 1.0;

/// The width of a name on a line, in parts of its letters' height. A page without scripts cannot measure: this is an estimate
/// that leaves no letter outside.
pub(crate) fn width(name: &str) -> f64 {
    name.chars().map(letter_width).sum()
}

fn letter_width(letter: char) -> f64 {
    match letter {
        '0'..='9' => DIGIT,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '&' | '…' | '—' => WIDE,
        // From Hangul on, most are as wide as high.
        '\u{1100}'..='\u{10ffff}' if !('\u{1e00}'..='\u{20ff}').contains(&letter) => WIDE,
        _ if letter.is_uppercase() => CAPITAL,
        _ => LETTER,
    }
}

/// The beginning of a name that is at most `most` wide, see [`width`]. What is cut off ends with "…".
pub(crate) fn shortened(name: &str, most: f64) -> String {
    if width(name) <= most {
        return name.to_owned();
    }
    let mut room = most - WIDE;
    let fits = |letter: &char| {
        room -= letter_width(*letter);
        room >= 0.0
    };
    let kept: String = name.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_off() {
        assert_eq!(shortened("65535", 5.0 * DIGIT), "65535");
        assert_eq!(shortened("eagle", 5.0 * LETTER), "eagle");
        assert_eq!(shortened("sea eagle", 5.0 * LETTER), "sea…");
        assert_eq!(shortened("Bläßhühner", 4.2), "Bläßh…");
        assert_eq!(shortened("any", 0.0), "…");
        for name in
            ["WWWWWWWWWWWW", "llllllllllllllllllllll", "大きな水鳥の名前", "0123456789012345"]
        {
            let cut = shortened(name, 7.0);
            assert!((6.0..=7.0).contains(&width(&cut)), "{cut}: {}", width(&cut));
        }
    }
}
