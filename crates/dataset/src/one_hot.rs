//! Labels as distributions.

/// One row of `classes` numbers for each label, row-major `labels.len() × classes`: 1 at the label, 0 elsewhere.
///
/// ```
/// assert_eq!(dataset::one_hot(&[2, 0], 3), [0., 0., 1., 1., 0., 0.]);
/// ```
///
/// # Panics
/// If a label is not below `classes`.
#[track_caller]
pub fn one_hot(labels: &[u8], classes: usize) -> Vec<f32> {
    let mut distributions = vec![0.0; labels.len() * classes];
    for (i, &label) in labels.iter().enumerate() {
        let label = usize::from(label);
        assert!(label < classes, "label {label} at index {i} is outside {classes} classes");
        distributions[i * classes + label] = 1.0;
    }
    distributions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_one_at_the_label() {
        let labels = [7, 255, 0, 7, 128];
        let distributions = one_hot(&labels, 256);
        assert_eq!(distributions.len(), 5 * 256);
        for (row, &label) in distributions.chunks(256).zip(&labels) {
            for (class, &value) in row.iter().enumerate() {
                assert_eq!(value, f32::from(u8::from(class == usize::from(label))));
            }
        }
        assert!(one_hot(&[], 10).is_empty());
    }

    // Without its own check, this label would land in the next row.
    #[test]
    #[should_panic(expected = "label 3 at index 1 is outside 3 classes")]
    fn a_label_outside_the_classes_panics() {
        one_hot(&[0, 3, 1], 3);
    }
}
