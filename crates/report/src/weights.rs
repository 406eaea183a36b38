//! The units of the first layer that matter most, by their weights.

use model::LayerParameters;

use crate::image::Frame;

/// A unit of the first layer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unit {
    /// Which, from 0.
    pub(crate) index: usize,
    /// Norm of its incoming weights × norm of its outgoing weights: for a ReLU, scaling one up and the other down by the
    /// same factor changes nothing, and neither does it change this.
    pub(crate) strength: f64,
    /// Its weights, as they are drawn: one an input, or means of neighbours.
    pub(crate) weights: Vec<f32>,
}

/// The `count` strongest units of the first layer, the strongest first, each drawn in `frame`. An output layer has no
/// outgoing weights: there, the incoming ones decide.
pub(crate) fn strongest(layers: &[LayerParameters], count: usize, frame: &Frame) -> Vec<Unit> {
    let first = &layers[0];
    let mut incoming = vec![0.0; first.units];
    for row in first.weights.chunks(first.units) {
        for (sum, weight) in incoming.iter_mut().zip(row) {
            *sum += f64::from(*weight).powi(2);
        }
    }
    let outgoing = |unit: usize| match layers.get(1) {
        Some(next) => squares(&next.weights[unit * next.units..][..next.units]),
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
            let weights = first.weights.iter().skip(index).step_by(first.units);
            let weights = frame.numbers(&weights.copied().collect::<Vec<f32>>());
            Unit { index, strength, weights }
        })
        .collect()
}

/// The magnitude that all finite weights but one in two hundred keep below: a few large ones would leave the rest pale.
pub(crate) fn scale(units: &[Unit]) -> f32 {
    let magnitudes = units.iter().flat_map(|unit| &unit.weights).map(|weight| weight.abs());
    let mut magnitudes: Vec<f32> = magnitudes.filter(|magnitude| magnitude.is_finite()).collect();
    magnitudes.sort_by(f32::total_cmp);
    let beyond = magnitudes.len() / 200;
    match magnitudes.iter().rev().nth(beyond) {
        Some(&scale) if scale > 0.0 => scale,
        // Zeros, and what is not finite, look the same on any scale.
        _ => 1.0,
    }
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
        let layer = |inputs, units, weights: &[f32]| LayerParameters {
            inputs,
            units,
            activation: Activation::Relu,
            weights: weights.to_vec(),
            bias: vec![100.0; units],
        };
        let first = layer(2, 3, &[3.0, 1.0, -2.0, 4.0, 0.0, 0.0]);
        let next = layer(3, 2, &[0.0, 0.5, 6.0, -8.0, 3.0, 0.0]);
        let frame = Frame::new([1, 2], 9);
        let units = strongest(&[first.clone(), next], 2, &frame);
        let found: Vec<_> = units.iter().map(|unit| (unit.index, unit.strength)).collect();
        assert_eq!(found, [(1, 10.0), (2, 6.0)]);
        assert_eq!(units[0].weights, [1.0, 0.0]);
        assert_eq!(scale(&units), 2.0);
        let alone = strongest(&[first], 9, &frame);
        let found: Vec<_> = alone.iter().map(|unit| (unit.index, unit.strength)).collect();
        assert_eq!(found, [(0, 5.0), (2, 2.0), (1, 1.0)]);
    }
    #[test]
    fn weights_of_a_large_picture_are_means() {
        let activation = Activation::Softmax;
        // Two units; the weights of the second are their pixels' numbers, and twice as many as are drawn.
        let weights: Vec<f32> = (0..8).flat_map(|pixel| [0.5, pixel as f32]).collect();
        let layer =
            LayerParameters { inputs: 8, units: 2, activation, weights, bias: vec![0.0; 2] };
        let units = strongest(&[layer], 2, &Frame::new([1, 8], 4));
        assert_eq!((units[0].index, &units[0].weights), (1, &vec![0.5, 2.5, 4.5, 6.5]));
        assert_eq!(units[1].weights, [0.5; 4]);
        assert_eq!(scale(&units), 6.5);
    }

    #[test]
    fn the_scale_is_a_number_whatever_the_weights_are() {
        let unit = |weights: &[f32]| Unit { index: 0, strength: 0.0, weights: weights.to_vec() };
        assert_eq!(scale(&[unit(&[0.0, -0.0])]), 1.0);
        assert_eq!(scale(&[unit(&[f32::NAN, f32::NEG_INFINITY])]), 1.0);
        assert_eq!(scale(&[unit(&[f32::NAN, f32::INFINITY, -3e38]), unit(&[1.0])]), 3e38);
        // One in two hundred lies beyond.
        let mut weights = vec![0.25; 200];
        weights[17] = -7.0;
        assert_eq!(scale(&[unit(&weights)]), 0.25);
        assert_eq!(scale(&[unit(&weights[..199])]), 7.0);
    }
}
