//! The commands of the program, a file each.

mod digits;
mod evaluate;
mod predict;
mod predict_pictures;
mod text_like;
mod train;

pub(crate) use digits::digits;
pub(crate) use evaluate::evaluate;
pub(crate) use predict::predict;
pub(crate) use text_like::text_like;
pub(crate) use train::train;
