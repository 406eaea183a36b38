//! The commands of the program, a file each.

mod digits;
mod draw;
mod evaluate;
mod predict;
mod text_like;
mod train;

pub(crate) use digits::digits;
pub(crate) use draw::draw;
pub(crate) use evaluate::evaluate;
pub(crate) use predict::predict;
pub(crate) use text_like::text_like;
pub(crate) use train::train;
