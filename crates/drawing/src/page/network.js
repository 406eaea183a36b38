// The network: dense layers, of which the hidden ones may be ReLUs, and a softmax.
//
// Weights are inputs × units, row-major, so that an input of 0 skips its row. Sums are in double precision.
class Network {
  // `layers` have inputs, units, whether they are ReLUs, and their parameters: the weights, then the bias.
  constructor(layers) {
    this.layers = layers.map(({ inputs, units, relu, parameters }) => ({
      inputs,
      units,
      relu,
      weights: parameters.subarray(0, inputs * units),
      bias: parameters.subarray(inputs * units),
      // What the units pass on for the picture that was read last, and the gradient with respect to it.
      outputs: new Float64Array(units),
      slopes: new Float64Array(units),
    }));
    this.input = new Float64Array(layers[0].inputs);
    this.output = this.layers[this.layers.length - 1];
    const { inputs, units, weights } = this.output;
    // For each input of the output layer, the mean of its weights.
    this.means = Float64Array.from({ length: inputs }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < units; j++) sum += weights[i * units + j];
      return sum / units;
    });
  }

  // The probabilities of the classes for a picture of bytes. They hold until the next one is read.
  read(picture) {
    const { input, layers, output } = this;
    for (let i = 0; i < input.length; i++) input[i] = picture[i] / 255;
    let from = input;
    for (const layer of layers) {
      forward(layer, from);
      from = layer.outputs;
    }
    const probabilities = output.outputs;
    const greatest = probabilities.reduce((a, b) => Math.max(a, b));
    let sum = 0;
    for (let j = 0; j < probabilities.length; j++) {
      probabilities[j] = Math.exp(probabilities[j] - greatest);
      sum += probabilities[j];
    }
    for (let j = 0; j < probabilities.length; j++) probabilities[j] /= sum;
    return probabilities;
  }

  // For each pixel of the picture that was read last, what it adds to the logit of a class compared with the mean of all
  // logits: the pixel times the gradient of the difference, as `model::Contributions` has it.
  contributions(of) {
    const { input, layers, output, means } = this;
    const hidden = layers.slice(0, -1);
    const last = hidden[hidden.length - 1];
    const slopes = last ? last.slopes : new Float64Array(input.length);
    for (let i = 0; i < slopes.length; i++) {
      slopes[i] = output.weights[i * output.units + of] - means[i];
    }
    for (let l = hidden.length - 1; l >= 0; l--) {
      stopAtSilent(hidden[l]);
      if (l > 0) backward(hidden[l], hidden[l - 1].slopes, hidden[l - 1]);
    }
    if (!last) return slopes.map((slope, i) => slope * input[i]);
    const shares = new Float64Array(input.length);
    backward(hidden[0], shares, { relu: true, outputs: input });
    for (let i = 0; i < shares.length; i++) shares[i] *= input[i];
    return shares;
  }
}

function forward({ relu, units, weights, bias, outputs }, input) {
  outputs.set(bias);
  for (let i = 0; i < input.length; i++) {
    const x = input[i];
    if (x === 0) continue;
    const row = i * units;
    for (let j = 0; j < units; j++) outputs[j] += x * weights[row + j];
  }
  if (relu) {
    for (let j = 0; j < units; j++) if (!(outputs[j] > 0)) outputs[j] = 0;
  }
}

// ReLUs that passed on nothing have no slope.
function stopAtSilent({ relu, outputs, slopes }) {
  if (relu) {
    for (let j = 0; j < slopes.length; j++) if (outputs[j] === 0) slopes[j] = 0;
  }
}

// The gradient with respect to what a layer takes, from that with respect to what it passes on. Where the layer before is silent
// it counts for nothing and is left at 0.
function backward({ inputs, units, weights, slopes }, into, { relu, outputs }) {
  for (let i = 0; i < inputs; i++) {
    into[i] = 0;
    if (relu && outputs[i] === 0) continue;
    const row = i * units;
    let sum = 0;
    for (let j = 0; j < units; j++) sum += weights[row + j] * slopes[j];
    into[i] = sum;
  }
}
