//! Classes that no training image shows. A single wrong label makes many of them, and a network that has a use for few of
//! its classes: whoever trains it should know.

use std::fmt::{self, Display, Formatter};

use dataset::{Examples, PictureSet};

use crate::error::Error;
use crate::terminal::notice::notice;

/// As many classes are named.
const NAMED: usize = 5;

/// Says on stderr which classes have no training image and which test images are of these.
///
/// # Errors
/// If there are more classes without a training image than with one, unless their number was `asked_for`.
pub(crate) fn check(set: &PictureSet, asked_for: bool) -> Result<(), Error> {
    if let Some(empty) = accepted(set, asked_for)? {
        notice(&empty);
        if let Some(untrained) = Untrained::of(&set.test, &empty) {
            notice(untrained);
        }
    }
    Ok(())
}

/// The classes without a training image, if there are any and not too many.
fn accepted<'a>(set: &'a PictureSet, asked_for: bool) -> Result<Option<EmptyClasses<'a>>, Error> {
    match EmptyClasses::of(&set.train, &set.classes) {
        Some(empty) if 2 * empty.classes.len() > set.classes.len() && !asked_for => {
            Err(Error::EmptyClasses { empty: empty.to_string(), classes: set.classes.len() })
        }
        empty => Ok(empty),
    }
}

/// The classes that no training image shows. Displayed, it is a clause that says so.
#[derive(Debug, PartialEq)]
struct EmptyClasses<'a> {
    /// In ascending order.
    classes: Vec<usize>,
    /// The names of all classes.
    names: &'a [String],
    /// The first image above the longest gap.
    stray: Option<Stray>,
}

/// The first image whose label lies above a gap in the classes: perhaps that label is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stray {
    index: usize,
    label: u8,
    /// The last class of the gap.
    above: usize,
}

impl<'a> EmptyClasses<'a> {
    /// Those of the classes of these `names`; `None` if there are none.
    fn of(train: &Examples, names: &'a [String]) -> Option<Self> {
        let classes = names.len();
        let mut shown = vec![false; classes];
        train.labels().iter().for_each(|&label| shown[usize::from(label)] = true);
        let empty: Vec<usize> = (0..classes).filter(|&class| !shown[class]).collect();
        // Of gaps with something above them the longest, and of equals the highest: the fewest images lie above it.
        let gaps =
            empty.chunk_by(|&a, &b| a + 1 == b).filter(|gap| gap[gap.len() - 1] + 1 < classes);
        let stray = gaps.max_by_key(|gap| gap.len()).map(|gap| {
            let above = gap[gap.len() - 1];
            let mut labels = train.labels().iter().enumerate();
            let (index, &label) = labels
                .find(|&(_, &label)| usize::from(label) > above)
                .expect("the class above a gap has an image");
            Stray { index, label, above }
        });
        (!empty.is_empty()).then_some(Self { classes: empty, names, stray })
    }
}

impl Display for EmptyClasses<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "no training image is of {}", named(&self.classes, self.names))?;
        match self.stray {
            None => Ok(()),
            Some(Stray { index, label, above }) => {
                let [above, label] = [above, label.into()].map(|class: usize| &self.names[class]);
                write!(f, "; the first with a label above {above} is image {index} (label {label})")
            }
        }
    }
}

/// Test images of classes that no training image shows. Displayed, it is a clause that says so.
#[derive(Debug, PartialEq)]
struct Untrained<'a> {
    images: usize,
    classes: Vec<usize>,
    /// The names of all classes.
    names: &'a [String],
    /// The first of them, and its label.
    first: (usize, u8),
}

impl<'a> Untrained<'a> {
    /// Those in `test`; `None` if there are none.
    fn of(test: &Examples, empty: &EmptyClasses<'a>) -> Option<Self> {
        let is_empty = |label: u8| empty.classes.binary_search(&usize::from(label)).is_ok();
        let labels = || test.labels().iter().copied().enumerate().filter(|&(_, l)| is_empty(l));
        let mut classes: Vec<usize> = labels().map(|(_, label)| label.into()).collect();
        let images = classes.len();
        classes.sort_unstable();
        classes.dedup();
        labels().next().map(|first| Self { images, classes, names: empty.names, first })
    }
}

impl Display for Untrained<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { images, classes, names, first: (index, label) } = self;
        let are = if *images == 1 { "image is" } else { "images are" };
        let (named, label) = (named(classes, names), &names[usize::from(*label)]);
        write!(
            f,
            "{images} test {are} of {named}, without a training image; the first is image {index} (label {label})"
        )
    }
}

