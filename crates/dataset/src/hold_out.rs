//! Rows held out of a training set, to test on where there is no test set.

use crate::{Examples, Images, dice::Dice};

/// One row in five is held out.
const SHARE: usize = 5;

/// Rows and their classes, not checked yet.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Rows {
    /// Where each row starts, and the end.
    pub(crate) starts: Vec<usize>,
    pub(crate) indices: Vec<u32>,
    pub(crate) values: Vec<f32>,
    pub(crate) labels: Vec<u16>,
}

impl Rows {
    /// Leaves out the numbers whose index is not to be `kept`, and says how many these are.
    pub(crate) fn retain(&mut self, kept: impl Fn(u32) -> bool) -> usize {
        let before = self.indices.len();
        if self.indices.iter().all(|&index| kept(index)) {
            return 0;
        }
        let (mut from, mut to) = (0, 0);
        for start in &mut self.starts[1..] {
            for i in from..*start {
                if kept(self.indices[i]) {
                    self.indices[to] = self.indices[i];
                    self.values[to] = self.values[i];
                    to += 1;
                }
            }
            from = *start;
            *start = to;
        }
        self.indices.truncate(to);
        self.values.truncate(to);
        before - to
    }
}

/// Takes a fifth of the rows of each class out of `rows`, rounded to whole rows and chosen by `seed`; `None` if there are so
/// few of every class that it would be no row. Both parts keep their order.
///
/// The rows that stay move together where they are: no second copy of it is made.
pub(crate) fn split(rows: &mut Rows, classes: usize, seed: u64) -> Option<Rows> {
    let is_held_out = choose(rows.labels.iter().copied().map(usize::from), classes, seed)?;
    let mut out = Rows { starts: vec![0], ..Rows::default() };
    let (mut row, mut from, mut to) = (0, 0, 0);
    for (i, &is_held_out) in is_held_out.iter().enumerate() {
        let end = rows.starts[i + 1];
        if is_held_out {
            out.indices.extend_from_slice(&rows.indices[from..end]);
            out.values.extend_from_slice(&rows.values[from..end]);
            out.starts.push(out.indices.len());
            out.labels.push(rows.labels[i]);
        } else {
            rows.indices.copy_within(from..end, to);
            rows.values.copy_within(from..end, to);
            to += end - from;
            rows.labels[row] = rows.labels[i];
            row += 1;
            rows.starts[row] = to;
        }
        from = end;
    }
    rows.starts.truncate(row + 1);
    rows.labels.truncate(row);
    rows.indices.truncate(to);
    rows.values.truncate(to);
    rows.indices.shrink_to_fit();
    rows.values.shrink_to_fit();
    Some(out)
}

/// As [`split`], of pictures: those that stay, and those that are held out.
pub(crate) fn split_pictures(
    all: Examples,
    classes: usize,
    seed: u64,
) -> Option<(Examples, Examples)> {
    let is_held_out = choose(all.labels().iter().copied().map(usize::from), classes, seed)?;
    let (rows, columns, size) = (all.image_rows(), all.image_columns(), all.pixels_per_image());
    let (images, mut labels) = all.into_parts();
    let mut pixels = images.into_pixels();
    let (mut out, mut out_labels) = (Vec::new(), Vec::new());
    let mut to = 0;
    for (i, &is_held_out) in is_held_out.iter().enumerate() {
        if is_held_out {
            out.extend_from_slice(&pixels[i * size..][..size]);
            out_labels.push(labels[i]);
        } else {
            pixels.copy_within(i * size..(i + 1) * size, to * size);
            labels[to] = labels[i];
            to += 1;
        }
    }
    pixels.truncate(to * size);
    labels.truncate(to);
    let part = |pixels, labels| {
        let images = Images::new(pixels, rows, columns).expect("whole pictures");
        Examples::new(images, labels).expect("a label for each")
    };
    Some((part(pixels, labels), part(out, out_labels)))
}

/// Whether each row is held out; `None` if none is. The classes draw from one sequence of random numbers, one after the other.
fn choose(labels: impl Iterator<Item = usize>, classes: usize, seed: u64) -> Option<Vec<bool>> {
    let mut of_class = vec![Vec::new(); classes];
    let mut count = 0;
    for (row, label) in labels.enumerate() {
        of_class[label].push(row);
        count = row + 1;
    }
    let mut dice = Dice::new(seed);
    let mut is_held_out = vec![false; count];
    for mut rows in of_class {
        dice.shuffle(&mut rows);
        let share = (rows.len() + SHARE / 2) / SHARE;
        rows[..share].iter().for_each(|&row| is_held_out[row] = true);
    }
    is_held_out.contains(&true).then_some(is_held_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row i has i % 7 numbers, which are i, and is of class i % 3, but the last one, alone of class 3.
    fn rows(count: usize) -> Rows {
        let mut rows = Rows { starts: vec![0], ..Rows::default() };
        for i in 0..count {
            rows.indices.extend((0..i % 7).map(|j| j as u32));
            rows.values.extend(vec![i as f32; i % 7]);
            rows.starts.push(rows.indices.len());
            rows.labels.push(if i + 1 == count { 3 } else { (i % 3) as u16 });
        }
        rows
    }

    #[test]
    fn a_fifth_of_each_class_leaves_and_nothing_is_lost() {
        let all = rows(101);
        let mut train = rows(101);
        let test = split(&mut train, 4, 9).unwrap();
        let counts = |part: &Rows| {
            [0, 1, 2, 3].map(|class| part.labels.iter().filter(|&&l| l == class).count())
        };
        // Of 34, 33 and 33 rows.
        assert_eq!((counts(&test), counts(&train)), ([7, 7, 7, 0], [27, 26, 26, 1]));
        let listed = |part: &Rows| -> Vec<(Vec<u32>, Vec<f32>, u16)> {
            let row = |i: usize| {
                let range = part.starts[i]..part.starts[i + 1];
                (part.indices[range.clone()].to_vec(), part.values[range].to_vec(), part.labels[i])
            };
            (0..part.labels.len()).map(row).collect()
        };
        let (train, test) = (listed(&train), listed(&test));
        let (mut of_train, mut of_test) = (train.iter().peekable(), test.iter().peekable());
        for row in listed(&all) {
            let taken = of_train.next_if_eq(&&row).or_else(|| of_test.next_if_eq(&&row));
            assert!(taken.is_some(), "{row:?} is in neither, or not in order");
        }
        assert!(of_train.next().is_none() && of_test.next().is_none());
    }

    #[test]
    fn the_seed_chooses() {
        let test = |seed| split(&mut rows(200), 4, seed).unwrap();
        assert_eq!(test(1), test(1));
        assert_ne!(test(1), test(2));
        assert_eq!(split(&mut rows(7), 4, 0), None, "two rows of each class are too few");
        let part = split(&mut rows(10), 4, 0).unwrap();
        assert_eq!(part.labels.len(), 3, "of three rows, one is held out");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let mut part = rows(50);
        let before = part.indices.len();
        let expected = part.indices.iter().filter(|&&index| index == 3).count();
        assert_eq!(part.retain(|index| index != 3), expected);
        assert_eq!((part.indices.len(), part.values.len()), (before - expected, before - expected));
        assert_eq!(part.starts[50], before - expected);
        // Row 6 had six numbers, all of them 6.
        let range = part.starts[6]..part.starts[7];
        assert_eq!(part.indices[range.clone()], [0, 1, 2, 4, 5]);
        assert_eq!(part.values[range], [6.0; 5]);
    }
}
