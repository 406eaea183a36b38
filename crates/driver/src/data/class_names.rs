//! The names of the classes of published data sets, whose files have numbers in their place.

use std::path::Path;

use dataset::Source;

use crate::arguments::DatasetName;

/// The names of classes that are only called by numbers, where it is known what they are: those of Fashion-MNIST, where the
/// data was `expected` to be that, or lies in a file or folder of this name, or has its files byte for byte.
pub(crate) fn named(
    classes: Vec<String>,
    path: &Path,
    expected: Option<DatasetName>,
) -> Vec<String> {
    let source = Source::FASHION_MNIST;
    let Some(names) = source.class_names() else { return classes };
    let are_numbers = classes.iter().enumerate().all(|(class, name)| *name == class.to_string());
    let is_fashion = || {
        expected == Some(DatasetName::FashionMnist)
            || is_called_fashion(path)
            || source.lies_packed_in(path)
    };
    if classes.len() == names.len() && are_numbers && is_fashion() {
        names.iter().map(|&name| name.to_owned()).collect()
    } else {
        classes
    }
}

/// Whether a file or folder is called Fashion-MNIST, however that is spelled.
fn is_called_fashion(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let letters: String = name.chars().filter(|letter| letter.is_alphabetic()).collect();
    letters.contains("fashionmnist")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fashion_is_called_by_its_names() {
        let numbers = |count: usize| (0..count).map(|i| i.to_string()).collect::<Vec<_>>();
        for (path, expected, classes, is_named) in [
            ("data/fashion-mnist", None, 10, true),
            ("Fashion_MNIST.npz", None, 10, true),
            ("fashion-mnist_train.csv.gz", None, 10, true),
            ("cache", Some(DatasetName::FashionMnist), 10, true),
            ("fashion-mnist", None, 9, false),
            ("fashion-mnist/other", None, 10, false),
            ("mnist", Some(DatasetName::Mnist), 10, false),
        ] {
            let names = named(numbers(classes), Path::new(path), expected);
            assert_eq!(names[0] == "T-shirt/top", is_named, "{path}");
            assert_eq!(names.len(), classes);
        }
        let letters: Vec<String> = ('a'..='j').map(String::from).collect();
        assert_eq!(named(letters.clone(), Path::new("fashion-mnist"), None), letters);
    }
}
