//! tract, another system that runs ONNX, gives the probabilities that the network gives.

mod support;

use exchange::{Format, Options, export};
use model::{Description, MatrixRef, Rows};
use support::network;
use testing::Random;
use tract_onnx::prelude::{
    Framework, InferenceModelExt, IntoRunnable, IntoTValue, Tensor, TractResult, tvec,
};

const NETWORKS: usize = 12;
/// Probabilities are at most 1, and sums of some forty products differ by their rounding.
const TOLERANCE: f32 = 1e-5;

/// Both forms of the input, and batches of every size from the same file: its number of rows is free.
#[test]
fn tract_predicts_what_the_network_predicts() -> TractResult<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("network.onnx");
    let mut random = Random(23);
    for i in 0..NETWORKS {
        let network = network(&mut random);
        let (inputs, classes) = (network.inputs(), network.classes());
        let byte_input = i % 2 == 1;
        let options = Options { byte_input };
        export(&path, Format::Onnx, &network, &Description::default(), &options)?;
        let runnable =
            tract_onnx::onnx().model_for_path(&path)?.into_optimized()?.into_runnable()?;
        for rows in [1, 3, 128, 1 + random.below(200)] {
            let bytes = random.bytes(rows * inputs);
            let numbers: Vec<f32> = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
            let shape = [rows, inputs];
            let (input, x) = if byte_input {
                let x = Rows::bytes(&bytes, inputs);
                (Tensor::from_shape(&shape, &bytes)?, x)
            } else {
                let x = Rows::floats(MatrixRef::new(&numbers, rows, inputs));
                (Tensor::from_shape(&shape, &numbers)?, x)
            };
            let outputs = runnable.run(tvec!(input.into_tvalue()))?;
            assert_eq!(outputs[0].shape(), [rows, classes]);
            let found = outputs[0].to_plain_array_view::<f32>()?;
            let expected = network.predict(x)?;
            for (j, (found, expected)) in found.iter().zip(&expected).enumerate() {
                let difference = (found - expected).abs();
                let sizes = network.sizes();
                assert!(
                    difference <= TOLERANCE,
                    "{sizes:?}, bytes: {byte_input}, {rows} rows, {j}: {found}, not {expected}"
                );
            }
        }
    }
    Ok(())
}
