//! The result of a network on a test set.

use std::fmt::{self, Display, Formatter};
use std::time::Instant;

use dataset::Examples;
use indicatif::HumanCount;
use model::{Evaluation, ModelError, Network};

/// How well a network does on images it was not trained on. Displayed, it is the sentence that says so.
#[derive(Clone, Copy, Debug)]
pub struct TestResult {
    /// Mean over the images.
    pub loss: f64,
    /// Share of the images recognized.
    pub accuracy: f64,
    images: usize,
    /// Wall time.
    pub seconds: f64,
}

impl TestResult {
    /// Evaluates `network` on `examples`, and takes the time.
    ///
    /// # Errors
    /// If the examples do not fit the network.
    pub fn of(network: &Network, examples: &Examples) -> Result<Self, ModelError> {
        let clock = Instant::now();
        let Evaluation { loss, accuracy } =
            network.evaluate(examples.rows(), examples.targets())?;
        let seconds = clock.elapsed().as_secs_f64();
        Ok(Self { loss, accuracy, images: examples.len(), seconds })
    }
}

impl Display for TestResult {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { loss, accuracy, seconds, .. } = self;
        let images = HumanCount(self.images as u64);
        write!(f, "Test: loss {loss:.4}, accuracy {accuracy:.4}; {images} images in {seconds:.3} s")
    }
}
