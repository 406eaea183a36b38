//! The lists about features: what speaks for the classes, and for the mistakes.

use dataset::Features;
use maud::{Markup, html};
use model::{Contributions, Network};
use record::Names;

use crate::names::shortened;
use crate::numbers::{count, percent, two_digits};
use crate::readings::Mistake;
use crate::telling::{MOST_ROWS, telling_features};

/// How many mistakes are shown.
const MISTAKES: usize = 20;
/// How many features of a class and of a mistake are shown.
const OF_A_CLASS: usize = 10;
const OF_A_MISTAKE: usize = 5;
/// The longest name of a feature, in parts of its height.
const LONGEST_NAME: f64 = 30.0;

/// For each of the classes `shown`, the features that speak for it most.
pub(crate) fn telling(
    network: &Network,
    rows: &Features,
    names: &Names,
    shown: &[usize],
    class_names: &[String],
) -> Markup {
    let classes = telling_features(network, rows, shown, OF_A_CLASS);
    html! {
        section {
            h2 { "Most telling features" }
            p {
                "What speaks most for each class in the test rows of that label: a feature’s number times the gradient of the \
                 class’s logit less the mean of all logits, on average over the rows, those without it included."
                @if classes.iter().any(|class| class.rows == MOST_ROWS) {
                    " Of each class the first " (count(MOST_ROWS)) " rows are taken."
                }
            }
            div.scroll {
                table.telling {
                    thead { tr { th { "Class" } th { "Features, the most telling first" } } }
                    tbody {
                        @for class in &classes {
                            tr {
                                th scope="row" { (class_names[class.class]) }
                                td {
                                    @if class.features.is_empty() { "–" }
                                    @for &(column, mean) in &class.features {
                                        span { (feature(names, column)) " " i { (two_digits(mean)) } } " "
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The rows whose wrong reading is the most confident.
pub(crate) fn mistakes(
    network: &Network,
    rows: &Features,
    names: &Names,
    mistakes: &[Mistake],
    class_names: &[String],
) -> Markup {
    let shown = &mistakes[..mistakes.len().min(MISTAKES)];
    let contributions = Contributions::new(network);
    html! {
        section {
            h2 { "Most confident mistakes" }
            @if shown.is_empty() {
                p { "None: all " (count(rows.len())) " test rows are read right." }
            } @else {
                p {
                    @if shown.len() == mistakes.len() {
                        "All wrongly read test rows, the greatest probability of a wrong reading first,"
                    } @else {
                        "The " (shown.len()) " of " (count(mistakes.len()))
                        " wrongly read test rows whose wrong reading has the greatest probability,"
                    }
                    " and the features that speak most for the reading rather than the label."
                }
                div.scroll {
                    table.telling {
                        thead {
                            tr { th { "Row" } th { "Label" } th { "Read as" } th { "Probability" } th { "Features" } }
                        }
                        tbody {
                            @for mistake in shown {
                                tr {
                                    th scope="row" { (count(mistake.example)) }
                                    td { (class_names[mistake.label]) " (" (percent(mistake.label_probability.into())) ")" }
                                    td { (class_names[mistake.reading]) }
                                    td { (percent(mistake.probability.into())) }
                                    td {
                                        @for (column, share) in speaks_for(&contributions, rows, mistake) {
                                            span { (feature(names, column)) " " i { (two_digits(share.into())) } } " "
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn feature(names: &Names, column: usize) -> String {
    shortened(&names.feature(column), LONGEST_NAME)
}

/// The features that speak most for a wrong reading rather than the label.
fn speaks_for(
    contributions: &Contributions<'_>,
    rows: &Features,
    mistake: &Mistake,
) -> Vec<(usize, f32)> {
    let (columns, values) = rows.csr().row(mistake.example);
    let shares = contributions.of(columns, values, mistake.reading, Some(mistake.label));
    let all = columns.iter().map(|&column| column as usize).zip(shares);
    let mut all: Vec<(usize, f32)> =
        all.filter(|(_, share)| *share > 0.0 && share.is_finite()).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all.truncate(OF_A_MISTAKE);
    all
}
