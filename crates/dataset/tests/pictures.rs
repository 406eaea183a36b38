//! Augmented and deskewed examples, as a training sees them.

use dataset::{Augmentation, Augmented, Deskew, Examples, Images, Mnist};
use testing::Random;

fn epoch(augmented: &mut Augmented<'_>, number: usize) -> Vec<u8> {
    augmented.epoch(number).as_bytes().unwrap().to_vec()
}

fn ink(pixels: &[u8]) -> f64 {
    pixels.iter().map(|pixel| f64::from(*pixel)).sum()
}

#[test]
fn the_same_pictures_for_a_seed_at_any_number_of_threads() {
    let digits = Mnist::drawn(1, 700, 1).train;
    let of_threads = [1, 2, 3].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut augmented = Augmented::new(&digits, Augmentation::strong(), 5).unwrap();
            (epoch(&mut augmented, 3), Deskew::examples(&digits).unwrap())
        })
    });
    assert!(of_threads[0] == of_threads[1] && of_threads[0] == of_threads[2]);

    let mut augmented = Augmented::new(&digits, Augmentation::strong(), 5).unwrap();
    assert!(epoch(&mut augmented, 4) != of_threads[0].0, "each epoch has its own");
    for i in [0, 83, 84, 699] {
        assert_eq!(augmented.augment_one(3, i), of_threads[0].0[784 * i..][..784], "picture {i}");
    }
    assert!(epoch(&mut augmented, 3) == of_threads[0].0, "in any order");
    let mut other = Augmented::new(&digits, Augmentation::strong(), 6).unwrap();
    assert!(epoch(&mut other, 3) != of_threads[0].0, "each seed has its own");
}

/// The bytes of an epoch and of deskewed pictures as one number (FNV-1a) on each instruction set: this test runs itself again.
#[test]
fn the_same_pictures_on_each_instruction_set() {
    const EXPECTED: u64 = 0xe913_5846_2a78_3b7c;
    let images = Images::new(Random(8).bytes(200 * 20 * 31), 20, 31).unwrap();
    let examples = Examples::new(images, vec![0; 200]).unwrap();
    let mut bytes = epoch(&mut Augmented::new(&examples, Augmentation::mid(), 11).unwrap(), 12);
    bytes.extend(Deskew::examples(&examples).unwrap().pixels());
    let found = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    assert_eq!(found, EXPECTED, "{found:#x}");
    if std::env::var_os("KERNELS_ISA").is_none() {
        for isa in kernels::Isa::available() {
            let output = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "the_same_pictures_on_each_instruction_set"])
                .env("KERNELS_ISA", isa.short_name())
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && text.contains("1 passed"), "{}: {text}", isa.name());
        }
    }
}

#[test]
fn equal_pictures_are_distorted_differently() {
    let one = Mnist::drawn(2, 1, 1).train;
    let images = Images::new(one.pixels().repeat(300), 28, 28).unwrap();
    let examples = Examples::new(images, vec![0; 300]).unwrap();
    let mut augmented = Augmented::new(&examples, Augmentation::weak(), 0).unwrap();
    let pixels = epoch(&mut augmented, 0);
    let mut pictures: Vec<&[u8]> = pixels.chunks(784).collect();
    pictures.sort_unstable();
    pictures.dedup();
    assert_eq!(pictures.len(), 300);
}

#[test]
fn none_lends_the_examples_themselves() {
    let digits = Mnist::drawn(3, 5, 1).train;
    let mut augmented = Augmented::new(&digits, Augmentation::none(), 1).unwrap();
    assert_eq!(augmented.epoch(0).as_bytes().unwrap().as_ptr(), digits.pixels().as_ptr());
    assert_eq!(augmented.augment_one(2, 4), digits.image(4));
}

