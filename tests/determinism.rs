//! The same seed gives the same file, to the bit, at any number of threads.

use model::{Activation, FitConfig, Network, Rmsprop, Trainer};
use testing::Random;

/// Rows of bytes of which most are zero, and a class that can be learned from them.
fn examples(rows: usize, columns: usize) -> (Vec<u8>, Vec<u8>) {
    let mut random = Random(7);
    let mut pixels = vec![0; rows * columns];
    let mut labels = Vec::new();
    for row in pixels.chunks_mut(columns) {
        let label = random.below(10) as u8;
        for j in 0..columns / 5 {
            row[(usize::from(label) * 37 + j * 3) % columns] = random.byte();
        }
        labels.push(label);
    }
    (pixels, labels)
}

#[test]
fn a_saved_model_has_the_same_bits_at_1_2_and_3_threads() {
    let folder = tempfile::tempdir().unwrap();
    let (pixels, labels) = examples(1000, 784);
    let train = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let network =
                Network::glorot_uniform(&[784, 512, 48, 10], Activation::Relu, seed).unwrap();
            let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
            let config = FitConfig {
                epochs: 2,
                batch_size: 128,
                shuffle: true,
                seed,
                ..FitConfig::default()
            };
            let history = trainer
                .fit(
                    kernels::Rows::bytes(&pixels, 784),
                    kernels::Targets::Classes(&labels),
                    &config,
                )
                .unwrap();
            assert!(history[1].loss < history[0].loss, "it learns");
            let path = folder.path().join(format!("{threads}-{seed}.safetensors"));
            trainer.network().save(&path).unwrap();
            let losses: Vec<u64> = history.iter().map(|epoch| epoch.loss.to_bits()).collect();
            (std::fs::read(path).unwrap(), losses)
        })
    };
    let one = train(1, 5);
    for threads in [1, 2, 3] {
        assert!(train(threads, 5) == one, "{threads} threads");
    }
    assert!(train(1, 6) != one, "another seed is another network");
}

/// Every instruction set with fused multiply-adds has the same lanes and the same order of operations.
#[test]
fn avx2_and_avx512_give_the_same_bits() {
    const ASKED: &str = "KERNELS_ISA";
    if std::env::var_os(ASKED).is_some() {
        // One of the runs below: train, and say what came of it.
        let (pixels, labels) = examples(500, 784);
        let network = Network::glorot_uniform(&[784, 90, 10], Activation::Relu, 1).unwrap();
        let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
        let (rows, targets) =
            (kernels::Rows::bytes(&pixels, 784), kernels::Targets::Classes(&labels));
        let config = FitConfig {
            epochs: 2,
            batch_size: 64,
            shuffle: false,
            seed: 0,
            ..FitConfig::default()
        };
        let history = trainer.fit(rows, targets, &config).unwrap();
        let bits: Vec<u64> = history.iter().map(|epoch| epoch.loss.to_bits()).collect();
        println!("bits {} {bits:x?}", kernels::Isa::active().short_name());
        return;
    }
    let mut seen = Vec::new();
    for isa in kernels::Isa::available().filter(|isa| isa.short_name() != "portable") {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["avx2_and_avx512_give_the_same_bits", "--nocapture"])
            .env(ASKED, isa.short_name())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let said = format!("bits {} ", isa.short_name());
        let bits = text.split(&said).nth(1).and_then(|rest| rest.lines().next());
        seen.push(bits.unwrap_or_else(|| panic!("{} said: {text}", isa.name())).to_owned());
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
}
