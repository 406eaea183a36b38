//! The digits that the program draws are as hard to learn as MNIST.

use dataset::Mnist;
use model::{Activation, FitConfig, Network, Rmsprop, Trainer};

// Real MNIST: the loss falls from 0.26 to 0.04, training accuracy ends at 0.989 and test accuracy at 0.979. These, for
// the seeds 0 to 2: from 0.345 to 0.044, 0.987, and 0.974 to 0.978.
#[test]
fn the_learning_curve_is_like_mnists() {
    let digits = Mnist::digits(0);
    let network = Network::glorot_uniform(&[784, 512, 10], Activation::Relu, 0).unwrap();
    let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
    let config = FitConfig::default();
    let (rows, targets) = (digits.train.rows(), digits.train.targets());
    let epochs = trainer.fit(rows, targets, &config).unwrap();
    let test = trainer.network().evaluate(digits.test.rows(), digits.test.targets()).unwrap();

    let losses: Vec<f64> = epochs.iter().map(|epoch| epoch.loss).collect();
    assert!(losses.is_sorted_by(|earlier, later| earlier > later), "{losses:?}");
    assert!((0.2..0.45).contains(&losses[0]), "{losses:?}");
    assert!((0.03..0.06).contains(&losses[4]), "{losses:?}");
    assert!((0.98..0.993).contains(&epochs[4].accuracy), "{}", epochs[4].accuracy);
    assert!((0.97..0.985).contains(&test.accuracy), "{}", test.accuracy);
}
