//! Networks as safetensors: `layers.N.kernel` (inputs × units, row-major f32), `layers.N.bias`, and in the metadata under
//! `network` the sizes and activations, as in `784,512:relu,10:softmax`.
//!
//! The file is eight bytes that say how long the header is, the header, which is JSON, and the tensors' bytes without gaps.
//! They go from the panels into the file and from the file into the panels: a network takes its own memory to save or
//! load, and no more.
//!
//! The metadata may have notes beside: what the one who trained knows of classes and inputs. Their keys are in order, which the
//! format's own writer does not promise: equal networks should be equal files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use kernels::{LANES, Panels};
use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, Metadata, TensorInfo};
use serde::Serialize;

use crate::layer::{self, Activation, LayerShape};
use crate::{FormatFault, ModelError, Network};

const METADATA_KEY: &str = "network";
/// The format allows no longer header.
const LONGEST_HEADER: u64 = 100_000_000;
/// Bytes that the system is asked for at a time.
const BUFFER: usize = 1 << 18;

/// Texts that a file may hold beside a network, under keys of their own: the names of its classes, say.
pub type Notes = BTreeMap<String, String>;

impl Network {
    /// Writes the network to a file, which is the old one or the new one at any time.
    ///
    /// # Errors
    /// If the file cannot be written, or a parameter is not finite: such a file would not load.
    pub fn save(&self, path: &Path) -> Result<(), ModelError> {
        self.save_with_notes(path, &Notes::new())
    }

    /// As [`save`](Self::save), with notes in the metadata. The key `network` is taken.
    ///
    /// # Errors
    /// As [`save`](Self::save).
    ///
    /// # Panics
    /// If a note has the key that is taken.
    pub fn save_with_notes(&self, path: &Path, notes: &Notes) -> Result<(), ModelError> {
        assert!(!notes.contains_key(METADATA_KEY), "a note named {METADATA_KEY}");
        for (l, layer) in self.layers.iter().enumerate() {
            let finite = |panels: &Panels| {
                let lines = (0..panels.panels()).flat_map(|q| panels.panel(q));
                lines.flat_map(|line| &line.0).all(|x| x.is_finite())
            };
            if !(finite(&layer.weights) && finite(&layer.bias)) {
                return Err(ModelError::NotFinite { layer: l, path: path.to_owned() });
            }
        }
        whole_file::write(path, |file| self.write(file, notes)).map_err(|source| ModelError::Io {
            action: "write",
            path: path.to_owned(),
            source,
        })
    }

    /// Reads a network from a file.
    ///
    /// A file without our metadata is taken as well: its hidden layers are ReLUs.
    ///
    /// # Errors
    /// If the file cannot be read or holds anything else than the tensors of one network, or there is not enough memory.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let (network, _) = Self::load_with_notes(path)?;
        Ok(network)
    }

    /// As [`load`](Self::load), with what the metadata has beside.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_with_notes(path: &Path) -> Result<(Self, Notes), ModelError> {
        load(path).map_err(|fault| match fault {
            Fault::Io(source) => ModelError::Io { action: "read", path: path.to_owned(), source },
            Fault::Format(fault) => ModelError::Format { path: path.to_owned(), fault },
            Fault::Network(ModelError::Memory { bytes, .. }) => ModelError::Memory {
                purpose: format!("the network in {}", path.display()),
                bytes,
                remedy: "free memory or load it on another machine",
            },
            Fault::Network(other) => other,
        })
    }

    /// Writes the bytes of the file.
    fn write(&self, file: &mut dyn Write, notes: &Notes) -> io::Result<()> {
        let mut description = self.inputs().to_string();
        let mut tensors = Vec::new();
        for (l, (layer, activation)) in self.layers.iter().zip(self.activations()).enumerate() {
            description += &format!(",{}:{}", layer.units(), activation.name());
            let kernel_shape = vec![layer.inputs(), layer.units()];
            tensors.push((format!("layers.{l}.kernel"), kernel_shape, &layer.weights));
            tensors.push((format!("layers.{l}.bias"), vec![layer.units()], &layer.bias));
        }
        // The order that the format asks of tensors of one type.
        tensors.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        let mut notes = notes.clone();
        notes.insert(METADATA_KEY.to_owned(), description);
        let shapes = tensors.iter().map(|(name, shape, _)| (name.clone(), shape.clone()));
        write_safetensors_header(file, shapes.collect(), &notes)?;
        for (_, _, panels) in tensors {
            for i in 0..panels.rows() {
                for piece in panels.row(i) {
                    let mut bytes = [[0; 4]; LANES];
                    for (bytes, x) in bytes.iter_mut().zip(piece) {
                        *bytes = x.to_le_bytes();
                    }
                    file.write_all(bytes[..piece.len()].as_flattened())?;
                }
            }
        }
        Ok(())
    }
}

