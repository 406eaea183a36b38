//! The page: what stands where.

use maud::{DOCTYPE, PreEscaped, html};
use model::Network;
use thiserror::Error;

use crate::data::{Description, Parameters};
use crate::policy::policy;

/// The style and the script, in pieces that know those before them.
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: [&str; 4] = [
    include_str!("page/ink.js"),
    include_str!("page/form.js"),
    include_str!("page/network.js"),
    include_str!("page/page.js"),
];
/// A page with more numbers would take browsers seconds to open: it would be longer than 180 MB.
const MOST_PARAMETERS: usize = 1 << 25;
/// The classes whose names are the digits.
const DIGITS: usize = 10;

/// Why there is no page for a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DrawingError {
    /// Its inputs are not the pixels of a picture.
    #[error("it takes {inputs} numbers, which are no picture of {rows} × {columns} pixels")]
    Size {
        /// Numbers that the network takes.
        inputs: usize,
        /// Rows of the picture.
        rows: usize,
        /// Columns of the picture.
        columns: usize,
    },

    /// It is too large for a page.
    #[error("its {parameters} parameters are too many for a page, which takes {MOST_PARAMETERS}")]
    Parameters {
        /// As many as it has.
        parameters: usize,
    },
}

/// A network for a page to draw on.
#[derive(Clone, Copy, Debug)]
pub struct Drawing<'a> {
    network: &'a Network,
    classes: &'a [String],
    size: [usize; 2],
}

impl<'a> Drawing<'a> {
    /// Of a network that reads pictures of `size`, `[rows, columns]`, with the names of its `classes`.
    ///
    /// # Errors
    /// If its inputs are not the pixels of such a picture, or it has more than 33,554,432 parameters.
    ///
    /// # Panics
    /// If there are not as many names as classes.
    pub fn new(
        network: &'a Network,
        classes: &'a [String],
        size: [usize; 2],
    ) -> Result<Self, DrawingError> {
        assert_eq!(classes.len(), network.classes(), "a name for each class");
        let ([rows, columns], inputs) = (size, network.inputs());
        if rows.checked_mul(columns) != Some(inputs) {
            return Err(DrawingError::Size { inputs, rows, columns });
        }
        match network.parameter_count() {
            parameters if parameters > MOST_PARAMETERS => {
                Err(DrawingError::Parameters { parameters })
            }
            _ => Ok(Self { network, classes, size }),
        }
    }

    /// The page, a complete HTML document that calls the network by this `name`.
    pub fn page(&self, name: &str) -> String {
        let Self { network, classes, size } = *self;
        // A browser reads line ends so, whatever the files had, and takes the hashes after that.
        let [script, style] = [&SCRIPT.concat(), STYLE].map(|text| text.replace("\r\n", "\n"));
        let digits = classes.len() == DIGITS
            && classes.iter().enumerate().all(|(i, name)| *name == i.to_string());
        let heading = if digits { "Draw a digit" } else { "Draw a picture" };
        let sizes: Vec<String> = network.sizes().iter().map(usize::to_string).collect();
        let [rows, columns] = size;
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy(&script, &style));
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (heading) " · " (name) }
                    style { (PreEscaped(&style)) }
                }
                body {
                    header {
                        h1 { (heading) }
                        p.soft { (name) " · " (sizes.join(" → ")) }
                    }
                    noscript { p { "The network of this page is a script, and scripts are turned off." } }
                    main {
                        section.paper aria-label="Paper" {
                            canvas #field .ink role="img" aria-label="Field to draw on with mouse, pen or finger" {}
                            p.tools {
                                button #undo type="button" aria-keyshortcuts="Control+Z" { "Undo" }
                                button #clear type="button" aria-keyshortcuts="Escape" { "Clear" }
                                span.soft { kbd { "Ctrl" } " " kbd { "Z" } ", " kbd { "Esc" } }
                            }
                        }
                        section.answer aria-label="Answer" {
                            p.reading { b #reading { "–" } " " span #probability .soft { "nothing is drawn yet" } }
                            p #status .unseen role="status" {}
                            div.pictures {
                                figure {
                                    canvas #picture .ink role="img" aria-label="The picture that the network gets" {}
                                    figcaption { "What the network gets: " (rows) "\u{a0}×\u{a0}" (columns) " pixels, the ink fitted and centred as in MNIST" }
                                }
                                figure {
                                    canvas #shares role="img" aria-label="Pixels that speak for the answer and against it" {}
                                    figcaption {
                                        "Which pixels speak " span.for { "for" } " the answer and " span.against { "against" } " it, compared with the mean of all classes"
                                    }
                                }
                            }
                        }
                        section.classes aria-label="Probabilities" {
                            h2 { "Probabilities" }
                            p #limit .soft hidden {}
                            ol #classes {}
                        }
                    }
                    footer.soft {
                        p {
                            "The network is in this page, which sends nothing anywhere. "
                            span #time {}
                        }
                    }
                    script #description type="application/json" { (Description { network, size, classes }) }
                    @for layer in &network.parameters() {
                        script .parameters type="application/octet-stream" { (Parameters(layer)) }
                    }
                    script { (PreEscaped(&script)) }
                }
            }
        };
        page.into_string()
    }
}

#[cfg(test)]
mod tests {
    use model::Activation;

    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|class| class.to_string()).collect()
    }

    #[test]
    fn the_page_needs_nothing_but_itself() {
        let network = Network::glorot_uniform(&[6, 3], Activation::Relu, 0).unwrap();
        let classes = ["</script>", "b", "<i>"].map(str::to_owned);
        let page = Drawing::new(&network, &classes, [2, 3]).unwrap().page("<b>&\"name");
        for loads in ["http:", "https:", "<link", "@import", "url(", "src=", "href=", "unsafe-"] {
            assert!(!page.contains(loads), "{loads} in {page}");
        }
        // One description, one layer, one script.
        assert_eq!([page.matches("<script").count(), page.matches("</script").count()], [3, 3]);
        assert!(page.contains("&lt;b&gt;&amp;&quot;name · 6 → 3"), "{page}");
        assert!(
            !page.contains("style=") && !page.contains("<!--"),
            "the policy forbids it: {page}"
        );
        assert!(page.contains("<h1>Draw a picture</h1>"), "{page}");
    }

    #[test]
    fn networks_of_no_picture_are_refused() {
        let network = Network::glorot_uniform(&[10, 2], Activation::Relu, 0).unwrap();
        let error = Drawing::new(&network, &names(2), [3, 3]).unwrap_err();
        assert_eq!(error, DrawingError::Size { inputs: 10, rows: 3, columns: 3 });
        let large = Network::glorot_uniform(&[16, 1 << 21, 2], Activation::Relu, 0).unwrap();
        let error = Drawing::new(&large, &names(2), [4, 4]).unwrap_err();
        assert!(error.to_string().contains("too many for a page"), "{error}");
    }
}
