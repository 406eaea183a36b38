//! Downloads with a bar that shows how far they are.

use std::path::Path;

use dataset::Source;

/// Downloads what `folder` lacks of `source`; the error is a clause that says why it did not work.
#[cfg(feature = "download")]
pub(crate) fn download(source: &Source<'_>, folder: &Path, quiet: bool) -> Result<(), String> {
    use dataset::download::{Patience, Received};
    use indicatif::{ProgressBar, ProgressStyle};

    let layout = |text| ProgressStyle::with_template(text).expect("a valid layout");
    let asking = layout("{wide_msg}");
    // Fills the line: what follows the bar has a steady width.
    let receiving = layout("{msg} {wide_bar} {decimal_bytes:>9} of {decimal_total_bytes:>9}");

    // `indicatif` hides it where stderr is no terminal.
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::no_length() };
    let mut show = |Received { mirror, file, bytes, of }: Received<'_>| {
        if bytes == 0 {
            bar.set_style(asking.clone());
            bar.set_message(format!("Asking {mirror} for {file}"));
        } else {
            // The layout comes last: a bar is not drawn before it is right.
            bar.set_length(of.unwrap_or(bytes));
            bar.set_position(bytes);
            bar.set_style(receiving.clone());
            bar.set_message(format!("Downloading {file}"));
        }
    };
    let outcome = dataset::download(source, folder, &Patience::default(), &mut show);
    bar.finish_and_clear();
    outcome.map_err(|error| error.to_string())
}

/// Without the feature, this says so.
#[cfg(not(feature = "download"))]
pub(crate) fn download(_: &Source<'_>, _: &Path, _: bool) -> Result<(), String> {
    Err("this program was built without the feature `download`".into())
}
