//! The innermost loops: a tile of up to `M` rows and `P` panels of a product, held in registers.
//!
//! The contract. B is `P` panels of one length: a [`Line`] each for each step of k. C is what the registers hold: `M × P`
//! vectors of sixteen. A comes in panels in either of two roles, so that neither A nor its transpose is ever rearranged
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
//! Every element of C is one chain of FMAs in the order of k, whatever `M` and `P` are: how rows are cut into
//! tiles and tiles into tasks cannot change a bit.

#![expect(clippy::needless_range_loop, reason = "the indices become registers")]

use crate::layout::PanelsRef;
use crate::simd::{LANES, Line, Simd, prefetch, prefetch_ahead};

/// The sums of a tile.
pub(crate) type Sums<V, const M: usize, const P: usize> = [[V; P]; M];

/// One step of k: `acc[r][t] += a(r) · b[t]`.
#[inline(always)]
pub(crate) fn step<S: Simd, const M: usize, const P: usize>(
    simd: S,
    acc: &mut Sums<S::Vector, M, P>,
    a: impl Fn(usize) -> f32,
    b: [&[f32; LANES]; P],
) {
    let mut lines = [simd.splat(0.0); P];
    for t in 0..P {
        lines[t] = simd.load(b[t]);
    }
    for r in 0..M {
        let a = simd.splat(a(r));
        for t in 0..P {
            acc[r][t] = simd.mul_add(a, lines[t], acc[r][t]);
        }
    }
}

