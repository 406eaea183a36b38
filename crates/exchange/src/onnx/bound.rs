//! Bounds on what an ONNX file takes in memory.
//!
//! A node without contents takes two bytes in a file and a hundred times as many in memory. So the parts are counted before the
//! messages are made. And nodes may share their weights, of which each layer of a network has a copy. So the copies are counted
//! before they are made.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};

use prost::DecodeError;
use prost::bytes::Buf;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use super::broken;
use crate::Fault;

/// Graphs of dense layers have a few hundred parts.
const MOST_PARTS: usize = 100_000;
/// Layers that have weights of their own take no more bytes than there are. A few layers may share theirs.
const MOST_TIMES: u64 = 16;
/// Copies that nobody minds, however small the file: 16 MiB.
const FEW_BYTES: u64 = 16 << 20;

/// The numbers that a graph's nodes take, beside the bytes that are there.
#[derive(Debug)]
pub(super) struct Copies {
    /// Bytes of the file and of the files beside it.
    there: u64,
    /// The files beside it that are counted.
    beside: HashSet<OsString>,
    /// Bytes of the copies.
    taken: u64,
}

impl Copies {
    /// None so far, of a file of so many bytes.
    pub(super) fn of(file_bytes: usize) -> Self {
        Self { there: file_bytes as u64, beside: HashSet::new(), taken: 0 }
    }

    /// Counts a file beside, once.
    pub(super) fn add_file(&mut self, file: &OsStr, bytes: u64) {
        if self.beside.insert(file.to_owned()) {
            self.there = self.there.saturating_add(bytes);
        }
    }

    /// Counts a copy of so many numbers of the constant `name`; refuses it if the copies take many times what is there.
    pub(super) fn take(&mut self, name: &str, numbers: usize) -> Result<(), Fault> {
        self.taken = self.taken.saturating_add(4 * numbers as u64);
        if self.taken > self.there.saturating_mul(MOST_TIMES).max(FEW_BYTES) {
            return Err(broken(&format!(
                "its nodes share numbers, as {name:?}, so often that the layers take more than {MOST_TIMES} times its bytes; \
                 export it with weights of its own for each layer"
            )));
        }
        Ok(())
    }
}

/// A kind of message, by the parts of it that `messages` reads.
#[derive(Clone, Copy)]
enum Kind {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    ValueInfo,
    Type,
    TensorType,
    Shape,
    /// Its parts have no parts.
    Flat,
}

impl Kind {
    /// The kind of the message that its field `tag` is; `None` if that is text or numbers, or passed over.
    fn part(self, tag: u32) -> Option<Self> {
        match (self, tag) {
            (Self::Model, 7) => Some(Self::Graph),
            (Self::Graph, 1) => Some(Self::Node),
            (Self::Graph, 5) | (Self::Attribute, 5) => Some(Self::Tensor),
            (Self::Graph, 11 | 12) => Some(Self::ValueInfo),
            (Self::Node, 5) => Some(Self::Attribute),
            (Self::ValueInfo, 2) => Some(Self::Type),
            (Self::Type, 1) => Some(Self::TensorType),
            (Self::TensorType, 2) => Some(Self::Shape),
            (Self::Model, 8 | 14) | (Self::Tensor, 13) | (Self::Shape, 1) => Some(Self::Flat),
            _ => None,
        }
    }
}

/// Refuses a file of more messages and texts than a chain of dense layers has.
pub(super) fn check(file: &[u8]) -> Result<(), Fault> {
    let mut parts = 0;
    // What is left of the messages to be looked at.
    let mut messages = vec![(Kind::Model, file)];
    while let Some((kind, rest)) = messages.last_mut() {
        if rest.is_empty() {
            messages.pop();
            continue;
        }
        let kind = *kind;
        // What cannot be read is for the decoder to tell.
        let Ok((tag, Some(contents))) = next(rest) else { continue };
        parts += 1;
        if parts > MOST_PARTS {
            return Err(broken(&format!(
                "it has more than {MOST_PARTS} parts; a chain of dense layers has a few hundred"
            )));
        }
        if let Some(part) = kind.part(tag) {
            messages.push((part, contents));
        }
    }
    Ok(())
}

/// Takes a field from the front: its tag, and its contents if it has a length. Behind an error, nothing is left.
fn next<'f>(rest: &mut &'f [u8]) -> Result<(u32, Option<&'f [u8]>), DecodeError> {
    let mut field = std::mem::take(rest);
    let (tag, kind) = decode_key(&mut field)?;
    let mut contents = None;
    if kind == WireType::LengthDelimited {
        let length = decode_varint(&mut field)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(field.remaining());
        let (front, behind) = field.split_at(length);
        (contents, field) = (Some(front), behind);
    } else {
        skip_field(kind, tag, &mut field, DecodeContext::default())?;
    }
    *rest = field;
    Ok((tag, contents))
}
