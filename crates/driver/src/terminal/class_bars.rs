//! The probabilities of the classes as bars.

use record::{Names, most_probable};

use crate::terminal::draw::{Bar, Verdict};

/// As many classes have a bar each. Of more, the [`MOST_PROBABLE`] have.
const MOST_BARS: usize = 16;
const MOST_PROBABLE: usize = 10;

/// A bar for each class or, of many, for the most probable ones. The verdict needs the `label`, which is not known of every
/// example.
pub(crate) fn bars<'a>(
    probabilities: &[f32],
    label: Option<usize>,
    names: &'a Names,
) -> Vec<Bar<&'a str>> {
    let reading = most_probable(probabilities);
    let mut classes: Vec<usize> = (0..probabilities.len()).collect();
    if classes.len() > MOST_BARS {
        classes.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
        classes.truncate(MOST_PROBABLE);
    }
    let bar = |class: usize| Bar {
        class: &names.classes[class][..],
        probability: probabilities[class],
        verdict: match class {
            _ if Some(class) == label => Some(Verdict::Right),
            _ if label.is_some() && class == reading => Some(Verdict::Wrong),
            _ => None,
        },
    };
    classes.into_iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_classes_the_most_probable_have_bars() {
        let few: Vec<f32> = (0..MOST_BARS).map(|class| class as f32 / 120.0).collect();
        let names = Names::numbers(MOST_BARS + 1);
        let drawn = bars(&few, Some(3), &names);
        assert!(
            drawn.iter().enumerate().all(|(class, bar)| bar.class == class.to_string()),
            "{drawn:?}"
        );
        assert_eq!((drawn.len(), drawn[2].probability), (MOST_BARS, few[2]));
        assert_eq!(drawn[3].verdict, Some(Verdict::Right));
        assert_eq!((drawn[4].verdict, drawn[MOST_BARS - 1].verdict), (None, Some(Verdict::Wrong)));

        let many: Vec<f32> = (0..=MOST_BARS).map(|class| class as f32 / 136.0).collect();
        let drawn = bars(&many, Some(MOST_BARS), &names);
        let classes: Vec<&str> = drawn.iter().map(|bar| bar.class).collect();
        assert_eq!(classes, ["16", "15", "14", "13", "12", "11", "10", "9", "8", "7"]);
        assert_eq!((drawn[0].verdict, drawn[1].verdict), (Some(Verdict::Right), None));
        assert!(bars(&few, None, &names).iter().all(|bar| bar.verdict.is_none()));
    }
}
