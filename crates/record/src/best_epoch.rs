//! The best epoch of a training that kept its best network.

use std::fmt::{self, Display, Formatter};

/// Of which epoch a network is that was the best by its validation loss. Displayed, it is the sentence that says so.
#[derive(Clone, Copy, Debug)]
pub struct BestEpoch {
    /// From 1.
    pub epoch: usize,
    /// The last epoch that was trained.
    pub last: usize,
    /// How many epochs were asked for.
    pub epochs: usize,
    /// The patience, if the training has ended for lack of it.
    pub stopped_after: Option<usize>,
    /// Mean over the examples held out for validation, after that epoch.
    pub loss: f64,
    /// Likewise.
    pub accuracy: f64,
}

impl Display for BestEpoch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { epoch, last, epochs, stopped_after, loss, .. } = self;
        if let Some(patience) = stopped_after {
            let plural = if *patience == 1 { "" } else { "s" };
            write!(
                f,
                "The training ended after epoch {last} of {epochs}: {patience} epoch{plural} without a lower validation loss. "
            )?;
        }
        write!(f, "The network is that of epoch {epoch}, validation loss {loss:.4}")
    }
}
