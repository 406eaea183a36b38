//! How numbers lie in memory.
//!
//! [`matrix`] has views of flat slices with strides, checked once. [`panels`] has the layout in which everything that trains
//! is kept, and `packing` brings any view into it. [`rows`] has examples as they lie in memory, those of [`csr`] among them:
//! what a batch is gathered from.

mod csr;
mod large_pages;
mod matrix;
mod packing;
mod panels;
mod rows;

pub use csr::{Csr, CsrError};
pub use large_pages::ask_for_large_pages;
pub use matrix::{MatrixMut, MatrixRef};
pub(crate) use packing::{Pack, pack};
pub use panels::Panels;
pub(crate) use panels::{PanelsMut, PanelsRef};
pub(crate) use rows::RowStorage;
pub use rows::{Rows, Targets};
