//! What is saved comes back to the bit; what is no network is refused with its fault.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use model::{Activation, LayerParameters, ModelError, Network};
use safetensors::tensor::{Dtype, TensorView};

fn network() -> Network {
    let mut layers =
        Network::glorot_uniform(&[5, 20, 4, 3], Activation::Linear, 9).unwrap().parameters();
    for (i, bias) in layers.iter_mut().flat_map(|layer| &mut layer.bias).enumerate() {
        *bias = i as f32 / 7.0;
    }
    layers[1].activation = Activation::Relu;
    Network::from_parameters(&layers).unwrap()
}

#[test]
fn saved_and_loaded_it_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    fs::write(&path, "an old file").unwrap();
    network().save(&path).unwrap();
    assert_eq!(Network::load(&path).unwrap(), network());
    let first = fs::read(&path).unwrap();
    for _ in 0..5 {
        network().save(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), first, "equal networks are equal files");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_failed_save_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let error =
        network().save(&folder.path().join("no such folder/model.safetensors")).unwrap_err();
    assert!(error.to_string().starts_with("cannot write "), "{error}");
    // A folder in the file's place: the rename fails, and the temporary file goes.
    let path = folder.path().join("model.safetensors");
    fs::create_dir(&path).unwrap();
    assert!(network().save(&path).is_err());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

struct Tensor {
    name: &'static str,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

fn f32s(name: &'static str, shape: &[usize], value: f32) -> Tensor {
    let count = shape.iter().product::<usize>();
    let bytes = std::iter::repeat_n(value.to_le_bytes(), count).flatten().collect();
    Tensor { name, dtype: Dtype::F32, shape: shape.to_vec(), bytes }
}

fn valid() -> Vec<Tensor> {
    vec![
        f32s("layers.0.kernel", &[4, 6], 0.5),
        f32s("layers.0.bias", &[6], 0.25),
        f32s("layers.1.kernel", &[6, 2], 0.125),
        f32s("layers.1.bias", &[2], 0.0),
    ]
}

fn load(tensors: &[Tensor], network: Option<&str>) -> Result<Network, ModelError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.safetensors");
    let views = tensors
        .iter()
        .map(|t| (t.name, TensorView::new(t.dtype, t.shape.clone(), &t.bytes).unwrap()));
    let metadata = network.map(|n| HashMap::from([("network".to_owned(), n.to_owned())]));
    fs::write(&path, safetensors::serialize(views, metadata).unwrap()).unwrap();
    load_file(&path)
}

fn load_file(path: &Path) -> Result<Network, ModelError> {
    let result = Network::load(path);
    if let Err(error) = &result {
        let text = error.to_string();
        assert!(text.contains("some.safetensors") && !text.contains('\n'), "{text}");
    }
    result
}

#[track_caller]
fn refused(tensors: &[Tensor], network: Option<&str>, fault: &str) {
    let error = load(tensors, network).expect_err(fault).to_string();
    assert!(error.contains(fault), "{error:?} does not say {fault:?}");
}

#[test]
fn files_of_others_load_as_relu_networks() {
    let network = load(&valid(), None).unwrap();
    assert_eq!(network.sizes(), [4, 6, 2]);
    assert_eq!(network.activations().collect::<Vec<_>>(), [Activation::Relu, Activation::Softmax]);
    let linear = load(&valid(), Some("4,6:linear,2:softmax")).unwrap();
    assert_eq!(linear.activations().collect::<Vec<_>>(), [Activation::Linear, Activation::Softmax]);
    let first: &LayerParameters = &linear.parameters()[0];
    assert_eq!((first.inputs, first.units, first.kernel[23], first.bias[5]), (4, 6, 0.5, 0.25));
}

#[test]
fn what_is_no_network_is_refused() {
    let with = |i: usize, tensor: Tensor| {
        let mut tensors = valid();
        tensors[i] = tensor;
        tensors
    };
    refused(&valid()[..3], None, "3 tensors");
    refused(&[], None, "0 tensors");
    refused(&with(2, f32s("layers.2.kernel", &[6, 2], 0.1)), None, "there is no layers.1.kernel");
    refused(&with(1, f32s("layers.0.bias", &[5], 0.1)), None, "layers.0.bias has shape [5]");
    refused(&with(0, f32s("layers.0.kernel", &[24], 0.1)), None, "2 dimensions");
    refused(&with(2, f32s("layers.1.kernel", &[5, 2], 0.1)), None, "takes 5 numbers");
    refused(&with(3, f32s("layers.1.bias", &[2], f32::NAN)), None, "layers.1.bias[0] is NaN");
    refused(
        &with(0, f32s("layers.0.kernel", &[4, 6], f32::INFINITY)),
        None,
        "layers.0.kernel[0] is inf",
    );
    let half =
        Tensor { name: "layers.0.bias", dtype: Dtype::F16, shape: vec![6], bytes: vec![0; 12] };
    refused(&with(1, half), None, "is F16");
    for description in [
        "4,6:relu",
        "4,6:relu,3:softmax",
        "5,6:relu,2:softmax",
        "4,6:gelu,2:softmax",
        "",
        "4,6:relu,2:softmax,9:relu",
    ] {
        refused(&valid(), Some(description), "the metadata says");
    }
    refused(&valid(), Some("4,6:softmax,2:softmax"), "softmax is for the output layer");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.safetensors");
    assert!(load_file(&path).unwrap_err().to_string().starts_with("cannot read "));
    fs::write(&path, "not a network").unwrap();
    assert!(load_file(&path).unwrap_err().to_string().contains("no safetensors"));
}
