//! Files that are broken, or made to do harm: each is an error of one line, and none a panic or a grab for memory.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use exchange::{Format, Options, export, import};
use model::{Activation, Description, Network};
use testing::Random;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The error of importing a file of these bytes.
fn error_of(path: &Path, bytes: &[u8]) -> String {
    fs::write(path, bytes).unwrap();
    import(path, None).map(drop).expect_err("a broken file was taken").to_string()
}

/// Each file is refused in one line that has the file's name and these words.
fn check(cases: &[(&str, Vec<u8>)]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken");
    let start = format!("{}: ", path.display());
    for (i, (words, bytes)) in cases.iter().enumerate() {
        let error = error_of(&path, bytes);
        assert!(error.starts_with(&start), "{i}: {error}");
        assert!(error.contains(words) && !error.contains('\n'), "{i}, {words}: {error}");
    }
}

fn exported(path: &Path, format: Format) -> Vec<u8> {
    let network = Network::glorot_uniform(&[4, 5, 3], Activation::Relu, 0).unwrap();
    export(path, format, &network, &Description::default(), &Options::default()).unwrap();
    fs::read(path).unwrap()
}

/// A sound file of the format.
fn sound(format: Format) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    exported(&folder.path().join("sound"), format)
}

fn npy(header: &str, numbers: &[u8]) -> Vec<u8> {
    let length = u16::try_from(header.len()).unwrap();
    [b"\x93NUMPY\x01\0", &length.to_le_bytes()[..], header.as_bytes(), numbers].concat()
}

