//! The layers that matrices and vectors of any names make.
//!
//! A file of weights is a set of tensors: it says neither which of them belong together, nor in which order they come, nor which
//! side of a matrix is the inputs. Three rules find out, in this order.
//!
//! 1. By their names, in natural order (2 before 10), the first vector is the bias of the first matrix and so on.
//! 2. A layout is possible if each bias has as many numbers as its matrix has units, and if the layers can be put in an order in
//!    which each takes what the one before gives. The order of the names is taken if it is one, or else the only other one.
//!    Layers of equal shape stay in the order of their names.
//! 3. Both layouts are possible only where all matrices are square, or have no biases. Then the one counts that goes with the order
//!    of the names. If both do, a name that ends in `kernel` stands for Keras's layout and `weight` for PyTorch's.

use std::cmp::Ordering;
use std::collections::HashSet;

use crate::Fault;
use crate::tensor::Tensor;

/// The meaning of rows and columns of a matrix of weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Inputs × units, as Keras and NumPy's users have it.
    InOut,
    /// Units × inputs, as PyTorch has it.
    OutIn,
}

impl Layout {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::InOut => "in-out",
            Self::OutIn => "out-in",
        }
    }

    /// Inputs and units of a matrix of this shape.
    fn sides(self, [rows, columns]: [usize; 2]) -> [usize; 2] {
        match self {
            Self::InOut => [rows, columns],
            Self::OutIn => [columns, rows],
        }
    }

    /// The part that the last word of a name tells.
    fn of_name(name: &str) -> Option<Self> {
        match name.rsplit(['.', '/']).next()? {
            "kernel" => Some(Self::InOut),
            "weight" => Some(Self::OutIn),
            _ => None,
        }
    }
}

/// More steps than this, and a search for an order is given up: it has found no order that is the only one.
const MOST_STEPS: usize = 100_000;

/// A matrix and its bias.
#[derive(Debug)]
pub(crate) struct Pair<'t, 'a> {
    pub(crate) matrix: &'t Tensor<'a>,
    pub(crate) bias: Option<&'t Tensor<'a>>,
    shape: [usize; 2],
}

/// The layers that the tensors make, from the first to the output, and their layout.
pub(crate) fn find<'t, 'a>(
    tensors: &'t [Tensor<'a>],
    asked: Option<Layout>,
) -> Result<(Vec<Pair<'t, 'a>>, Layout), Fault> {
    let mut pairs = pairs(tensors)?;
    let layouts: &[Layout] = match asked {
        None => &[Layout::InOut, Layout::OutIn],
        Some(Layout::InOut) => &[Layout::InOut],
        Some(Layout::OutIn) => &[Layout::OutIn],
    };
    let mut possible = Vec::new();
    for &layout in layouts {
        match order(&pairs, layout) {
            Order::None => {}
            Order::One(order) => possible.push((layout, Some(order))),
            Order::Many => possible.push((layout, None)),
        }
    }
    let is_natural = |(_, order): &(Layout, Option<Vec<usize>>)| {
        order.as_ref().is_some_and(|order| order.is_sorted())
    };
    if possible.len() > 1 && possible.iter().any(is_natural) {
        possible.retain(is_natural);
    }
    if possible.len() > 1 {
        let mut named = pairs.iter().map(|pair| Layout::of_name(&pair.matrix.name));
        let first = named.next().flatten().ok_or(Fault::Layout)?;
        if !named.all(|layout| layout == Some(first)) {
            return Err(Fault::Layout);
        }
        possible.retain(|(layout, _)| *layout == first);
    }
    match possible.pop() {
        None => {
            let layout = asked.map(|layout| format!(" with --layout {}", layout.name()));
            Err(Fault::NoChain { shapes: shapes(&pairs), layout: layout.unwrap_or_default() })
        }
        Some((_, None)) => Err(Fault::Chains { shapes: shapes(&pairs) }),
        Some((layout, Some(order))) => {
            let mut places = vec![0; order.len()];
            for (place, pair) in order.into_iter().enumerate() {
                places[pair] = place;
            }
            let mut places = places.into_iter();
            pairs.sort_by_cached_key(|_| places.next());
            Ok((pairs, layout))
        }
    }
}