#[test]
fn ink_is_kept_on_average() {
    let digits = Mnist::drawn(4, 3000, 1).train;
    let before = ink(digits.pixels());
    for name in Augmentation::NAMES {
        let augmentation = Augmentation::named(name).unwrap();
        let mut augmented = Augmented::new(&digits, augmentation, 1).unwrap();
        let share = ink(&epoch(&mut augmented, 0)) / before;
        assert!((share - 1.0).abs() < 0.03, "{name}: {share}");
    }
    let upright = Deskew::examples(&digits).unwrap();
    let share = ink(upright.pixels()) / before;
    assert!((share - 1.0).abs() < 0.005, "deskewed: {share}");
    assert_eq!(upright.labels(), digits.labels());
}

#[test]
fn pictures_of_any_size_go_through() {
    let mut random = Random(5);
    for _ in 0..40 {
        let [rows, columns] = [1 + random.below(70), 1 + random.below(70)];
        let images = Images::new(random.bytes(3 * rows * columns), rows, columns).unwrap();
        let examples = Examples::new(images, vec![0, 1, 2]).unwrap();
        for name in Augmentation::NAMES {
            let augmentation = Augmentation::named(name).unwrap();
            let mut augmented = Augmented::new(&examples, augmentation, 9).unwrap();
            let rows = augmented.epoch(0);
            assert_eq!((rows.len(), rows.columns()), (3, examples.pixels_per_image()));
        }
        Deskew::examples(&examples).unwrap();
    }
    let none = Examples::new(Images::new(vec![], 4, 4).unwrap(), vec![]).unwrap();
    assert!(Augmented::new(&none, Augmentation::mid(), 1).unwrap().epoch(0).is_empty());
}

/// A digit twice as large is distorted in the same way, twice as far.
#[test]
fn strengths_grow_with_the_picture() {
    let small = Mnist::drawn(6, 40, 1).train;
    let mut pixels = Vec::new();
    for picture in small.pixels().chunks(784) {
        for row in picture.chunks(28) {
            let row: Vec<u8> = row.iter().flat_map(|pixel| [*pixel; 2]).collect();
            pixels.extend(row.repeat(2));
        }
    }
    let large =
        Examples::new(Images::new(pixels, 56, 56).unwrap(), small.labels().to_vec()).unwrap();
    let small = epoch(&mut Augmented::new(&small, Augmentation::strong(), 3).unwrap(), 0);
    let large = epoch(&mut Augmented::new(&large, Augmentation::strong(), 3).unwrap(), 0);
    // The same numbers are drawn; the grid of the field is about the same.
    let mut difference = 0.0;
    for (i, grey) in small.iter().enumerate() {
        let (picture, row, column) = (i / 784, i / 28 % 28, i % 28);
        let at = |dy, dx| f64::from(large[picture * 3136 + (2 * row + dy) * 56 + 2 * column + dx]);
        difference += (f64::from(*grey) - (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4.0).abs();
    }
    let share = difference / ink(&small);
    assert!(share < 0.25, "{share} of the ink is elsewhere");
}

#[test]
fn deskewed_digits_lean_no_more() {
    let digits = Mnist::drawn(7, 500, 1).train;
    let lean = |examples: &Examples| -> f64 {
        let of = |picture: &[u8]| {
            let sum = |f: &dyn Fn(f64, f64) -> f64| {
                let term =
                    |(i, p): (usize, &u8)| f64::from(*p) * f((i % 28) as f64, (i / 28) as f64);
                picture.iter().enumerate().map(term).sum::<f64>()
            };
            let all = sum(&|_, _| 1.0);
            let (x, y) = (sum(&|x, _| x) / all, sum(&|_, y| y) / all);
            (sum(&|a, b| (a - x) * (b - y)) / sum(&|_, b| (b - y) * (b - y))).abs()
        };
        examples.pixels().chunks(784).map(of).sum::<f64>() / examples.len() as f64
    };
    let (before, after) = (lean(&digits), lean(&Deskew::examples(&digits).unwrap()));
    assert!(before > 0.05 && after < 0.01, "{before}, {after}");
}
