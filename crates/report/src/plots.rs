//! Loss, accuracy and learning rate over the epochs, as SVG.
//!
//! The colours are those of a light page. `style.css` selects elements by exactly these and gives them others on a dark
//! one.

use std::error::Error;

use model::EpochReport;
use plotters::prelude::*;

use crate::axis::{self, Axis};
use crate::thinned::thinned;
use record::{StepCurve, TestResult};

/// Shown at about half of it: coordinates are whole numbers, and half a pixel is not seen.
const SIZE: (u32, u32) = (1000, 640);
const FONT: (&str, i32) = ("sans-serif", 33);
const INK: RGBColor = RGBColor(0x5A, 0x61, 0x6C);
const GRID: RGBColor = RGBColor(0xE3, 0xE6, 0xEA);
const STEPS: RGBColor = RGBColor(0xB7, 0xCB, 0xEA);
const TRAINING: RGBColor = RGBColor(0x2B, 0x5F, 0xB0);
const TEST: RGBColor = RGBColor(0xC2, 0x4E, 0x12);
/// No more points are drawn of a curve of epochs: about one for each column of pixels.
pub(crate) const MOST_POINTS: usize = 500;
/// More points than this are a line by themselves.
const MOST_MARKED: usize = 40;
/// Losses below are drawn as this: the axis is logarithmic, and a loss can be 0.
const LEAST_LOSS: f64 = 1e-7;

/// The curves of one quantity; all positions in epochs from the start.
#[derive(Default)]
struct Curves {
    steps: Vec<(f64, f64)>,
    /// A mean over an epoch stands at its middle.
    training: Vec<(f64, f64)>,
    /// The examples held out for validation, or the test set, are read at the end of an epoch.
    after: Vec<(f64, f64)>,
}

/// Loss over the epochs on a logarithmic axis.
pub(crate) fn loss(epochs: &[(EpochReport, TestResult)], steps: &StepCurve) -> String {
    let height = |loss: f64| loss.max(LEAST_LOSS).log10();
    let curves = Curves {
        steps: steps.points().map(|point| (point.epochs, height(point.loss))).collect(),
        training: at(0.5, epochs, steps, |report, _| height(report.loss)),
        after: at(1.0, epochs, steps, |_, after| height(after.loss)),
    };
    let all = [&curves.steps, &curves.training, &curves.after].into_iter().flatten();
    let heights = all.map(|&(_, height)| height);
    let (low, high) = heights
        .fold((f64::MAX, f64::MIN), |(low, high), height| (low.min(height), high.max(height)));
    draw(&curves, axis::epochs(epochs.len()), axis::loss(low, high))
}

/// Accuracy over the epochs. The axis begins below the epochs' values; steps further down lie on its lower end.
pub(crate) fn accuracy(epochs: &[(EpochReport, TestResult)], steps: &StepCurve) -> String {
    let curves = Curves {
        steps: steps.points().map(|point| (point.epochs, point.accuracy)).collect(),
        training: at(0.5, epochs, steps, |report, _| report.accuracy),
        after: at(1.0, epochs, steps, |_, after| after.accuracy),
    };
    let least = [&curves.training, &curves.after].into_iter().flatten();
    let least = least.map(|&(_, accuracy)| accuracy).fold(1.0, f64::min);
    draw(&curves, axis::epochs(epochs.len()), axis::accuracy(least))
}

/// The learning rate over the epochs, on a linear axis from 0; `None` if it was always the same.
pub(crate) fn learning_rate(epochs: usize, steps: &StepCurve) -> Option<String> {
    let rates: Vec<_> = steps.points().map(|point| (point.epochs, point.learning_rate)).collect();
    let first = rates.first()?.1;
    let is_constant = rates.iter().all(|&(_, rate)| (rate / first - 1.0).abs() < 1e-9);
    let most = rates.iter().map(|&(_, rate)| rate).fold(0.0, f64::max);
    let curves = Curves { training: rates, ..Curves::default() };
    (!is_constant && most > 0.0).then(|| draw(&curves, axis::epochs(epochs), axis::rate(most)))
}

/// A value of each epoch, at `moment` of what was trained of it.
fn at(
    moment: f64,
    epochs: &[(EpochReport, TestResult)],
    steps: &StepCurve,
    value: impl Fn(&EpochReport, &TestResult) -> f64,
) -> Vec<(f64, f64)> {
    let point = |(report, after): &(EpochReport, TestResult)| {
        let position = (report.epoch - 1) as f64 + moment * steps.part_of(report.epoch);
        (position, value(report, after))
    };
    let (_, shown) = thinned(epochs, MOST_POINTS);
    shown.into_iter().map(point).collect()
}

fn draw(curves: &Curves, x: Axis, y: Axis) -> String {
    let mut svg = String::new();
    try_draw(curves, x, y, &mut svg).expect("a string takes every drawing");
    svg
}

fn try_draw(curves: &Curves, x: Axis, y: Axis, svg: &mut String) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    let mut chart = ChartBuilder::on(&area)
        .margin(12)
        // Half of the last label stands beyond the axis.
        .margin_right(30.max(9 * x.last_label() as i32))
        .x_label_area_size(60)
        .y_label_area_size(115)
        .build_cartesian_2d(x, y)?;
    let label = FONT.into_font().color(&INK);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(GRID.stroke_width(2))
        .axis_style(GRID.stroke_width(2))
        .label_style(label)
        .draw()?;

    chart.draw_series(LineSeries::new(curves.steps.iter().copied(), STEPS.stroke_width(2)))?;
    for (points, colour) in [(&curves.training, TRAINING), (&curves.after, TEST)] {
        chart.draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(4)))?;
        if points.len() <= MOST_MARKED {
            let mark = |&point| Circle::new(point, 7, colour.filled());
            chart.draw_series(points.iter().map(mark))?;
        }
    }
    area.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dataset::{Examples, Images};
    use model::{Activation, Network};

    #[test]
    fn every_colour_has_its_like_in_the_dark() {
        let report = EpochReport {
            epoch: 1,
            loss: 0.5,
            accuracy: 0.8,
            seconds: 1.0,
            images_per_second: 1.0,
        };
        let mut steps = StepCurve::new(1, 2);
        for step in [1, 2] {
            steps.push(&model::StepReport {
                epoch: 1,
                step,
                steps: 2,
                rows: 1,
                loss: 0.0,
                accuracy: 0.5,
                learning_rate: 0.001 / step as f64,
                running_loss: 0.0,
                running_accuracy: 0.5,
            });
        }
        let network = Network::glorot_uniform(&[1, 2], Activation::Relu, 0).unwrap();
        let examples = Examples::new(Images::new(vec![9], 1, 1).unwrap(), vec![0]).unwrap();
        let test = TestResult::of(&network, dataset::Set::Images(&examples)).unwrap();
        let style = include_str!("style.css");
        let plots = [
            (loss(&[(report, test)], &steps), 7),
            (accuracy(&[(report, test)], &steps), 7),
            (learning_rate(1, &steps).unwrap(), 4),
        ];
        for (svg, count) in plots {
            let mut colours = Vec::new();
            for name in ["stroke", "fill"] {
                let before = format!("{name}=\"#");
                let found = svg.split(&before).skip(1).map(|rest| &rest[..6]);
                colours.extend(found.map(|colour| format!("[{name}=\"#{colour}\"]")));
            }
            colours.sort();
            colours.dedup();
            assert_eq!(colours.len(), count, "{colours:?}");
            for colour in colours {
                assert!(style.contains(&colour), "{colour} is not in the style sheet");
            }
        }
    }
}
