//! The class that a network reads in an image.

/// The class with the greatest probability; the first of equals.
pub fn most_probable(probabilities: &[f32]) -> usize {
    let classes = 0..probabilities.len();
    classes.rev().max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equals_wins() {
        assert_eq!(most_probable(&[0.1, 0.4, 0.1, 0.4]), 1);
        assert_eq!(most_probable(&[0.7, 0.2, 0.1]), 0);
        assert_eq!(most_probable(&[0.1, 0.2, 0.7]), 2);
    }
}
