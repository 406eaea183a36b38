//! Decimal numbers, read fast where that is exact.
//!
//! A number of up to 2⁵³ in its digits and a power of ten up to 10²² are both exact in 64 bits, so their product or quotient
//! is correctly rounded to 64 bits (Clinger). Rounding that once more, to 32 bits, gives the correctly rounded number, unless
//! the first rounding has led exactly to the middle between two neighbours: only then does the side on which the true number
//! lies matter, and be lost. Those, and all longer numbers, are left to the standard library.

/// Ten to the powers that are exact.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
/// Digits that fit into 64 bits, whatever they are.
const MOST_DIGITS: usize = 19;
/// Numbers of 64 bits have as many bits more than those of 32, and this is the middle between two of these.
const SURPLUS: u64 = (1 << 29) - 1;
const MIDDLE: u64 = 1 << 28;

/// Whether a word ends before this byte.
pub(super) fn ends(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r' | b'#')
}

/// Reads a number at the beginning of `bytes`, which have an end of a word in them: the number, and how many bytes it takes;
/// `None` if that is to be found out in the slow way.
#[inline]
pub(super) fn fast(bytes: &[u8]) -> Option<(f32, usize)> {
    let negative = bytes[0] == b'-';
    let mut at = usize::from(negative || bytes[0] == b'+');
    let mut mantissa = 0_u64;
    let begin = at;
    let mut digit = |at: &mut usize| {
        let start = *at;
        while let digit @ 0..=9 = bytes[*at].wrapping_sub(b'0') {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(digit.into());
            *at += 1;
        }
        *at - start
    };
    let mut digits = digit(&mut at);
    let mut exponent = 0;
    if bytes[at] == b'.' {
        at += 1;
        let decimals = digit(&mut at);
        digits += decimals;
        exponent = -(decimals as i64);
    }
    if digits == 0 || at - begin > MOST_DIGITS {
        return None;
    }
    if matches!(bytes[at], b'e' | b'E') {
        at += 1;
        let down = bytes[at] == b'-';
        at += usize::from(down || bytes[at] == b'+');
        let (start, mut power) = (at, 0_i64);
        while let digit @ 0..=9 = bytes[at].wrapping_sub(b'0') {
            power = 10 * power + i64::from(digit);
            at += 1;
            if at - start > 4 {
                return None;
            }
        }
        if at == start {
            return None;
        }
        exponent += if down { -power } else { power };
    }
    if !ends(bytes[at]) || mantissa > 1 << 53 {
        return None;
    }
    let power = *POWERS.get(exponent.unsigned_abs() as usize)?;
    let number = if exponent < 0 { mantissa as f64 / power } else { mantissa as f64 * power };
    if number.to_bits() & SURPLUS == MIDDLE {
        return None;
    }
    let number = number as f32;
    Some((if negative { -number } else { number }, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    fn read(text: &str) -> Option<f32> {
        let (number, length) = fast(format!("{text} ").as_bytes())?;
        assert_eq!(length, text.len(), "{text}");
        Some(number)
    }

    #[test]
    fn numbers_are_those_of_the_standard_library() {
        let mut dice = Dice::new(1);
        let (mut taken, mut all) = (0, 0);
        for _ in 0..200_000 {
            let float = f32::from_bits(dice.word() as u32);
            let word = dice.word();
            let small = (dice.unit() as f32) * 8.0 - 4.0;
            for text in [
                format!("{float}"),
                format!("{float:e}"),
                format!("{small}"),
                format!("{:.16}", f64::from(small)),
                format!("{}.{}", word % 1000, word >> 40),
                format!("{}e-{}", word >> (word % 50), word % 25),
                format!("-{}.{}E+{}", word % 10, word >> 30, word % 12),
            ] {
                all += 1;
                if let Some(number) = read(&text) {
                    taken += 1;
                    let expected: f32 = text.parse().unwrap();
                    assert_eq!(number.to_bits(), expected.to_bits(), "{text}");
                }
            }
        }
        assert!(2 * taken > all, "{taken} of {all}");
    }

    #[test]
    fn middles_are_left_to_the_slow_way() {
        // 2²⁴ + 1 lies between two numbers of 32 bits; and a little more or less than it is rounded to it in 64 bits.
        for text in ["16777217", "16777217.0", "16777217.00000000"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("16777217.1"), Some(16_777_218.0));
        assert_eq!(read("16777216.9"), Some(16_777_216.0));
    }

    // More digits than 64 bits keep exactly, within a quintillionth of the middle between two numbers of 32 bits.
    #[test]
    fn numbers_beside_a_middle_are_on_their_side() {
        let mut dice = Dice::new(2);
        for _ in 0..20_000 {
            let number = 1.0 + 9.0 * dice.unit() as f32;
            let middle = (f64::from(number) + f64::from(number.next_up())) / 2.0;
            for text in [format!("{middle:.17}"), format!("{middle:.18}"), format!("{middle:.15}")]
            {
                if let Some(number) = read(&text) {
                    assert_eq!(number, text.parse::<f32>().unwrap(), "{text}");
                }
            }
        }
    }

    #[test]
    fn words_that_are_no_plain_numbers_are_left() {
        for text in [
            "", "-", ".", "+.", "e5", "1e", "1e+", "0x1", "1,5", "1:", "inf", "nan", "1e99999",
            "--1", "1-",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        for (text, number) in [("1.", 1.0), (".5", 0.5), ("+2", 2.0), ("-0", -0.0), ("1e2", 100.0)]
        {
            assert_eq!(read(text).map(f32::to_bits), Some(f32::to_bits(number)), "{text}");
        }
        assert_eq!(fast(b"1.5#"), Some((1.5, 3)));
    }
}
