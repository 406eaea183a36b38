"""Draws benches/epoch.svg: seconds an epoch, from the figures below. They are the ones in RESULTS.md; Python's standard library will do.

    python3 benches/plot.py
"""

from pathlib import Path

TITLE = "One epoch of 784-512-10 on MNIST, batch 128, two cores"
BARS = [
    ("this", 0.22, "ours"),
    ("dense arithmetic at peak", 0.42, "limit"),
    ("NumPy", 0.91, "rival"),
    ("JAX", 1.05, "rival"),
    ("PyTorch", 1.12, "rival"),
    ("Keras (TensorFlow)", 1.70, "rival"),
]
LEFT, WIDTH, ROW, TOP = 190, 720, 34, 54
LONGEST = max(seconds for _, seconds, _ in BARS)
HEIGHT = TOP + ROW * len(BARS) + 14

parts = [
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">',
    f"<title>{TITLE}, seconds</title>",
    "<style>text{font:14px sans-serif;fill:#24292f}.ours{fill:#d1570f}.limit{fill:#8c959f}.rival{fill:#57789b}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}}</style>",
    f'<text x="12" y="28" style="font-weight:bold">{TITLE}</text>',
]
for i, (name, seconds, kind) in enumerate(BARS):
    y = TOP + ROW * i
    length = (WIDTH - LEFT - 90) * seconds / LONGEST
    parts += [
        f'<text x="{LEFT - 10}" y="{y + 17}" text-anchor="end">{name}</text>',
        f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{length:.1f}" height="24" rx="3"/>',
        f'<text x="{LEFT + length + 8:.1f}" y="{y + 17}">{seconds:.2f} s</text>',
    ]
parts.append("</svg>\n")
Path(__file__).with_name("epoch.svg").write_text("\n".join(parts))
