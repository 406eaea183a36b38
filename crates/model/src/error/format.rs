use super::LayersError;

/// Why the contents of a file are no network. Layers are counted from 0.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FormatFault {
    /// The file is not in the format safetensors.
    #[error("no safetensors ({source})")]
    NoSafetensors {
        /// The rule of the format that it breaks.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The number of tensors is not two for each of at least one layer.
    #[error("{tensors} tensors, not a kernel and a bias for each layer")]
    TensorCount {
        /// Number of tensors.
        tensors: usize,
    },
    /// There is no tensor of a name that should be there.
    #[error("there is no {name}")]
    NoSuchTensor {
        /// The name.
        name: String,
    },
    /// A tensor is of another type than f32.
    #[error("{name} is {dtype}, not F32")]
    Type {
        /// The name of the tensor.
        name: String,
        /// Its type, as safetensors writes it: `F16`.
        dtype: String,
    },
    /// A tensor has another number of dimensions than it should have.
    #[error("{name} has shape {shape:?}, not {dimensions} dimensions")]
    Dimensions {
        /// The name of the tensor.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
        /// The dimensions that it should have.
        dimensions: usize,
    },
    /// All kernels are units × inputs.
    #[error(
        "the kernels look transposed (units x inputs, as PyTorch keeps them); save them as inputs x units"
    )]
    Transposed,
    /// A layer has not one bias number for each unit.
    #[error("layers.{layer}.bias has shape [{biases}], the kernel [{inputs}, {units}]")]
    BiasShape {
        /// The layer.
        layer: usize,
        /// Numbers in its bias.
        biases: usize,
        /// Rows of its kernel.
        inputs: usize,
        /// Columns of its kernel.
        units: usize,
    },
    /// The metadata describe other layers than the tensors make.
    #[error("the metadata says {description:?}, which is not what the tensors are")]
    Description {
        /// The description in the metadata; `784,512:relu,10:softmax` would be one.
        description: String,
    },
    /// The metadata name the classes, but not as many as there are.
    #[error("the metadata does not name {classes} classes, which the network has")]
    ClassNames {
        /// The number of classes.
        classes: usize,
    },
    /// The metadata describe pictures that have another number of pixels than the network takes.
    #[error(
        "the metadata says pictures of {rows} x {columns} pixels, the network takes {inputs} numbers"
    )]
    Pictures {
        /// Their height.
        rows: usize,
        /// Their width.
        columns: usize,
        /// Numbers that the network takes.
        inputs: usize,
    },
    /// A number is NaN or infinite.
    #[error("{name}[{index}] is {value}")]
    NotFinite {
        /// The name of the tensor.
        name: String,
        /// The index of the number in the tensor, row-major.
        index: usize,
        /// The number.
        value: f32,
    },
    /// The layers that the tensors make are no network.
    #[error(transparent)]
    Layers(#[from] LayersError),
}
