//! Steps and epochs of a training, their order, and who observes them.

use std::ops::ControlFlow;

use kernels::{Rows, Targets};
use model::{
    Activation, DataError, EpochReport, FitConfig, LayersError, ModelError, Network, Observer,
    Rmsprop, Shuffler, StepReport, Trainer,
};

/// 10 rows in batches of 4: steps of 4, 4 and 2 rows, and means weighted by rows.
#[test]
fn the_last_short_batch_is_kept_and_weighed() {
    struct Steps(Vec<StepReport>);
    impl Observer for Steps {
        fn on_step(&mut self, report: &StepReport) -> ControlFlow<()> {
            self.0.push(*report);
            ControlFlow::Continue(())
        }
    }
    let pixels: Vec<u8> = (0..60).map(|i| (i * 37 % 256) as u8).collect();
    let labels = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0];
    let network = Network::glorot_uniform(&[6, 8, 3], Activation::Relu, 1).unwrap();
    let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
    let mut steps = Steps(Vec::new());
    let history = trainer
        .fit_observed(
            Rows::bytes(&pixels, 6),
            Targets::Classes(&labels),
            &FitConfig { epochs: 2, batch_size: 4, ..FitConfig::default() },
            &mut steps,
        )
        .unwrap();
    assert_eq!(
        steps.0.iter().map(|s| (s.epoch, s.step, s.rows)).collect::<Vec<_>>(),
        [(1, 1, 4), (1, 2, 4), (1, 3, 2), (2, 1, 4), (2, 2, 4), (2, 3, 2)]
    );
    for (epoch, steps) in history.iter().zip(steps.0.chunks(3)) {
        let mean = |f: &dyn Fn(&StepReport) -> f64| {
            steps.iter().map(|s| f(s) * s.rows as f64).sum::<f64>() / 10.0
        };
        assert!((epoch.loss - mean(&|s| s.loss)).abs() < 1e-12);
        assert!((epoch.accuracy - mean(&|s| s.accuracy)).abs() < 1e-12);
        assert!((steps[2].running_loss - epoch.loss).abs() < 1e-12);
    }
}

/// The optimizer's state goes on: two fits of an epoch are a fit of two.
#[test]
fn a_fit_goes_on_where_the_last_one_ended() {
    let pixels: Vec<u8> = (0..120).map(|i| (i * 91 % 256) as u8).collect();
    let labels: Vec<u8> = (0..20).map(|i| i % 3).collect();
    let (rows, targets) = (Rows::bytes(&pixels, 6), Targets::Classes(&labels));
    let fit = |fits: &[usize]| {
        let network = Network::glorot_uniform(&[6, 8, 3], Activation::Relu, 1).unwrap();
        let mut trainer = Trainer::new(network, Rmsprop::keras3()).unwrap();
        for &epochs in fits {
            let config = FitConfig {
                epochs,
                batch_size: 8,
                shuffle: false,
                seed: 0,
                ..FitConfig::default()
            };
            trainer.fit(rows, targets, &config).unwrap();
        }
        trainer.into_network()
    };
    assert_eq!(fit(&[1, 1]), fit(&[2]));
    assert_ne!(fit(&[1]), fit(&[2]));
}

/// A shuffled fit is a fit of rows that were moved, epoch by epoch, by a shuffler of its seed.
#[test]
fn the_seed_decides_which_rows_a_step_takes() {
    let pixels: Vec<u8> = (0..120).map(|i| (i * 91 % 256) as u8).collect();
    let labels: Vec<u8> = (0..20).map(|i| i % 3).collect();
    let trainer = || {
        let network = Network::glorot_uniform(&[6, 8, 3], Activation::Relu, 1).unwrap();
        Trainer::new(network, Rmsprop::keras3()).unwrap()
    };
    let shuffled = |seed| {
        let mut trainer = trainer();
        let config =
            FitConfig { epochs: 2, batch_size: 8, shuffle: true, seed, ..FitConfig::default() };
        trainer.fit(Rows::bytes(&pixels, 6), Targets::Classes(&labels), &config).unwrap();
        trainer.into_network()
    };
    let mut by_hand = trainer();
    let (mut shuffler, mut order) = (Shuffler::new(7), (0..20).collect::<Vec<u32>>());
    for _ in 0..2 {
        shuffler.shuffle(&mut order);
        let rows: Vec<u8> =
            order.iter().flat_map(|i| pixels[*i as usize * 6..][..6].to_vec()).collect();
        let classes: Vec<u8> = order.iter().map(|i| labels[*i as usize]).collect();
        let config =
            FitConfig { epochs: 1, batch_size: 8, shuffle: false, seed: 0, ..FitConfig::default() };
        by_hand.fit(Rows::bytes(&rows, 6), Targets::Classes(&classes), &config).unwrap();
    }
    assert_eq!(shuffled(7), by_hand.into_network());
    assert_ne!(shuffled(7), shuffled(8));
}

