//! MNIST itself, where it is at hand.

use std::{
    env,
    path::{Path, PathBuf},
};

use dataset::Mnist;

/// The folder with MNIST: `MNIST_DIR`, or `shared/mnist` beside the workspace.
pub(crate) fn mnist_folder() -> Option<PathBuf> {
    if let Some(named) = env::var_os("MNIST_DIR") {
        return Some(named.into());
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/mnist");
    beside.is_dir().then_some(beside)
}

#[test]
fn mnist_is_what_it_is_known_to_be() {
    let Some(folder) = mnist_folder() else {
        eprintln!(
            "NOT RUN: mnist_is_what_it_is_known_to_be, because MNIST_DIR is not set and there is no ../shared/mnist"
        );
        return;
    };
    let Mnist { train, test, classes } = Mnist::load(&folder).unwrap();
    assert_eq!(classes, 10);
    assert_eq!((train.len(), test.len()), (60_000, 10_000));
    for examples in [&train, &test] {
        assert_eq!((examples.image_rows(), examples.image_columns()), (28, 28));
        assert_eq!(examples.rows().len(), examples.len());
        assert_eq!(examples.rows().columns(), 784);
        assert_eq!(examples.targets().len(), examples.len());
    }
    assert_eq!(train.labels()[..5], [5, 0, 4, 1, 9]);
    assert_eq!(test.labels()[..5], [7, 2, 1, 0, 4]);

    let mut counts = [0; 10];
    for &label in train.labels() {
        counts[usize::from(label)] += 1;
    }
    assert_eq!(counts, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);

    let zeros: usize =
        (0..train.len()).map(|i| train.image(i).iter().filter(|&&pixel| pixel == 0).count()).sum();
    assert_eq!((zeros as f64 / 47_040_000.0 * 1000.0).round(), 809.0, "{zeros} zeros");
}
