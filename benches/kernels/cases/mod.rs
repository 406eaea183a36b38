//! The operations that are timed, each in our form and in another.
//!
//! | in | operations | the other form |
//! |---|---|---|
//! | `layers.rs` | products of a layer with what is fused into them | the parts, one after the other |
//! | `zeros.rs` | products of a layer with a mostly empty input | the same, zeros included |
//! | `passes.rs` | passes over memory | plain scalar loops |
//! | `pictures.rs` | pictures distorted at random | a loop over pixels |

mod layers;
mod matrix;
mod passes;
mod pictures;
mod zeros;

/// An operation in two forms, its operands and its results.
pub(crate) trait Case: Send {
    fn name(&self) -> String;

    /// The name of the other form.
    fn other_name(&self) -> &'static str;

    fn work(&self) -> Work;

    /// Whether it can use more than one thread.
    fn forks(&self) -> bool {
        true
    }

    fn ours(&mut self);

    fn other(&mut self);

    /// Whether both are right, after each has run exactly once.
    fn check(&self) -> Result<(), String>;
}

/// The amount of work, by which a time becomes a speed.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// Multiplications and additions, those with zeros included.
    Flops(usize),
    /// Bytes read and written.
    Bytes(usize),
}

impl Work {
    /// The cost of its check; passes are cheap.
    pub(crate) fn flops(self) -> f64 {
        match self {
            Self::Flops(flops) => flops as f64,
            Self::Bytes(_) => 0.0,
        }
    }
}

/// Makes a case. Some are large, so there should be one at a time.
pub(crate) type Maker = fn() -> Box<dyn Case>;

/// All of them, in the order of a training step. Sizes are those of 784-512-10 at batch 128, and of a hidden layer of
/// 784-2048-2048-10 at batch 256.
pub(crate) const CASES: [Maker; 17] = [
    || Box::new(pictures::Distort::new(10_000)),
    || Box::new(zeros::Gather::new(128)),
    || Box::new(layers::Forward::new(128, 784, 512)),
    || Box::new(zeros::Forward::new(128, 512)),
    || Box::new(layers::Forward::new(256, 2048, 2048)),
    || Box::new(layers::Output::new(128, 512, 10)),
    || Box::new(layers::Backward::new(256, 2048, 2048)),
    || Box::new(layers::Train::new(128, 784, 512)),
    || Box::new(zeros::Train::new(128, 512)),
    || Box::new(layers::Train::new(256, 2048, 2048)),
    || Box::new(layers::Train::new(128, 512, 10)),
    || Box::new(passes::SoftmaxCrossentropy::new(128, 10)),
    || Box::new(passes::SoftmaxCrossentropy::new(128, 256)),
    || Box::new(passes::RmspropStep::new(407_050)),
    || Box::new(passes::BiasRelu::new(128, 512)),
    || Box::new(passes::BiasReluBackward::new(128, 512)),
    || Box::new(passes::BiasReluBackward::new(256, 2048)),
];
