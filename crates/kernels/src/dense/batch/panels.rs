//! The rows of a batch in panels, every number of them, and which columns have one that is not 0.

use super::super::examples::{Examples, unit};
use crate::layout::{Panels, PanelsMut, RowStorage};
use crate::parallel::{self, Side, Split};
use crate::simd::{Isa, Kernel, LANES, Line, Simd};

/// Takes `examples` into `panels`, which have as many rows and columns, and notes in `touched`, one for each column, whether it
/// has a number that is not 0.
pub(super) fn gather(examples: Examples<'_>, panels: &mut Panels, touched: &mut [bool]) {
    // A number is copied in about the time of twenty-five multiply-adds.
    let tasks = parallel::tasks_for(25 * panels.rows() * panels.columns());
    let grain = panels.panels().div_ceil(tasks);
    let gather = GatherPanels { examples, first: 0, panels: panels.view_mut(), touched };
    parallel::run_in_parts(gather, Side::Columns, grain, &|part: GatherPanels<'_, '_>| {
        Isa::active().run(part);
    });
}

/// Some panels of a batch.
struct GatherPanels<'a, 'b> {
    examples: Examples<'a>,
    /// The first column.
    first: usize,
    panels: PanelsMut<'b>,
    touched: &'b mut [bool],
}

impl Split for GatherPanels<'_, '_> {
    fn len(&self, _: Side) -> usize {
        self.panels.panels()
    }

    fn split_at(self, _: Side, mid: usize) -> (Self, Self) {
        let Self { examples, first, panels, touched } = self;
        let columns = mid * LANES;
        let (panels, panels_2) = panels.split_at_panel(mid);
        let (touched, touched_2) = touched.split_at_mut(columns.min(touched.len()));
        (
            Self { examples, first, panels, touched },
            Self { examples, first: first + columns, panels: panels_2, touched: touched_2 },
        )
    }
}

impl Kernel for GatherPanels<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { examples, first, mut panels, touched } = self;
        for q in 0..panels.panels() {
            let first = first + q * LANES;
            let panel = panels.panel(q);
            let width = LANES.min(touched.len() - q * LANES);
            let non_zeros = gather_panel(simd, examples, first, width, panel);
            for (j, touched) in touched[q * LANES..][..width].iter_mut().enumerate() {
                *touched = non_zeros >> j & 1 == 1;
            }
        }
    }
}

/// Columns `first..first + width` of all rows; gives a bit for each column: whether it has a number that is not 0.
#[inline(always)]
fn gather_panel<S: Simd>(
    simd: S,
    examples: Examples<'_>,
    first: usize,
    width: usize,
    panel: &mut [Line],
) -> u32 {
    let selection = examples.selection;
    let mut non_zeros = 0;
    match &examples.rows.storage {
        RowStorage::Bytes { values, columns } => {
            for (i, line) in panel.iter_mut().enumerate() {
                let bytes = &values[selection.index(i) * columns + first..][..width];
                let numbers = match bytes.first_chunk() {
                    Some(bytes) => unit(simd, bytes),
                    None => {
                        let mut part = [0; LANES];
                        part[..width].copy_from_slice(bytes);
                        unit(simd, &part)
                    }
                };
                non_zeros |= simd.non_zeros(numbers);
                simd.store(numbers, &mut line.0);
            }
        }
        RowStorage::Floats(matrix) => {
            for (i, line) in panel.iter_mut().enumerate() {
                let row = selection.index(i);
                if let Some(numbers) = matrix.row(row) {
                    simd.store(simd.load_part(&numbers[first..first + width]), &mut line.0);
                } else {
                    for (lane, j) in line.0.iter_mut().zip(first..first + width) {
                        *lane = matrix.get(row, j);
                    }
                }
                non_zeros |= simd.non_zeros(simd.load(&line.0));
            }
        }
        RowStorage::Sparse(csr) => {
            for (i, line) in panel.iter_mut().enumerate() {
                *line = Line::ZERO;
                let (indices, values) = csr.row(selection.index(i));
                let from = indices.partition_point(|index| (*index as usize) < first);
                for (index, value) in indices[from..].iter().zip(&values[from..]) {
                    let j = *index as usize - first;
                    if j >= width {
                        break;
                    }
                    line.0[j] = *value;
                    non_zeros |= 1 << j;
                }
            }
        }
    }
    non_zeros
}
