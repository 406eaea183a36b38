//! The chain of dense layers that a graph is.
//!
//! Whatever wrote the graph, a dense layer is `Gemm`, or `MatMul` and perhaps `Add`, and then perhaps `Relu`. The way through the
//! graph goes from its input along the only node that uses each value. Nodes that leave the numbers as they are, or only arrange
//! them as rows, are passed over.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use model::{Activation, Input, LayerParameters};

use super::broken;
use super::messages::{Graph, Node, UINT8, ValueInfo};
use super::weights::{Constants, Found};
use crate::Fault;

/// The layers that a graph has.
#[derive(Debug)]
pub(super) struct Read {
    /// Its layers, from the first to the output.
    pub(super) layers: Vec<LayerParameters>,
    /// Its input, if the graph divides bytes of pictures by 255.
    pub(super) input: Option<Input>,
}

/// Reads the graph of a file of so many bytes, whose numbers may be in files in `folder`.
pub(super) fn read(graph: &Graph, file_bytes: usize, folder: &Path) -> Result<Read, Fault> {
    let constants = Constants::of(graph, file_bytes, folder);
    let mut inputs = graph.input.iter().filter(|input| !constants.has(&input.name));
    let (Some(input), None) = (inputs.next(), inputs.next()) else {
        return Err(broken(&"its graph has not one input"));
    };
    let mut way = Way { constants, layers: Vec::new(), state: State::Input, is_scaled: false };
    let mut value = input.name.as_str();
    let mut users: HashMap<&str, Vec<&Node>> = HashMap::new();
    for node in &graph.node {
        let names: HashSet<&str> = node.input.iter().map(String::as_str).collect();
        names.into_iter().for_each(|name| users.entry(name).or_default().push(node));
    }
    // Each node is passed at most once, so a circle ends, too.
    for _ in 0..=graph.node.len() {
        let mut users = users.get(value).into_iter().flatten().copied();
        match (users.next(), users.next()) {
            (None, _) if graph.output.iter().any(|output| output.name == value) => {
                let layers = way.end()?;
                let input = pictures(input, &layers).filter(|_| way.is_scaled);
                return Ok(Read { layers, input });
            }
            (None, _) => break,
            (Some(node), None) => {
                way.pass(node, value)?;
                value = node.output.first().map_or("", String::as_str);
            }
            (Some(node), Some(_)) => {
                return Err(fault(node, format!("is one of several that take {value:?}")));
            }
        }
    }
    Err(broken(&"no way leads from its input to its output"))
}

/// Pictures of bytes, if the input of the graph is of their shape.
fn pictures(input: &ValueInfo, layers: &[LayerParameters]) -> Option<Input> {
    let kind = input.kind.as_ref()?.tensor_type.as_ref()?;
    let sizes: Vec<usize> = kind
        .shape
        .as_ref()?
        .dim
        .iter()
        .skip(1)
        .map(|dimension| dimension.dim_value.and_then(|size| usize::try_from(size).ok()))
        .collect::<Option<_>>()?;
    let (rows, columns) = match sizes[..] {
        [rows, columns] | [rows, columns, 1] | [1, rows, columns] => (rows, columns),
        _ => return None,
    };
    let fits = rows.checked_mul(columns) == Some(layers.first()?.inputs);
    (kind.elem_type == UINT8 && fits).then_some(Input::Pictures { rows, columns })
}

/// Where on its way a walk is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// In front of the first layer.
    Input,
    /// Behind a product without a bias.
    Product,
    /// Behind sums.
    Sums,
    /// Behind a layer's activation.
    Activation,
    /// Behind the softmax.
    End,
}

/// A walk through a graph.
struct Way<'g> {
    constants: Constants<'g>,
    layers: Vec<LayerParameters>,
    state: State,
    /// True if the input is divided by 255.
    is_scaled: bool,
}

