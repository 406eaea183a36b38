//! Grey pictures drawn anew from others: moved, turned, slanted and bent.
//!
//! For each pixel of a new picture there is a place in the old one, between four pixels, which are weighted bilinearly; outside
//! lies black. The place is an affine function of the pixel, the same for the whole picture, and on top of that a smooth random
//! displacement that differs from place to place ([`Warp::elastic`]).
//!
//! # How it is made fast
//!
//! - The four pixels around a place are the four bytes of one word: `corners.rs` writes them side by side, once a picture, with a
//!   black margin. Sixteen lanes take a single gather for sixteen new pixels, and no lane has to ask where the picture ends.
//! - The displacement is a product of three matrices, two of which are the same for all pictures (`field.rs`). Half of it is
//!   multiplied out for sixteen columns, stays in registers, and is used in all rows.
//! - Random numbers come from a function of (seed, epoch, picture, index), [`Stream`], so there is no order in which they have to
//!   be drawn: lanes draw them side by side, and threads cut the pictures between them as they like.
//!
//! # How it comes to have the same bits everywhere
//!
//! A fused multiply-add and a product that is rounded and added agree where the product is exact. Here all of them are: what goes
//! into a product of the displacement is rounded to twelve bits first, and places are rounded to 1/256 of a pixel, so a
//! bilinear mean has 8 + 8 + 8 bits and is exact, too. All instruction sets give the same bytes, the portable one included.

mod corners;
mod field;
mod stream;
mod warp;

pub use stream::Stream;
pub use warp::{Placement, Warp};
