// The movements of the pen, and what is shown of them.

// Pixels of the longer side of what is drawn on, if the network's pictures have not more, and the pen's radius as a share of it:
// in the network's picture, a line is two or three pixels wide.
const FINE = 280;
const PEN = 0.045;
// Classes that are shown at a time.
const SHOWN = 20;
// As in the report: red is for, blue against.
const FOR = [0xd9, 0x3b, 0x1f];
const AGAINST = [0x1d, 0x6f, 0xd6];

const element = (id) => document.getElementById(id);

// What the page keeps of the network.
function load() {
  const description = JSON.parse(element("description").textContent);
  const texts = document.querySelectorAll(".parameters");
  const layers = description.layers.map((layer, l) => {
    const letters = atob(texts[l].textContent);
    const bytes = new Uint8Array(letters.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
    return { ...layer, parameters: new Float32Array(bytes.buffer) };
  });
  texts.forEach((text) => text.remove());
  return { ...description, network: new Network(layers) };
}

const { rows, columns, classes, network } = load();
const fine = Math.max(FINE, rows, columns) / Math.max(rows, columns);
const ink = new Ink(
  Math.round(rows * fine), Math.round(columns * fine), PEN * Math.max(FINE, rows, columns),
);
const field = element("field");
const pen = field.getContext("2d");
// What was drawn: for each stroke the places that the pen passed, in pixels of the ink.
let strokes = [];
// The pointer that draws.
let drawing = null;
let isDue = false;

const percent = (share) => {
  const number = 100 * share;
  if (number > 0 && number < 0.005) return "< 0.01 %";
  if (number >= 99.995 && number < 100) return "> 99.99 %";
  return `${number.toFixed(2)} %`;
};

// The rows of the list of classes, to be filled.
const lines = Array.from({ length: Math.min(SHOWN, classes.length) }, () => {
  const line = document.createElement("li");
  const [name, bar, share] = ["name", "bar", "share"].map((kind) => {
    const part = document.createElement("span");
    part.className = kind;
    return line.appendChild(part);
  });
  const length = bar.appendChild(document.createElement("i"));
  element("classes").append(line);
  return { line, name, length, share };
});
if (classes.length > SHOWN) {
  element("limit").hidden = false;
  element("limit").textContent = `The ${SHOWN} most probable of ${classes.length} classes.`;
}

// Shows a picture of `rows × columns` pixels, each a colour and how opaque it is, [red, green, blue, 0 to 255].
function show(canvas, colour) {
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) image.data.set(colour(i), 4 * i);
  context.putImageData(image, 0, 0);
}

// A pixel that adds `share`, of which the greatest is `most`, over a faint trace of its ink.
function shade(share, most, pixel) {
  const [red, green, blue] = share > 0 ? FOR : AGAINST;
  const above = most > 0 ? Math.abs(share) / most : 0;
  const below = (1 - above) * 0.25 * (pixel / 255);
  const whole = above + below || 1;
  const mix = (colour) => (colour * above + 128 * below) / whole;
  return [mix(red), mix(green), mix(blue), 255 * whole * (above + below > 0)];
}

function showClasses(probabilities, answer) {
  let order = classes.map((_, i) => i);
  if (classes.length > SHOWN && probabilities) {
    order.sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  }
  order = order.slice(0, SHOWN);
  lines.forEach(({ line, name, length, share }, i) => {
    const [label, probability] = [classes[order[i]], probabilities ? probabilities[order[i]] : 0];
    if (name.textContent !== label) name.textContent = name.title = label;
    length.style.width = `${100 * probability}%`;
    share.textContent = probabilities ? percent(probability) : "";
    line.className = order[i] === answer ? "best" : "";
  });
}

