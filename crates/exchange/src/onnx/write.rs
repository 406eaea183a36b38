//! The graph of a network.

use model::{Activation, LayerParameters, Network, Notes};
use prost::Message;
use prost::bytes::Bytes;

use super::messages::{
    Attribute, Dimension, Entry, FLOAT, Graph, INT, Model, Node, OperatorSet, Shape, Tensor,
    TensorType, Type, UINT8, ValueInfo,
};
use crate::Format;
use crate::error::ExchangeError;
use crate::tensor::to_bytes;

/// The first version of the format that has the operators of [`OPSET`].
const IR_VERSION: i64 = 8;
const OPSET: i64 = 17;
/// A message of protobuf has at most 2 GiB; what is not weights takes much less than a MiB, but for names.
const MOST_BYTES: u64 = (1 << 31) - (1 << 20);

const INPUT: &str = "input";
const OUTPUT: &str = "probabilities";

/// The bytes of an ONNX file of the network. With `byte_input` it takes bytes and divides them by 255 itself.
pub(crate) fn write(
    network: &Network,
    notes: &Notes,
    byte_input: bool,
) -> Result<Vec<u8>, ExchangeError> {
    let notes_bytes: usize = notes.iter().map(|(key, text)| key.len() + text.len()).sum();
    let bytes = 4 * network.parameter_count() as u64 + notes_bytes as u64;
    if bytes > MOST_BYTES {
        return Err(ExchangeError::TooLarge { format: Format::Onnx, bytes, most: MOST_BYTES });
    }
    let (mut nodes, mut initializers) = (Vec::new(), Vec::new());
    let mut value = INPUT.to_owned();
    if byte_input {
        let to = Attribute {
            name: "to".into(),
            i: Some(FLOAT.into()),
            kind: INT,
            ..Attribute::default()
        };
        let cast = node("Cast", &[INPUT], "bytes", vec![to]);
        initializers.push(tensor("scale", &[], &[255.0]));
        let scaled = node("Div", &["bytes", "scale"], "scaled", vec![]);
        nodes.extend([cast, scaled]);
        value = "scaled".into();
    }
    for (l, layer) in network.parameters().into_iter().enumerate() {
        let LayerParameters { inputs, units, activation, weights, bias } = layer;
        let [kernel, bias_name, sums] =
            ["kernel", "bias", "sums"].map(|part| format!("layers.{l}.{part}"));
        initializers.push(tensor(&kernel, &[inputs, units], &weights));
        initializers.push(tensor(&bias_name, &[units], &bias));
        nodes.push(node("Gemm", &[&value, &kernel, &bias_name], &sums, vec![]));
        let output = format!("layers.{l}.output");
        match activation {
            Activation::Relu => nodes.push(node("Relu", &[&sums], &output, vec![])),
            Activation::Softmax => nodes.push(node("Softmax", &[&sums], OUTPUT, vec![axis()])),
            Activation::Linear => {
                value = sums;
                continue;
            }
        }
        value = output;
    }
    let input_type = if byte_input { UINT8 } else { FLOAT };
    let graph = Graph {
        node: nodes,
        name: "network".into(),
        initializer: initializers,
        input: vec![rows_of(INPUT, input_type, network.inputs())],
        output: vec![rows_of(OUTPUT, FLOAT, network.classes())],
    };
    let takes = if byte_input { "bytes" } else { "numbers" };
    let model = Model {
        ir_version: IR_VERSION,
        producer_name: "Sieve".into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        doc_string: format!("Takes rows of {takes}, gives the probability of each class."),
        graph: Some(graph),
        opset_import: vec![OperatorSet { domain: Some(String::new()), version: OPSET }],
        metadata_props: notes
            .iter()
            .map(|(key, value)| Entry { key: key.clone(), value: value.clone() })
            .collect(),
    };
    Ok(model.encode_to_vec())
}

/// Softmax over the classes of a row.
fn axis() -> Attribute {
    Attribute { name: "axis".into(), i: Some(-1), kind: INT, ..Attribute::default() }
}

fn node(operator: &str, inputs: &[&str], output: &str, attributes: Vec<Attribute>) -> Node {
    Node {
        input: inputs.iter().map(|&name| name.into()).collect(),
        output: vec![output.into()],
        name: output.into(),
        op_type: operator.into(),
        attribute: attributes,
        domain: String::new(),
    }
}

fn tensor(name: &str, shape: &[usize], numbers: &[f32]) -> Tensor {
    Tensor {
        dims: shape.iter().map(|&size| size as i64).collect(),
        data_type: FLOAT,
        name: name.into(),
        raw_data: Bytes::from(to_bytes(numbers)),
        ..Tensor::default()
    }
}

/// Rows of so many numbers.
fn rows_of(name: &str, elem_type: i32, columns: usize) -> ValueInfo {
    let rows = Dimension { dim_param: Some("rows".into()), dim_value: None };
    let columns = Dimension { dim_value: Some(columns as i64), dim_param: None };
    let shape = Some(Shape { dim: vec![rows, columns] });
    let tensor_type = Some(TensorType { elem_type, shape });
    ValueInfo { name: name.into(), kind: Some(Type { tensor_type }) }
}
