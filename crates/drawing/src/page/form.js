// Ink in the form of MNIST's pictures, as `dataset` brings pictures into it (its module `centre`, steps 6 and 7).
// This pen is never so fine that its step 5 would count.
//
// The rectangle of the ink is scaled until its longer side has 20 pixels of 28: made smaller, each pixel is the mean of the area
// that it covers, times a factor by which the brightest stays as bright; made larger, it is interpolated. It is moved by whole
// pixels until its centre of mass, with pixels counted from 0, is within half a pixel of 14 from the top and from the left.
// Other sizes than 28 have their sevenths.

// The ink as rows × columns pixels; null if there is none.
function placed(ink, rows, columns) {
  const area = ink.rectangle();
  if (area === null) return null;
  const box = (side) => Math.max(1, Math.round((side * 20) / 28));
  const times = Math.min(box(rows) / area.rows, box(columns) / area.columns);
  const scaled = (side) => Math.max(1, Math.round(side * times));
  const [height, width] = [scaled(area.rows), scaled(area.columns)];
  const digit = times <= 1 ? shrunk(ink, area, height, width) : enlarged(ink, area, height, width);

  let [mass, momentDown, momentRight] = [0, 0, 0];
  digit.forEach((pixel, i) => {
    mass += pixel;
    momentDown += pixel * Math.floor(i / width);
    momentRight += pixel * (i % width);
  });
  const offset = (moment, side, of) =>
    Math.min(of - side, Math.max(0, Math.round(of / 2 - moment / mass)));
  const down = offset(momentDown, height, rows);
  const right = offset(momentRight, width, columns);
  const picture = new Uint8Array(rows * columns);
  for (let row = 0; row < height; row++) {
    picture.set(digit.subarray(row * width, (row + 1) * width), (down + row) * columns + right);
  }
  return picture;
}

// `length` pixels cut into `count` stretches of equal length: the first pixel of each, and how much of it and of those after it
// the stretch covers.
function stretches(length, count) {
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [(i * length) / count, ((i + 1) * length) / count];
    const start = Math.floor(from);
    const shares = [];
    for (let pixel = start; pixel < Math.ceil(to); pixel++) {
      shares.push(Math.min(to, pixel + 1) - Math.max(from, pixel));
    }
    return { start, shares };
  });
}

function shrunk(ink, area, height, width) {
  const across = stretches(area.columns, width);
  const means = new Float64Array(height * width);
  let [brightest, brightestMean] = [0, 0];
  stretches(area.rows, height).forEach((vertical, row) => {
    across.forEach((horizontal, column) => {
      let [sum, covered] = [0, 0];
      for (let i = 0; i < vertical.shares.length; i++) {
        const first = (area.top + vertical.start + i) * ink.columns + area.left + horizontal.start;
        for (let j = 0; j < horizontal.shares.length; j++) {
          const share = vertical.shares[i] * horizontal.shares[j];
          const pixel = ink.pixels[first + j];
          if (pixel > brightest) brightest = pixel;
          sum += share * pixel;
          covered += share;
        }
      }
      const mean = sum / covered;
      if (mean > brightestMean) brightestMean = mean;
      means[row * width + column] = mean;
    });
  });
  return Uint8Array.from(means, (mean) => Math.round((brightest / brightestMean) * mean));
}

function enlarged(ink, area, height, width) {
  const pixel = (row, column) => ink.pixels[(area.top + row) * ink.columns + area.left + column];
  // The pixels before and behind the place of pixel `at`, and how far it is between them. Edges go on beyond the ink.
  const between = (at, from, to) => {
    const place = Math.min(from - 1, Math.max(0, ((at + 0.5) * from) / to - 0.5));
    const before = Math.floor(place);
    return [before, Math.min(before + 1, from - 1), place - before];
  };
  const pixels = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    const [above, below, down] = between(row, area.rows, height);
    for (let column = 0; column < width; column++) {
      const [left, right, along] = between(column, area.columns, width);
      const mix = (row) => pixel(row, left) + (pixel(row, right) - pixel(row, left)) * along;
      pixels[row * width + column] = Math.round(mix(above) + (mix(below) - mix(above)) * down);
    }
  }
  return pixels;
}
