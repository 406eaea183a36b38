//! Examples shown on the terminal, of whatever kind.

use std::io::Write;

use dataset::Set;
use model::Network;
use record::Names;

use crate::error::Error;
use crate::terminal::readings::{self, Room};
use crate::terminal::rows;

/// How many examples are shown when none is named.
const FIRST: usize = 10;

/// The examples that are shown when none is named.
pub(crate) fn first(examples: Set<'_>) -> Vec<usize> {
    (0..examples.len().min(FIRST)).collect()
}

/// Shows the examples at `indices`, each with what the network reads, how sure it is, and what is right.
pub(crate) fn show(
    out: &mut dyn Write,
    network: &Network,
    examples: Set<'_>,
    names: &Names,
    indices: &[usize],
) -> Result<(), Error> {
    match examples {
        Set::Images(images) => readings::show(out, network, images, names, indices, Room::Little),
        Set::Features(features) => rows::show(out, network, features, names, indices),
    }
}

/// Shows the examples at `indices`, each with the probabilities of the classes.
pub(crate) fn show_with_bars(
    out: &mut dyn Write,
    network: &Network,
    examples: Set<'_>,
    names: &Names,
    indices: &[usize],
) -> Result<(), Error> {
    match examples {
        Set::Images(images) => readings::show(out, network, images, names, indices, Room::WithBars),
        Set::Features(features) => rows::show_with_bars(out, network, features, names, indices),
    }
}
