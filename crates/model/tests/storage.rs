//! A saved network comes back to the bit; a file that is no network is refused with its fault.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use kernels::{Rows, Targets};
use model::{Activation, FitConfig, LayerParameters, ModelError, Network, Rmsprop, Trainer};
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

/// The format's own writer has the same bytes, in whatever order it takes more than ten layers.
#[test]
fn the_file_is_what_the_formats_writer_makes() {
    let sizes = [3, 17, 2, 5, 16, 1, 4, 4, 33, 6, 2, 2, 3];
    let network = Network::glorot_uniform(&sizes, Activation::Relu, 3).unwrap();
    let layers = network.parameters();
    let bytes = |values: &[f32]| values.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = layers
        .iter()
        .enumerate()
        .flat_map(|(l, layer)| {
            let (kernel, bias) = (bytes(&layer.weights), bytes(&layer.bias));
            [
                (format!("layers.{l}.kernel"), vec![layer.inputs, layer.units], kernel),
                (format!("layers.{l}.bias"), vec![layer.units], bias),
            ]
        })
        .collect();
    let views = tensors.iter().map(|(name, shape, bytes)| {
        (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
    });
    let description = "3,17:relu,2:relu,5:relu,16:relu,1:relu,4:relu,4:relu,33:relu,6:relu,2:relu,\
                       2:relu,3:softmax";
    let metadata = HashMap::from([("network".to_owned(), description.to_owned())]);
    let expected = safetensors::serialize(views, Some(metadata)).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    network.save(&path).unwrap();
    assert!(fs::read(&path).unwrap() == expected);
    assert_eq!(Network::load(&path).unwrap(), network);
}

/// A network that was trained into infinity is not saved, and the old file stays.
#[test]
fn what_would_not_load_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    fs::write(&path, "an old file").unwrap();
    let rmsprop = Rmsprop { learning_rate: 3e38, ..Rmsprop::keras2() };
    let mut trainer = Trainer::new(network(), rmsprop).unwrap();
    let (rows, targets) = (Rows::bytes(&[255; 10], 5), Targets::Classes(&[0, 1]));
    let config =
        FitConfig { epochs: 3, batch_size: 2, shuffle: false, seed: 0, ..FitConfig::default() };
    trainer.fit(rows, targets, &config).unwrap();
    let error = trainer.network().save(&path).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("layer ") && text.contains(" is not finite, so "), "{text}");
    let ModelError::NotFinite { path: not_written, .. } = error else { panic!("{error:?}") };
    assert_eq!(not_written, path);
    assert_eq!(fs::read_to_string(&path).unwrap(), "an old file");
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
    let error = load(tensors, network).expect_err(fault);
    assert!(error.to_string().contains(fault), "{error:?} does not say {fault:?}");
    assert!(matches!(error, ModelError::Format { .. }), "{error:?}");
}

#[test]
fn files_of_others_load_as_relu_networks() {
    let network = load(&valid(), None).unwrap();
    assert_eq!(network.sizes(), [4, 6, 2]);
    assert_eq!(network.activations().collect::<Vec<_>>(), [Activation::Relu, Activation::Softmax]);
    let linear = load(&valid(), Some("4,6:linear,2:softmax")).unwrap();
    assert_eq!(linear.activations().collect::<Vec<_>>(), [Activation::Linear, Activation::Softmax]);
    let first: &LayerParameters = &linear.parameters()[0];
    assert_eq!((first.inputs, first.units, first.weights[23], first.bias[5]), (4, 6, 0.5, 0.25));
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
    fs::create_dir(&path).unwrap();
    assert!(load_file(&path).unwrap_err().to_string().starts_with("cannot read "));
}

#[test]
fn a_file_that_is_cut_or_torn_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.safetensors");
    network().save(&path).unwrap();
    let whole = fs::read(&path).unwrap();
    let header = 8 + u64::from_le_bytes(whole[..8].try_into().unwrap()) as usize;
    // A header that is said to be longer than the file, or longer than any.
    let with_length = |length: u64| [&length.to_le_bytes(), &whole[8..]].concat();
    let mut broken_json = whole.clone();
    broken_json[9] = b'!';
    let mut no_text = whole.clone();
    no_text[9] = 0xff;
    for (bytes, fault) in [
        (b"not a network".to_vec(), "header too large"),
        (Vec::new(), "header too small"),
        (whole[..7].to_vec(), "header too small"),
        (whole[..8].to_vec(), "invalid header length"),
        (whole[..header - 1].to_vec(), "invalid header length"),
        (whole[..header].to_vec(), "not fully covered"),
        (whole[..whole.len() - 1].to_vec(), "not fully covered"),
        ([&whole[..], &[0]].concat(), "not fully covered"),
        (with_length(99_999_999), "invalid header length"),
        (with_length(u64::MAX), "header too large"),
        (broken_json, "invalid JSON"),
        (no_text, "invalid UTF-8"),
    ] {
        fs::write(&path, bytes).unwrap();
        let error = load_file(&path).unwrap_err().to_string();
        assert!(error.contains("no safetensors (") && error.contains(fault), "{fault}: {error}");
    }
    fs::write(&path, whole).unwrap();
    assert_eq!(load_file(&path).unwrap(), network());
}

/// Units × inputs, as PyTorch's `Linear` has them.
#[test]
fn transposed_kernels_are_named_as_such() {
    let transposed = [
        f32s("layers.0.kernel", &[6, 4], 0.5),
        f32s("layers.0.bias", &[6], 0.25),
        f32s("layers.1.kernel", &[2, 6], 0.125),
        f32s("layers.1.bias", &[2], 0.0),
    ];
    refused(
        &transposed,
        None,
        "the kernels look transposed (units x inputs, as PyTorch keeps them)",
    );
    refused(&transposed, Some("4,6:relu,2:softmax"), "save them as inputs x units");
    let one_layer = [f32s("layers.0.kernel", &[2, 6], 0.5), f32s("layers.0.bias", &[2], 0.25)];
    refused(&one_layer, None, "look transposed");
    // One kernel alone is some other fault.
    let mut one_of_two = valid();
    one_of_two[0] = f32s("layers.0.kernel", &[6, 4], 0.5);
    refused(&one_of_two, None, "layers.0.bias has shape [6], the kernel [6, 4]");
    // A matrix that fits both ways is taken as it is.
    let square = [f32s("layers.0.kernel", &[3, 3], 0.5), f32s("layers.0.bias", &[3], 0.25)];
    assert_eq!(load(&square, None).unwrap().sizes(), [3, 3]);
}

/// A file that has no length, like `<(zcat model.gz)` in a shell.
#[cfg(unix)]
#[test]
fn a_pipe_is_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let (path, pipe) = (folder.path().join("model.safetensors"), folder.path().join("pipe"));
    network().save(&path).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let loaded = std::thread::scope(|scope| {
        scope.spawn(|| fs::write(&pipe, fs::read(&path).unwrap()).unwrap());
        Network::load(&pipe)
    });
    assert_eq!(loaded.unwrap(), network());
}
