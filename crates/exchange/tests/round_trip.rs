//! A network that leaves and comes back has the same numbers, and so do networks of other systems, as far as Rust can make them.
//! `tests/interop` has the systems themselves.

mod support;

use std::fs;
use std::path::Path;

use exchange::{ExchangeError, Format, Imported, Layout, Options, export, import};
use model::{Activation, Description, Input, Network};
use safetensors::tensor::{Dtype, TensorView};
use support::network;
use testing::Random;

/// Exports of every format, and whether the input is bytes.
const EXPORTS: [(Format, bool); 5] = [
    (Format::Onnx, false),
    (Format::Onnx, true),
    (Format::Npz, false),
    (Format::Keras, false),
    (Format::Pytorch, false),
];

#[test]
fn networks_come_back_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("exported");
    let mut random = Random(14);
    for _ in 0..60 {
        let network = network(&mut random);
        let names = (0..network.classes()).map(|class| format!("class \"{class}\"")).collect();
        let (rows, columns) = (1, network.inputs());
        let description = random.pick(&[
            (None, None),
            (Some(Input::Pictures { rows, columns }), None),
            (Some(Input::Features), Some(1)),
            (Some(Input::Floats), None),
        ]);
        let (input, index_base) = description;
        let description = Description { input, classes: Some(names), index_base };
        for (format, byte_input) in EXPORTS {
            export(&path, format, &network, &description, &Options { byte_input }).unwrap();
            let first = fs::read(&path).unwrap();
            let imported = import(&path, None).unwrap();
            assert_eq!(imported.network, network, "{format}");
            assert_eq!(imported.description, description, "{format}");
            export(&path, format, &network, &description, &Options { byte_input }).unwrap();
            assert!(fs::read(&path).unwrap() == first, "{format}: equal networks are equal files");
        }
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "something was left behind");
}

/// The file that the program itself saves is taken, too.
#[test]
fn the_programs_own_file_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let network = network(&mut Random(3));
    network.save(&path).unwrap();
    assert_eq!(import(&path, None).unwrap().network, network);
}

#[test]
fn a_failed_export_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("exported");
    fs::write(&path, "an old file").unwrap();
    let network = network(&mut Random(1));
    let bytes = Options { byte_input: true };
    for format in [Format::Npz, Format::Keras, Format::Pytorch] {
        let error = export(&path, format, &network, &Description::default(), &bytes).unwrap_err();
        assert!(matches!(error, ExchangeError::ByteInput { .. }), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "an old file");
    }
    let nowhere = folder.path().join("no such folder/exported");
    let error =
        export(&nowhere, Format::Npz, &network, &Description::default(), &Options::default());
    assert!(error.unwrap_err().to_string().starts_with("cannot write "));
}

fn write_safetensors(path: &Path, tensors: &[(String, Vec<usize>, Vec<f32>)]) {
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(.., numbers)| numbers.iter().flat_map(|x| x.to_le_bytes()).collect())
        .collect();
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap())
    });
    fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

/// PyTorch's modules have names of all kinds, and a state_dict has no order.
#[test]
fn a_state_dict_of_any_names_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state_dict.safetensors");
    let mut random = Random(7);
    let network = Network::glorot_uniform(&[5, 7, 7, 4, 3], Activation::Relu, 2).unwrap();
    let layers = network.parameters();
    for names in [
        ["0", "2", "4", "6"],
        ["fc1", "fc2", "fc3", "fc10"],
        ["layers.8", "layers.9", "layers.10", "layers.11"],
        ["encoder", "hidden", "middle", "classifier"],
        ["z", "y", "x", "w"],
    ] {
        let mut tensors = Vec::new();
        for (name, layer) in names.iter().zip(&layers) {
            let (inputs, units) = (layer.inputs, layer.units);
            let transposed =
                (0..units).flat_map(|j| (0..inputs).map(move |i| layer.weights[i * units + j]));
            tensors.push((format!("{name}.weight"), vec![units, inputs], transposed.collect()));
            tensors.push((format!("{name}.bias"), vec![units], layer.bias.clone()));
        }
        for i in (1..tensors.len()).rev() {
            tensors.swap(i, random.below(i + 1));
        }
        write_safetensors(&path, &tensors);
        for layout in [None, Some(Layout::OutIn)] {
            let Imported { network: found, description } = import(&path, layout).unwrap();
            assert!(found == network && description == Description::default(), "{names:?}");
        }
        let error = import(&path, Some(Layout::InOut)).unwrap_err().to_string();
        assert!(error.contains("no chain of layers with --layout in-out"), "{error}");
    }
}

#[test]
fn of_square_matrices_the_layout_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state_dict.safetensors");
    let weights = vec![1.0, 2.0, 3.0, 4.0];
    let bias = vec![5.0, 6.0];
    let write = |matrix: &str, vector: &str| {
        let tensors = [
            (matrix.to_owned(), vec![2, 2], weights.clone()),
            (vector.to_owned(), vec![2], bias.clone()),
        ];
        write_safetensors(&path, &tensors);
    };
    let read =
        |layout| import(&path, layout).map(|found| found.network.parameters()[0].weights.clone());
    let turned = [1.0, 3.0, 2.0, 4.0];
    write("w", "b");
    let error = read(None).unwrap_err().to_string();
    assert!(error.contains("--layout in-out or out-in"), "{error}");
    assert_eq!(read(Some(Layout::InOut)).unwrap(), weights);
    assert_eq!(read(Some(Layout::OutIn)).unwrap(), turned);
    write("0.weight", "0.bias");
    assert_eq!(read(None).unwrap(), turned);
    write("layers.0.kernel", "layers.0.bias");
    assert_eq!(read(None).unwrap(), weights);
}