/// "class 3", "the classes 3, 4", "the classes 3, 4, 5, 6, 7 and 248 more".
fn named(classes: &[usize], names: &[String]) -> String {
    if let [class] = classes {
        return format!("class {}", names[*class]);
    }
    let shown = &classes[..classes.len().min(NAMED)];
    let list = shown.iter().map(|&class| &names[class][..]).collect::<Vec<_>>().join(", ");
    match classes.len() - shown.len() {
        0 => format!("the classes {list}"),
        more => format!("the classes {list} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dataset::Images;

    fn examples(labels: &[u8]) -> Examples {
        let images = Images::new(vec![0; labels.len()], 1, 1).unwrap();
        Examples::new(images, labels.to_vec()).unwrap()
    }

    fn numbers(classes: usize) -> Vec<String> {
        (0..classes).map(|class| class.to_string()).collect()
    }

    fn said(labels: &[u8], classes: usize) -> Option<String> {
        EmptyClasses::of(&examples(labels), &numbers(classes)).map(|empty| empty.to_string())
    }

    #[test]
    fn empty_classes_are_named_and_the_first_image_above_them() {
        assert_eq!(said(&[2, 0, 1, 2], 3), None);
        for (labels, classes, expected) in [
            (&[0, 2, 3, 0][..], 4, "class 1; the first with a label above 1 is image 1 (label 2)"),
            // Nothing lies above the classes that were only asked for.
            (&[1, 0], 4, "the classes 2, 3"),
            (
                &[3, 1, 0, 3],
                6,
                "the classes 2, 4, 5; the first with a label above 2 is image 0 (label 3)",
            ),
            // The longest gap counts, and of equals the highest.
            (
                &[5, 0, 4, 2, 5],
                6,
                "the classes 1, 3; the first with a label above 3 is image 0 (label 5)",
            ),
            (
                &[0, 2, 9, 1, 6, 8],
                10,
                "the classes 3, 4, 5, 7; the first with a label above 5 is image 2 (label 9)",
            ),
            (
                &[1, 0, 1, 255, 0, 255],
                256,
                "the classes 2, 3, 4, 5, 6 and 248 more; the first with a label above 254 is image 3 (label 255)",
            ),
        ] {
            let expected = format!("no training image is of {expected}");
            assert_eq!(said(labels, classes), Some(expected), "{labels:?}");
        }
    }

    #[test]
    fn classes_go_by_their_names() {
        let names = ["ant", "bee", "cat", "dog"].map(str::to_owned);
        let empty = EmptyClasses::of(&examples(&[0, 3]), &names).unwrap();
        assert_eq!(
            empty.to_string(),
            "no training image is of the classes bee, cat; the first with a label above cat is image 1 (label dog)"
        );
        let untrained = Untrained::of(&examples(&[3, 1]), &empty).unwrap().to_string();
        assert!(untrained.starts_with("1 test image is of class bee,"), "{untrained}");
        assert!(untrained.ends_with("image 1 (label bee)"), "{untrained}");
    }

    #[test]
    fn test_images_of_empty_classes_are_counted() {
        let names = numbers(6);
        let empty = EmptyClasses::of(&examples(&[0, 2, 5]), &names).unwrap();
        let said = |labels: &[u8]| Untrained::of(&examples(labels), &empty).map(|u| u.to_string());
        assert_eq!(said(&[0, 5, 2]), None);
        assert_eq!(
            said(&[0, 4, 2]).unwrap(),
            "1 test image is of class 4, without a training image; the first is image 1 (label 4)"
        );
        assert_eq!(
            said(&[0, 2, 4, 1, 4]).unwrap(),
            "3 test images are of the classes 1, 4, without a training image; the first is image 2 (label 4)"
        );
    }

    #[test]
    fn more_empty_classes_than_others_must_be_asked_for() {
        let mnist = |labels: &[u8], classes| PictureSet {
            train: examples(labels),
            test: examples(&[0]),
            classes: numbers(classes),
            is_held_out: false,
        };
        assert!(accepted(&mnist(&[0, 1], 4), false).is_ok());
        let error = accepted(&mnist(&[0, 3], 5), false).unwrap_err().to_string();
        assert!(error.contains("the classes 1, 2, 4;") && error.contains("--classes 5"), "{error}");
        assert!(accepted(&mnist(&[0, 3], 5), true).is_ok());
    }
}
