//! The notes that a file holds beside a network.

use std::fs;

use model::{Activation, Network, Notes};

fn notes(entries: &[(&str, &str)]) -> Notes {
    entries.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

#[test]
fn notes_come_back_and_take_nothing_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network");
    let network = Network::glorot_uniform(&[4, 20, 3], Activation::Relu, 5).unwrap();
    let written = notes(&[("classes", r#"["a \"quoted\" name","ü","7"]"#), ("z", ""), ("a", "1")]);
    network.save_with_notes(&path, &written).unwrap();
    assert_eq!(Network::load_with_notes(&path).unwrap(), (network.clone(), written.clone()));
    assert_eq!(Network::load(&path).unwrap(), network);
    let first = fs::read(&path).unwrap();
    for _ in 0..5 {
        network.save_with_notes(&path, &written).unwrap();
        assert_eq!(fs::read(&path).unwrap(), first, "equal networks are equal files");
    }
    network.save(&path).unwrap();
    assert_eq!(Network::load_with_notes(&path).unwrap(), (network, Notes::new()));
    // The header begins as it did before there were notes.
    let file = fs::read(&path).unwrap();
    let header = br#"{"__metadata__":{"network":"4,20:relu,3:softmax"},"layers.0.bias":{"dtype":"F32","shape":[20],"#;
    assert!(file[8..].starts_with(header), "{}", String::from_utf8_lossy(&file[8..200]));
}
