//! Handwritten digits drawn by the program, for whoever has no data set at hand.
//!
//! They have MNIST's form in every respect: 28×28 grey pixels of which about 19 % are lit, ten classes of about equal
//! shares in no order, fitted and centred as MNIST's are, and about as hard to learn. A 784-512-10 network trained on
//! nothing else reads about 95 % of MNIST's test images.
//!
//! How a digit comes about: a way to write it (`skeletons.rs`), distorted by somebody's hand (`hand.rs`), becomes the
//! smooth way of a pen (`path.rs`) and then pixels (`canvas.rs`). Each image has random numbers of its own (`dice.rs`),
//! so the images can be drawn in any order and by any number of threads.

use rayon::prelude::*;

use crate::{Examples, Images, Mnist};

mod canvas;
mod dice;
mod hand;
mod path;
mod skeletons;

use canvas::Canvas;
use dice::Dice;
use hand::Hand;
use path::Path;

/// Rows and columns of an image.
const SIDE: usize = 28;
/// Images that are drawn in one go, about a quarter of a millisecond.
const PART: usize = 64;

/// Draws `train` images to learn from and `test` others to be tested on.
///
/// The same seed gives the same images, to the bit, at any number of threads and on any machine with IEEE arithmetic:
/// only its exactly defined operations are used. Of two calls with the same seed, the smaller sets are the beginning of
/// the larger ones. The work is done in rayon's current pool.
///
/// ```
/// let mnist = dataset::digits::generate(42, 100, 10);
/// assert_eq!((mnist.train.len(), mnist.test.len(), mnist.classes), (100, 10, 10));
/// ```
pub fn generate(seed: u64, train: usize, test: usize) -> Mnist {
    let mut dice = Dice::new(seed);
    // Image i is drawn from the seed key + i. Sets would share images only if their keys were closer than their sizes.
    let (train_key, test_key) = (dice.word(), dice.word());
    let classes = skeletons::DIGITS.len();
    Mnist { train: draw(train_key, train), test: draw(test_key, test), classes }
}

fn draw(key: u64, count: usize) -> Examples {
    let mut pixels = vec![0; count * SIDE * SIDE];
    let mut labels = vec![0; count];
    let (images, _) = pixels.as_chunks_mut();
    let parts = images.par_chunks_mut(PART).zip(labels.par_chunks_mut(PART));
    parts.enumerate().for_each(|(part, (images, labels))| {
        let (mut path, mut canvas) = (Path::default(), Canvas::new());
        for (i, (image, label)) in images.iter_mut().zip(labels).enumerate() {
            let mut dice = Dice::new(key.wrapping_add((part * PART + i) as u64));
            let digit = dice.below(skeletons::DIGITS.len());
            path.nodes.clear();
            Hand::new(&mut dice).write(digit, &mut dice, &mut path);
            canvas.draw(&mut path, image);
            *label = digit as u8;
        }
    });
    let images = Images::new(pixels, SIDE, SIDE).expect("whole images");
    Examples::new(images, labels).expect("a label for each image")
}
