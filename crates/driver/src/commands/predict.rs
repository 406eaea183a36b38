//! `driver predict`: test images, drawn, as a saved network reads them.

use std::io::{self, Write};

use crate::arguments::PredictArguments;
use crate::data::test_set;
use crate::error::Error;
use crate::terminal::opening::{self, Machine};
use crate::terminal::readings::{first_images, show, show_with_bars};

/// Shows the images asked for, or the first ones of the test set.
pub(crate) fn predict(arguments: &PredictArguments, machine: Machine) -> Result<(), Error> {
    let mut out = io::stdout();
    opening::headline(&mut out, machine)?;
    let (saved, test) = test_set::load(&mut out, &arguments.model, &arguments.common)?;
    let (network, test) = (&saved.network, &test);
    let images = test.len();
    if let Some(&index) = arguments.index.iter().find(|&&index| index >= images) {
        return Err(Error::NoSuchImage { index, last: images - 1 });
    }
    writeln!(out)?;
    match arguments.index.as_slice() {
        [] => show(&mut out, network, test, &first_images(test)),
        indices => show_with_bars(&mut out, network, test, indices),
    }
}
