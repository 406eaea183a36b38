"use strict";

// What a pen leaves on a field of pixels: 0 is paper, 255 is full ink.
//
// The pixels are computed here and not taken from a canvas: browsers that guard against fingerprints put noise into those.
class Ink {
  // `radius` is that of the pen, in pixels.
  constructor(rows, columns, radius) {
    this.rows = rows;
    this.columns = columns;
    this.radius = radius;
    this.pixels = new Uint8Array(rows * columns);
  }

  clear() {
    this.pixels.fill(0);
  }

  // A straight line with round ends; edges fade over a pixel. Where lines cross, the darker one counts.
  line(fromX, fromY, toX, toY) {
    const { rows, columns, radius, pixels } = this;
    const reach = radius + 1;
    const left = Math.max(0, Math.floor(Math.min(fromX, toX) - reach));
    const right = Math.min(columns - 1, Math.ceil(Math.max(fromX, toX) + reach));
    const top = Math.max(0, Math.floor(Math.min(fromY, toY) - reach));
    const bottom = Math.min(rows - 1, Math.ceil(Math.max(fromY, toY) + reach));
    const alongX = toX - fromX;
    const alongY = toY - fromY;
    const squares = alongX * alongX + alongY * alongY;
    for (let row = top; row <= bottom; row++) {
      const y = row + 0.5 - fromY;
      for (let column = left; column <= right; column++) {
        const x = column + 0.5 - fromX;
        // The place on the line that is nearest to the middle of the pixel.
        const way = squares > 0 ? Math.min(1, Math.max(0, (x * alongX + y * alongY) / squares)) : 0;
        const awayX = x - way * alongX;
        const awayY = y - way * alongY;
        const depth = radius + 0.5 - Math.sqrt(awayX * awayX + awayY * awayY);
        if (depth > 0) {
          const pixel = Math.round(255 * Math.min(1, depth));
          const at = row * columns + column;
          if (pixel > pixels[at]) pixels[at] = pixel;
        }
      }
    }
  }

  // The rectangle of the pixels that have ink; null if none has.
  rectangle() {
    const { rows, columns, pixels } = this;
    let [top, bottom, left, right] = [rows, -1, columns, -1];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (pixels[row * columns + column] > 0) {
          if (row < top) top = row;
          bottom = row;
          if (column < left) left = column;
          if (column > right) right = column;
        }
      }
    }
    return bottom < 0 ? null : { top, left, rows: bottom + 1 - top, columns: right + 1 - left };
  }
}