/// Writes all that stands in front of the numbers of a safetensors file with these names and shapes, all of them f32. The numbers
/// have to follow in this order, without gaps; the format asks for the order of the names. Equal arguments give equal bytes, which
/// the format's own writer does not promise.
///
/// # Errors
/// If it cannot be written.
///
/// # Panics
/// If a name is there twice.
pub fn write_safetensors_header(
    out: &mut dyn Write,
    tensors: Vec<(String, Vec<usize>)>,
    notes: &Notes,
) -> io::Result<()> {
    let mut end = 0;
    let infos = tensors.into_iter().map(|(name, shape)| {
        let start = end;
        end += shape.iter().product::<usize>() * size_of::<f32>();
        (name, TensorInfo { dtype: Dtype::F32, shape, data_offsets: (start, end) })
    });
    let tensors = Metadata::new(None, infos.collect()).expect("tensors without gaps");
    let mut header = serde_json::to_string(&Header { metadata: notes, tensors })?;
    // Tensors begin at a multiple of eight.
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    out.write_all(&(header.len() as u64).to_le_bytes())?;
    out.write_all(header.as_bytes())
}

/// The header of a file.
#[derive(Serialize)]
struct Header<'a> {
    #[serde(rename = "__metadata__")]
    metadata: &'a Notes,
    #[serde(flatten)]
    tensors: Metadata,
}

/// Why a file does not become a network.
enum Fault {
    /// It cannot be read.
    Io(io::Error),
    /// It holds something else.
    Format(FormatFault),
    /// Its network cannot be made.
    Network(ModelError),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<FormatFault> for Fault {
    fn from(fault: FormatFault) -> Self {
        Self::Format(fault)
    }
}

fn load(path: &Path) -> Result<(Network, Notes), Fault> {
    let mut file = File::open(path)?;
    let found = file.metadata()?;
    if found.is_file() {
        return read(&mut BufReader::with_capacity(BUFFER, file), found.len());
    }
    // A pipe has no length and no places to go to.
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let length = bytes.len() as u64;
    read(&mut Cursor::new(bytes), length)
}

/// Reads the network from a file of `length` bytes. All that the header says is checked before memory is asked for.
fn read(file: &mut (impl Read + Seek), length: u64) -> Result<(Network, Notes), Fault> {
    let (header, data) = read_header(file, length)?;
    let layers = layers_of(&header)?;
    layer::check(&layers).map_err(FormatFault::Layers)?;
    let mut network = Network::zeros(&layers).map_err(Fault::Network)?;
    for (l, layer) in network.layers.iter_mut().enumerate() {
        for (name, panels) in [
            (format!("layers.{l}.kernel"), &mut layer.weights),
            (format!("layers.{l}.bias"), &mut layer.bias),
        ] {
            let (start, _) = tensor(&header, &name)?.data_offsets;
            file.seek(SeekFrom::Start(data + start as u64))?;
            read_tensor(file, &name, panels)?;
        }
    }
    let mut notes: Notes =
        header.metadata().iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect();
    notes.remove(METADATA_KEY);
    Ok((network, notes))
}

/// The header, and where the data begins.
fn read_header(file: &mut impl Read, length: u64) -> Result<(Metadata, u64), Fault> {
    let fault =
        |error: SafeTensorError| Fault::Format(FormatFault::NoSafetensors { source: error.into() });
    let mut header_length = [0; 8];
    let Some(behind) = length.checked_sub(header_length.len() as u64) else {
        return Err(fault(SafeTensorError::HeaderTooSmall));
    };
    file.read_exact(&mut header_length)?;
    let header_length = u64::from_le_bytes(header_length);
    if header_length > LONGEST_HEADER {
        return Err(fault(SafeTensorError::HeaderTooLarge));
    }
    let Some(data_length) = behind.checked_sub(header_length) else {
        return Err(fault(SafeTensorError::InvalidHeaderLength));
    };
    let mut header = vec![0; header_length as usize];
    file.read_exact(&mut header)?;
    let header =
        std::str::from_utf8(&header).map_err(|e| fault(SafeTensorError::InvalidHeader(e)))?;
    let header: Metadata = serde_json::from_str(header)
        .map_err(|e| fault(SafeTensorError::InvalidHeaderDeserialization(e)))?;
    if header.data_len() as u64 != data_length {
        return Err(fault(SafeTensorError::MetadataIncompleteBuffer));
    }
    Ok((header, length - data_length))
}

/// The layers that the tensors make, with the activations that the metadata names.
fn layers_of(header: &Metadata) -> Result<Vec<LayerShape>, FormatFault> {
    let tensors = header.offset_keys().len();
    let count = tensors / 2;
    if count == 0 || !tensors.is_multiple_of(2) {
        return Err(FormatFault::TensorCount { tensors });
    }
    let mut shapes = Vec::new();
    for l in 0..count {
        let [inputs, units] = shape(header, &format!("layers.{l}.kernel"))?;
        let [biases] = shape(header, &format!("layers.{l}.bias"))?;
        shapes.push([inputs, units, biases]);
    }
    if look_transposed(&shapes) {
        return Err(FormatFault::Transposed);
    }
    let mut layers = Vec::new();
    for (l, &[inputs, units, biases]) in shapes.iter().enumerate() {
        if biases != units {
            return Err(FormatFault::BiasShape { layer: l, biases, inputs, units });
        }
        let activation = if l + 1 == count { Activation::Softmax } else { Activation::Relu };
        layers.push(LayerShape { inputs, units, activation });
    }
    if let Some(description) = header.metadata().as_ref().and_then(|m| m.get(METADATA_KEY)) {
        let activations = parse(description, &layers)
            .ok_or_else(|| FormatFault::Description { description: description.clone() })?;
        for (layer, activation) in layers.iter_mut().zip(activations) {
            layer.activation = activation;
        }
    }
    Ok(layers)
}

fn tensor<'a>(header: &'a Metadata, name: &str) -> Result<&'a TensorInfo, FormatFault> {
    header.info(name).ok_or_else(|| FormatFault::NoSuchTensor { name: name.to_owned() })
}

