//! Images and their labels in memory.

use digits::{Drawn, SIDE};
use kernels::{Rows, Targets};
use thiserror::Error;

/// Grey images of one size, back to back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    pixels: Vec<u8>,
    rows: usize,
    columns: usize,
}

impl Images {
    /// Images of `rows × columns` bytes each, row by row; 0 is background, 255 is full ink.
    ///
    /// # Errors
    /// If an image would have no pixel, or `pixels` is not a whole number of images.
    pub fn new(pixels: Vec<u8>, rows: usize, columns: usize) -> Result<Self, ExamplesError> {
        let whole = |size: usize| size > 0 && pixels.len().is_multiple_of(size);
        if !rows.checked_mul(columns).is_some_and(whole) {
            return Err(ExamplesError::Pixels { pixels: pixels.len(), rows, columns });
        }
        Ok(Self { pixels, rows, columns })
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.pixels.len() / (self.rows * self.columns)
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// The pixels of all images, `len × rows × columns`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Rows of an image.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of an image.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The pixels of all images, `len × rows × columns`, without a copy.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// As many images of the same size with other pixels.
    pub(crate) fn with_pixels(&self, pixels: Vec<u8>) -> Self {
        assert_eq!(pixels.len(), self.pixels.len(), "as many pixels");
        Self { pixels, rows: self.rows, columns: self.columns }
    }
}

/// Images, each with the class it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examples {
    images: Images,
    labels: Vec<u8>,
}

impl Examples {
    /// Pairs image `i` with label `i`.
    ///
    /// # Errors
    /// If there are not as many labels as images.
    pub fn new(images: Images, labels: Vec<u8>) -> Result<Self, ExamplesError> {
        if images.len() != labels.len() {
            return Err(ExamplesError::Counts { images: images.len(), labels: labels.len() });
        }
        Ok(Self { images, labels })
    }

    /// Number of examples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no example.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of all images, `len × image_rows × image_columns`.
    pub fn pixels(&self) -> &[u8] {
        &self.images.pixels
    }

    /// The images, and the class of each, without a copy.
    pub fn into_parts(self) -> (Images, Vec<u8>) {
        (self.images, self.labels)
    }

    /// The images without their classes.
    pub(crate) fn images(&self) -> &Images {
        &self.images
    }

    /// The same classes with other images, as many.
    pub(crate) fn with_images(&self, images: Images) -> Self {
        assert_eq!(images.len(), self.labels.len(), "as many images");
        Self { images, labels: self.labels.clone() }
    }

    /// The images as a network reads them: one image a row, `len × (image_rows · image_columns)` bytes.
    pub fn rows(&self) -> Rows<'_> {
        Rows::bytes(&self.images.pixels, self.images.rows * self.images.columns)
    }

    /// The labels as a network is taught them: `len` class indices.
    pub fn targets(&self) -> Targets<'_> {
        Targets::Classes(&self.labels)
    }

    /// Pixels of image `i`, `image_rows × image_columns`.
    ///
    /// # Panics
    /// If `i` is not below [`len`](Self::len).
    #[track_caller]
    pub fn image(&self, i: usize) -> &[u8] {
        assert!(i < self.len(), "image {i} of {}", self.len());
        let size = self.images.rows * self.images.columns;
        &self.images.pixels[i * size..][..size]
    }

    /// Class of image `i`.
    ///
    /// # Panics
    /// If `i` is not below [`len`](Self::len).
    #[track_caller]
    pub fn label(&self, i: usize) -> u8 {
        self.labels[i]
    }

    /// The class of each image.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// Pixels of an image, `image_rows · image_columns`.
    pub fn pixels_per_image(&self) -> usize {
        self.images.rows * self.images.columns
    }

    /// Rows of an image.
    pub fn image_rows(&self) -> usize {
        self.images.rows
    }

    /// Columns of an image.
    pub fn image_columns(&self) -> usize {
        self.images.columns
    }
}

impl From<Drawn> for Examples {
    fn from(Drawn { pixels, labels }: Drawn) -> Self {
        Self { images: Images { pixels, rows: SIDE, columns: SIDE }, labels }
    }
}

/// Why pixels and labels make no examples.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExamplesError {
    /// Images without pixels, or part of an image left over.
    #[error("{pixels} pixels are no whole number of {rows}×{columns} images")]
    Pixels {
        /// Number of pixels.
        pixels: usize,
        /// Rows of an image.
        rows: usize,
        /// Columns of an image.
        columns: usize,
    },
    /// An image without a label, or a label without an image.
    #[error("there are {images} images and {labels} labels")]
    Counts {
        /// Number of images.
        images: usize,
        /// Number of labels.
        labels: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lends_images_and_labels() {
        let images = Images::new((0..12).collect(), 2, 3).unwrap();
        assert_eq!((images.len(), images.rows(), images.columns()), (2, 2, 3));
        let examples = Examples::new(images, vec![7, 9]).unwrap();
        assert_eq!(examples.len(), 2);
        assert_eq!(examples.pixels().len(), 12);
        assert_eq!(examples.image(0), [0, 1, 2, 3, 4, 5]);
        assert_eq!(examples.image(1), [6, 7, 8, 9, 10, 11]);
        assert_eq!((examples.label(0), examples.label(1)), (7, 9));
        assert_eq!((examples.image_rows(), examples.image_columns()), (2, 3));

        let rows = examples.rows();
        assert_eq!((rows.len(), rows.columns()), (2, 6));
        assert_eq!(rows.as_bytes(), Some(examples.pixels()));
        assert!(matches!(examples.targets(), Targets::Classes([7, 9])));
    }

    #[test]
    fn part_of_an_image_is_an_error() {
        for (pixels, rows, columns) in
            [(11, 2, 3), (13, 2, 3), (6, 0, 3), (6, 2, 0), (0, 0, 3), (6, usize::MAX, usize::MAX)]
        {
            assert_eq!(
                Images::new(vec![0; pixels], rows, columns),
                Err(ExamplesError::Pixels { pixels, rows, columns })
            );
        }
    }

    #[test]
    fn each_image_needs_one_label() {
        for labels in [0, 1, 3] {
            let images = Images::new(vec![0; 12], 2, 3).unwrap();
            assert_eq!(
                Examples::new(images, vec![0; labels]),
                Err(ExamplesError::Counts { images: 2, labels })
            );
        }
    }

    #[test]
    fn there_may_be_no_examples() {
        let examples = Examples::new(Images::new(vec![], 2, 3).unwrap(), vec![]).unwrap();
        assert!(examples.is_empty() && examples.rows().is_empty());
        assert_eq!(examples.rows().columns(), 6);
    }
}
