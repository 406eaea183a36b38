//! The features that speak for a class.

use dataset::Features;
use model::{Contributions, Network};
use rayon::prelude::*;

/// Rows of a class that are looked at: with more, the mean hardly changes.
pub(crate) const MOST_ROWS: usize = 400;

/// The features that speak most for a class.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Telling {
    pub(crate) class: usize,
    /// The rows of the class that were looked at.
    pub(crate) rows: usize,
    /// Columns, and what they add to the logit of the class less the mean of all logits, on average over these rows. The
    /// greatest first; all are above 0.
    pub(crate) features: Vec<(usize, f64)>,
}

/// For each of `classes` the `count` features that speak most for it in the rows that are labelled with it.
///
/// The rows of a class are summed in their order, whatever the threads: the result is the same to the bit.
pub(crate) fn telling_features(
    network: &Network,
    rows: &Features,
    classes: &[usize],
    count: usize,
) -> Vec<Telling> {
    let mut of_class = vec![Vec::new(); network.classes()];
    for (row, &label) in rows.labels().iter().enumerate() {
        let of_class = &mut of_class[usize::from(label)];
        if of_class.len() < MOST_ROWS {
            of_class.push(row);
        }
    }
    let contributions = Contributions::new(network);
    let telling = |sums: &mut Vec<f64>, class: usize| {
        sums.resize(rows.columns(), 0.0);
        for &row in &of_class[class] {
            let (columns, values) = rows.csr().row(row);
            let shares = contributions.of(columns, values, class, None);
            columns.iter().zip(shares).for_each(|(&j, share)| sums[j as usize] += f64::from(share));
        }
        let mut features = Vec::new();
        for &row in &of_class[class] {
            for &column in rows.csr().row(row).0 {
                // Each once, and zeros are left for the next class.
                let sum = std::mem::take(&mut sums[column as usize]);
                if sum > 0.0 && sum.is_finite() {
                    features.push((column as usize, sum / of_class[class].len() as f64));
                }
            }
        }
        features.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        features.truncate(count);
        Telling { class, rows: of_class[class].len(), features }
    };
    classes.par_iter().map_init(Vec::new, |sums, &class| telling(sums, class)).collect()
}

#[cfg(test)]
mod tests {
    use dataset::{TextLike, text_like};
    use model::{Activation, FitConfig, LayerParameters, Rmsprop, Trainer};

    use super::*;

    #[test]
    fn shares_are_means_over_the_rows_of_a_class() {
        let activation = Activation::Softmax;
        // Column 0 speaks for class 0, the others for class 1, column 2 twice as much.
        let weights = vec![1.0, -1.0, -1.0, 1.0, -2.0, 2.0];
        let layer =
            LayerParameters { inputs: 3, units: 2, activation, weights, bias: vec![0.0; 2] };
        let network = Network::from_parameters(&[layer]).unwrap();
        let csr = kernels::Csr::new(
            vec![0, 2, 4, 5],
            vec![0, 2, 1, 2, 1],
            vec![3.0, 1.0, 4.0, 0.5, 1.0],
            3,
        )
        .unwrap();
        let rows = Features::new(csr, vec![0, 1, 1]);
        let found = telling_features(&network, &rows, &[1, 0], 5);
        let expected = [
            Telling { class: 1, rows: 2, features: vec![(1, 2.5), (2, 0.5)] },
            Telling { class: 0, rows: 1, features: vec![(0, 3.0)] },
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_words_of_a_topic_tell_its_class() {
        let settings = TextLike { rows: 1_500, columns: 3_000, non_zeros: 40, classes: 5, seed: 2 };
        let (train, test, names) = (text_like(&settings), settings.test_set(500), settings.names());
        let network = Network::glorot_uniform(&[3_000, 24, 5], Activation::Relu, 1).unwrap();
        let mut trainer = Trainer::new(network, Rmsprop::keras2()).unwrap();
        let fit = FitConfig { epochs: 8, batch_size: 64, ..FitConfig::default() };
        trainer.fit(train.rows(), train.targets(), &fit).unwrap();
        let network = trainer.into_network();
        let threads = |count| rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
        let all = [0, 1, 2, 3, 4];
        let found = threads(1).install(|| telling_features(&network, &test, &all, 8));
        for telling in &found {
            let topic = format!("topic{}.", telling.class);
            let right = telling.features.iter().filter(|f| names[f.0].starts_with(&topic)).count();
            assert!(right >= 7, "{telling:?}: {right} of its topic");
        }
        assert_eq!(found, threads(3).install(|| telling_features(&network, &test, &all, 8)));
    }
}
