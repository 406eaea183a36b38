//! The numbers that the page's script reads: the network and the names of its classes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::Render;
use model::{Activation, LayerParameters, Network};
use serde_json::json;

/// The facts that come before the parameters: the layers' sizes and activations, `[rows, columns]` of a picture, and
/// the names of the classes. Displayed in a page, it is JSON that ends no element before its time.
pub(crate) struct Description<'a> {
    pub(crate) network: &'a Network,
    pub(crate) size: [usize; 2],
    pub(crate) classes: &'a [String],
}

impl Render for Description<'_> {
    fn render_to(&self, page: &mut String) {
        let sizes = self.network.sizes();
        let layers: Vec<_> = sizes
            .windows(2)
            .zip(self.network.activations())
            .map(|(pair, activation)| {
                json!({"inputs": pair[0], "units": pair[1], "relu": activation == Activation::Relu})
            })
            .collect();
        let [rows, columns] = self.size;
        let all =
            json!({"layers": layers, "rows": rows, "columns": columns, "classes": self.classes});
        // Only strings have this sign, and there it may be written so.
        *page += &all.to_string().replace('<', "\\u003c");
    }
}

/// The parameters of a layer. Displayed in a page, they are base64 of little-endian f32: the weights, inputs × units,
/// row-major, and the bias.
pub(crate) struct Parameters<'a>(pub(crate) &'a LayerParameters);

impl Render for Parameters<'_> {
    fn render_to(&self, page: &mut String) {
        let Self(LayerParameters { weights, bias, .. }) = self;
        page.reserve(base64_length(weights.len() + bias.len()));
        // Three numbers are four groups of letters: only the last ones may need a filling.
        let mut numbers = weights.iter().chain(bias).peekable();
        let mut bytes = Vec::new();
        while numbers.peek().is_some() {
            bytes.clear();
            bytes.extend(numbers.by_ref().take(3 * 1024).flat_map(|number| number.to_le_bytes()));
            STANDARD.encode_string(&bytes, page);
        }
    }
}

/// Letters that so many numbers take.
fn base64_length(numbers: usize) -> usize {
    (4 * numbers).div_ceil(3) * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_back() {
        for units in [1, 2, 3, 2_047] {
            let weights: Vec<f32> = (0..2 * units).map(|i| i as f32 - 0.1).collect();
            let bias: Vec<f32> = (0..units).map(|i| 1e-30 * i as f32).collect();
            let activation = Activation::Softmax;
            let layer = LayerParameters {
                inputs: 2,
                units,
                activation,
                weights: weights.clone(),
                bias: bias.clone(),
            };
            let text = Parameters(&layer).render().into_string();
            assert_eq!(text.len(), base64_length(3 * units));
            let bytes = STANDARD.decode(text).unwrap();
            let (numbers, _) = bytes.as_chunks();
            let numbers: Vec<f32> =
                numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            assert_eq!(numbers, [weights, bias].concat());
        }
    }

    #[test]
    fn names_end_no_element() {
        let network = Network::glorot_uniform(&[4, 3, 2], Activation::Relu, 0).unwrap();
        let classes = ["</script><!--\"\\".to_owned(), "日本".to_owned()];
        let description = Description { network: &network, size: [2, 2], classes: &classes };
        let text = description.render().into_string();
        assert!(!text.contains('<'), "{text}");
        let found: serde_json::Value = serde_json::from_str(&text).unwrap();
        let layer = |inputs, units, relu| json!({"inputs": inputs, "units": units, "relu": relu});
        let layers = [layer(4, 3, true), layer(3, 2, false)];
        let expected = json!({"layers": layers, "rows": 2, "columns": 2, "classes": classes});
        assert_eq!(found, expected);
    }
}