#[test]
fn an_observer_ends_the_fit() {
    struct Until(usize, usize);
    impl Observer for Until {
        fn on_step(&mut self, _: &StepReport) -> ControlFlow<()> {
            self.1 += 1;
            if self.1 == self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }
    let pixels = [1; 60];
    let network = Network::glorot_uniform(&[6, 3], Activation::Relu, 1).unwrap();
    let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
    let mut until = Until(4, 0);
    let config =
        FitConfig { epochs: 5, batch_size: 4, shuffle: false, seed: 0, ..FitConfig::default() };
    let (rows, targets) = (Rows::bytes(&pixels, 6), Targets::Classes(&[0; 10]));
    let history = trainer.fit_observed(rows, targets, &config, &mut until).unwrap();
    assert_eq!((until.1, history.len()), (4, 2), "three steps an epoch, stopped in the second");
}

/// Each epoch lends the network that a fit of so many epochs leaves.
#[test]
fn an_observer_sees_the_network_of_each_epoch() {
    struct Networks(Vec<Network>);
    impl Observer for Networks {
        fn on_epoch(&mut self, report: &EpochReport, network: &Network) -> ControlFlow<()> {
            self.0.push(network.clone());
            assert_eq!(report.epoch, self.0.len());
            ControlFlow::Continue(())
        }
    }
    let pixels: Vec<u8> = (0..60).map(|i| (i * 37 % 256) as u8).collect();
    let (rows, targets) =
        (Rows::bytes(&pixels, 6), Targets::Classes(&[0, 1, 2, 0, 1, 2, 0, 1, 2, 0]));
    let fit = |epochs| {
        let network = Network::glorot_uniform(&[6, 8, 3], Activation::Relu, 1).unwrap();
        let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
        let mut seen = Networks(Vec::new());
        let config =
            FitConfig { epochs, batch_size: 4, shuffle: false, seed: 0, ..FitConfig::default() };
        trainer.fit_observed(rows, targets, &config, &mut seen).unwrap();
        (seen.0, trainer.into_network())
    };
    let (seen, _) = fit(3);
    for epochs in 1..=3 {
        assert_eq!(seen[epochs - 1], fit(epochs).1, "after {epochs} epochs");
    }
    assert_ne!(seen[0], seen[1]);
}

/// Rows that grow with each epoch.
struct Growing {
    rows: Vec<u8>,
    asked: Vec<usize>,
}

impl model::Epochs for Growing {
    fn rows(&mut self, epoch: usize) -> Rows<'_> {
        self.asked.push(epoch);
        self.rows.iter_mut().for_each(|byte| *byte = byte.saturating_add(20));
        Rows::bytes(&self.rows, 4)
    }
}

/// Each epoch is trained on its own rows, and only on those that were chosen.
#[test]
fn rows_may_change_by_epoch_and_be_chosen() {
    let first: Vec<u8> = (0..40 * 4).map(|i| (i * 37 % 100) as u8).collect();
    let labels: Vec<u8> = (0..40).map(|i| i % 3).collect();
    let trainer = || {
        let network = Network::glorot_uniform(&[4, 9, 3], Activation::Relu, 2).unwrap();
        Trainer::new(network, Rmsprop::keras3()).unwrap()
    };
    let config = FitConfig { epochs: 2, batch_size: 7, shuffle: false, ..FitConfig::default() };
    let chosen: Vec<u32> = (0..40).filter(|i| i % 4 != 1).collect();
    let mut growing = Growing { rows: first.clone(), asked: Vec::new() };
    let mut by_epoch = trainer();
    let targets = Targets::Classes(&labels);
    by_epoch.fit_epochs(&mut growing, targets, Some(&chosen), &config, &mut ()).unwrap();
    assert_eq!(growing.asked, [1, 2]);

    let mut by_hand = trainer();
    for epoch in 1..=2 {
        let grown = |i: u32| first[4 * i as usize..][..4].iter().map(|byte| byte + 20 * epoch);
        let rows: Vec<u8> = chosen.iter().flat_map(|&i| grown(i)).collect();
        let labels: Vec<u8> = chosen.iter().map(|&i| labels[i as usize]).collect();
        let config = FitConfig { epochs: 1, ..config };
        by_hand.fit(Rows::bytes(&rows, 4), Targets::Classes(&labels), &config).unwrap();
    }
    assert_eq!(by_epoch.network(), by_hand.network());

    for (chosen, fault) in
        [(&[0, 40][..], DataError::NoSuchRow { index: 40, rows: 40 }), (&[], DataError::NoRow)]
    {
        let rows = &mut Growing { rows: first.clone(), asked: Vec::new() };
        let outcome = trainer().fit_epochs(rows, targets, Some(chosen), &config, &mut ());
        assert!(matches!(outcome, Err(ModelError::Data(found)) if found == fault), "{fault}");
    }
}

