//! `driver predict FILE…`: pictures of the user's own as a saved network reads them.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::arguments::PredictArguments;
use crate::data::own_pictures::{self, Candidate, Shape};
use crate::data::reading;
use crate::error::Error;
use crate::run::saved_network::SavedNetwork;
use crate::terminal::notice::{failure, notice};
use crate::terminal::own_readings::Form;

/// Files read at a time, in parallel.
const AT_A_TIME: usize = 256;
/// As many files are named where some are no pictures.
const NAMED: usize = 3;

/// Reads the pictures that the command line names, and draws a single one, makes a table of several, or prints lines of JSON.
/// The exit status says whether all of them could be read.
pub(crate) fn predict_pictures(arguments: &PredictArguments) -> Result<ExitCode, Error> {
    let saved = SavedNetwork::load(&arguments.model)?;
    let shape = Shape { size: saved.picture_size()?, as_is: arguments.as_is };
    let names = saved.names();
    let (candidates, unusable) = own_pictures::find(&arguments.files);
    let form = match &candidates[..] {
        _ if arguments.json => Form::Json,
        [_] => Form::Drawing { columns: shape.size[1] },
        all => Form::table(all.iter().map(|candidate| candidate.path.as_path()), &names),
    };

    let mut status = ExitCode::SUCCESS;
    let mut fail = |path: &Path, fault| {
        status = ExitCode::FAILURE;
        failure(Error::Picture { path: path.to_owned(), fault });
    };
    unusable.into_iter().for_each(|(folder, fault)| fail(&folder, fault));
    let (mut out, mut is_open) = (BufWriter::new(io::stdout()), false);
    let mut others = Vec::new();
    for candidates in candidates.chunks(AT_A_TIME) {
        let (mut files, mut pixels) = (Vec::new(), Vec::new());
        for (candidate, read) in candidates.iter().zip(own_pictures::read_all(candidates, shape)) {
            let Candidate { path, is_from_folder } = candidate;
            match read {
                Ok(input) => {
                    files.push(path);
                    pixels.extend(input);
                }
                Err(fault) if *is_from_folder && fault.is_no_picture() => others.push(path),
                Err(fault) => fail(path, fault),
            }
        }
        if files.is_empty() {
            continue;
        }
        if !is_open {
            form.open(&mut out)?;
            is_open = true;
        }
        let name = |i: usize| files[i].display().to_string();
        let probabilities = reading::of_pictures(&saved.network, &pixels, name)?;
        let inputs = pixels.chunks(saved.network.inputs());
        let outputs = probabilities.chunks(saved.network.classes());
        for ((file, input), probabilities) in files.iter().zip(inputs).zip(outputs) {
            form.write(&mut out, file, input, probabilities, &names)?;
        }
        out.flush()?;
    }
    if !others.is_empty() {
        passed_over(&others);
    }
    if !is_open && status == ExitCode::SUCCESS {
        return Err(Error::NoPicture(arguments.files[0].clone()));
    }
    Ok(status)
}

/// Tells of files in folders that are no pictures.
fn passed_over(files: &[&PathBuf]) {
    let named: Vec<String> =
        files.iter().take(NAMED).map(|file| file.display().to_string()).collect();
    let more = if files.len() > NAMED { " …" } else { "" };
    let count = if files.len() == 1 {
        "a file that is no picture".into()
    } else {
        format!("{} files that are no pictures", files.len())
    };
    notice(format_args!("passed over {count}: {}{more}", named.join(" ")));
}
