//! Strokes of pointers on the page, and keys.

use dataset::Mnist;
use model::{Activation, Network};
use serde_json::json;

use crate::browser::Browser;
use crate::numbers::{numbers, open, trained};

/// A one and a zero, as parts of the field.
const ONE: &[[f64; 2]] = &[[0.52, 0.2], [0.51, 0.4], [0.5, 0.6], [0.49, 0.8]];
const ZERO: &[[f64; 2]] = &[
    [0.5, 0.2],
    [0.36, 0.28],
    [0.3, 0.5],
    [0.36, 0.72],
    [0.5, 0.8],
    [0.64, 0.72],
    [0.7, 0.5],
    [0.64, 0.28],
    [0.5, 0.2],
];

/// Where on the screen a part of the field is.
fn on_screen(browser: &mut Browser, [x, y]: [f64; 2]) -> [f64; 2] {
    let place = browser.numbers(&format!(
        "(({{ left, top, width, height }}) => [left + {x} * width, top + {y} * height])(field.getBoundingClientRect())"
    ));
    [place[0], place[1]]
}

/// Draws a line with the mouse.
fn with_mouse(browser: &mut Browser, line: &[[f64; 2]]) {
    for (i, &part) in line.iter().enumerate() {
        let [x, y] = on_screen(browser, part);
        let kind = if i == 0 { "mousePressed" } else { "mouseMoved" };
        mouse(browser, kind, [x, y]);
    }
    let end = on_screen(browser, line[line.len() - 1]);
    mouse(browser, "mouseReleased", end);
}

fn mouse(browser: &mut Browser, kind: &str, [x, y]: [f64; 2]) {
    let parameters =
        json!({"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1});
    browser.tell("Input.dispatchMouseEvent", parameters);
}

/// Draws a line with a finger.
fn with_finger(browser: &mut Browser, line: &[[f64; 2]]) {
    for (i, &part) in line.iter().enumerate() {
        let [x, y] = on_screen(browser, part);
        let kind = if i == 0 { "touchStart" } else { "touchMove" };
        browser.tell(
            "Input.dispatchTouchEvent",
            json!({"type": kind, "touchPoints": [{"x": x, "y": y}]}),
        );
    }
    browser.tell("Input.dispatchTouchEvent", json!({"type": "touchEnd", "touchPoints": []}));
}

/// Presses a key, with these modifiers (2 is Ctrl).
fn press(browser: &mut Browser, key: &str, modifiers: u32) {
    let text = if key == "Enter" { "\r" } else { "" };
    for kind in ["keyDown", "keyUp"] {
        let parameters = json!({"type": kind, "key": key, "modifiers": modifiers, "text": text,
            "windowsVirtualKeyCode": if key == "Enter" { 13 } else { 0 }});
        browser.tell("Input.dispatchKeyEvent", parameters);
    }
}

/// The words for those who do not see the page.
fn status(browser: &mut Browser) -> String {
    browser.value("element('status').textContent").as_str().expect("a text").to_owned()
}

/// The class of the answer, after all that was drawn is read.
fn reading(browser: &mut Browser) -> String {
    browser.wait_for("!isDue");
    browser.value("element('reading').textContent").as_str().expect("a text").to_owned()
}

/// Nothing but the page itself was loaded, and nothing went wrong on it.
fn check_events(browser: &Browser) {
    for event in &browser.events {
        let method = event["method"].as_str().unwrap_or_default();
        let loads = method == "Network.requestWillBeSent" && event["params"]["type"] != "Document";
        let complains = ["Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"];
        assert!(!loads && !complains.contains(&method), "{event}");
    }
}

pub(crate) fn strokes_are_read(browser: &mut Browser) -> String {
    let digits = Mnist::drawn(5, 6_000, 10);
    let network = trained(&[512], Activation::Relu, &digits);
    browser.tell("Emulation.setTouchEmulationEnabled", json!({"enabled": true}));
    open(browser, &network, &numbers(10), [28, 28]);
    assert_eq!([reading(browser), status(browser)], ["–", ""]);

    with_mouse(browser, ONE);
    assert_eq!(reading(browser), "1");
    assert!(status(browser).starts_with("Read as 1, "), "{}", status(browser));
    // All of it is shown: both pictures, and the classes with their probabilities.
    for canvas in ["picture", "shares"] {
        let shown = format!(
            "element('{canvas}').getContext('2d').getImageData(0, 0, 28, 28).data.filter((x, i) => i % 4 === 3 && x > 0).length"
        );
        assert!(browser.value(&shown).as_u64() > Some(20), "{canvas}");
    }
    let best = "document.querySelector('#classes .best .name').textContent";
    assert_eq!(browser.value(best), "1");
    let total = "lines.reduce((sum, { length }) => sum + parseFloat(length.style.width), 0)";
    let total = browser.value(total).as_f64().unwrap();
    assert!((total - 100.0).abs() < 0.1, "{total}");

    // Escape clears, a finger draws, Ctrl-Z takes back, the button in focus does as well.
    press(browser, "Escape", 0);
    assert_eq!([reading(browser), status(browser)], ["–", "Nothing is drawn"]);
    with_finger(browser, ZERO);
    assert_eq!(reading(browser), "0");
    with_finger(browser, &[[0.9, 0.9]]);
    assert_eq!(browser.value("strokes.length"), 2);
    press(browser, "z", 2);
    assert_eq!((browser.value("strokes.length"), reading(browser)), (1.into(), "0".into()));
    browser.value("element('undo').focus({ focusVisible: true }); 0");
    let outline = "getComputedStyle(element('undo')).outlineStyle";
    assert_eq!(browser.value(outline), "solid", "the focus is seen");
    press(browser, "Enter", 0);
    assert_eq!([reading(browser), status(browser)], ["–", "Nothing is drawn"]);

    // A zero through a one: the answer changes while the pen moves.
    let [x, y] = on_screen(browser, ZERO[0]);
    mouse(browser, "mousePressed", [x, y]);
    let mut answers = Vec::new();
    for &part in &ZERO[1..] {
        let place = on_screen(browser, part);
        mouse(browser, "mouseMoved", place);
        answers.push(reading(browser));
    }
    answers.dedup();
    assert!(answers.len() > 1 && answers.last().unwrap() == "0", "{answers:?}");
    check_events(browser);

    let times = browser.numbers(
        "Array.from({ length: 200 }, () => { const start = performance.now(); const picture = placed(ink, 28, 28);
         network.read(picture); network.contributions(0); return performance.now() - start; }).sort((a, b) => a - b)",
    );
    format!("784-512-10 takes {:.1} ms a stroke, median of 200", times[100])
}

