//! A layer's input: every number of it, in panels, or lists of those that are not zero.

use super::non_zeros::{ColumnLists, NonZeros, RowLists};
use crate::layout::{Panels, PanelsRef};
use crate::simd::LANES;

/// A layer's input, in the form in which it is multiplied.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// Every number.
    Panels(&'a Panels),
    /// Every number of a batch, and for each column whether it has one that is not 0.
    Gathered(&'a Panels, &'a [bool]),
    /// Only the numbers that are not zero.
    Lists(&'a NonZeros),
}

impl<'a> Input<'a> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self {
            Self::Panels(panels) | Self::Gathered(panels, _) => panels.rows(),
            Self::Lists(lists) => lists.rows(),
        }
    }

    /// Numbers in a row.
    pub fn columns(&self) -> usize {
        match self {
            Self::Panels(panels) | Self::Gathered(panels, _) => panels.columns(),
            Self::Lists(lists) => lists.columns(),
        }
    }

    /// All of it, to be cut into runs of rows.
    pub(super) fn by_rows(&self) -> InputRows<'a> {
        match self {
            Self::Panels(panels) | Self::Gathered(panels, _) => InputRows::Panels(panels.view()),
            Self::Lists(lists) => InputRows::Lists(lists.by_rows()),
        }
    }

    /// All of it, to be cut into runs of columns.
    pub(super) fn by_columns(&self) -> InputColumns<'a> {
        match self {
            Self::Panels(panels) | Self::Gathered(panels, _) => InputColumns::Panels(panels.view()),
            Self::Lists(lists) => InputColumns::Lists(lists.by_columns()),
        }
    }
}

/// A run of rows of an input.
#[derive(Clone, Copy)]
pub(super) enum InputRows<'a> {
    Panels(PanelsRef<'a>),
    Lists(RowLists<'a>),
}

impl InputRows<'_> {
    /// The rows before `i` and the rows from `i` on.
    pub(super) fn split_at(self, i: usize) -> (Self, Self) {
        match self {
            Self::Panels(panels) => {
                let (above, below) = panels.split_at_row(i);
                (Self::Panels(above), Self::Panels(below))
            }
            Self::Lists(lists) => (Self::Lists(lists), Self::Lists(lists.from(i))),
        }
    }
}

/// A run of columns of an input: of lists, those that have a non-zero. They are the inputs of a layer that an update steps.
#[derive(Clone, Copy)]
pub(super) enum InputColumns<'a> {
    Panels(PanelsRef<'a>),
    Lists(ColumnLists<'a>),
}

impl InputColumns<'_> {
    /// The first `k` of these columns, those from there on, and the input that the latter begin with. In panels, `k` is a multiple
    /// of sixteen.
    pub(super) fn split_at(self, k: usize) -> (Self, Self, usize) {
        match self {
            Self::Panels(panels) => {
                let (left, right) = panels.split_at_panel(k / LANES);
                (Self::Panels(left), Self::Panels(right), k)
            }
            Self::Lists(lists) => {
                let (left, right) = lists.split_at(k);
                (Self::Lists(left), Self::Lists(right), lists.column(k))
            }
        }
    }
}
