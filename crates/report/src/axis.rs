//! The axes of the plots: where they begin and end, and what is written beside them.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use crate::numbers::{round_step, setting};

/// A linear axis: its ends, where it is labelled, and how.
pub(crate) struct Axis {
    range: Range<f64>,
    ticks: Vec<f64>,
    label: fn(f64) -> String,
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    /// A value beyond an end is drawn at that end.
    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        let Range { start: low, end: high } = self.range;
        let share = (value.clamp(low, high) - low) / (high - low);
        start + (share * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        // Light points would be lines without labels.
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        (self.label)(*value)
    }
}

/// From and to one of 1, 2, 5, 10, 20, 50, … around decimal logarithms; all of these between are labelled, or every
/// second, third, … of them where they are many.
pub(crate) fn loss(low: f64, high: f64) -> Axis {
    let decades = low.floor() as i32..=high.ceil() as i32;
    let marks: Vec<f64> = decades
        .flat_map(|decade| [1.0, 2.0, 5.0].map(|lead: f64| f64::from(decade) + lead.log10()))
        .collect();
    let last_below = marks.iter().rposition(|mark| *mark <= low).unwrap_or(0);
    let first_above = marks.iter().position(|mark| *mark >= high).unwrap_or(marks.len() - 1);
    let first_above = first_above.max(last_below + 1).min(marks.len() - 1);
    let marks = &marks[last_below..=first_above];
    // Every third is a power of ten again.
    let every = match marks.len() {
        ..10 => 1,
        many => 3 * many.div_ceil(3 * 8),
    };
    let first = if every == 1 { 0 } else { (3 - last_below % 3) % 3 };
    Axis {
        range: marks[0]..marks[marks.len() - 1],
        ticks: marks.iter().skip(first).step_by(every).copied().collect(),
        label: |log| {
            let loss = 10_f64.powf(log);
            // One digit is all a mark has.
            let text = format!("{loss:.0e}");
            if (1e-4..1e5).contains(&loss) {
                text.parse::<f64>().map_or(text, |mark| mark.to_string())
            } else {
                text
            }
        },
    }
}

/// From some way below `least` to 1.
pub(crate) fn accuracy(least: f64) -> Axis {
    let wished = (1.25 * (1.0 - least)).clamp(1e-3, 1.0);
    let unit = 10_f64.powf(wished.log10().floor());
    // The finest that leaves five ticks or fewer; 5 leaves one or two.
    let finer = [0.2, 0.5, 1.0, 2.0].map(|lead| lead * unit);
    let tick = finer.into_iter().find(|tick| wished / tick <= 5.0).unwrap_or(5.0 * unit);
    let below = (wished / tick).ceil() as i32;
    Axis {
        range: (1.0 - tick * f64::from(below)).max(0.0)..1.0,
        ticks: (0..=below)
            .map(|i| 1.0 - tick * f64::from(i))
            .filter(|tick| *tick > -1e-9)
            .collect(),
        label: |accuracy| {
            let text = format!("{:.2}", 100.0 * accuracy.abs());
            format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
        },
    }
}

/// From 0 to `most` and a little more, with five labels and the 0 or fewer.
pub(crate) fn rate(most: f64) -> Axis {
    let unit = 10_f64.powf(most.log10().floor());
    let finer = [0.2, 0.5, 1.0].map(|lead| lead * unit);
    let tick = finer.into_iter().find(|tick| most / tick <= 5.0).unwrap_or(2.0 * unit);
    // A rate that is a tick stays one, whatever the division makes of it.
    let above = (most / tick - 1e-9).ceil();
    Axis {
        range: 0.0..tick * above,
        ticks: (0..=above as i32).map(|i| tick * f64::from(i)).collect(),
        label: |rate| {
            // Two digits are all that a multiple of a tick has.
            let text = format!("{rate:.1e}");
            text.parse().map_or(text, setting)
        },
    }
}

/// From the start to the end of a training, with ten labels and the 0 or fewer: as many as have room side by side.
pub(crate) fn epochs(epochs: usize) -> Axis {
    let most = (45 / epochs.to_string().len()).clamp(2, 10);
    let every = round_step(epochs.div_ceil(most));
    Axis {
        range: 0.0..epochs as f64,
        ticks: (0..=epochs).step_by(every).map(|epoch| epoch as f64).collect(),
        label: |epoch| epoch.to_string(),
    }
}

