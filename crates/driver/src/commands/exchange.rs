//! `driver export` and `driver import`: networks on their way to other systems and back.

use std::io::{self, Write};

use exchange::{Format, Layout, Options};

use crate::arguments::{ExportArguments, FormatName, ImportArguments, InputName, LayoutName};
use crate::error::Error;
use crate::run::saved_network::SavedNetwork;

/// Writes a saved network for another system, and says so.
pub(crate) fn export(arguments: &ExportArguments) -> Result<(), Error> {
    let ExportArguments { model, format, input, file } = arguments;
    let format = match format {
        Some(FormatName::Onnx) => Format::Onnx,
        Some(FormatName::Npz) => Format::Npz,
        Some(FormatName::Keras) => Format::Keras,
        Some(FormatName::Pytorch) => Format::Pytorch,
        None => Format::of_extension(file).ok_or_else(|| Error::NoFormat { file: file.clone() })?,
    };
    let saved = SavedNetwork::load(model)?;
    let options = Options { byte_input: *input == InputName::Bytes };
    exchange::export(file, format, &saved.network, &saved.description(), &options)?;
    writeln!(io::stdout(), "Wrote {}, format {format}", file.display())?;
    Ok(())
}

/// Reads another system's network, saves it as the program's own, and shows what it is.
pub(crate) fn import(arguments: &ImportArguments) -> Result<(), Error> {
    let ImportArguments { file, out, layout } = arguments;
    let layout = layout.map(|layout| match layout {
        LayoutName::InOut => Layout::InOut,
        LayoutName::OutIn => Layout::OutIn,
    });
    let imported = exchange::import(file, layout)?;
    imported.network.save_with_notes(out, &imported.description.to_notes())?;
    let mut stdout = io::stdout();
    writeln!(stdout, "{}\nWrote {}", imported.network.summary(), out.display())?;
    Ok(())
}