/// Matrices with their biases, in the order of their names.
fn pairs<'t, 'a>(tensors: &'t [Tensor<'a>]) -> Result<Vec<Pair<'t, 'a>>, Fault> {
    let (mut matrices, mut vectors) = (Vec::new(), Vec::new());
    for tensor in tensors {
        match tensor.shape[..] {
            [rows, columns] => matrices.push((tensor, [rows, columns])),
            [_] => vectors.push(tensor),
            _ => {
                let (name, shape) = (tensor.name.clone(), tensor.shape.clone());
                return Err(Fault::Dimensions { name, shape });
            }
        }
    }
    let counts = (matrices.len(), vectors.len());
    if counts.0 == 0 || (counts.1 != 0 && counts.0 != counts.1) {
        return Err(Fault::Count { matrices: counts.0, vectors: counts.1 });
    }
    matrices.sort_by(|a, b| natural(&a.0.name, &b.0.name));
    vectors.sort_by(|a, b| natural(&a.name, &b.name));
    let mut vectors = vectors.into_iter();
    let pair = |(matrix, shape)| Pair { matrix, bias: vectors.next(), shape };
    Ok(matrices.into_iter().map(pair).collect())
}

/// The orders in which layers form a chain.
enum Order {
    None,
    One(Vec<usize>),
    Many,
}

fn order(pairs: &[Pair<'_, '_>], layout: Layout) -> Order {
    let sides: Vec<[usize; 2]> = pairs.iter().map(|pair| layout.sides(pair.shape)).collect();
    let fits = |(pair, [_, units]): (&Pair<'_, '_>, &[usize; 2])| {
        pair.bias.is_none_or(|bias| bias.len() == *units)
    };
    if !pairs.iter().zip(&sides).all(fits) {
        return Order::None;
    }
    if sides.windows(2).all(|pair| pair[0][1] == pair[1][0]) {
        return Order::One((0..pairs.len()).collect());
    }
    let mut search = Search { sides: &sides, used: vec![false; sides.len()], steps: 0 };
    search.run()
}

/// A search, without recursion, for the orders that differ in the shapes of the layers.
struct Search<'a> {
    sides: &'a [[usize; 2]],
    used: Vec<bool>,
    steps: usize,
}

impl Search<'_> {
    fn run(&mut self) -> Order {
        let mut found = None;
        let mut path: Vec<usize> = Vec::new();
        // For each place of the path and the next one, the layers that are still to be tried there.
        let mut untried = vec![self.next(None)];
        while let Some(candidates) = untried.last_mut() {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return Order::Many;
            }
            match candidates.pop() {
                None => {
                    untried.pop();
                    if let Some(last) = path.pop() {
                        self.used[last] = false;
                    }
                }
                Some(layer) => {
                    path.push(layer);
                    self.used[layer] = true;
                    if path.len() < self.sides.len() {
                        untried.push(self.next(Some(self.sides[layer][1])));
                        continue;
                    }
                    if found.replace(path.clone()).is_some() {
                        return Order::Many;
                    }
                    path.pop();
                    self.used[layer] = false;
                }
            }
        }
        found.map_or(Order::None, Order::One)
    }

    /// The layers that may come next: of those with equal shapes, the first.
    fn next(&self, inputs: Option<usize>) -> Vec<usize> {
        let mut seen = HashSet::new();
        let fits = |&layer: &usize| {
            !self.used[layer]
                && inputs.is_none_or(|inputs| inputs == self.sides[layer][0])
                && seen.insert(self.sides[layer])
        };
        (0..self.sides.len()).filter(fits).collect()
    }
}

