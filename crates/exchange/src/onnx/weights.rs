//! The constants of a graph, wherever they are written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path};

use super::bound::Copies;
use super::broken;
use super::messages::{DOUBLE, FLOAT, Graph, Node, Tensor};
use crate::Fault;
use crate::tensor::{self, Kind, byte_count};

/// A constant, and whether its rows are the columns of what is written.
#[derive(Clone, Copy, Debug)]
struct Constant<'g> {
    tensor: &'g Tensor,
    transposed: bool,
}

/// The constants of a graph by the names of their values.
#[derive(Debug)]
pub(super) struct Constants<'g> {
    by_name: HashMap<&'g str, Constant<'g>>,
    folder: &'g Path,
    copies: Copies,
}

/// A matrix or vector as a node sees it.
#[derive(Debug)]
pub(super) struct Found<'g> {
    pub(super) shape: Vec<usize>,
    tensor: tensor::Tensor<'g>,
    transposed: bool,
}

impl Found<'_> {
    /// Its numbers row by row, or column by column.
    pub(super) fn numbers(&self, transposed: bool) -> Result<Vec<f32>, Fault> {
        self.tensor.numbers(self.transposed != transposed)
    }
}

impl<'g> Constants<'g> {
    /// Initializers, and what `Constant`, and `Transpose` and `Identity` of constants, give, in a file of so many bytes.
    pub(super) fn of(graph: &'g Graph, file_bytes: usize, folder: &'g Path) -> Self {
        let constant = |tensor| Constant { tensor, transposed: false };
        let initializers = graph.initializer.iter();
        let mut by_name: HashMap<&str, Constant<'_>> =
            initializers.map(|tensor| (tensor.name.as_str(), constant(tensor))).collect();
        for node in &graph.node {
            let Node { op_type, input, output, attribute, .. } = node;
            let Some(output) = output.first() else { continue };
            let before = input.first().and_then(|name| by_name.get(name.as_str())).copied();
            let found = match (op_type.as_str(), before) {
                ("Constant", _) => {
                    let value = attribute.iter().find(|attribute| attribute.name == "value");
                    value.and_then(|value| value.t.as_ref()).map(constant)
                }
                ("Identity", before) => before,
                ("Transpose", Some(before)) => {
                    let turns = attribute.iter().all(|attribute| attribute.ints == [1, 0]);
                    turns.then_some(Constant { transposed: !before.transposed, ..before })
                }
                _ => None,
            };
            if let Some(found) = found {
                by_name.insert(output, found);
            }
        }
        Self { by_name, folder, copies: Copies::of(file_bytes) }
    }

    /// Whether there is a constant of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The constant of this name, for one copy of its numbers.
    pub(super) fn get(&mut self, name: &str) -> Result<Found<'g>, Fault> {
        let Some(&Constant { tensor, transposed }) = self.by_name.get(name) else {
            return Err(broken(&format!("{name:?} is no constant")));
        };
        let size = |&size: &i64| usize::try_from(size);
        let shape: Vec<usize> = tensor
            .dims
            .iter()
            .map(size)
            .collect::<Result<_, _>>()
            .map_err(|_| broken(&format!("{name} has a size below 0")))?;
        let kind = match tensor.data_type {
            FLOAT => Kind::F32,
            DOUBLE => Kind::F64,
            other => {
                let found = format!("of ONNX's data type {other}");
                return Err(Fault::Type { name: name.into(), found });
            }
        };
        let bytes = self.bytes(name, tensor, &shape, kind)?;
        let tensor = tensor::Tensor::new(name.into(), shape.clone(), kind, bytes)?;
        self.copies.take(name, tensor.len())?;
        let shape = match (transposed, &shape[..]) {
            (true, &[rows, columns]) => vec![columns, rows],
            _ => shape,
        };
        Ok(Found { shape, tensor, transposed })
    }

    /// Its numbers as bytes, from one of the four places where they may be.
    fn bytes(
        &mut self,
        name: &str,
        tensor: &'g Tensor,
        shape: &[usize],
        kind: Kind,
    ) -> Result<Cow<'g, [u8]>, Fault> {
        if tensor.data_location != 0 {
            return self.external(name, tensor, shape, kind).map(Cow::Owned);
        }
        if !tensor.raw_data.is_empty() {
            return Ok(Cow::Borrowed(&tensor.raw_data));
        }
        Ok(Cow::Owned(match kind {
            Kind::F32 { .. } => tensor::to_bytes(&tensor.float_data),
            Kind::F64 { .. } => tensor.double_data.iter().flat_map(|x| x.to_le_bytes()).collect(),
        }))
    }

    /// Its numbers from a file beside, as PyTorch's exporter leaves them. Files elsewhere are not opened.
    fn external(
        &mut self,
        name: &str,
        tensor: &Tensor,
        shape: &[usize],
        kind: Kind,
    ) -> Result<Vec<u8>, Fault> {
        let entry = |key: &str| tensor.external_data.iter().find(|entry| entry.key == key);
        let location = entry("location").map_or("", |entry| entry.value.as_str());
        let mut parts = Path::new(location).components();
        let (Some(Component::Normal(file_name)), None) = (parts.next(), parts.next()) else {
            return Err(broken(&format!("{name} is in {location:?}, which is no file beside it")));
        };
        let number = |key: &str| match entry(key) {
            None => Some(0),
            Some(entry) => entry.value.parse::<u64>().ok(),
        };
        let offset = number("offset").ok_or_else(|| broken(&format!("{name} is nowhere")))?;
        let not_there = || Fault::NotThere { name: name.into(), shape: shape.to_vec() };
        let bytes = byte_count(shape, kind).ok_or_else(not_there)?;
        let failed = |error: std::io::Error| {
            broken(&format!("{name} is in {location}, which cannot be read: {error}"))
        };
        let mut file = File::open(self.folder.join(file_name)).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        if length.checked_sub(offset).is_none_or(|there| there < bytes) {
            return Err(not_there());
        }
        self.copies.add_file(file_name, length);
        let mut numbers = Vec::new();
        let room = usize::try_from(bytes).ok();
        room.and_then(|room| numbers.try_reserve_exact(room).ok())
            .ok_or(Fault::Memory { bytes })?;
        file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        file.take(bytes).read_to_end(&mut numbers).map_err(failed)?;
        Ok(numbers)
    }
}
