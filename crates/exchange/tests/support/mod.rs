//! For the tests of networks that leave.

use model::{Activation, Network};
use testing::Random;

/// A network of sizes that nobody picked, with biases.
pub(crate) fn network(random: &mut Random) -> Network {
    let layers = 1 + random.below(5);
    let sizes: Vec<usize> = (0..=layers).map(|_| 1 + random.below(40)).collect();
    let network = Network::glorot_uniform(&sizes, Activation::Relu, random.bits().into()).unwrap();
    let mut parameters = network.parameters();
    let last = parameters.len() - 1;
    for layer in &mut parameters {
        layer.bias = random.numbers(layer.units);
    }
    for layer in &mut parameters[..last] {
        layer.activation = random.pick(&[Activation::Relu, Activation::Linear]);
    }
    Network::from_parameters(&parameters).unwrap()
}
