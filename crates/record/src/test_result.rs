//! The result of a network on examples that it was not trained on.

use std::fmt::{self, Display, Formatter};
use std::time::Instant;

use dataset::Set;
use indicatif::HumanCount;
use model::{Evaluation, ModelError, Network, Rows, Targets};

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
        Self::timed(examples, examples.len(), |rows, targets| network.evaluate(rows, targets))
    }

    /// The same of the examples with the indices `chosen`: those that are held out for validation.
    ///
    /// # Errors
    /// If the examples do not fit the network, an index is of none of them, or there is none.
    pub fn of_chosen(
        network: &Network,
        examples: Set<'_>,
        chosen: &[u32],
    ) -> Result<Self, ModelError> {
        Self::timed(examples, chosen.len(), |rows, targets| {
            network.evaluate_chosen(rows, targets, chosen)
        })
    }

    fn timed(
        set: Set<'_>,
        examples: usize,
        evaluate: impl FnOnce(Rows<'_>, Targets<'_>) -> Result<Evaluation, ModelError>,
    ) -> Result<Self, ModelError> {
        let clock = Instant::now();
        let Evaluation { loss, accuracy } = evaluate(set.rows(), set.targets())?;
        let seconds = clock.elapsed().as_secs_f64();
        Ok(Self { loss, accuracy, examples, plural: set.plural(), seconds })
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