impl Way<'_> {
    /// Passes `node`, which takes `value`.
    fn pass(&mut self, node: &Node, value: &str) -> Result<(), Fault> {
        if !["", "ai.onnx"].contains(&node.domain.as_str()) {
            return Err(fault(node, format!("is of the domain {:?}, not ONNX's own", node.domain)));
        }
        let is_first = node.input.first().is_some_and(|name| name == value);
        match (node.op_type.as_str(), self.state) {
            ("Identity" | "Dropout" | "Cast", _) => Ok(()),
            ("Flatten" | "Reshape" | "Squeeze" | "Unsqueeze", State::Input) => Ok(()),
            ("Div" | "Mul", State::Input) => self.scale(node, value),
            ("Gemm", State::Input | State::Product | State::Sums | State::Activation)
                if is_first =>
            {
                self.gemm(node)
            }
            ("MatMul", State::Input | State::Product | State::Sums | State::Activation)
                if is_first =>
            {
                let kernel = self.constants.get(input(node, 1)?)?;
                self.push(node, &kernel, false)
            }
            ("Add", State::Product) => {
                let bias = if is_first { input(node, 1)? } else { input(node, 0)? };
                let bias = self.constants.get(bias)?;
                self.bias(node, &bias)
            }
            ("Relu", State::Product | State::Sums) => {
                self.set(Activation::Relu);
                self.state = State::Activation;
                Ok(())
            }
            ("Softmax" | "LogSoftmax", State::Product | State::Sums) => {
                let axis = number(node, "axis").unwrap_or(-1);
                if ![-1, 1].contains(&axis) {
                    return Err(fault(node, format!("is over axis {axis}, not over the classes")));
                }
                self.set(Activation::Softmax);
                self.state = State::End;
                Ok(())
            }
            _ => Err(fault(
                node,
                "is no part of a chain of dense layers with ReLU, and softmax at the end".into(),
            )),
        }
    }

    /// The layers of a walk that has arrived.
    fn end(&mut self) -> Result<Vec<LayerParameters>, Fault> {
        match self.state {
            State::Input => Err(broken(&"its graph has no dense layer")),
            State::Activation => {
                Err(broken(&"its graph ends in a ReLU, which gives no probabilities"))
            }
            State::Product | State::Sums | State::End => {
                self.set(Activation::Softmax);
                Ok(std::mem::take(&mut self.layers))
            }
        }
    }

    /// The activation of the last layer.
    fn set(&mut self, activation: Activation) {
        if let Some(last) = self.layers.last_mut() {
            last.activation = activation;
        }
    }

    /// A division by 255, or the product that stands for it.
    fn scale(&mut self, node: &Node, value: &str) -> Result<(), Fault> {
        let mut others = node.input.iter().filter(|name| *name != value);
        let is_first = node.input.first().is_some_and(|name| name == value);
        let (Some(other), None) = (others.next(), others.next()) else {
            return Err(fault(node, "has not one constant".into()));
        };
        let factor = self.constants.get(other)?.numbers(false)?;
        let is_scale = match node.op_type.as_str() {
            "Div" => is_first && factor == [255.0],
            _ => factor == [1.0 / 255.0],
        };
        if !is_scale || self.is_scaled {
            let why = "scales the input; there is a division by 255 and no other";
            return Err(fault(node, why.into()));
        }
        self.is_scaled = true;
        Ok(())
    }

    fn gemm(&mut self, node: &Node) -> Result<(), Fault> {
        let factor = |name| {
            let attribute = node.attribute.iter().find(|attribute| attribute.name == name);
            attribute.and_then(|attribute| attribute.f).unwrap_or(1.0)
        };
        if factor("alpha") != 1.0
            || factor("beta") != 1.0
            || number(node, "transA").unwrap_or(0) != 0
        {
            return Err(fault(node, "has factors, or turns its input".into()));
        }
        let kernel = self.constants.get(input(node, 1)?)?;
        self.push(node, &kernel, number(node, "transB").unwrap_or(0) != 0)?;
        match node.input.get(2).filter(|name| !name.is_empty()) {
            None => Ok(()),
            Some(name) => {
                let bias = self.constants.get(name)?;
                self.bias(node, &bias)
            }
        }
    }

    /// A layer without a bias, and so far without an activation.
    fn push(&mut self, node: &Node, kernel: &Found<'_>, transposed: bool) -> Result<(), Fault> {
        let [inputs, units] = match (transposed, &kernel.shape[..]) {
            (false, &[rows, columns]) => [rows, columns],
            (true, &[rows, columns]) => [columns, rows],
            (_, shape) => {
                return Err(fault(node, format!("has weights of shape {shape:?}")));
            }
        };
        let weights = kernel.numbers(transposed)?;
        let (activation, bias) = (Activation::Linear, vec![0.0; units]);
        self.layers.push(LayerParameters { inputs, units, activation, weights, bias });
        self.state = State::Product;
        Ok(())
    }

    fn bias(&mut self, node: &Node, bias: &Found<'_>) -> Result<(), Fault> {
        let Some(layer) = self.layers.last_mut() else {
            return Err(fault(node, "has no product in front".into()));
        };
        match bias.shape[..] {
            [units] | [1, units] if units == layer.units => {
                layer.bias = bias.numbers(false)?;
                self.state = State::Sums;
                Ok(())
            }
            _ => {
                let (shape, units) = (&bias.shape, layer.units);
                Err(fault(node, format!("adds a bias of shape {shape:?} to {units} units")))
            }
        }
    }
}

/// The name of a node's input.
fn input(node: &Node, index: usize) -> Result<&str, Fault> {
    let name = node.input.get(index).map(String::as_str);
    name.ok_or_else(|| fault(node, "lacks an input".into()))
}

/// A whole number among a node's attributes.
fn number(node: &Node, name: &str) -> Option<i64> {
    node.attribute.iter().find(|attribute| attribute.name == name)?.i
}

fn fault(node: &Node, why: String) -> Fault {
    Fault::Node { node: node.name.clone(), operator: node.op_type.clone(), why }
}