impl Axis {
    /// Characters of the label at its end.
    pub(crate) fn last_label(&self) -> usize {
        self.ticks.last().map_or(0, |tick| (self.label)(*tick).len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks.iter().map(|tick| (axis.label)(*tick)).collect()
    }

    #[test]
    fn losses_lie_between_round_numbers() {
        let axis = |low: f64, high: f64| loss(low.log10(), high.log10());
        assert_eq!(labels(&axis(0.03, 0.6)), ["0.02", "0.05", "0.1", "0.2", "0.5", "1"]);
        assert_eq!(labels(&axis(0.3, 0.3)), ["0.2", "0.5"]);
        assert_eq!(labels(&axis(0.0004, 3.0)), ["0.001", "0.01", "0.1", "1"]);
        assert_eq!(labels(&axis(1e-7, 1e-7)).len(), 2);
        for (low, high) in [(1e-7, 1e-7), (1e-7, 2.3), (0.9, 1.1), (1.0, 1e30), (1e300, 1e308)] {
            let Axis { range, ticks, .. } = axis(low, high);
            assert!(range.start <= low.log10() && high.log10() <= range.end, "{low} {high}");
            assert!(
                (2..10).contains(&ticks.len()) && ticks.is_sorted_by(|a, b| a < b),
                "{ticks:?}"
            );
            assert!(ticks.iter().all(|tick| range.start <= *tick && *tick <= range.end));
        }
        assert_eq!(labels(&axis(1.0, 1e8)), ["1", "100", "10000", "1e6", "1e8"]);
    }

    #[test]
    fn accuracies_have_room_below() {
        assert_eq!(labels(&accuracy(0.925)), ["100 %", "98 %", "96 %", "94 %", "92 %", "90 %"]);
        assert_eq!(
            labels(&accuracy(1.0)),
            ["100 %", "99.98 %", "99.96 %", "99.94 %", "99.92 %", "99.9 %"]
        );
        for least in [0.0, 0.1, 0.333, 0.5, 0.75, 0.97, 0.9999] {
            let Axis { range, ticks, .. } = accuracy(least);
            assert!((0.0..=least).contains(&range.start) && range.end == 1.0, "{least}: {range:?}");
            assert!((3..=7).contains(&ticks.len()), "{least}: {ticks:?}");
        }
    }

    #[test]
    fn rates_begin_at_nought() {
        assert_eq!(labels(&rate(0.001)), ["0", "0.0002", "0.0004", "0.0006", "0.0008", "0.001"]);
        assert_eq!(labels(&rate(0.006)), ["0", "0.002", "0.004", "0.006"]);
        assert_eq!(labels(&rate(0.0021)), ["0", "0.0005", "0.001", "0.0015", "0.002", "0.0025"]);
        assert_eq!(labels(&rate(3e-38)), ["0", "1e-38", "2e-38", "3e-38"]);
        for most in [1e-38, 1.7e-5, 0.003, 0.0099, 1.0, 2.5, 7e30] {
            let Axis { range, ticks, .. } = rate(most);
            assert!(range.start == 0.0 && range.end >= most * (1.0 - 1e-9), "{most}: {range:?}");
            assert!(range.end < 1.7 * most && (3..=7).contains(&ticks.len()), "{most}: {ticks:?}");
        }
    }

    #[test]
    fn epochs_are_labelled_as_far_as_there_is_room() {
        assert_eq!(labels(&epochs(1)), ["0", "1"]);
        assert_eq!(labels(&epochs(5)), ["0", "1", "2", "3", "4", "5"]);
        assert_eq!(labels(&epochs(37)), ["0", "5", "10", "15", "20", "25", "30", "35"]);
        assert_eq!(labels(&epochs(10_000)), ["0", "2000", "4000", "6000", "8000", "10000"]);
        assert_eq!(epochs(10_000).last_label(), 5);
        for count in [1, 9, 10, 11, 99, 1_000, 123_456, 10_000_000] {
            let axis = epochs(count);
            // Of 855 pixels, a digit takes about 17.
            let room = 855.0 * axis.ticks.get(1).unwrap() / count as f64;
            assert!(room > 17.0 * axis.last_label() as f64, "{count}: {:?}", labels(&axis));
        }
    }

    #[test]
    fn what_is_off_the_axis_lies_on_its_end() {
        let axis = accuracy(0.925);
        assert_eq!(
            [0.1, 0.9, 0.95, 1.0, 2.0].map(|value| axis.map(&value, (300, 100))),
            [300, 300, 200, 100, 100]
        );
    }
}
