//! `driver draw`: a page on which pictures are drawn and read by a saved network.

use std::io::{self, Write};

use crate::arguments::DrawArguments;
use crate::error::Error;
use crate::report;
use crate::run::folder::DRAWING;
use crate::run::saved_network::SavedNetwork;

/// Writes the page, says where, and opens it where there is a desktop.
pub(crate) fn draw(arguments: &DrawArguments) -> Result<(), Error> {
    let saved = SavedNetwork::load(&arguments.model)?;
    let size = saved.picture_size()?;
    let page = report::drawing(&saved.network, &saved.classes, size, &saved.file)?;
    let file = arguments.out.clone().unwrap_or_else(|| saved.file.with_file_name(DRAWING));
    whole_file::write(&file, |out| out.write_all(page.as_bytes()))
        .map_err(Error::file("write", &file))?;
    writeln!(io::stdout(), "A page to draw on: {}", file.display())?;
    if !arguments.no_open {
        report::open(&file);
    }
    Ok(())
}