pub(crate) fn other_networks(browser: &mut Browser) -> String {
    let hostile: Vec<String> = [
        "</script><b>",
        "a name that is much longer than there is room for on a small screen, and more",
        "日本",
    ]
    .map(str::to_owned)
    .into();
    let many = numbers(1_000);
    browser.tell(
        "Emulation.setDeviceMetricsOverride",
        json!({"width": 400, "height": 800, "deviceScaleFactor": 2, "mobile": true}),
    );
    for (size, names) in [
        ([20, 12], &hostile),
        ([3, 3], &hostile),
        ([28, 28], &many),
        ([1, 1], &hostile),
        ([64, 300], &hostile),
    ] {
        let network =
            Network::glorot_uniform(&[size[0] * size[1], 8, names.len()], Activation::Relu, 1)
                .unwrap();
        open(browser, &network, names, size);
        with_finger(browser, ZERO);
        let answer = reading(browser);
        assert!(names.contains(&answer), "{size:?}: {answer}");
        let shown = browser.value("lines.map(({ name }) => name.textContent)");
        if names.len() == 3 {
            assert_eq!(shown, json!(names));
        } else {
            assert_eq!(shown.as_array().map(Vec::len), Some(20));
            assert_eq!(shown[0], *answer, "the most probable comes first");
        }
        let [width, picture] = [
            browser.value("document.documentElement.scrollWidth"),
            browser.value("element('picture').width"),
        ];
        assert_eq!((width, picture), (400.into(), size[1].into()), "{size:?}");
        check_events(browser);
    }
    browser.tell("Emulation.clearDeviceMetricsOverride", json!({}));
    "five networks, 400 pixels wide".into()
}
