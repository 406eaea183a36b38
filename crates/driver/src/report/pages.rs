//! The pages, each a complete HTML document.

use std::env;
use std::path::Path;

use drawing::Drawing;
use model::{ModelError, Network};
use record::{Run, TestResult};
use report::Evaluation;

use crate::data::test_set::TestSet;
use crate::error::Error;
use crate::run::saved_network::SavedNetwork;
use crate::terminal::notice::notice;

/// About a run.
pub(crate) fn page(run: &Run<'_>) -> Result<Option<String>, ModelError> {
    report::page(run).map(Some)
}

/// About a saved network on examples.
pub(crate) fn evaluation(
    saved: &SavedNetwork,
    test: &TestSet,
    result: &TestResult,
) -> Result<String, Error> {
    Ok(report::evaluation(&Evaluation {
        model: &saved.file,
        network: &saved.network,
        test_set: test.examples(),
        origin: &test.origin(),
        names: test.names(),
        result,
    })?)
}

/// To draw pictures of `size` on, `[rows, columns]`, for the network that is in the file `model` or will be.
pub(crate) fn drawing(
    network: &Network,
    classes: &[String],
    size: [usize; 2],
    model: &Path,
) -> Result<String, Error> {
    let fault = |fault| Error::Drawing { model: model.to_owned(), fault };
    let drawing = Drawing::new(network, classes, size).map_err(fault)?;
    Ok(drawing.page(&model.display().to_string()))
}

/// Whether there can be such a [`drawing()`].
pub(crate) fn check_drawing(
    network: &Network,
    classes: &[String],
    size: [usize; 2],
) -> Result<(), Error> {
    let fault = |fault| Error::Drawing { model: "this network".into(), fault };
    Drawing::new(network, classes, size).map(|_| ()).map_err(fault)
}

/// Opens a page where there is a desktop.
pub(crate) fn open(page: &Path) {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let has_desktop = !cfg!(any(target_os = "linux", target_os = "freebsd"))
        || ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(is_set);
    if has_desktop && let Err(error) = open::that_detached(page) {
        notice(format_args!("{} is not opened by itself: {error}", page.display()));
    }
}
