//! `driver digits`: a data set that the program draws.

use std::io::{self, Write};

use dataset::Mnist;
use indicatif::HumanCount;

use crate::arguments::DigitsArguments;
use crate::error::Error;

/// Draws the digits, writes them, and says so.
pub(crate) fn digits(arguments: &DigitsArguments) -> Result<(), Error> {
    let DigitsArguments { out: folder, seed } = arguments;
    let mnist = Mnist::digits(*seed);
    mnist.save(folder)?;
    let [train, test] = [&mnist.train, &mnist.test].map(|set| HumanCount(set.len() as u64));
    let folder = folder.display();
    writeln!(io::stdout(), "Wrote {train} + {test} drawn digits of seed {seed} to {folder}")?;
    Ok(())
}