fn npy_of(shape: &str, numbers: &[u8]) -> Vec<u8> {
    npy(&format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n"), numbers)
}

fn zip_of(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in entries {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A zip whose directory says that its first entry has so many bytes, in the file and unpacked.
fn with_sizes(mut zip: Vec<u8>, stored: u32, unpacked: u32) -> Vec<u8> {
    let entry = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    zip[entry + 20..entry + 24].copy_from_slice(&stored.to_le_bytes());
    zip[entry + 24..entry + 28].copy_from_slice(&unpacked.to_le_bytes());
    zip
}

#[test]
fn broken_npz() {
    let sound = sound(Format::Npz);
    let matrix =
        |shape: &str, numbers: usize| zip_of(&[("w.npy", npy_of(shape, &vec![0; 4 * numbers]))]);
    let nan = f32::NAN.to_le_bytes().repeat(6);
    let mut cases = vec![
        ("npz", sound[..sound.len() - 30].to_vec()),
        ("npz", sound[..40].to_vec()),
        ("npz", with_sizes(sound.clone(), u32::MAX - 1, 4)),
        ("npz", with_sizes(sound, 0, u32::MAX - 1)),
        ("a zip without arrays", zip_of(&[("readme.txt", vec![0; 10])])),
        // Sizes that are not there, up to those that cannot be counted.
        ("larger than what the file has", matrix("(3, 4)", 11)),
        ("more numbers than its shape", matrix("(3, 4)", 13)),
        ("larger than what the file has", matrix("(1000000, 1000000)", 12)),
        ("larger than what the file has", matrix("(4294967296, 4294967296)", 12)),
        ("no list of sizes", matrix("(99999999999999999999, 2)", 12)),
        ("no list of sizes", matrix("(-3, 4)", 12)),
        // No numbers, and yet a size that must not be believed.
        ("has no numbers", matrix("(0, 1152921504606846976)", 0)),
        ("has no numbers", matrix("(1152921504606846976, 0)", 0)),
        // A bomb: a kilobyte's worth of zeros for each byte.
        ("more numbers than its shape", matrix("(3, 4)", 1 << 24)),
        ("is NaN", zip_of(&[("w.kernel.npy", npy_of("(2, 3)", &nan))])),
        ("is cut off", zip_of(&[("w.npy", npy_of("(2, 3)", &nan)[..60].to_vec())])),
        (
            "is too long",
            zip_of(&[("w.npy", [&b"\x93NUMPY\x02\0\xff\xff\xff\xff"[..], &[0; 50]].concat())]),
        ),
        ("shape", zip_of(&[("w.npy", npy("{}\n", &nan))])),
    ];
    // Metadata that are a bomb count as none.
    cases.push(("a zip without arrays", zip_of(&[("metadata.json", vec![b' '; 80 << 20])])));
    check(&cases);
}

fn safetensors(header: &str, numbers: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), numbers].concat()
}

#[test]
fn broken_safetensors() {
    let sound = sound(Format::Pytorch);
    let matrix = |shape: &str, offsets: &str, numbers: &[u8]| {
        let header = r#"{"w.weight":{"dtype":"F32","shape":SHAPE,"data_offsets":OFFSETS}}"#;
        safetensors(&header.replace("SHAPE", shape).replace("OFFSETS", offsets), numbers)
    };
    let mut long = sound.clone();
    long[..8].copy_from_slice(&0xffff_ffff_ffff_u64.to_le_bytes());
    let mut beyond = sound.clone();
    beyond[..8].copy_from_slice(&(sound.len() as u64).to_le_bytes());
    check(&[
        ("safetensors", sound[..sound.len() - 1].to_vec()),
        ("safetensors", sound[..40].to_vec()),
        ("safetensors", long),
        ("safetensors", beyond),
        ("safetensors", safetensors("{nonsense", &[])),
        ("safetensors", matrix("[2,3]", "[0,28]", &[0; 24])),
        ("safetensors", matrix("[2,3]", "[0,4611686018427387904]", &[0; 24])),
        ("safetensors", matrix("[2,3]", "[24,0]", &[0; 24])),
        ("safetensors", matrix("[2,4]", "[0,24]", &[0; 24])),
        ("safetensors", matrix("[4294967296,4294967296]", "[0,24]", &[0; 24])),
        ("has no numbers", matrix("[0,1152921504606846976]", "[0,0]", &[])),
        ("has no numbers", matrix("[1152921504606846976,0]", "[0,0]", &[])),
        ("is NaN", matrix("[2,3]", "[0,24]", &f32::NAN.to_le_bytes().repeat(6))),
    ]);
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A field of Protocol Buffers that has bytes.
fn field(tag: u64, contents: impl AsRef<[u8]>) -> Vec<u8> {
    let contents = contents.as_ref();
    [varint(tag << 3 | 2), varint(contents.len() as u64), contents.to_vec()].concat()
}

/// A field of Protocol Buffers that has a number.
fn number(tag: u64, number: u64) -> Vec<u8> {
    [varint(tag << 3), varint(number)].concat()
}

/// An ONNX file of these nodes and initializers, from `in` to `out`.
fn onnx(graph: &[Vec<u8>]) -> Vec<u8> {
    let ends = [field(11, field(1, "in")), field(12, field(1, "out"))].concat();
    [number(1, 8), field(7, [graph.concat(), ends].concat())].concat()
}

fn node(operator: &str, inputs: &[&str], output: &str) -> Vec<u8> {
    let inputs = inputs.iter().flat_map(|input| field(1, input)).collect();
    field(1, [inputs, field(2, output), field(4, operator)].concat())
}

fn initializer(name: &str, dims: &[u64], numbers: &[f32]) -> Vec<u8> {
    let dims = dims.iter().flat_map(|&size| number(1, size)).collect();
    let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
    field(5, [dims, number(2, 1), field(8, name), field(9, bytes)].concat())
}

/// A chain of so many products with `w`, and `w` itself.
fn tied(layers: usize, w: Vec<u8>) -> Vec<Vec<u8>> {
    let value = |l: usize| match l {
        0 => "in".to_owned(),
        l if l == layers => "out".to_owned(),
        l => format!("between {l}"),
    };
    (0..layers).map(|l| node("MatMul", &[&value(l), "w"], &value(l + 1))).chain([w]).collect()
}

/// An initializer whose numbers are in the file `weights` beside.
fn external(name: &str, dims: &[u64]) -> Vec<u8> {
    let dims = dims.iter().flat_map(|&size| number(1, size)).collect();
    let location = [field(1, "location"), field(2, "weights")].concat();
    field(5, [dims, number(2, 1), field(8, name), field(13, location), number(14, 1)].concat())
}

/// A few layers may share their weights, in the file or beside it; many with large ones are refused before each has a copy.
#[test]
fn shared_weights() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shared");
    let beside = folder.path().join("weights");
    fs::write(&beside, vec![0; 4 * 512 * 512]).unwrap();
    let inside = initializer("w", &[512, 512], &[0.0; 512 * 512]);
    for w in [inside, external("w", &[512, 512])] {
        fs::write(&path, onnx(&tied(8, w.clone()))).unwrap();
        assert_eq!(import(&path, None).unwrap().network.sizes(), [512; 9]);
        let error = error_of(&path, &onnx(&tied(20, w)));
        assert!(error.contains("its nodes share numbers") && !error.contains('\n'), "{error}");
    }
    // Other names for the same bytes of a file beside.
    let name = |l: usize| format!("w{l}");
    let nodes = (0..20).map(|l| {
        let [from, to] = [l, l + 1].map(|l| if l == 20 { "out".into() } else { format!("v{l}") });
        node("MatMul", &[if l == 0 { "in" } else { &from }, &name(l)], &to)
    });
    let all = nodes.chain((0..20).map(|l| external(&name(l), &[512, 512])));
    let error = error_of(&path, &onnx(&all.collect::<Vec<_>>()));
    assert!(error.contains("its nodes share numbers"), "{error}");
    // However many, if they are small.
    fs::write(&path, onnx(&tied(1000, initializer("w", &[2, 2], &[0.0; 4])))).unwrap();
    assert_eq!(import(&path, None).unwrap().network.sizes(), [2; 1001]);
}

#[test]
fn broken_onnx() {
    let sound = sound(Format::Onnx);
    let matmul = |dims: &[u64], numbers: &[f32]| {
        onnx(&[node("MatMul", &["in", "w"], "out"), initializer("w", dims, numbers)])
    };
    let mut nan = [0.5; 6];
    nan[4] = f32::NAN;
    check(&[
        ("ONNX", sound[..sound.len() - 1].to_vec()),
        ("ONNX", sound[..sound.len() / 2].to_vec()),
        ("ONNX", vec![8, 8]),
        ("ONNX", [number(1, 8), varint(7 << 3 | 2), varint(u64::MAX / 2)].concat()),
        ("(Tanh) is no part of a chain", onnx(&[node("Tanh", &["in"], "out")])),
        ("\"w\" is no constant", onnx(&[node("MatMul", &["in", "w"], "out")])),
        ("lacks an input", onnx(&[node("Gemm", &["in"], "out")])),
        ("no way leads", onnx(&[node("Identity", &["in"], "in")])),
        ("has weights of shape [6]", matmul(&[6], &[0.5; 6])),
        ("has weights of shape [1, 2, 3]", matmul(&[1, 2, 3], &[0.5; 6])),
        ("has 24 bytes, which does not fit", matmul(&[2, 4], &[0.5; 6])),
        ("has 24 bytes, which does not fit", matmul(&[1 << 32, 1 << 32], &[0.5; 6])),
        ("has a size below 0", matmul(&[2, u64::MAX], &[0.5; 6])),
        ("has no numbers", matmul(&[0, 1 << 60], &[])),
        ("has no numbers", matmul(&[1 << 60, 0], &[])),
        ("w[4] is NaN", matmul(&[2, 3], &nan)),
        // Layers that do not meet, each of them sound.
        (
            "layer",
            onnx(&[
                node("MatMul", &["in", "w"], "between"),
                node("MatMul", &["between", "w"], "out"),
                initializer("w", &[2, 3], &[0.5; 6]),
            ]),
        ),
        // A megabyte of weights for each of twenty layers.
        (
            "its nodes share numbers",
            onnx(&tied(20, initializer("w", &[512, 512], &[0.0; 512 * 512]))),
        ),
        ("no way leads", onnx(&vec![field(1, ""); 10_000])),
        // Two bytes each, and hundreds in memory.
        ("has more than 100000 parts", onnx(&vec![field(1, ""); 200_000])),
        ("has more than 100000 parts", onnx(&vec![field(5, ""); 200_000])),
        ("has more than 100000 parts", onnx(&[field(1, field(5, "").repeat(200_000))])),
        ("has more than 100000 parts", onnx(&[field(1, field(1, "").repeat(200_000))])),
        (
            "has more than 100000 parts",
            onnx(&[field(1, field(5, field(5, field(13, "").repeat(200_000))))]),
        ),
        ("has more than 100000 parts", [number(1, 8), field(14, "").repeat(200_000)].concat()),
    ]);
}

/// Sound files with bytes changed, cut out or put in at places that nobody picked.
#[test]
fn files_with_random_damage_are_read_without_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged");
    let mut random = Random(41);
    for format in Format::ALL {
        let sound = sound(format);
        let mut refused = 0;
        for _ in 0..300 {
            let mut bytes = sound.clone();
            for _ in 0..1 + random.below(8) {
                let at = random.below(bytes.len());
                match random.below(6) {
                    0 => drop(bytes.drain(at..(at + 1 + random.below(9)).min(bytes.len()))),
                    1 => bytes.insert(at, random.byte()),
                    2 => bytes[at] = random.pick(&[0, 1, 0x7f, 0x80, 0xff]),
                    _ => bytes[at] = random.byte(),
                }
            }
            fs::write(&path, &bytes).unwrap();
            match import(&path, None) {
                // Damage to a weight is another weight.
                Ok(imported) => assert_eq!(imported.network.sizes()[0], imported.network.inputs()),
                Err(error) => {
                    let text = error.to_string();
                    assert!(!text.contains('\n'), "{format}: {text}");
                    refused += 1;
                }
            }
        }
        assert!(
            refused > 30,
            "{format}: {refused} refused, so the damage does not reach the reader"
        );
    }
}
