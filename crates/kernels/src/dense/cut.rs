//! How an operation of a layer is cut for the threads.
//!
//! By panels of its output where there are enough of them: a task then reads its own panels of the weights, and all of the
//! rows. Else by rows. Either way the parts are operations of the same kind, with views of what they need.

use super::input::Input;
use super::lists::GROUP;
use crate::parallel::{self, Side, Split};
use crate::simd::LANES;

/// Multiply-adds for one column of the output.
pub(super) fn work_of(x: Input<'_>) -> usize {
    match x {
        Input::Panels(panels) | Input::Gathered(panels, _) => panels.rows() * panels.columns(),
        Input::Lists(lists) => lists.len(),
    }
}

/// Runs `operation`, which takes `work` multiply-adds, in parts.
pub(super) fn run_in_parts<O: Split>(operation: O, work: usize, run: &(impl Fn(O) + Sync)) {
    let tasks = parallel::tasks_for(work);
    match parts_of_panels(operation.len(Side::Columns), tasks) {
        Some(parts) => run_panels_in_parts(operation, parts, run),
        None => run_rows_in_parts(operation, tasks, run),
    }
}

/// Runs `operation` in about `tasks` parts of whole groups of sixteen rows.
pub(super) fn run_rows_in_parts<O: Split>(operation: O, tasks: usize, run: &(impl Fn(O) + Sync)) {
    let grain = operation.len(Side::Rows).div_ceil(tasks).next_multiple_of(LANES);
    parallel::run_in_parts(operation, Side::Rows, grain.max(LANES), run);
}

/// Runs `operation` in `parts` parts, near equal, of whole pairs of panels.
fn run_panels_in_parts<O: Split>(operation: O, parts: usize, run: &(impl Fn(O) + Sync)) {
    let panels = operation.len(Side::Columns);
    let mid = (panels * (parts / 2)).div_ceil(parts).next_multiple_of(2);
    if parts == 1 || mid >= panels {
        if panels > 0 {
            run(operation);
        }
        return;
    }
    let (first, second) = operation.split_at(Side::Columns, mid);
    parallel::fork(
        || run_panels_in_parts(first, parts / 2, run),
        || run_panels_in_parts(second, parts - parts / 2, run),
    );
}

/// The parts that `panels` are cut into for about `tasks` tasks: one or two for each thread, on average of a group or more, because
/// single panels take twice the time (`lists`). None where panels are too few for that: then the cut must go through the rows.
///
/// They are few and equal, so that each thread takes the same ones in every step and finds them in its cache. With four for each, or
/// with 3 + 4 of 7 groups, threads took parts from one another: 448 units took longer than 512.
fn parts_of_panels(panels: usize, tasks: usize) -> Option<usize> {
    let threads = rayon::current_num_threads().min(tasks);
    let most = tasks.min(2 * threads).min(panels / GROUP);
    match most / threads {
        0 if tasks > 1 => None,
        each => Some((each * threads).max(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::Range;
    use std::sync::Mutex;

    /// A run of panels.
    struct Run(Range<usize>);

    impl Split for Run {
        fn len(&self, side: Side) -> usize {
            match side {
                Side::Rows => 0,
                Side::Columns => self.0.len(),
            }
        }

        fn split_at(self, _: Side, mid: usize) -> (Self, Self) {
            let mid = self.0.start + mid;
            (Self(self.0.start..mid), Self(mid..self.0.end))
        }
    }

    #[test]
    fn panels_are_cut_into_near_equal_parts_as_many_for_each_thread() {
        for threads in 1..=5 {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                for (panels, tasks) in (0..90).flat_map(|n| (1..=4 * threads).map(move |t| (n, t)))
                {
                    let Some(parts) = parts_of_panels(panels, tasks) else {
                        assert!(tasks > 1 && panels < GROUP * tasks.min(threads));
                        continue;
                    };
                    assert!(parts == 1 || parts % tasks.min(threads) == 0 && parts <= tasks);
                    let runs = Mutex::new(Vec::new());
                    run_panels_in_parts(Run(0..panels), parts, &|run: Run| {
                        runs.lock().unwrap().push(run.0);
                    });
                    let mut runs = runs.into_inner().unwrap();
                    runs.sort_by_key(|run| run.start);
                    assert!(runs.iter().map(Range::len).sum::<usize>() == panels);
                    assert!(runs.windows(2).all(|pair| pair[0].end == pair[1].start));
                    assert_eq!(runs.len(), parts.min(panels), "{panels} panels, {tasks} tasks");
                    for run in &runs {
                        assert!(run.len().abs_diff(panels / parts) <= 3, "{run:?} of {panels}");
                    }
                }
            });
        }
    }
}
