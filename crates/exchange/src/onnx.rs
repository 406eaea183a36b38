//! ONNX: a graph of operators with the weights as its initializers.
//!
//! An exported graph is `Gemm`, `Relu`, …, `Gemm`, `Softmax`; with bytes as input, `Cast` and `Div` by 255 stand in front. Its
//! input is `input`, rows × numbers, and its output `probabilities`, rows × classes; the number of rows is free.

mod bound;
mod graph;
mod messages;
mod weights;
mod write;

use std::path::Path;

use model::Notes;
use prost::Message;
use prost::bytes::Bytes;

use crate::Fault;
use crate::contents::{Contents, Layers};
use crate::error::AGAIN;
use crate::without_network;

pub(crate) use write::write;

/// The layers of an ONNX file's graph, and its metadata. Numbers may be in another file in `folder`.
pub(crate) fn read(bytes: Vec<u8>, folder: Option<&Path>) -> Result<Contents<'static>, Fault> {
    bound::check(&bytes)?;
    let file_bytes = bytes.len();
    let model = messages::Model::decode(Bytes::from(bytes))
        .map_err(|error| broken(&format!("{error}; {AGAIN}")))?;
    let graph = model.graph.ok_or_else(|| broken(&"it has no graph"))?;
    let graph = graph::read(&graph, file_bytes, folder.unwrap_or(Path::new(".")))?;
    let notes = model.metadata_props.into_iter().map(|entry| (entry.key, entry.value));
    let mut notes = without_network(notes.collect::<Notes>());
    if let Some(input) = graph.input {
        notes.insert("input".into(), input.to_string());
    }
    Ok(Contents::Layers(Layers { parameters: graph.layers, notes }))
}

fn broken(why: &dyn std::fmt::Display) -> Fault {
    Fault::Broken { format: "ONNX", why: why.to_string() }
}
