use crate::Network;

/// Layer, output shape, parameters: a line each, and the sum.
pub(crate) fn table(network: &Network) -> String {
    let mut rows = vec![["Layer".to_owned(), "Output shape".to_owned(), "Parameters".to_owned()]];
    for (l, (layer, activation)) in network.layers.iter().zip(network.activations()).enumerate() {
        rows.push([
            format!("dense_{l} ({})", activation.name()),
            format!("(rows, {})", layer.units()),
            grouped((layer.inputs() + 1) * layer.units()),
        ]);
    }
    rows.push(["Total".to_owned(), String::new(), grouped(network.parameter_count())]);
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (a, b, c) = (width(0), width(1), width(2));
    let rule = "-".repeat(a + b + c + 4);
    let mut table = String::new();
    for (i, [layer, shape, parameters]) in rows.iter().enumerate() {
        if i == 1 || i + 1 == rows.len() {
            table += &rule;
            table.push('\n');
        }
        table += &format!("{layer:a$}  {shape:b$}  {parameters:>c$}\n");
    }
    table
}

/// 407050 as 407,050.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::{Activation, Network};

    #[test]
    fn the_example_has_407_050_parameters() {
        let network = Network::glorot_uniform(&[784, 512, 10], Activation::Relu, 0).unwrap();
        let table = network.summary();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(
            lines,
            [
                "Layer              Output shape  Parameters",
                "-------------------------------------------",
                "dense_0 (relu)     (rows, 512)      401,920",
                "dense_1 (softmax)  (rows, 10)         5,130",
                "-------------------------------------------",
                "Total                               407,050",
            ]
        );
    }
}
