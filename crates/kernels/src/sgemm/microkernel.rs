//! The innermost loops: a tile of up to `M` rows and sixteen columns of a product, held in registers.
//!
//! The contract. B is a panel: one [`Line`] for each step of k. C is what the registers hold: `M` vectors of
//! sixteen. A comes in panels in either of two roles, so that neither A nor its transpose is ever rearranged
//! beyond a copy:
//!
//! ```text
//! rows:     A is m × k in panels of 16 steps of k      columns:  A is k × m in panels of 16 columns
//!
//!           panel 0 (k 0..16)  panel 1 (k 16..32)                a panel (columns 0..16)
//!      i  → a a a a a a a a …  a a a a a a a a …          k=0 →  a a a a a a … a
//!      i+1→ a a a a a a a a …  a a a a a a a a …          k=1 →  a a a a a a … a
//!      …    │                                             …          └─┬─┘
//!           step k takes one column of the tile                    step k takes M neighbours of one line
//! ```
//!
//! Every element of C is one chain of FMAs in the order of k, whatever `M` is: how rows are cut into
//! tiles and tiles into tasks cannot change a bit.

#![expect(clippy::needless_range_loop, reason = "the indices become registers")]

use crate::panels::PanelsRef;
use crate::simd::{LANES, Line, Simd};

/// `acc[r] += Σ_p A(i + r, p) · b[p]`, A in panels along k; `first` is the panel where `b` begins.
#[inline(always)]
pub(crate) fn rows<S: Simd, const M: usize>(
    simd: S,
    acc: &mut [S::Vector; M],
    a: PanelsRef<'_>,
    i: usize,
    first: usize,
    b: &[Line],
) {
    let tile = |q: usize| -> &[Line; M] {
        a.panel(first + q)[i..].first_chunk().expect("the tile lies inside A")
    };
    let (blocks, rest) = b.as_chunks::<LANES>();
    for (q, block) in blocks.iter().enumerate() {
        let a = tile(q);
        for p in 0..LANES {
            let b = simd.load(&block[p].0);
            for r in 0..M {
                acc[r] = simd.mul_add(simd.splat(a[r].0[p]), b, acc[r]);
            }
        }
    }
    if !rest.is_empty() {
        let a = tile(blocks.len());
        for (p, b) in rest.iter().enumerate().take(LANES) {
            let b = simd.load(&b.0);
            for r in 0..M {
                acc[r] = simd.mul_add(simd.splat(a[r].0[p]), b, acc[r]);
            }
        }
    }
}

/// `acc[r] += Σ_p a[p][from + r] · b[p]`: A's transpose, one panel of it.
///
/// # Panics
/// If `from + M` is more than sixteen.
#[inline(always)]
pub(crate) fn columns<'a, S: Simd, const M: usize>(
    simd: S,
    acc: &mut [S::Vector; M],
    a: &[Line],
    from: usize,
    b: impl Iterator<Item = &'a [f32; LANES]>,
) {
    for (a, b) in a.iter().zip(b) {
        let a: &[f32; M] = a.0[from..].first_chunk().expect("the tile lies inside the panel");
        let b = simd.load(b);
        for r in 0..M {
            acc[r] = simd.mul_add(simd.splat(a[r]), b, acc[r]);
        }
    }
}

/// What a tile starts from and what is done with it when it is finished.
pub(crate) trait Tile<S: Simd> {
    /// What the sums of the tile whose first row is row `i` start from: 0, or what earlier steps of k came to.
    #[inline(always)]
    fn start<const M: usize>(&mut self, simd: S, _i: usize) -> [S::Vector; M] {
        [simd.splat(0.0); M]
    }

    /// Takes the tile whose first row is row `i`.
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: [S::Vector; M]);
}

/// Calls `$one::<S, M>($arguments)` with `M = $rows`. The guards are constants: an instruction set is compiled only for
/// the tiles that it uses.
macro_rules! with_tile_rows {
    ($rows:expr, $one:ident::<$s:ident>($($argument:expr),*)) => {
        with_tile_rows!(@ $rows, $s, $one($($argument),*), 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
    };
    (@ $rows:expr, $s:ident, $one:ident $arguments:tt, $($m:literal)*) => {
        match $rows {
            $($m if <$s as Simd>::TILE_ROWS >= $m => with_tile_rows!(@call $one, $s, $m, $arguments),)*
            rows => unreachable!("a tile of {rows} rows"),
        }
    };
    (@call $one:ident, $s:ident, $m:literal, ($($argument:expr),*)) => {
        $one::<$s, $m>($($argument),*)
    };
}
pub(crate) use with_tile_rows;

/// All tiles of rows `from..to` of `A · b`, A in the role of rows.
#[inline(always)]
pub(crate) fn all_rows<S: Simd>(
    simd: S,
    a: PanelsRef<'_>,
    (from, to): (usize, usize),
    first: usize,
    b: &[Line],
    sink: &mut impl Tile<S>,
) {
    #[inline(always)]
    fn one<S: Simd, const M: usize>(
        simd: S,
        a: PanelsRef<'_>,
        i: usize,
        first: usize,
        b: &[Line],
        sink: &mut impl Tile<S>,
    ) {
        let mut acc = sink.start(simd, i);
        rows::<S, M>(simd, &mut acc, a, i, first, b);
        sink.take(simd, i, acc);
    }
    let mut i = from;
    while i < to {
        let tile_rows = S::tile_rows(to - i);
        with_tile_rows!(tile_rows, one::<S>(simd, a, i, first, b, sink));
        i += tile_rows;
    }
}

/// The first `count` (at most sixteen) rows of `aᵀ · b`, A in the role of columns, handed out as rows from `i` on.
#[inline(always)]
pub(crate) fn all_columns<'b, S: Simd>(
    simd: S,
    a: &[Line],
    (i, count): (usize, usize),
    b: impl Iterator<Item = &'b [f32; LANES]> + Clone,
    sink: &mut impl Tile<S>,
) {
    #[inline(always)]
    fn one<'b, S: Simd, const M: usize>(
        simd: S,
        a: &[Line],
        (i, from): (usize, usize),
        b: impl Iterator<Item = &'b [f32; LANES]>,
        sink: &mut impl Tile<S>,
    ) {
        let mut acc = sink.start(simd, i + from);
        columns::<S, M>(simd, &mut acc, a, from, b);
        sink.take(simd, i + from, acc);
    }
    let mut from = 0;
    while from < count {
        let tile_rows = S::tile_rows(count - from);
        with_tile_rows!(tile_rows, one::<S>(simd, a, (i, from), b.clone(), sink));
        from += tile_rows;
    }
}

/// The sixteen numbers of each line.
#[inline(always)]
pub(crate) fn lines(lines: &[Line]) -> impl Iterator<Item = &[f32; LANES]> + Clone {
    lines.iter().map(|line| &line.0)
}
