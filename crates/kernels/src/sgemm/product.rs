//! A product, and how it is cut.

use super::into_c::IntoC;
use crate::layout::{MatrixMut, MatrixRef};
use crate::parallel::{Side, Split};
use crate::tile::blocking::blocks;

/// `C ← α·A·B + β·C`, or a part of one: some rows or columns of C and what it takes to compute them.
pub(super) struct Product<'a, 'c> {
    pub(super) alpha: f32,
    /// m × k.
    pub(super) a: MatrixRef<'a>,
    /// k × n.
    pub(super) b: MatrixRef<'a>,
    pub(super) beta: f32,
    /// m × n.
    pub(super) c: MatrixMut<'c>,
}

impl<'a> Product<'a, '_> {
    /// Multiply-adds.
    pub(super) fn work(&self) -> usize {
        self.a.rows().saturating_mul(self.a.columns()).saturating_mul(self.b.columns())
    }

    /// `Cᵀ ← α·Bᵀ·Aᵀ + β·Cᵀ`: the same product. Nothing moves.
    pub(super) fn transpose(self) -> Self {
        let Self { alpha, a, b, beta, c } = self;
        Self { alpha, a: b.transpose(), b: a.transpose(), beta, c: c.transpose() }
    }

    /// Cuts the sums into blocks of at most `limit` steps of k, and hands out A and B of each and where their product goes.
    /// β belongs to the first.
    pub(super) fn for_each_block_of_k(
        self,
        limit: usize,
        mut body: impl FnMut(MatrixRef<'a>, MatrixRef<'a>, IntoC<'_>),
    ) {
        let Self { alpha, a, b, beta, mut c } = self;
        let columns = b.columns();
        for (p, steps) in blocks(a.columns(), limit) {
            let beta = if p == 0 { beta } else { 1.0 };
            let into = IntoC { alpha, beta, c: c.reborrow(), i: 0, j: 0, columns };
            body(a.block(0, p, a.rows(), steps), b.block(p, 0, steps, columns), into);
        }
    }
}

impl Split for Product<'_, '_> {
    fn len(&self, side: Side) -> usize {
        match side {
            Side::Rows => self.c.rows(),
            Side::Columns => self.c.columns(),
        }
    }

    fn split_at(self, side: Side, mid: usize) -> (Self, Self) {
        let Self { alpha, a, b, beta, c } = self;
        let ((a, a_2), (b, b_2), (c, c_2)) = match side {
            Side::Rows => (a.split_at_row(mid), (b, b), c.split_at_row(mid)),
            Side::Columns => ((a, a), b.split_at_column(mid), c.split_at_column(mid)),
        };
        (Self { alpha, a, b, beta, c }, Self { alpha, a: a_2, b: b_2, beta, c: c_2 })
    }
}
