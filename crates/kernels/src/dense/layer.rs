//! A layer's parameters, whole and in parts, and its activation.

use crate::layout::{Panels, PanelsMut, PanelsRef};
use crate::simd::Simd;

/// The function that a layer applies to its sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `max(x, 0)`.
    Relu,
    /// `x`.
    Linear,
}

impl Activation {
    /// The activation of sixteen sums.
    #[inline(always)]
    pub(super) fn of<S: Simd>(self, simd: S, sums: S::Vector) -> S::Vector {
        match self {
            // The order of the two lets NaN through.
            Self::Relu => simd.max(simd.splat(0.0), sums),
            Self::Linear => sums,
        }
    }
}

/// A layer's weights (inputs × units) and bias (1 × units), or anything of their shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Inputs × units.
    pub weights: Panels,
    /// 1 × units.
    pub bias: Panels,
}

impl Parameters {
    /// Zeros.
    pub fn zeros(inputs: usize, units: usize) -> Self {
        Self { weights: Panels::zeros(inputs, units), bias: Panels::zeros(1, units) }
    }

    /// Numbers in a row of input.
    pub fn inputs(&self) -> usize {
        self.weights.rows()
    }

    /// Numbers in a row of output.
    pub fn units(&self) -> usize {
        self.weights.columns()
    }

    pub(super) fn view(&self) -> ParametersRef<'_> {
        ParametersRef { weights: self.weights.view(), bias: self.bias.view() }
    }

    pub(super) fn view_mut(&mut self) -> ParametersMut<'_> {
        ParametersMut { weights: self.weights.view_mut(), bias: self.bias.view_mut() }
    }
}

/// Some panels of a layer, to read.
#[derive(Clone, Copy)]
pub(super) struct ParametersRef<'a> {
    pub(super) weights: PanelsRef<'a>,
    pub(super) bias: PanelsRef<'a>,
}

impl ParametersRef<'_> {
    pub(super) fn split_at_panel(self, q: usize) -> (Self, Self) {
        let (weights, weights_2) = self.weights.split_at_panel(q);
        let (bias, bias_2) = self.bias.split_at_panel(q);
        (Self { weights, bias }, Self { weights: weights_2, bias: bias_2 })
    }
}

/// Some panels of a layer, or some of its inputs, to write. Of parts by inputs, the first has the bias.
pub(super) struct ParametersMut<'a> {
    pub(super) weights: PanelsMut<'a>,
    pub(super) bias: PanelsMut<'a>,
}

impl ParametersMut<'_> {
    pub(super) fn split_at_panel(self, q: usize) -> (Self, Self) {
        let (weights, weights_2) = self.weights.split_at_panel(q);
        let (bias, bias_2) = self.bias.split_at_panel(q);
        (Self { weights, bias }, Self { weights: weights_2, bias: bias_2 })
    }

    /// Splits into the weights of the inputs before `p`, with the bias, and those of the inputs from `p` on.
    pub(super) fn split_at_input(self, p: usize) -> (Self, Self) {
        let (weights, weights_2) = self.weights.split_at_row(p);
        let rows = self.bias.rows();
        let (bias, no_bias) = self.bias.split_at_row(rows);
        (Self { weights, bias }, Self { weights: weights_2, bias: no_bias })
    }
}
