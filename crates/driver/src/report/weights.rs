//! The units of the first layer that matter most, by their weights.

use model::LayerParameters;

/// A unit of the first layer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    /// Which, from 0.
    pub(super) index: usize,
    /// Norm of its incoming weights × norm of its outgoing weights: for a ReLU, scaling one up and the other down by the
    /// same factor changes nothing, and neither does it change this.
    pub(super) strength: f64,
    /// Its weights, one an input.
    pub(super) weights: Vec<f32>,
}

/// The `count` strongest units of the first layer, the strongest first. An output layer has no outgoing weights: there,
/// the incoming ones decide.
pub(super) fn strongest(layers: &[LayerParameters], count: usize) -> Vec<Unit> {
    let first = &layers[0];
    let mut incoming = vec![0.0; first.units];
    for row in first.kernel.chunks(first.units) {
        for (sum, weight) in incoming.iter_mut().zip(row) {
            *sum += f64::from(*weight).powi(2);
        }
    }
    let outgoing = |unit: usize| match layers.get(1) {
        Some(next) => squares(&next.kernel[unit * next.units..][..next.units]),
        None => 1.0,
    };
    let mut order: Vec<(usize, f64)> = incoming
        .iter()
        .enumerate()
        .map(|(unit, sum)| (unit, (sum * outgoing(unit)).sqrt()))
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    order.truncate(count);
    order
        .into_iter()
        .map(|(index, strength)| {
            let weights = first.kernel.iter().skip(index).step_by(first.units).copied().collect();
            Unit { index, strength, weights }
        })
        .collect()
}

/// The magnitude that all weights but one in two hundred keep below: a few large ones would leave the rest pale.
pub(super) fn scale(units: &[Unit]) -> f32 {
    let mut magnitudes: Vec<f32> =
        units.iter().flat_map(|unit| &unit.weights).map(|weight| weight.abs()).collect();
    magnitudes.sort_by(f32::total_cmp);
    let scale = magnitudes[magnitudes.len() - 1 - magnitudes.len() / 200];
    // Zeros are as transparent on any other scale.
    if scale > 0.0 { scale } else { 1.0 }
}

fn squares(numbers: &[f32]) -> f64 {
    numbers.iter().map(|number| f64::from(*number).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Activation;

    #[test]
    fn strength_is_the_product_of_both_norms() {
        let layer = |inputs, units, kernel: &[f32]| LayerParameters {
            inputs,
            units,
            activation: Activation::Relu,
            kernel: kernel.to_vec(),
            bias: vec![100.0; units],
        };
        let first = layer(2, 3, &[3.0, 1.0, -2.0, 4.0, 0.0, 0.0]);
        let next = layer(3, 2, &[0.0, 0.5, 6.0, -8.0, 3.0, 0.0]);
        let units = strongest(&[first.clone(), next], 2);
        let found: Vec<_> = units.iter().map(|unit| (unit.index, unit.strength)).collect();
        assert_eq!(found, [(1, 10.0), (2, 6.0)]);
        assert_eq!(units[0].weights, [1.0, 0.0]);
        assert_eq!(scale(&units), 2.0);
        let alone = strongest(&[first], 9);
        let found: Vec<_> = alone.iter().map(|unit| (unit.index, unit.strength)).collect();
        assert_eq!(found, [(0, 5.0), (2, 2.0), (1, 1.0)]);
    }
}
