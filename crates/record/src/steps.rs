//! Loss and accuracy of every step, in no more numbers than a plot can show.

use model::StepReport;

/// The most points kept: about one for each column of pixels of a plot.
const POINTS: usize = 500;

/// The steps of a training as they come; of many, means over buckets of neighbours.
#[derive(Debug)]
pub struct StepCurve {
    epochs: usize,
    /// In an epoch.
    steps: usize,
    taken: usize,
    buckets: Vec<Bucket>,
}

/// Neighbouring steps; sums over their rows.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    /// The first of them, from 0.
    first: usize,
    steps: usize,
    rows: f64,
    loss: f64,
    accuracy: f64,
    /// Sum over its steps.
    learning_rate: f64,
}

/// The point of a curve that stands for a bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The middle of its steps, in epochs from the start.
    pub epochs: f64,
    /// Mean over its rows.
    pub loss: f64,
    /// Mean over its rows.
    pub accuracy: f64,
    /// Mean over its steps.
    pub learning_rate: f64,
}

impl StepCurve {
    /// For a training of `epochs × steps` steps. Allocates all it will need.
    pub fn new(epochs: usize, steps: usize) -> Self {
        let buckets = Vec::with_capacity(epochs.saturating_mul(steps).min(POINTS));
        Self { epochs, steps, taken: 0, buckets }
    }

    /// Takes the next step.
    pub fn push(&mut self, report: &StepReport) {
        let total = self.epochs as u128 * self.steps as u128;
        // The steps split as evenly as whole numbers can be: step i of n belongs to bucket i·POINTS / n.
        let bucket = self.taken as u128 * total.min(POINTS as u128) / total.max(1);
        if bucket == self.buckets.len() as u128 {
            let first = self.taken;
            self.buckets.push(Bucket { first, ..Bucket::default() });
        }
        self.taken += 1;
        if let Some(last) = self.buckets.last_mut() {
            let rows = report.rows as f64;
            last.steps += 1;
            last.rows += rows;
            last.loss += report.loss * rows;
            last.accuracy += report.accuracy * rows;
            last.learning_rate += report.learning_rate;
        }
    }

    /// How many steps there were, and how many points stand for them.
    pub fn counts(&self) -> (usize, usize) {
        (self.taken, self.buckets.len())
    }

    /// How much of an epoch, counted from 1, was trained: 1, unless it was cut.
    pub fn part_of(&self, epoch: usize) -> f64 {
        let before = (epoch as u128 - 1) * self.steps as u128;
        (self.taken as u128).saturating_sub(before).min(self.steps as u128) as f64
            / self.steps as f64
    }

