//! Batches and panels: how the numbers come in.

use kernels::dense::{self, Activation, Batch, Parameters, Selection};
use kernels::{MatrixRef, Panels, Rows, Targets};

use crate::examples::{Matrix, poisoned};

/// Padding is zero however the numbers come in, and after the rows change.
#[test]
fn panels_pad_with_zeros() {
    let values = vec![1.0; 7 * 40 * 2];
    let strides = [(40, 1), (1, 7), (80, 2)];
    for (row_stride, column_stride) in strides {
        for columns in [1, 10, 16, 17, 40] {
            let matrix = MatrixRef::with_strides(&values, 7, columns, row_stride, column_stride);
            let mut panels = poisoned(7, columns);
            panels.copy_from(matrix);
            let identical = Panels::from_matrix(matrix);
            assert!(panels == identical, "what was there before does not matter");
            let last = panels.panel(panels.panels() - 1);
            let used = columns - (panels.panels() - 1) * 16;
            for line in last {
                assert_eq!(line.0[..used], vec![1.0; used]);
                assert_eq!(line.0[used..], vec![0.0; 16 - used], "{columns} columns");
            }
        }
    }
    let mut panels = poisoned(3, 20);
    panels.set_rows(9);
    assert_eq!(panels, Panels::zeros(9, 20));
}

#[test]
fn a_batch_lists_or_fills_by_its_density() {
    let bytes: Vec<u8> =
        (0..40 * 21).map(|i| if i % 5 == 0 { (i % 251) as u8 + 1 } else { 0 }).collect();
    let rows = Rows::bytes(&bytes, 21);
    let order = [3, 39, 0, 7];
    let mut out = [poisoned(4, 21), poisoned(4, 21)];
    // The identity as a layer shows what the batch holds.
    let identity: Vec<f32> = (0..21 * 21).map(|i| f32::from(u8::from(i % 22 == 0))).collect();
    let layer = Parameters {
        weights: Panels::from_matrix(MatrixRef::new(&identity, 21, 21)),
        bias: Panels::zeros(1, 21),
    };
    for (threshold, sparse) in [(0.25, true), (0.15, false)] {
        let mut batch = Batch::listing_below(threshold, 21);
        batch.gather(&rows, None, &Selection::Indices(&order));
        assert_eq!(batch.is_listed(), sparse, "a fifth of the bytes, threshold {threshold}");
        let out = &mut out[usize::from(sparse)];
        dense::forward(batch.input(), &layer, Activation::Linear, out);
        for (i, row) in order.iter().enumerate() {
            for j in 0..21 {
                let byte = bytes[*row as usize * 21 + j];
                assert_eq!(out.get(i, j), f32::from(byte) / 255.0, "({i}, {j})");
            }
        }
    }
}

/// Wherever in its word of eight a lit pixel is, alone or not: the last one, too.
#[test]
fn every_lit_byte_is_listed() {
    for columns in [8, 16, 21, 264, 272, 784] {
        let layer = Parameters {
            weights: Matrix {
                rows: columns,
                columns: 1,
                values: (0..columns).map(|j| (j + 1) as f32).collect(),
            }
            .panels(),
            bias: Panels::zeros(1, 1),
        };
        let mut batch = Batch::listing_below(1.0, columns);
        // Row j has one lit pixel, j.
        let bytes: Vec<u8> =
            (0..columns * columns).map(|i| u8::from(i % (columns + 1) == 0) * 255).collect();
        let rows = Rows::bytes(&bytes, columns);
        batch.gather(&rows, None, &Selection::Range(0..columns));
        assert!(batch.is_listed());
        let mut out = poisoned(columns, 1);
        dense::forward(batch.input(), &layer, Activation::Linear, &mut out);
        for j in 0..columns {
            assert_eq!(out.get(j, 0), (j + 1) as f32, "pixel {j} of {columns}");
        }
    }
}

/// Whichever rows a batch takes, in whichever order: each brings its own target.
#[test]
fn targets_come_with_their_rows() {
    let bytes: Vec<u8> = (0..30 * 7).map(|i| (i * 11 % 256) as u8).collect();
    let labels: Vec<u8> = (0..30).map(|i| i * 7 % 10).collect();
    let soft: Vec<f32> = (0..30 * 4).map(|i| i as f32).collect();
    let (rows, soft) = (Rows::bytes(&bytes, 7), MatrixRef::new(&soft, 30, 4));
    let mut batch = Batch::new(7);
    for selection in
        [Selection::Indices(&[29, 0, 3, 3]), Selection::Range(20..25), Selection::Indices(&[])]
    {
        let indices: Vec<usize> = match &selection {
            Selection::Range(range) => range.clone().collect(),
            Selection::Indices(indices) => indices.iter().map(|i| *i as usize).collect(),
        };
        batch.gather(&rows, Some(&Targets::Distributions(soft)), &selection);
        let Targets::Distributions(gathered) = batch.targets() else { panic!("distributions") };
        assert_eq!((gathered.rows(), gathered.columns()), (indices.len(), 4));
        for (i, index) in indices.iter().enumerate() {
            assert!((0..4).all(|j| gathered.get(i, j) == soft.get(*index, j)), "row {i}");
        }
        batch.gather(&rows, Some(&Targets::Classes(&labels)), &selection);
        let Targets::WideClasses(gathered) = batch.targets() else { panic!("classes") };
        assert_eq!(gathered, indices.iter().map(|i| u16::from(labels[*i])).collect::<Vec<u16>>());
        batch.gather(&rows, None, &selection);
        assert!(batch.targets().is_empty() && batch.rows() == indices.len());
    }
}
