//! Watches a training and ends it when the loss no longer falls.
//!
//! `cargo run --release --example observer`

use std::ops::ControlFlow;

use model::{
    Activation, EpochReport, FitConfig, ModelError, Network, Observer, Rmsprop, StepReport, Trainer,
};

/// Ends a fit after an epoch whose loss is not a tenth below the loss of the epoch before.
struct StopEarly {
    last_loss: f64,
    steps: usize,
}

impl Observer for StopEarly {
    fn on_step(&mut self, report: &StepReport) -> ControlFlow<()> {
        self.steps += 1;
        // A training that has left the finite numbers does not come back.
        if report.loss.is_finite() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn on_epoch(&mut self, report: &EpochReport, _network: &Network) -> ControlFlow<()> {
        println!("epoch {:2}  loss {:.4}  after {} steps", report.epoch, report.loss, self.steps);
        if report.loss > 0.9 * self.last_loss {
            println!("The loss no longer falls by a tenth.");
            return ControlFlow::Break(());
        }
        self.last_loss = report.loss;
        ControlFlow::Continue(())
    }
}

pub(crate) fn main() -> Result<(), ModelError> {
    // 512 images of 28 × 28 pixels to train on, drawn by the program.
    let digits = dataset::Mnist::drawn(0, 512, 0).train;
    let network = Network::glorot_uniform(&[784, 32, 10], Activation::Relu, 0)?;
    let mut trainer = Trainer::new(network, Rmsprop::keras3())?;
    let mut observer = StopEarly { last_loss: f64::INFINITY, steps: 0 };
    let config = FitConfig { epochs: 100, batch_size: 64, ..FitConfig::default() };
    let epochs = trainer.fit_observed(digits.rows(), digits.targets(), &config, &mut observer)?;

    // It stopped by itself, after whole epochs of 8 steps, and not before it had learned something.
    assert!(epochs.len() < config.epochs, "the loss fell for {} epochs", epochs.len());
    assert_eq!(observer.steps, 8 * epochs.len());
    assert!(observer.last_loss < epochs[0].loss / 2.0, "{epochs:?}");
    Ok(())
}