/// `acc[r][t] += Σ_p A(r, p) · b(p)[t]`, A in panels along k: `a(q)` are its rows of the steps of k from 16·q on. `ask(q, s)` comes before
/// step 16·q + s.
#[inline(always)]
pub(crate) fn rows<'a, 'b, S: Simd, const M: usize, const P: usize>(
    simd: S,
    acc: &mut Sums<S::Vector, M, P>,
    mut a: impl FnMut(usize) -> &'a [Line],
    steps: usize,
    b: impl Fn(usize) -> [&'b [f32; LANES]; P],
    ask: impl Fn(usize, usize),
) {
    for (q, from) in (0..steps).step_by(LANES).enumerate() {
        let a: &[Line; M] = a(q).first_chunk().expect("the tile lies inside A");
        for p in from..steps.min(from + LANES) {
            ask(q, p - from);
            step(simd, acc, |r| a[r].0[p - from], b(p));
        }
    }
}

/// `acc[r][t] += Σ_p a[p][from + r] · b[p][t]`: A's transpose, one panel of it. `ask(q)` comes before step 16·q.
#[inline(always)]
fn columns<'a, S: Simd, const M: usize, const P: usize>(
    simd: S,
    acc: &mut Sums<S::Vector, M, P>,
    a: &[Line],
    from: usize,
    mut b: impl Iterator<Item = [&'a [f32; LANES]; P]>,
    mut ask: impl FnMut(usize),
) {
    for (q, a) in a.chunks(LANES).enumerate() {
        ask(q);
        for (a, b) in a.iter().zip(b.by_ref()) {
            let a: &[f32; M] = a.0[from..].first_chunk().expect("the tile lies inside the panel");
            step(simd, acc, |r| a[r], b);
        }
    }
}

// Arrays are filled by loops here: what `array::map` is handed would be compiled on its own, a call for each.

/// The place where finished tiles go. It also says what their sums start from.
pub(crate) trait Sink<S: Simd, const P: usize> {
    /// The sums that the tile whose first row is row `i` starts from: 0, or those of earlier steps of k.
    #[inline(always)]
    fn start<const M: usize>(&mut self, simd: S, _i: usize) -> Sums<S::Vector, M, P> {
        [[simd.splat(0.0); P]; M]
    }

    /// The sums have come to step 16·q: time to ask for memory that [`Sink::take`] will need.
    #[inline(always)]
    fn ask<const M: usize>(&mut self, _i: usize, _q: usize) {}

    /// Takes the finished sums of the tile whose first row is row `i`.
    fn take<const M: usize>(&mut self, simd: S, i: usize, acc: Sums<S::Vector, M, P>);
}

/// Evaluates `$body` with the constant `$m` equal to `$rows`. The guards are constants: an instruction set is compiled
/// only for the tiles that it uses.
macro_rules! with_tile_rows {
    ($s:ident, $rows:expr, $m:ident => $body:expr) => {
        with_tile_rows!(@ $s, $rows, $m, $body, 1 2 3 4 5 6 7 8 9 10 11 12)
    };
    (@ $s:ident, $rows:expr, $m:ident, $body:expr, $($n:literal)*) => {
        match $rows {
            $($n if <$s as Simd>::TILE_ROWS >= $n => {
                const $m: usize = $n;
                $body
            })*
            rows => unreachable!("a tile of {rows} rows"),
        }
    };
}
pub(crate) use with_tile_rows;

/// The lines of A for a tile lie a panel apart, farther than any prefetcher follows: those of a block of sixteen steps are asked for so
/// many blocks before. Products of 256 × 2048 × 2048 took 0.80 to 0.89 of the time (2026-11-25, Intel Xeon with AVX-512).
const BLOCKS_AHEAD: usize = 2;

/// All tiles of `A · b`, A in the role of rows; `first` is the panel of A where `b` begins.
#[inline(always)]
pub(crate) fn all_rows<S: Simd, const P: usize>(
    simd: S,
    a: PanelsRef<'_>,
    first: usize,
    b: [&[Line]; P],
    sink: &mut impl Sink<S, P>,
) {
    let steps = b[0].len();
    let blocks = steps.div_ceil(LANES);
    let mut i = 0;
    while i < a.rows() {
        let tile_rows = S::tile_rows(a.rows() - i);
        with_tile_rows!(S, tile_rows, M => {
            let mut acc = sink.start::<M>(simd, i);
            let ask = |q: usize, s: usize| {
                if s < M && q + BLOCKS_AHEAD < blocks {
                    prefetch(&a.panel(first + q + BLOCKS_AHEAD)[i + s..][..1]);
                }
            };
            rows::<S, M, P>(simd, &mut acc, |q| &a.panel(first + q)[i..], steps, line(b), ask);
            sink.take(simd, i, acc);
        });
        i += tile_rows;
    }
}

/// One tile of `aᵀ · b`, A in the role of columns: its rows from row `from` of the panel on, handed out as rows from `i` on.
#[inline(always)]
pub(crate) fn columns_tile<'b, S: Simd, const M: usize, const P: usize>(
    simd: S,
    a: &[Line],
    from: usize,
    b: impl Iterator<Item = [&'b [f32; LANES]; P]>,
    i: usize,
    sink: &mut impl Sink<S, P>,
) {
    let mut acc = sink.start::<M>(simd, i);
    columns::<S, M, P>(simd, &mut acc, a, from, b, |q| sink.ask::<M>(i, q));
    sink.take(simd, i, acc);
}

/// The first `count` (at most sixteen) rows of `aᵀ · b`, A in the role of columns, handed out as rows from `i` on.
#[inline(always)]
pub(crate) fn all_columns<'b, S: Simd, const P: usize>(
    simd: S,
    a: &[Line],
    (i, count): (usize, usize),
    b: impl Iterator<Item = [&'b [f32; LANES]; P]> + Clone,
    sink: &mut impl Sink<S, P>,
) {
    let mut from = 0;
    while from < count {
        let tile_rows = S::tile_rows(count - from);
        with_tile_rows!(S, tile_rows, M => {
            columns_tile::<S, M, P>(simd, a, from, b.clone(), i + from, sink);
        });
        from += tile_rows;
    }
}

/// Lines of B come from L2, faster than its prefetcher brings them: each is asked for so many steps before. Of 4, 12 and 32 steps, 12
/// were fastest: `sgemm` of 1024³ by 5 to 12 %, of 128 × 784 × 512 by 7 % (2026-11-25, Intel Xeon with AVX-512).
const STEPS_AHEAD: usize = 12;

/// Line `p` of each of the panels, which come from L2.
#[inline(always)]
pub(crate) fn line<'b, const P: usize>(
    panels: [&'b [Line]; P],
) -> impl Fn(usize) -> [&'b [f32; LANES]; P] {
    let steps = panels[0].len();
    move |p| {
        let mut lines = [&Line::ZERO.0; P];
        for t in 0..P {
            lines[t] = &panels[t][..steps][p].0;
            prefetch_ahead(&panels[t][p], STEPS_AHEAD);
        }
        lines
    }
}

/// The lines of panels of one length, step by step, for panels that are in L1.
#[inline(always)]
pub(crate) fn lines<const P: usize>(
    panels: [&[Line]; P],
) -> impl Iterator<Item = [&[f32; LANES]; P]> + Clone {
    let steps = panels[0].len();
    (0..steps).map(move |p| {
        let mut lines = [&Line::ZERO.0; P];
        for t in 0..P {
            lines[t] = &panels[t][..steps][p].0;
        }
        lines
    })
}
