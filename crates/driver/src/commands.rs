//! The commands of the program, a file each.

mod completions;
mod digits;
mod draw;
mod evaluate;
#[cfg(feature = "exchange")]
mod exchange;
mod predict;
mod predict_pictures;
mod show;
mod text_like;
mod train;

pub(crate) use completions::completions;
pub(crate) use digits::digits;
pub(crate) use draw::draw;
pub(crate) use evaluate::evaluate;
#[cfg(feature = "exchange")]
pub(crate) use exchange::{export, import};
pub(crate) use predict::predict;
pub(crate) use show::show;
pub(crate) use text_like::text_like;
pub(crate) use train::train;
