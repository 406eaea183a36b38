//! The work that is timed.

use crate::data::Data;
use crate::support::pictures::Pictures;
use crate::support::training::{
    Training, check, check_flops, network, prediction_flops, training_flops,
};
use std::hint::black_box;

/// The network of the example.
const SEED: [usize; 3] = [784, 512, 10];
const WIDE: [usize; 4] = [784, 2048, 2048, 10];
const TINY: [usize; 3] = [784, 16, 10];
/// In the name of what is too small to share between threads.
pub(crate) const SMALL: &str = "784-16-10";

/// Something a user waits for.
pub(crate) struct Scenario<'a> {
    pub(crate) name: String,
    /// Rows that `work` takes.
    pub(crate) rows: usize,
    /// The operations of `work` if it skipped nothing.
    pub(crate) flops: f64,
    /// Whether it is meant for one thread.
    pub(crate) alone: bool,
    pub(crate) work: Box<dyn FnMut() + Send + 'a>,
    pub(crate) check: Box<dyn Fn() -> Result<(), String> + Sync + 'a>,
    pub(crate) check_flops: f64,
}

/// All of them; with `quick`, epochs are cut short.
pub(crate) fn scenarios(data: &Data, quick: bool) -> Vec<Scenario<'_>> {
    let rows = |full: usize| if quick { full / 4 } else { full };
    let train = data.train().first(rows(60_000));
    let grey = data.grey().first(rows(60_000));
    // A full epoch would be 1.9 TFLOP. Forty steps are enough to see what one costs.
    let some = data.train().first(rows(40 * 256));
    vec![
        training("train 784-512-10, batch 128", &SEED, train, 128),
        training("train 784-512-10, batch 128, no zeros", &SEED, grey, 128),
        training("train 784-2048-2048-10, batch 256", &WIDE, some, 256),
        training("train 784-16-10, batch 32", &TINY, train, 32),
        evaluation("evaluate 784-512-10", &SEED, data.test()),
        prediction("predict one image, 784-512-10", &SEED, data.test()),
    ]
}

/// A pass over the pictures.
fn training<'a>(
    name: &str,
    sizes: &'static [usize],
    pictures: Pictures<'a>,
    batch_size: usize,
) -> Scenario<'a> {
    let mut training = Training::new(sizes, pictures, batch_size);
    Scenario {
        name: name.to_owned(),
        rows: pictures.len(),
        flops: pictures.len() as f64 * training_flops(sizes),
        alone: false,
        work: Box::new(move || {
            black_box(training.epoch());
        }),
        check: Box::new(move || {
            let all = pictures.pixels.iter().all(|&pixel| pixel != 0);
            if pictures.zeros_are_skipped() == all {
                return Err(format!("zeros skipped: {}, none there: {all}", !all));
            }
            check(sizes, pictures)
        }),
        check_flops: check_flops(sizes),
    }
}

fn evaluation<'a>(name: &str, sizes: &'static [usize], pictures: Pictures<'a>) -> Scenario<'a> {
    let network = network(sizes);
    Scenario {
        name: name.to_owned(),
        rows: pictures.len(),
        flops: pictures.len() as f64 * prediction_flops(sizes),
        alone: false,
        work: Box::new(move || {
            let evaluation = network.evaluate(pictures.rows(), pictures.targets());
            black_box(evaluation.expect("pictures that fit the network"));
        }),
        check: Box::new(move || check(sizes, pictures)),
        check_flops: check_flops(sizes),
    }
}

/// One picture a call, each time the next.
fn prediction<'a>(name: &str, sizes: &'static [usize], pictures: Pictures<'a>) -> Scenario<'a> {
    let network = network(sizes);
    let mut next = (0..pictures.len()).cycle();
    Scenario {
        name: name.to_owned(),
        rows: 1,
        flops: prediction_flops(sizes),
        alone: true,
        work: Box::new(move || {
            let picture = pictures.part(next.next().unwrap_or(0), 1);
            black_box(network.predict(picture.rows()).expect("a picture that fits the network"));
        }),
        check: Box::new(move || check(sizes, pictures)),
        check_flops: check_flops(sizes),
    }
}
