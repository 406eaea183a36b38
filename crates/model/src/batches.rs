//! The rows of a fit, epoch by epoch and batch by batch.

use kernels::dense::{Batch, Selection};
use kernels::{Rows, Targets};

use crate::DataError;
use crate::fit::Epochs;

/// An error if none is chosen, or one of the chosen is not there.
pub(crate) fn check_chosen(chosen: Option<&[u32]>, rows: usize) -> Result<(), DataError> {
    let Some(chosen) = chosen else { return Ok(()) };
    match chosen.iter().find(|&&index| index as usize >= rows) {
        _ if chosen.is_empty() => Err(DataError::NoRow),
        Some(&index) => Err(DataError::NoSuchRow { index, rows }),
        None => Ok(()),
    }
}

/// The same rows in each epoch.
pub(crate) struct Same<'a>(pub(crate) Rows<'a>);

impl Epochs for Same<'_> {
    fn rows(&mut self, _: usize) -> Rows<'_> {
        self.0
    }
}

/// The batches of an epoch: runs of `size` rows of an order.
#[derive(Clone, Copy)]
pub(crate) struct Batches<'a> {
    pub(crate) rows: Rows<'a>,
    pub(crate) targets: Targets<'a>,
    pub(crate) order: &'a [u32],
    pub(crate) size: usize,
}

impl<'a> Batches<'a> {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.order.len().div_ceil(self.size)
    }

    /// The rows of batch `number`, from 0; `None` behind the last.
    fn rows_of(&self, number: usize) -> Option<&'a [u32]> {
        self.order.chunks(self.size).nth(number)
    }

    /// How many multiply-adds take as long as gathering batch `number`.
    pub(crate) fn work_of_gathering(&self, number: usize) -> usize {
        self.rows_of(number)
            .map_or(0, |order| Batch::work_of_gathering(&self.rows, &Selection::Indices(order)))
    }

    /// Gathers batch `number`, if there is one.
    pub(crate) fn gather(&self, number: usize, batch: &mut Batch) {
        if let Some(order) = self.rows_of(number) {
            batch.gather(&self.rows, Some(&self.targets), &Selection::Indices(order));
        }
    }
}
