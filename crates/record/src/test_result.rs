//! The result of a network on a test set.

use std::fmt::{self, Display, Formatter};
use std::time::Instant;

use dataset::Set;
use indicatif::HumanCount;
use model::{Evaluation, ModelError, Network};

/// How well a network does on examples it was not trained on. Displayed, it is the sentence that says so.
#[derive(Clone, Copy, Debug)]
pub struct TestResult {
    /// Mean over the examples.
    pub loss: f64,
    /// Share of the examples recognized.
    pub accuracy: f64,
    examples: usize,
    /// As in "images".
    plural: &'static str,
    /// Wall time.
    pub seconds: f64,
}

impl TestResult {
    /// Evaluates `network` on `examples`, and takes the time.
    ///
    /// # Errors
    /// If the examples do not fit the network.
    pub fn of(network: &Network, examples: Set<'_>) -> Result<Self, ModelError> {
        let clock = Instant::now();
        let Evaluation { loss, accuracy } =
            network.evaluate(examples.rows(), examples.targets())?;
        let seconds = clock.elapsed().as_secs_f64();
        let (count, plural) = (examples.len(), examples.plural());
        Ok(Self { loss, accuracy, examples: count, plural, seconds })
    }
}

impl Display for TestResult {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { loss, accuracy, plural, seconds, .. } = self;
        let count = HumanCount(self.examples as u64);
        write!(
            f,
            "Test: loss {loss:.4}, accuracy {accuracy:.4}; {count} {plural} in {seconds:.3} s"
        )
    }
}
