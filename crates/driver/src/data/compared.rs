//! Notices where the examples that a saved network is tested on are not those of its run, or not of their kind.

use std::path::Path;

use dataset::{Examples, Set, Source};
use model::Input;

use crate::arguments::DatasetName;
use crate::data::features;
use crate::data::files::absolute;
use crate::data::source::{Data, Origin};
use crate::run::saved_network::{RecordedData, SavedNetwork};
use crate::terminal::notice::notice;

/// Says on stderr what is to be known before these features are taken for others; `asked_for` is the file that the command line
/// names.
pub(crate) fn features(saved: &SavedNetwork, test: &features::TestSet, asked_for: Option<&Path>) {
    kind(saved, Set::Features(&test.rows.features));
    let Some(recorded) = saved.trained_on.as_ref().filter(|data| data.are_features()) else {
        return;
    };
    let (Some(then), Some(checksums)) = (recorded.test_files(), &recorded.sha256) else { return };
    let (model, file) = (saved.file.display(), &test.origin.path);
    let sha256 = &test.rows.sha256;
    if *sha256 == checksums.train && asked_for.is_some() {
        notice(format_args!("{model} was trained on rows of {}: they are no test", file.display()));
    } else if *sha256 == checksums.test {
    } else if absolute(file) == then.path {
        notice(format_args!("{} has changed since {model} was trained", file.display()));
    } else {
        let then = then.path.display();
        notice(format_args!(
            "{model} was tested on {then} in its run, and {} is not that",
            file.display()
        ));
    }
}

/// As [`features()`], of images.
pub(crate) fn images(saved: &SavedNetwork, data: &Data<Examples>) {
    let (model, test) = (saved.file.display(), &data.examples);
    kind(saved, Set::Images(test));
    let sha256 = test.sha256();
    let recorded = saved.trained_on.as_ref().filter(|data| !data.are_features());
    if recorded.is_some_and(|recorded| is_of_the_run(saved, recorded, data, &sha256)) {
        return;
    }
    // Of the other data sets, the test images alone do not tell.
    if data.expected == Some(DatasetName::Mnist) {
        let is_mnist = Source::MNIST.examples.is_some_and(|[_, mnist]| sha256 == mnist);
        data.check_expected(is_mnist.then_some(DatasetName::Mnist));
    }
    let classes = saved.network.classes();
    let largest = test.labels().iter().copied().max().map(usize::from);
    if let Some(largest) = largest.filter(|&largest| largest + 1 < classes) {
        let largest = &saved.classes[largest];
        notice(format_args!(
            "{model} knows {classes} classes, but no test image has a label above {largest}"
        ));
    }
}

/// Whether the images are those that the run of `saved` was tested on. If not, a notice says so.
fn is_of_the_run(
    saved: &SavedNetwork,
    recorded: &RecordedData,
    data: &Data<Examples>,
    sha256: &str,
) -> bool {
    let Some(checksums) = &recorded.sha256 else { return false };
    if checksums.test == sha256 {
        return true;
    }
    let (model, origin) = (saved.file.display(), &data.origin);
    let then = recorded.test_files();
    let files = origin.0.as_ref().map(|files| files.absolute());
    let path = files.as_ref().map(|files| &files.path);
    let is_training = path.is_some_and(|path| Some(path) == recorded.file.as_ref());
    if checksums.train == sha256 || is_training && files != then {
        notice(format_args!("{model} was trained on images of {origin}: they are no test"));
    } else if path == then.as_ref().map(|then| &then.path) {
        notice(format_args!("the test set from {origin} has changed since {model} was trained"));
    } else {
        let then = Origin(then);
        notice(format_args!(
            "{model} was trained on the data from {then}, whose test set is not this one, from {origin}"
        ));
    }
    false
}

/// Says on stderr if a network has learned from examples of another kind.
fn kind(saved: &SavedNetwork, test: Set<'_>) {
    let Some(input) = saved.input else { return };
    let found = match test {
        Set::Images(images) => {
            Input::Pictures { rows: images.image_rows(), columns: images.image_columns() }
        }
        Set::Features(_) => Input::Features,
    };
    if input != found {
        let model = saved.file.display();
        let [was, is] = [input, found].map(in_words);
        notice(format_args!("{model} was trained on {was}, and these are {is}"));
    }
}

fn in_words(input: Input) -> String {
    match input {
        Input::Pictures { rows, columns } => format!("images of {rows}×{columns} pixels"),
        Input::Floats => "numbers that are no pixels".into(),
        Input::Features => "rows of features".into(),
    }
}
