//! Long lists made shorter.

/// At most `most` of the items: every n-th, counted from the last; n and those.
pub(crate) fn thinned<T>(items: &[T], most: usize) -> (usize, Vec<&T>) {
    let every = items.len().div_ceil(most).max(1);
    let mut kept: Vec<&T> = items.iter().rev().step_by(every).collect();
    kept.reverse();
    (every, kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_items_every_nth_is_kept() {
        let kept = |count: usize, most| -> (usize, Vec<usize>) {
            let items: Vec<usize> = (0..count).collect();
            let (every, kept) = thinned(&items, most);
            (every, kept.into_iter().copied().collect())
        };
        assert_eq!(kept(5, 5), (1, vec![0, 1, 2, 3, 4]));
        assert_eq!(kept(6, 5), (2, vec![1, 3, 5]));
        assert_eq!(kept(7, 3), (3, vec![0, 3, 6]));
        assert_eq!(kept(0, 3), (1, vec![]));
    }
}
