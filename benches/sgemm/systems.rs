//! The systems that are compared: our sgemm and the two crates. C libraries are in `blas.rs`.
//!
//! Both crates take raw pointers and strides, hence the `unsafe`.

use crate::problem::{Problem, Shape};
use gemm::Parallelism;
use kernels::{MatrixMut, MatrixRef};
use rayon::prelude::*;

/// Something that multiplies matrices.
pub(crate) trait System: Sync {
    fn name(&self) -> &str;

    /// Called before a series of products, by the thread that will ask for them, in a rayon pool of this size.
    fn use_threads(&self, _threads: usize) {}

    /// `C = A·B` into `c`, `m × n` and row-major, whatever it holds.
    ///
    /// # Panics
    /// If `c` does not have the length `m * n`.
    fn multiply(&self, problem: &Problem, c: &mut [f32], threads: usize);
}

pub(crate) struct Ours;

impl System for Ours {
    fn name(&self) -> &str {
        "ours"
    }

    fn multiply(&self, problem: &Problem, c: &mut [f32], _threads: usize) {
        let c = MatrixMut::new(c, problem.shape.m, problem.shape.n);
        kernels::sgemm(1.0, problem.a(), problem.b(), 0.0, c);
    }
}

/// Where a matrix begins, and its strides.
#[derive(Clone, Copy)]
struct Operand {
    first: *const f32,
    row_stride: isize,
    column_stride: isize,
}

impl Operand {
    fn new(data: &[f32], view: MatrixRef<'_>) -> Self {
        Self {
            first: data.as_ptr(),
            row_stride: view.row_stride() as isize,
            column_stride: view.column_stride() as isize,
        }
    }

    fn skip_rows(self, i: usize) -> Self {
        Self { first: self.first.wrapping_offset(i as isize * self.row_stride), ..self }
    }

    fn skip_columns(self, j: usize) -> Self {
        Self { first: self.first.wrapping_offset(j as isize * self.column_stride), ..self }
    }
}

/// The crate `gemm`, which forks in rayon's pool.
pub(crate) struct Gemm;

impl System for Gemm {
    fn name(&self) -> &str {
        "gemm"
    }

    fn multiply(&self, problem: &Problem, c: &mut [f32], threads: usize) {
        let Shape { m, k, n, .. } = problem.shape;
        let a = Operand::new(&problem.a_data, problem.a());
        let b = Operand::new(&problem.b_data, problem.b());
        let parallelism =
            if threads == 1 { Parallelism::None } else { Parallelism::Rayon(threads) };
        let read_c = false;
        let (c_factor, product_factor) = (0.0, 1.0); // in this order, against BLAS
        assert_eq!(c.len(), m * n);
        // SAFETY: A (m × k) and B (k × n) are views whose strides `MatrixRef` has checked against their data,
        // and C has m × n elements, its rows n apart; it is borrowed mutably, so it is neither A nor B.
        unsafe {
            gemm::gemm(
                m,
                n,
                k,
                c.as_mut_ptr(),
                1,
                n as isize,
                read_c,
                a.first,
                a.column_stride,
                a.row_stride,
                b.first,
                b.column_stride,
                b.row_stride,
                c_factor,
                product_factor,
                false,
                false,
                false,
                parallelism,
            );
        }
    }
}

/// The crate `matrixmultiply`. Its own threads are fixed in number for the life of a process (and its feature for them
/// would reach into `kernels`), so here each thread of rayon's pool has a part of C, cut along its longer side.
pub(crate) struct MatrixMultiply;

/// Lets the threads share C, of which each writes its own part.
struct Shared(*mut f32);

// SAFETY: the pointer is only used for parts of C that do not overlap (see `MatrixMultiply::multiply`).
unsafe impl Sync for Shared {}

impl Shared {
    fn part(&self, offset: usize) -> *mut f32 {
        self.0.wrapping_add(offset)
    }
}

impl System for MatrixMultiply {
    fn name(&self) -> &str {
        "matrixmultiply"
    }

    fn multiply(&self, problem: &Problem, c: &mut [f32], threads: usize) {
        let Shape { m, k, n, .. } = problem.shape;
        assert_eq!(c.len(), m * n);
        let c = Shared(c.as_mut_ptr());
        let side = m.max(n);
        // Whole tiles of its microkernel, which has 8 × 8 or 8 × 16.
        let part = side.div_ceil(threads).next_multiple_of(16);
        (0..side).into_par_iter().step_by(part).for_each(|start| {
            let length = part.min(side - start);
            let a = Operand::new(&problem.a_data, problem.a());
            let b = Operand::new(&problem.b_data, problem.b());
            let (a, b, c, rows, columns) = if m >= n {
                (a.skip_rows(start), b, c.part(start * n), length, n)
            } else {
                (a, b.skip_columns(start), c.part(start), m, length)
            };
            // SAFETY: A (m × k) and B (k × n) are views whose strides `MatrixRef` has checked against their data, and
            // C has m × n elements, its rows n apart. The part lies in them: `start + length` is at most `m` where it
            // counts rows, at most `n` where it counts columns. C is borrowed mutably, and its parts do not overlap.
            unsafe {
                matrixmultiply::sgemm(
                    rows,
                    k,
                    columns,
                    1.0,
                    a.first,
                    a.row_stride,
                    a.column_stride,
                    b.first,
                    b.row_stride,
                    b.column_stride,
                    0.0,
                    c,
                    n as isize,
                    1,
                );
            }
        });
    }
}