/// The shape of a tensor of f32 that should have `N` dimensions.
fn shape<const N: usize>(header: &Metadata, name: &str) -> Result<[usize; N], FormatFault> {
    let &TensorInfo { dtype, ref shape, .. } = tensor(header, name)?;
    let name = || name.to_owned();
    if dtype != Dtype::F32 {
        return Err(FormatFault::Type { name: name(), dtype: format!("{dtype:?}") });
    }
    let fault = |_| FormatFault::Dimensions { name: name(), shape: shape.clone(), dimensions: N };
    shape.as_slice().try_into().map_err(fault)
}

/// True if layers of these inputs, units and biases make no network as they are but would make one with inputs and units exchanged.
fn look_transposed(shapes: &[[usize; 3]]) -> bool {
    let chain = |inputs: usize, units: usize| {
        shapes.iter().all(|shape| shape[2] == shape[units])
            && shapes.windows(2).all(|pair| pair[0][units] == pair[1][inputs])
    };
    !chain(0, 1) && chain(1, 0)
}

/// The activations in `784,512:relu,10:softmax`; `None` if it is not of this form or not of these sizes.
fn parse(description: &str, layers: &[LayerShape]) -> Option<Vec<Activation>> {
    let mut parts = description.split(',');
    let inputs: usize = parts.next()?.parse().ok()?;
    let activations: Vec<Activation> = parts
        .zip(layers)
        .map(|(part, layer)| {
            let (units, activation) = part.split_once(':')?;
            (units.parse() == Ok(layer.units)).then_some(())?;
            Activation::from_name(activation)
        })
        .collect::<Option<_>>()?;
    let complete =
        description.split(',').count() == layers.len() + 1 && inputs == layers.first()?.inputs;
    complete.then_some(activations)
}

/// Reads as many numbers as the panels have, row-major, and only finite ones.
fn read_tensor(file: &mut impl Read, name: &str, panels: &mut Panels) -> Result<(), Fault> {
    let columns = panels.columns();
    for i in 0..panels.rows() {
        for (q, piece) in panels.row_mut(i).enumerate() {
            let mut bytes = [[0; 4]; LANES];
            let bytes = &mut bytes[..piece.len()];
            file.read_exact(bytes.as_flattened_mut())?;
            for (j, (x, bytes)) in piece.iter_mut().zip(bytes).enumerate() {
                *x = f32::from_le_bytes(*bytes);
                if !x.is_finite() {
                    let index = i * columns + q * LANES + j;
                    let (name, value) = (name.to_owned(), *x);
                    return Err(FormatFault::NotFinite { name, index, value }.into());
                }
            }
        }
    }
    Ok(())
}