// Reads what is drawn, and shows it.
function update() {
  isDue = false;
  const start = performance.now();
  const picture = placed(ink, rows, columns);
  if (picture === null) {
    show(element("picture"), () => [0, 0, 0, 0]);
    show(element("shares"), () => [0, 0, 0, 0]);
    showClasses(null, -1);
    element("reading").textContent = "–";
    element("probability").textContent = "nothing is drawn";
    return;
  }
  const probabilities = network.read(picture);
  const answer = probabilities.indexOf(probabilities.reduce((a, b) => Math.max(a, b)));
  const shares = network.contributions(answer);
  const milliseconds = performance.now() - start;

  const most = shares.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  show(element("picture"), (i) => [0, 0, 0, picture[i]]);
  show(element("shares"), (i) => shade(shares[i], most, picture[i]));
  showClasses(probabilities, answer);
  element("reading").textContent = classes[answer];
  element("reading").className = classes[answer].length > 3 ? "long" : "";
  element("probability").textContent = percent(probabilities[answer]);
  element("time").textContent = `Read in ${milliseconds.toFixed(1)} ms.`;
}

// Several movements between two pictures on the screen are shown at once.
function later() {
  if (!isDue) requestAnimationFrame(update);
  isDue = true;
}

// Tells those who do not see the page, at the end of a stroke.
function tell() {
  update();
  const [reading, probability] = ["reading", "probability"].map((id) => element(id).textContent);
  element("status").textContent = strokes.length ? `Read as ${reading}, ${probability}` : "Nothing is drawn";
}

// The field has as many pixels as the screen shows of it.
function fit() {
  const width = Math.round(field.clientWidth * devicePixelRatio);
  field.width = width;
  field.height = Math.round((width * ink.rows) / ink.columns);
  pen.lineCap = pen.lineJoin = "round";
  strokes.forEach((stroke) => trace(stroke, 0));
}

// Draws a stroke on the screen from its place `from` on.
function trace(stroke, from) {
  const scale = field.width / ink.columns;
  pen.lineWidth = 2 * ink.radius * scale;
  pen.beginPath();
  pen.moveTo(stroke[from][0] * scale, stroke[from][1] * scale);
  stroke.slice(from).forEach(([x, y]) => pen.lineTo(x * scale, y * scale));
  pen.stroke();
}

function place(event) {
  const { left, top, width, height } = field.getBoundingClientRect();
  return [
    ((event.clientX - left) / width) * ink.columns,
    ((event.clientY - top) / height) * ink.rows,
  ];
}

function extend(stroke, [x, y]) {
  const [beforeX, beforeY] = stroke.length ? stroke[stroke.length - 1] : [x, y];
  stroke.push([x, y]);
  ink.line(beforeX, beforeY, x, y);
  trace(stroke, Math.max(0, stroke.length - 2));
  later();
}

// Draws these strokes and no others.
function redraw(remaining) {
  strokes = remaining;
  drawing = null;
  ink.clear();
  for (const stroke of strokes) {
    stroke.forEach(([x, y], i) => ink.line(...stroke[Math.max(0, i - 1)], x, y));
  }
  fit();
  tell();
}

const undo = () => redraw(strokes.slice(0, -1));
const clear = () => redraw([]);

field.addEventListener("pointerdown", (event) => {
  if (!event.isPrimary || event.button !== 0) return;
  event.preventDefault();
  field.setPointerCapture(event.pointerId);
  drawing = event.pointerId;
  strokes.push([]);
  extend(strokes[strokes.length - 1], place(event));
});
field.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drawing) return;
  const all = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  (all.length ? all : [event]).forEach((one) => extend(strokes[strokes.length - 1], place(one)));
});
for (const end of ["pointerup", "pointercancel"]) {
  field.addEventListener(end, (event) => {
    if (event.pointerId !== drawing) return;
    drawing = null;
    tell();
  });
}
element("undo").addEventListener("click", undo);
element("clear").addEventListener("click", clear);
document.addEventListener("keydown", (event) => {
  const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  if (isUndo) undo();
  else if (event.key === "Escape") clear();
  else return;
  event.preventDefault();
});
new ResizeObserver(fit).observe(field);

field.style.aspectRatio = `${ink.columns} / ${ink.rows}`;
for (const id of ["picture", "shares"]) element(id).style.aspectRatio = `${columns} / ${rows}`;
// The first pictures are slow to read, before the script is compiled.
for (let i = 0; i < 3; i++) {
  network.read(new Uint8Array(rows * columns).fill(255));
  network.contributions(0);
}
update();
