//! The pages about a run and about an evaluation, and those to draw on, where the program is built with the feature `report`.

#[cfg(not(feature = "report"))]
mod absent;
#[cfg(feature = "report")]
mod pages;

#[cfg(not(feature = "report"))]
pub(crate) use absent::{check_drawing, drawing, evaluation, open, page};
#[cfg(feature = "report")]
pub(crate) use pages::{check_drawing, drawing, evaluation, open, page};
