//! Rows of every kind become the same batch.

use kernels::dense::{self, Activation, Batch, Parameters, Selection};
use kernels::{Csr, MatrixRef, Panels, Rows};

/// The numbers of a batch, as a layer without effect shows them.
fn numbers(rows: &Rows<'_>, selection: &Selection<'_>, lists_below: f64) -> Vec<f32> {
    let columns = rows.columns();
    let mut batch = Batch::listing_below(lists_below, columns);
    batch.gather(rows, None, selection);
    assert_eq!(batch.is_listed(), lists_below > 0.0);
    let identity: Vec<f32> =
        (0..columns * columns).map(|at| f32::from(u8::from(at % (columns + 1) == 0))).collect();
    let layer = Parameters {
        weights: Panels::from_matrix(MatrixRef::new(&identity, columns, columns)),
        bias: Panels::zeros(1, columns),
    };
    let mut out = Panels::zeros(selection.len(), columns);
    dense::forward(batch.input(), &layer, Activation::Linear, &mut out);
    out.to_row_major()
}

/// All 256 of them, on lists and in panels, wherever in a vector each lies.
#[test]
fn a_byte_is_a_255th_rounded_once() {
    for columns in [1, 7, 16, 23, 256, 289] {
        let bytes: Vec<u8> = (0..256 * columns).map(|at| (at % 257 % 256) as u8).collect();
        for lists_below in [1.0, -1.0] {
            let selection = Selection::Range(0..256);
            let found = numbers(&Rows::bytes(&bytes, columns), &selection, lists_below);
            for (found, byte) in found.iter().zip(&bytes) {
                assert_eq!(*found, f32::from(*byte) / 255.0, "{byte} of {columns} columns");
            }
        }
    }
}

/// Numbers with strides, next to each other, and sparse: of whatever width, in whatever order.
#[test]
fn floats_of_any_layout_and_sparse_rows_are_the_same() {
    for columns in [1, 2, 15, 16, 17, 40, 272, 273, 560] {
        let rows = 37;
        let value = |i: usize, j: usize| match (i * 7 + j * 3) % 5 {
            0 => (i + 1) as f32 / (j + 1) as f32,
            1 if j.is_multiple_of(2) => -0.0,
            2 if i == 30 => f32::MIN_POSITIVE / 2.0,
            _ => 0.0,
        };
        let mut plain = vec![0.0; rows * columns];
        let mut by_columns = vec![f32::NAN; rows * columns];
        for i in 0..rows {
            for j in 0..columns {
                plain[i * columns + j] = value(i, j);
                by_columns[j * rows + i] = value(i, j);
            }
        }
        let starts: Vec<usize> = (0..=rows).map(|i| i * columns).collect();
        let indices: Vec<u32> = (0..rows * columns).map(|at| (at % columns) as u32).collect();
        let csr = Csr::new(starts, indices, &plain[..], columns).unwrap();
        let kinds = [
            Rows::floats(MatrixRef::new(&plain, rows, columns)),
            Rows::floats(MatrixRef::with_strides(&by_columns, rows, columns, 1, rows)),
            Rows::sparse(&csr),
        ];
        let order: Vec<u32> = (0..rows as u32).rev().chain([5, 5]).collect();
        for rows in &kinds {
            for lists_below in [1.0, -1.0] {
                let selection = Selection::Indices(&order);
                let found = numbers(rows, &selection, lists_below);
                for (row, i) in found.chunks(columns).zip(&order) {
                    for (j, found) in row.iter().enumerate() {
                        assert_eq!(*found, value(*i as usize, j), "({i}, {j}) of {columns}");
                    }
                }
            }
        }
    }
}