/// Half the rate from outside is half the rate of the optimizer; and none leaves the weights alone, but not the state.
#[test]
fn an_observer_may_say_the_learning_rate_of_each_step() {
    struct Rates<'a>(&'a [f64], Vec<(usize, f64)>, Vec<f64>);
    impl Observer for Rates<'_> {
        fn learning_rate(&mut self, step: usize, scheduled: f64) -> f64 {
            self.1.push((step, scheduled));
            self.0[step]
        }
        fn on_step(&mut self, report: &StepReport) -> ControlFlow<()> {
            self.2.push(report.learning_rate);
            ControlFlow::Continue(())
        }
    }
    let pixels: Vec<u8> = (0..120).map(|i| (i * 91 % 256) as u8).collect();
    let labels: Vec<u8> = (0..20).map(|i| i % 3).collect();
    let (rows, targets) = (Rows::bytes(&pixels, 6), Targets::Classes(&labels));
    let config = FitConfig { epochs: 2, batch_size: 8, ..FitConfig::default() };
    let start = Network::glorot_uniform(&[6, 8, 3], Activation::Relu, 1).unwrap();
    let fit = |optimizer: Rmsprop, rates: &[f64]| {
        let mut trainer = Trainer::new(start.clone(), optimizer).unwrap();
        let mut watch = Rates(rates, Vec::new(), Vec::new());
        trainer.fit_observed(rows, targets, &config, &mut watch).unwrap();
        let asked: Vec<_> = (0..6).map(|step| (step, optimizer.learning_rate)).collect();
        assert_eq!((watch.1, &watch.2[..]), (asked, rates));
        trainer.into_network()
    };
    let full = Rmsprop::keras3();
    let half = Rmsprop { learning_rate: full.learning_rate / 2.0, ..full };
    assert_eq!(fit(full, &[half.learning_rate; 6]), fit(half, &[half.learning_rate; 6]));
    assert_ne!(fit(full, &[half.learning_rate; 6]), fit(full, &[full.learning_rate; 6]));
    assert_eq!(fit(full, &[0.0; 6]), start);
}

/// Another network in the middle of a training: the state of the optimizer is the one that it was.
#[test]
fn a_network_is_replaced_and_the_optimizer_goes_on() {
    let pixels: Vec<u8> = (0..120).map(|i| (i * 91 % 256) as u8).collect();
    let labels: Vec<u8> = (0..20).map(|i| i % 3).collect();
    let (rows, targets) = (Rows::bytes(&pixels, 6), Targets::Classes(&labels));
    let config = FitConfig { epochs: 1, batch_size: 8, ..FitConfig::default() };
    let network = |sizes, seed| Network::glorot_uniform(sizes, Activation::Relu, seed).unwrap();
    let mut once = Trainer::new(network(&[6, 8, 3], 1), Rmsprop::keras3()).unwrap();
    once.fit(rows, targets, &config).unwrap();
    let middle = once.network().clone();
    once.fit(rows, targets, &config).unwrap();

    let mut twice = Trainer::new(network(&[6, 8, 3], 1), Rmsprop::keras3()).unwrap();
    twice.fit(rows, targets, &config).unwrap();
    assert_eq!(twice.replace_network(network(&[6, 8, 3], 2)).unwrap(), middle);
    for other in [
        network(&[6, 9, 3], 1),
        network(&[6, 8, 8, 3], 1),
        Network::glorot_uniform(&[6, 8, 3], Activation::Linear, 1).unwrap(),
    ] {
        let error = twice.replace_network(other).unwrap_err();
        assert!(matches!(error, ModelError::Layers(LayersError::OtherNetwork { .. })), "{error}");
    }
    assert_eq!(twice.network(), &network(&[6, 8, 3], 2));
    twice.replace_network(middle.clone()).unwrap();
    twice.fit(rows, targets, &config).unwrap();
    assert_eq!(once.network(), twice.network());

    let mut anew = Trainer::new(middle, Rmsprop::keras3()).unwrap();
    anew.fit(rows, targets, &config).unwrap();
    assert_ne!(once.network(), anew.network());
}