    /// The curve, from the first step to the last.
    pub fn points(&self) -> impl Iterator<Item = Point> {
        self.buckets.iter().map(|bucket| Point {
            epochs: (bucket.first as f64 + 0.5 * bucket.steps as f64) / self.steps as f64,
            loss: bucket.loss / bucket.rows,
            accuracy: bucket.accuracy / bucket.rows,
            learning_rate: bucket.learning_rate / bucket.steps as f64,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A curve of `epochs × steps` steps of `rows(i)` rows with loss i and accuracy 1/i.
    fn curve(epochs: usize, steps: usize, rows: impl Fn(usize) -> usize) -> StepCurve {
        let mut curve = StepCurve::new(epochs, steps);
        for i in 0..epochs * steps {
            curve.push(&StepReport {
                epoch: i / steps + 1,
                step: i % steps + 1,
                steps,
                rows: rows(i),
                loss: i as f64,
                accuracy: 1.0 / (i + 1) as f64,
                learning_rate: 0.5 * i as f64,
                running_loss: 0.0,
                running_accuracy: 0.0,
            });
        }
        curve
    }

    #[test]
    fn few_steps_are_kept_as_they_are() {
        for (epochs, steps) in [(1, 1), (2, 5), (4, POINTS / 4)] {
            let points: Vec<Point> = curve(epochs, steps, |_| 32).points().collect();
            assert_eq!(points.len(), epochs * steps);
            for (i, point) in points.iter().enumerate() {
                assert_eq!(point.epochs, (i as f64 + 0.5) / steps as f64);
                assert_eq!((point.loss, point.accuracy), (i as f64, 1.0 / (i + 1) as f64));
                assert_eq!(point.learning_rate, 0.5 * i as f64);
            }
        }
    }

    #[test]
    fn many_steps_keep_their_mean_and_their_ends() {
        for (epochs, steps) in [(1, POINTS + 1), (5, 469), (7, 1234)] {
            let (n, rows) = (epochs * steps, |i: usize| 1 + i % 3);
            let curve = curve(epochs, steps, rows);
            let points: Vec<Point> = curve.points().collect();
            assert_eq!(points.len(), POINTS);
            assert_eq!(curve.counts(), (n, POINTS));
            assert_eq!(curve.buckets.capacity(), POINTS, "it has grown");
            let mean = |of: &dyn Fn(usize) -> f64| {
                let sum: f64 = (0..n).map(|i| of(i) * rows(i) as f64).sum();
                sum / (0..n).map(rows).sum::<usize>() as f64
            };
            let kept = |of: &dyn Fn(&Point) -> f64| {
                let weighed = points.iter().zip(&curve.buckets);
                let sum: f64 = weighed.map(|(point, bucket)| of(point) * bucket.rows).sum();
                sum / curve.buckets.iter().map(|bucket| bucket.rows).sum::<f64>()
            };
            assert!((kept(&|p| p.loss) / mean(&|i| i as f64) - 1.0).abs() < 1e-12);
            assert!((kept(&|p| p.accuracy) / mean(&|i| 1.0 / (i + 1) as f64) - 1.0).abs() < 1e-12);
            // No bucket is more than a step longer than another, and none is left out at the ends.
            let lengths: Vec<usize> = curve.buckets.iter().map(|bucket| bucket.steps).collect();
            let (least, most) = (lengths.iter().min().unwrap(), lengths.iter().max().unwrap());
            assert!(most - least <= 1 && lengths.iter().sum::<usize>() == n, "{lengths:?}");
            let (first, last) = (&points[0], &points[POINTS - 1]);
            assert!(first.loss <= *most as f64 && last.loss >= (n - 1 - most) as f64);
            assert!(points.is_sorted_by(|a, b| a.epochs < b.epochs && b.epochs < epochs as f64));
            // A rate that rises evenly does so in the means, whatever the rows of a step.
            for (point, bucket) in points.iter().zip(&curve.buckets) {
                let middle = bucket.first as f64 + 0.5 * (bucket.steps - 1) as f64;
                assert!((point.learning_rate - 0.5 * middle).abs() < 1e-9 * n as f64);
            }
        }
    }

    #[test]
    fn an_epoch_that_was_cut_counts_in_part() {
        let whole = curve(2, 5, |_| 32);
        let mut cut = StepCurve::new(9, 5);
        cut.taken = 7;
        assert_eq!([1, 2].map(|epoch| whole.part_of(epoch)), [1.0, 1.0]);
        assert_eq!([1, 2, 3].map(|epoch| cut.part_of(epoch)), [1.0, 0.4, 0.0]);
    }

    #[test]
    fn any_number_of_steps_can_be_asked_for() {
        let mut curve = StepCurve::new(usize::MAX, usize::MAX);
        let report = StepReport {
            epoch: 1,
            step: 1,
            steps: usize::MAX,
            rows: 1,
            loss: 1.0,
            accuracy: 0.0,
            learning_rate: 0.001,
            running_loss: 1.0,
            running_accuracy: 0.0,
        };
        (0..3).for_each(|_| curve.push(&report));
        assert_eq!(curve.points().map(|point| point.loss).collect::<Vec<_>>(), [1.0]);
    }
}
