//! `driver evaluate`.

use crate::place::Place;
use crate::text::test_line;

#[test]
fn evaluate_repeats_the_result_of_the_training() {
    let place = Place::new();
    let trained = place.train("out", "--epochs 2");
    let evaluated = place.succeed("evaluate --model out/model.safetensors --data data --threads 1");
    let lines =
        [&trained, &evaluated].map(|text| test_line(text).split(';').next().unwrap().to_owned());
    assert_eq!(lines[0], lines[1]);
    assert!(evaluated.lines().next().unwrap().contains(", 1 thread"), "{evaluated}");
    // Another network gives another result, so the equality above says something.
    let other = place.train("other", "--epochs 1 --seed 1");
    assert_ne!(test_line(&other).split(';').next().unwrap(), lines[0]);
}
