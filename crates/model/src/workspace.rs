//! The buffers that the layers of a network write into: their outputs and, in training, the gradients.

use kernels::Panels;
use kernels::dense::{self, Activation, Batch, Input, Parameters};
use kernels::rowwise::Score;

use crate::Network;

/// Working memory for batches of up to a number of rows. For B rows, a layer has B × units of output.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The number of rows that there is room for.
    room: usize,
    /// Outputs of the hidden layers.
    activations: Vec<Panels>,
    /// Sums of the output layer, B × classes; in training, the gradient by them.
    logits: Panels,
    /// In training, the gradients by the sums of the hidden layers.
    d_hidden: Vec<Panels>,
    /// In training, the score of each row.
    scores: Vec<Score>,
}

impl Workspace {
    /// Room for running the network on `rows` rows.
    pub(crate) fn for_inference(network: &Network, rows: usize) -> Self {
        let outputs = |layer: &Parameters| Panels::zeros(rows, layer.units());
        Self {
            room: rows,
            activations: network.hidden_layers().iter().map(outputs).collect(),
            logits: Panels::zeros(rows, network.classes()),
            d_hidden: Vec::new(),
            scores: Vec::new(),
        }
    }

    /// Room for training the network on `rows` rows.
    pub(crate) fn for_training(network: &Network, rows: usize) -> Self {
        let outputs = |layer: &Parameters| Panels::zeros(rows, layer.units());
        Self {
            d_hidden: network.hidden_layers().iter().map(outputs).collect(),
            scores: Vec::with_capacity(rows),
            ..Self::for_inference(network, rows)
        }
    }

    /// At least as many bytes as [`Workspace::for_inference`] takes.
    pub(crate) fn inference_bytes(network: &Network, rows: usize) -> usize {
        let outputs = network.layers.iter().map(|layer| Panels::bytes(rows, layer.units()));
        outputs.fold(0, usize::saturating_add)
    }

    /// At least as many bytes as [`Workspace::for_training`] takes.
    pub(crate) fn training_bytes(network: &Network, rows: usize) -> usize {
        let scores = rows.saturating_mul(size_of::<Score>());
        Self::inference_bytes(network, rows).saturating_mul(2).saturating_add(scores)
    }

    /// Rows that there is room for.
    pub(crate) fn room(&self) -> usize {
        self.room
    }

    /// For a batch of so many rows. Nothing is allocated as long as there is room.
    fn set_rows(&mut self, rows: usize) {
        let gradients = self.d_hidden.iter_mut().chain([&mut self.logits]);
        for panels in self.activations.iter_mut().chain(gradients) {
            panels.set_rows(rows);
        }
    }

    /// The input of layer `l`: `x`, or the output of the layer below.
    fn input<'a>(activations: &'a [Panels], x: Input<'a>, l: usize) -> Input<'a> {
        if l == 0 { x } else { Input::Panels(&activations[l - 1]) }
    }

    /// Runs the hidden layers: from x (B × inputs) to the activations (B × units each).
    pub(crate) fn forward(&mut self, network: &Network, x: Input<'_>) {
        self.set_rows(x.rows());
        for (l, layer) in network.hidden_layers().iter().enumerate() {
            let (below, out) = self.activations.split_at_mut(l);
            dense::forward(Self::input(below, x, l), layer, network.hidden[l], &mut out[0]);
        }
    }

    /// The probabilities of the classes for each row of `x`, B × classes.
    pub(crate) fn probabilities(&mut self, network: &Network, x: Input<'_>) -> &Panels {
        self.forward(network, x);
        let Self { activations, logits, .. } = self;
        let x = Self::input(activations, x, activations.len());
        dense::forward(x, network.output_layer(), Activation::Linear, logits);
        dense::softmax(logits);
        logits
    }

    /// The score of each row of the batch.
    pub(crate) fn score(&mut self, network: &Network, batch: &Batch, scores: &mut [Score]) {
        self.forward(network, batch.input());
        let Self { activations, logits, .. } = self;
        let x = Self::input(activations, batch.input(), activations.len());
        dense::score(x, network.output_layer(), batch.targets(), logits, scores);
    }

    /// After [`Workspace::forward`] on the batch's rows: the gradients of the batch's mean loss by the sums of each layer (B × units
    /// each), and the batch's score. The output layer with its loss and what goes back through it, then back through the hidden
    /// layers.
    pub(crate) fn gradients(&mut self, network: &Network, batch: &Batch) -> Score {
        self.loss(network, batch);
        self.backward(network);
        let mut total = Score::default();
        for score in &self.scores {
            total += *score;
        }
        total
    }

    /// Loss of the output layer, the gradient by its sums and, where there is a hidden layer, by the sums of the last.
    fn loss(&mut self, network: &Network, batch: &Batch) {
        let Self { activations, logits, d_hidden, scores, .. } = self;
        let rows = batch.rows();
        scores.resize(rows, Score::default());
        let last = activations.len();
        let x = Self::input(activations, batch.input(), last);
        let below = d_hidden.last_mut().map(|d| (Self::mask(network, activations, last - 1), d));
        let (layer, targets, scale) = (network.output_layer(), batch.targets(), 1.0 / rows as f32);
        dense::output_layer(x, layer, targets, scale, logits, below, scores);
    }

    /// From the gradient by the sums of the last hidden layer to those by the sums of all below.
    fn backward(&mut self, network: &Network) {
        for l in (1..self.d_hidden.len()).rev() {
            let (below, above) = self.d_hidden.split_at_mut(l);
            let mask = Self::mask(network, &self.activations, l - 1);
            dense::backward(&above[0], &network.layers[l], mask, &mut below[l - 1]);
        }
    }

    /// Where hidden layer `l` lets a gradient through: where its ReLU gave something positive, or everywhere.
    fn mask<'a>(network: &Network, activations: &'a [Panels], l: usize) -> Option<&'a Panels> {
        (network.hidden[l] == Activation::Relu).then(|| &activations[l])
    }

    /// The input of layer `l` and the gradient by its sums, from which its parameters are updated.
    pub(crate) fn factors_of_gradient<'a>(
        &'a self,
        l: usize,
        x: Input<'a>,
    ) -> (Input<'a>, &'a Panels) {
        let d = self.d_hidden.get(l).unwrap_or(&self.logits);
        (Self::input(&self.activations, x, l), d)
    }
}
