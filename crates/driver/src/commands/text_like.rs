//! `driver text-like`: features like those of texts, drawn by the program.

use std::fs;
use std::io::{self, Write};

use dataset::{TextLike, svmlight};
use indicatif::HumanCount;

use crate::arguments::TextLikeArguments;
use crate::error::Error;

/// The index of the first feature in the files, as LIBSVM has it.
const BASE: u32 = 1;

/// Draws the rows, writes them and the features' names, and says so.
pub(crate) fn text_like(arguments: &TextLikeArguments) -> Result<(), Error> {
    let &TextLikeArguments { rows, test_rows, features, non_zeros, seed, .. } = arguments;
    let classes = arguments.classes as usize;
    let settings = TextLike { rows, columns: features, non_zeros, classes, seed };
    if features < settings.fewest_columns() {
        return Err(Error::FewFeatures { features, classes, fewest: settings.fewest_columns() });
    }
    let folder = &arguments.out;
    fs::create_dir_all(folder).map_err(Error::file("create the folder", folder))?;
    let write = |name: &str, contents: &dyn Fn(&mut dyn Write) -> io::Result<()>| {
        let path = folder.join(name);
        whole_file::write(&path, |file| contents(file)).map_err(Error::file("write", path))
    };
    let labels: Vec<usize> = (0..classes).collect();
    let train = dataset::text_like(&settings);
    write("train.svm", &|file| svmlight::write(&train, &labels, BASE, file))?;
    let test = settings.test_set(test_rows);
    write("test.svm", &|file| svmlight::write(&test, &labels, BASE, file))?;
    write("features.txt", &|file| {
        let mut file = io::BufWriter::new(file);
        settings.names().iter().try_for_each(|name| writeln!(file, "{name}"))?;
        file.flush()
    })?;
    let [rows, test_rows, features] =
        [rows, test_rows, features].map(|count| HumanCount(count as u64));
    writeln!(
        io::stdout(),
        "Wrote {rows} + {test_rows} drawn rows of {features} features, and their names, to {}",
        folder.display()
    )?;
    Ok(())
}
