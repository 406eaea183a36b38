//! A hand: how a writer, this time, departs from the skeletons.
//!
//! The variations, in the order in which they are applied: the form, and where between two of its drawings; each stroke and
//! each point, shifted a little by itself; the whole digit, bent by a polynomial, stretched, slanted and turned; the
//! width of the line. Each amount below is a standard deviation unless it says otherwise, for a digit one unit high. They
//! were searched for: a network trained on the result was to read MNIST's *training* images well, and 97.5 % of the
//! drawn test images or more.

use crate::{
    dice::Dice,
    form::{Form, Point},
    path::{Path, Place},
    skeletons::{DIGITS, MOST_POINTS},
};

/// The share of the second drawing goes from `-BEYOND` to `1 + BEYOND`.
const BEYOND: f32 = 0.13;
/// Shift of a stroke.
const STROKE_SHIFT: f32 = 0.03;
/// Shift of a point, for the steadiest and the most unsteady writer.
const POINT_SHIFT: (f32, f32) = (0.012, 0.035);
/// So much more the ends of a stroke are shifted: they fall short, overshoot and miss each other.
const AT_ENDS: f32 = 2.6;
/// Coefficients of the second order in the bending polynomial.
const BEND: f32 = 0.2;
/// Coefficients of the third order.
const BEND_3: f32 = 0.38;
/// Width over the skeleton's: mean, deviation and minimum.
const STRETCH: (f32, f32, f32) = (1.16, 0.24, 0.3);
/// Shift to the right per unit upwards: mean and deviation. Most writers lean to the right.
const SLANT: (f32, f32) = (0.15, 0.26);
/// Tangent of half the angle by which the page is turned.
const HALF_TURN: f32 = 0.03;
/// Half the width of the line: mean, deviation and minimum. The thinnest line is about 1.3 pixels wide.
const RADIUS: (f32, f32, f32) = (0.07, 0.016, 0.034);
/// So much farther from the mean are the thicker pens: some felt pens leave blots.
const FELT_PEN: f32 = 1.3;
/// Relative change of the width from the middle of a stroke to its ends: growing along the stroke, and shrinking to both ends.
const PRESSURE: (f32, f32) = (0.2, 0.13);

/// A writer at one moment.
pub(super) struct Hand {
    unsteadiness: f32,
    /// For each axis, the coefficients of xy, x², y², x³, y³.
    bend: [[f32; 5]; 2],
    stretch: f32,
    slant: f32,
    cos_sin: (f32, f32),
    radius: f32,
    pressure: (f32, f32),
}

impl Hand {
    /// Any hand.
    pub(super) fn new(dice: &mut Dice) -> Self {
        let bend = [0, 1].map(|_| [BEND, BEND, BEND, BEND_3, BEND_3].map(|b| dice.around_zero(b)));
        // Rational, because the platforms' sines and cosines differ.
        let t = dice.around_zero(HALF_TURN);
        let cos_sin = ((1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t));
        let thicker = dice.around_zero(RADIUS.1);
        let thicker = if thicker > 0.0 { FELT_PEN * thicker } else { thicker };
        Self {
            unsteadiness: dice.between(POINT_SHIFT.0, POINT_SHIFT.1),
            bend,
            stretch: (STRETCH.0 + dice.around_zero(STRETCH.1)).max(STRETCH.2),
            slant: SLANT.0 + dice.around_zero(SLANT.1),
            cos_sin,
            radius: (RADIUS.0 + thicker).max(RADIUS.2),
            pressure: (dice.around_zero(PRESSURE.0), dice.around_zero(PRESSURE.1)),
        }
    }

    /// Leads the pen, whose way `path` is, through `digit`, one of 0 to 9.
    pub(super) fn write(&self, digit: usize, dice: &mut Dice, path: &mut Path) {
        let form = any_form(DIGITS[digit], dice);
        let mut any_drawing = || form.drawings[dice.below(form.drawings.len())];
        let (one, other) = (any_drawing(), any_drawing());
        let share = dice.between(-BEYOND, 1.0 + BEYOND);

        for (one, other) in one.iter().zip(other) {
            let [right, down] = [0, 1].map(|_| dice.around_zero(STROKE_SHIFT));
            let mut places = [[0.0; 2]; MOST_POINTS];
            let places = &mut places[..one.len()];
            for (i, (&a, &b)) in one.iter().zip(*other).enumerate() {
                // Both halves of a corner move together.
                if i > 0 && a == one[i - 1] {
                    places[i] = places[i - 1];
                    continue;
                }
                let is_end = i == 0 || i + 1 == one.len();
                let spread = self.unsteadiness * if is_end { AT_ENDS } else { 1.0 };
                let (a, b) = (centred(a), centred(b));
                let x = a[0] + share * (b[0] - a[0]) + right + dice.around_zero(spread);
                let y = a[1] + share * (b[1] - a[1]) + down + dice.around_zero(spread);
                places[i] = self.distort(x, y);
            }
            path.add_stroke(places, |along| self.radius * self.pressure_at(along));
        }
    }

    /// Where the page, bent, stretched, slanted and turned, has the place `(x, y)`.
    fn distort(&self, x: f32, y: f32) -> Place {
        let powers = [x * y, x * x, y * y, x * x * x, y * y * y];
        let bend = |b: &[f32; 5]| -> f32 { b.iter().zip(powers).map(|(b, power)| b * power).sum() };
        let (x, y) = (x + bend(&self.bend[0]), y + bend(&self.bend[1]));
        let x = self.stretch * x - self.slant * y;
        let (cos, sin) = self.cos_sin;
        [cos * x - sin * y, sin * x + cos * y]
    }

    /// Relative width of the line where the part `along` of its stroke is behind the pen.
    fn pressure_at(&self, along: f32) -> f32 {
        let u = 2.0 * along - 1.0;
        (1.0 + self.pressure.0 * u + self.pressure.1 * (1.0 - 2.0 * u * u)).max(0.3)
    }
}

/// A form, each as often as its share says.
fn any_form<'a>(forms: &'a [Form], dice: &mut Dice) -> &'a Form {
    let total: u32 = forms.iter().map(|form| form.share).sum();
    let mut left = dice.below(total as usize) as u32;
    let mut chosen = 0;
    while left >= forms[chosen].share {
        left -= forms[chosen].share;
        chosen += 1;
    }
    &forms[chosen]
}

/// A point in units of the box, seen from its middle.
fn centred((x, y): Point) -> Place {
    [f32::from(x) / 100.0 - 0.5, f32::from(y) / 100.0 - 0.5]
}
