//! A page of HTML on which pictures are drawn and read by a network that is in the page.
//!
//! It needs nothing but itself: no server, no network, no library. What is drawn becomes a picture in the form of MNIST's
//! after every movement of the pen, and the page shows that picture, the probabilities of the classes, and which pixels
//! spoke for the answer and against it.
//!
//! | of | in |
//! |---|---|
//! | what stands where | `page.rs`, `page/style.css` |
//! | the network's numbers and the classes' names, as the page keeps them | `data.rs` |
//! | the policy that lets the page run its own script, and load nothing | `policy.rs` |
//! | what the pen leaves | `page/ink.js` |
//! | that as the picture which the network gets | `page/form.js` |
//! | the network | `page/network.js` |
//! | the movements of the pen and what is shown of them | `page/page.js` |
//!
//! `tests/chromium` draws on the page in a browser and compares its numbers with the program's.
//!
//! ```
//! use drawing::Drawing;
//! use model::{Activation, Network};
//!
//! let network = Network::glorot_uniform(&[784, 8, 2], Activation::Relu, 0)?;
//! let classes = ["cat".to_owned(), "dog".to_owned()];
//! let page = Drawing::new(&network, &classes, [28, 28])?.page("runs/pets");
//! assert!(page.starts_with("<!DOCTYPE html>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod data;
mod page;
mod policy;

pub use page::{Drawing, DrawingError};
