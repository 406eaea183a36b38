//! Where examples come from.
//!
//! | to | use | in |
//! |---|---|---|
//! | know where MNIST and Fashion-MNIST can be had | [`Source`] | `source.rs` |
//! | find the folder with their files | [`locate()`] | `locate.rs` |
//! | download them, with the feature `download` | `download()` | `download.rs`, `download/` |
//! | read pictures with labels, of any format | [`PictureSet`], [`Format`] | `picture_set.rs`, `format.rs`, and `readers/`, a file a format |
//! | know the mirror that the user has named | [`named_mirror()`] | `mirror.rs` |
//! | read the four files | [`Mnist::load`] | `mnist.rs`, `files.rs`, and `names.rs` for their names |
//! | read the test set alone | [`locate_test`], [`Mnist::load_test`] | `locate.rs`, `mnist.rs` |
//! | do without any files | [`Mnist::digits`], [`Mnist::drawn`] | `mnist.rs`, and the crate `digits` |
//! | write four such files | [`Mnist::save`] | `save.rs` |
//! | tell one data set from another | [`Examples::sha256`], [`Source::lies_packed_in`] | `checksum.rs` |
//! | read a single file in MNIST's format | [`idx::read_images`], [`idx::read_labels`] | `idx.rs` |
//! | decode a picture file, with the feature `pictures` | `Picture` | `picture.rs` |
//! | find the digit in a picture, in the form of MNIST's | `centred()`, `fitted()` | `centre.rs`, `centre/` |
//! | hold images and labels of your own | [`Images`], [`Examples`] | `examples.rs` |
//! | distort images at random, anew in each epoch | [`Augmented`], [`Augmentation`] | `augmented.rs`, `augment.rs` |
//! | make slanted images upright | [`Deskew`] | `deskew.rs` |
//! | make images smaller, to show them | [`Scale`] | `shrink.rs` |
//! | write labels as distributions | [`one_hot()`] | `one_hot.rs` |
//! | read sparse features, svmlight text | [`FeatureSet`], [`TestFeatures`], [`svmlight`] | `feature_set.rs`, `svmlight/` |
//! | know what the features are called | [`FeatureNames`] | `feature_names.rs` |
//! | hold sparse features and labels | [`Features`] | `features.rs` |
//! | lend examples of any kind | [`Set`] | `set.rs` |
//! | set training examples aside, to choose by them | [`Validation`] | `validation.rs` |
//! | do without any files of features | [`text_like()`], [`TextLike`] | `text_like.rs` |
//!
//! Nothing but the drawn digits is tied to 28×28 pixels: the size of other images comes from their files, the number of
//! classes from the training labels, or from whoever asks [`Mnist::load_with_classes`]. Pixels stay the bytes they are on
//! disk; [`Examples::rows`] and [`Examples::targets`] lend them to whoever trains, without a copy.
//!
//! Bad files and missing folders are a [`DatasetError`], whose message is a single line with the path, the fault and the
//! way out.
//!
//! ```
//! use dataset::{Examples, Images, Mnist};
//!
//! // Two images of 2 × 3 pixels, of the classes 1 and 0.
//! let images = Images::new(vec![0, 255, 0, 0, 255, 0, 255, 0, 255, 255, 0, 255], 2, 3)?;
//! let own = Examples::new(images, vec![1, 0])?;
//! assert_eq!((own.rows().len(), own.rows().columns(), own.label(0)), (2, 6, 1));
//!
//! // 20 images to train on and 5 to test on, drawn, written as the four files of MNIST and read again.
//! let digits = Mnist::drawn(42, 20, 5);
//! let folder = tempfile::tempdir()?;
//! digits.save(folder.path())?;
//! let read = Mnist::load_with_classes(folder.path(), 10)?;
//! assert!(read.train == digits.train && read.test == digits.test);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod augment;
mod augmented;
#[cfg(feature = "pictures")]
mod centre;
mod checksum;
mod deskew;
mod dice;
#[cfg(feature = "download")]
pub mod download;
mod elementary;
mod error;
mod examples;
mod feature_names;
mod feature_set;
mod features;
mod files;
mod format;
mod hold_out;
pub mod idx;
mod kind;
mod labelled;
mod labels;
mod locate;
mod mirror;
mod mnist;
mod names;
mod natural;
mod one_hot;
#[cfg(feature = "pictures")]
mod picture;
mod picture_set;
mod pieces;
mod progress;
mod readers;
mod save;
mod set;
mod shrink;
mod source;
pub mod svmlight;
mod text_like;
mod validation;

pub use augment::{Augmentation, AugmentationError};
pub use augmented::Augmented;
#[cfg(feature = "pictures")]
pub use centre::{CentreFault, centred, fitted};
pub use deskew::Deskew;
#[cfg(feature = "download")]
pub use download::download;
pub use error::DatasetError;
pub use examples::{Examples, ExamplesError, Images};
pub use feature_names::FeatureNames;
pub use feature_set::{FeatureSet, Known, Meaning, TestFeatures, TestSource};
pub use features::Features;
pub use format::{Asked, Format};
pub use kind::{Kind, Obstacle};
pub use locate::{locate, locate_test};
pub use mirror::named_mirror;
pub use mnist::Mnist;
pub use natural::natural_order;
pub use one_hot::one_hot;
#[cfg(feature = "pictures")]
pub use picture::{Picture, PictureFault};
pub use picture_set::PictureSet;
pub use pieces::TextFault;
pub use progress::{Progress, Unit, Watch};
pub use readers::{
    class_folders::FolderFault,
    csv::{CellFault, CsvFault},
    npz::{ArrayFault, NpzFault},
};
pub use set::Set;
pub use shrink::Scale;
pub use source::{Checked, Source, SourceFile};
pub use text_like::{TextLike, text_like};
pub use validation::Validation;