/// Names and shapes, the first ones if there are many.
fn shapes(pairs: &[Pair<'_, '_>]) -> String {
    const MOST: usize = 6;
    let mut list: Vec<String> = pairs
        .iter()
        .take(MOST)
        .map(|Pair { matrix, shape: [rows, columns], .. }| {
            format!("{} [{rows}, {columns}]", matrix.name)
        })
        .collect();
    if pairs.len() > MOST {
        list.push("…".into());
    }
    list.join(", ")
}

/// The order of names in which 2 comes before 10.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits =
            |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (x, y) = (digits(a), digits(b));
        if x > 0 && y > 0 {
            let number = |text: &str| text.trim_start_matches('0').to_owned();
            let (number_a, number_b) = (number(&a[..x]), number(&b[..y]));
            let order = number_a.len().cmp(&number_b.len()).then(number_a.cmp(&number_b));
            if order.is_ne() {
                return order;
            }
            (a, b) = (&a[x..], &b[y..]);
            continue;
        }
        let (mut rest_a, mut rest_b) = (a.chars(), b.chars());
        match (rest_a.next(), rest_b.next()) {
            (Some(first), Some(second)) if first == second => {
                (a, b) = (rest_a.as_str(), rest_b.as_str());
            }
            (first, second) => return first.cmp(&second),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Kind;

    fn tensor((name, shape): &(&str, &[usize])) -> Tensor<'static> {
        let bytes = vec![0; 4 * shape.iter().product::<usize>()];
        Tensor::new((*name).into(), shape.to_vec(), Kind::F32, bytes.into()).unwrap()
    }

    /// The names of the matrices in their order, and the layout.
    fn found(
        tensors: &[(&str, &[usize])],
        asked: Option<Layout>,
    ) -> Result<(String, Layout), String> {
        let tensors: Vec<_> = tensors.iter().map(tensor).collect();
        let (pairs, layout) = find(&tensors, asked).map_err(|fault| fault.to_string())?;
        let names: Vec<&str> = pairs.iter().map(|pair| pair.matrix.name.as_str()).collect();
        Ok((names.join(" "), layout))
    }

    #[test]
    fn names_come_in_natural_order() {
        let mut names = ["b", "a10", "a2", "a", "a2b", "a02c", "10", "9", "a2.bias", "ä1"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["9", "10", "a", "a2", "a2.bias", "a2b", "a02c", "a10", "b", "ä1"]);
    }

    #[test]
    fn chains_are_found_whatever_the_names() {
        use Layout::{InOut, OutIn};
        let found = |tensors: &[(&str, &[usize])]| found(tensors, None).unwrap();
        assert_eq!(
            found(&[
                ("2.weight", &[3, 5]),
                ("0.bias", &[5]),
                ("0.weight", &[5, 4]),
                ("2.bias", &[3])
            ]),
            ("0.weight 2.weight".into(), OutIn)
        );
        assert_eq!(
            found(&[("arr_0", &[4, 5]), ("arr_1", &[5]), ("arr_2", &[5, 3]), ("arr_3", &[3])]),
            ("arr_0 arr_2".into(), InOut)
        );
        // The order of the shapes where that of the names is none.
        assert_eq!(
            found(&[
                ("head.weight", &[3, 6]),
                ("head.bias", &[3]),
                ("input.weight", &[5, 4]),
                ("input.bias", &[5]),
                ("middle.1.weight", &[5, 5]),
                ("middle.1.bias", &[5]),
                ("middle.10.weight", &[6, 5]),
                ("middle.10.bias", &[6]),
                ("middle.2.weight", &[5, 5]),
                ("middle.2.bias", &[5]),
            ]),
            (
                "input.weight middle.1.weight middle.2.weight middle.10.weight head.weight".into(),
                OutIn
            )
        );
        // Without biases.
        assert_eq!(found(&[("w1", &[4, 5]), ("w2", &[5, 3])]), ("w1 w2".into(), InOut));
    }

    #[test]
    fn square_matrices_need_a_name_or_an_answer() {
        let weights: [(&str, &[usize]); 2] = [("a.weight", &[3, 3]), ("a.bias", &[3])];
        let kernels: [(&str, &[usize]); 2] = [("layers/dense/kernel", &[3, 3]), ("b", &[3])];
        let others: [(&str, &[usize]); 2] = [("arr_0", &[3, 3]), ("arr_1", &[3])];
        assert_eq!(found(&weights, None).unwrap().1, Layout::OutIn);
        assert_eq!(found(&kernels, None).unwrap().1, Layout::InOut);
        assert!(found(&others, None).unwrap_err().contains("--layout in-out or out-in"));
        for layout in [Layout::InOut, Layout::OutIn] {
            for tensors in [&weights, &kernels, &others] {
                assert_eq!(found(tensors, Some(layout)).unwrap().1, layout);
            }
        }
        // Without biases, a single matrix may be turned, too.
        assert!(found(&[("w", &[3, 4])], None).unwrap_err().contains("--layout"));
        assert_eq!(found(&[("a.kernel", &[3, 4])], None).unwrap().1, Layout::InOut);
    }

    #[test]
    fn what_is_no_chain_is_refused() {
        type Case<'a> = (&'a [(&'a str, &'a [usize])], Option<Layout>, &'a str);
        let cases: [Case<'_>; 8] = [
            (&[], None, "0 matrices and 0 vectors"),
            (&[("b", &[3])], None, "0 matrices and 1 vectors"),
            (&[("w", &[4, 3]), ("v", &[3, 2]), ("b", &[3])], None, "2 matrices and 1 vectors"),
            (&[("w", &[4, 3]), ("b", &[2])], None, "form no chain of layers"),
            (
                &[("w", &[4, 3]), ("v", &[2, 5]), ("b", &[3]), ("c", &[5])],
                None,
                "v [2, 5], w [4, 3]",
            ),
            (&[("w", &[4, 3]), ("b", &[3])], Some(Layout::OutIn), "layers with --layout out-in"),
            (&[("w", &[4, 3, 2])], None, "w has shape [4, 3, 2]"),
            // A round trip may begin anywhere.
            (
                &[
                    ("u", &[3, 2]),
                    ("v", &[4, 3]),
                    ("w", &[2, 4]),
                    ("a", &[2]),
                    ("b", &[3]),
                    ("c", &[4]),
                ],
                None,
                "more than one chain of layers",
            ),
        ];
        for (tensors, layout, expected) in cases {
            let error = found(tensors, layout).expect_err(expected);
            assert!(error.contains(expected) && !error.contains('\n'), "{expected}: {error}");
        }
    }

    /// Layers of shapes nobody picked, under names that say nothing: there is an answer, and soon.
    #[test]
    fn the_search_ends() {
        let mut random = testing::Random(5);
        for _ in 0..200 {
            let layers = 1 + random.below(60);
            let sizes: Vec<usize> = (0..=layers).map(|_| 1 + random.below(6)).collect();
            let mut pairs: Vec<[usize; 2]> =
                sizes.windows(2).map(|pair| [pair[0], pair[1]]).collect();
            for i in (1..pairs.len()).rev() {
                pairs.swap(i, random.below(i + 1));
            }
            let tensors: Vec<_> = pairs
                .iter()
                .enumerate()
                .flat_map(|(i, [inputs, units])| {
                    [
                        (format!("{i}.kernel"), vec![*inputs, *units]),
                        (format!("{i}.b"), vec![*units]),
                    ]
                })
                .collect();
            let tensors: Vec<_> =
                tensors.iter().map(|(name, shape)| tensor(&(name.as_str(), shape))).collect();
            match find(&tensors, Some(Layout::InOut)) {
                Ok((pairs, _)) => {
                    assert!(pairs.windows(2).all(|pair| pair[0].shape[1] == pair[1].shape[0]));
                }
                Err(fault) => assert!(matches!(fault, Fault::Chains { .. }), "{fault}"),
            }
        }
    }
}
