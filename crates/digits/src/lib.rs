//! Handwritten digits drawn by the program, for whoever has no data set at hand.
//!
//! They have MNIST's form in every respect: 28×28 grey pixels of which about 19 % are lit, ten classes of about equal
//! shares in no order, fitted and centred as MNIST's are, and about as hard to learn. A 784-512-10 network trained on
//! nothing else reads about 95 % of MNIST's test images.
//!
//! How a digit comes about: a way to write it (`skeletons.rs`), distorted by somebody's hand (`hand.rs`), becomes the
//! smooth way of a pen (`path.rs`) and then pixels (`canvas.rs`). Each image has random numbers of its own (`dice.rs`),
//! so the images can be drawn in any order and by any number of threads.
//!
//! ```
//! let [train, test] = digits::draw(42, 100, 10);
//! assert_eq!((train.labels.len(), test.labels.len()), (100, 10));
//! assert_eq!(train.pixels.len(), 100 * digits::SIDE * digits::SIDE);
//! ```

#![forbid(unsafe_code)]

use rayon::prelude::*;

mod canvas;
mod dice;
mod form;
mod hand;
mod path;
mod skeletons;

use canvas::Canvas;
pub use canvas::SIDE;
use dice::Dice;
use hand::Hand;
use path::Path;

/// Number of classes: the labels are 0 to 9.
pub const CLASSES: usize = skeletons::DIGITS.len();
/// Images that are drawn in one go, about a quarter of a millisecond.
const PART: usize = 64;

/// Drawn images and the digits they show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The pixels of all images, images × [`SIDE`] × [`SIDE`]; 0 is background, 255 is full ink.
    pub pixels: Vec<u8>,
    /// The digit of each image.
    pub labels: Vec<u8>,
}

/// Draws `train` images to learn from and `test` others to be tested on.
///
/// The same seed gives the same images, to the bit, at any number of threads and on any machine with IEEE arithmetic:
/// only its exactly defined operations are used. Of two calls with the same seed, the smaller sets are the beginning of
/// the larger ones. The work is done in rayon's current pool.
pub fn draw(seed: u64, train: usize, test: usize) -> [Drawn; 2] {
    let mut dice = Dice::new(seed);
    // Image i is drawn from the seed key + i. Sets would share images only if their keys were closer than their sizes.
    let (train_key, test_key) = (dice.word(), dice.word());
    [draw_set(train_key, train), draw_set(test_key, test)]
}

fn draw_set(key: u64, count: usize) -> Drawn {
    let mut pixels = vec![0; count * SIDE * SIDE];
    let mut labels = vec![0; count];
    let (images, _) = pixels.as_chunks_mut();
    let parts = images.par_chunks_mut(PART).zip(labels.par_chunks_mut(PART));
    parts.enumerate().for_each(|(part, (images, labels))| {
        let (mut path, mut canvas) = (Path::default(), Canvas::new());
        for (i, (image, label)) in images.iter_mut().zip(labels).enumerate() {
            let mut dice = Dice::new(key.wrapping_add((part * PART + i) as u64));
            let digit = dice.below(CLASSES);
            path.nodes.clear();
            Hand::new(&mut dice).write(digit, &mut dice, &mut path);
            canvas.draw(&mut path, image);
            *label = digit as u8;
        }
    });
    Drawn { pixels, labels }
}
