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
    match panels_each(operation.len(Side::Columns), tasks) {
        Some(grain) => parallel::run_in_parts(operation, Side::Columns, grain, run),
        None => run_rows_in_parts(operation, tasks, run),
    }
}

/// Runs `operation` in about `tasks` parts of whole groups of sixteen rows.
pub(super) fn run_rows_in_parts<O: Split>(operation: O, tasks: usize, run: &(impl Fn(O) + Sync)) {
    let grain = operation.len(Side::Rows).div_ceil(tasks).next_multiple_of(LANES);
    parallel::run_in_parts(operation, Side::Rows, grain.max(LANES), run);
}

/// Panels of a part where `panels` are cut into about `tasks` parts, in whole groups: single panels take twice the time
/// (`lists`). None where groups are too few to share out evenly: then the cut must go through the rows.
fn panels_each(panels: usize, tasks: usize) -> Option<usize> {
    let groups = panels.div_ceil(GROUP);
    let enough = tasks.min(2 * rayon::current_num_threads());
    (groups >= enough).then(|| groups.div_ceil(tasks) * GROUP)
}
