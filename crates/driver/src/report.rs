//! The page about a run, where the program is built with the feature `report`.

use model::ModelError;
use record::Run;

/// The page, a complete HTML document; `None` without the feature.
#[cfg(feature = "report")]
pub(crate) fn page(run: &Run<'_>) -> Result<Option<String>, ModelError> {
    report::page(run).map(Some)
}

/// The page, a complete HTML document; `None` without the feature.
#[cfg(not(feature = "report"))]
pub(crate) fn page(_: &Run<'_>) -> Result<Option<String>, ModelError> {
    Ok(None)
}
