//! The options of `driver train` that say how pictures are distorted.

use clap::Args;
use clap::builder::PossibleValuesParser;
use dataset::Augmentation;

/// How pictures are distorted: a strength by its name, and single limits that count instead of its own.
#[derive(Debug, Args)]
pub(crate) struct AugmentArguments {
    /// How strongly training images are distorted, anew in each epoch
    #[arg(long = "augment", value_name = "STRENGTH", default_value = Augmentation::NAMES[0], default_value_ifs = [("recipe", "good", "mid"), ("recipe", "best", "mid")], value_parser = PossibleValuesParser::new(Augmentation::NAMES))]
    pub(crate) strength: String,
    /// The largest rotation, instead of the strength's
    #[arg(long = "augment-rotation", value_name = "DEGREES", allow_negative_numbers = true)]
    rotation: Option<f64>,
    /// The largest change of scale along each axis, instead of the strength's: 0.15 is from 1/1.15 to 1.15
    #[arg(long = "augment-scale", value_name = "SHARE", allow_negative_numbers = true)]
    scale: Option<f64>,
    /// The largest slant, in columns a row, instead of the strength's
    #[arg(long = "augment-shear", value_name = "SLANT", allow_negative_numbers = true)]
    shear: Option<f64>,
    /// The largest shift along each axis, in pixels of an image of 28, instead of the strength's
    #[arg(long = "augment-shift", value_name = "PIXELS", allow_negative_numbers = true)]
    shift: Option<f64>,
    /// Standard deviation of the bending along each axis, in pixels of an image of 28, instead of the strength's
    #[arg(long = "augment-elastic", value_name = "PIXELS", allow_negative_numbers = true)]
    elastic: Option<f64>,
    /// How smooth the bending is, in pixels of an image of 28 [default: 4]
    #[arg(long = "augment-smoothness", value_name = "PIXELS", allow_negative_numbers = true)]
    smoothness: Option<f64>,
}

impl AugmentArguments {
    /// All limits together.
    pub(crate) fn augmentation(&self) -> Augmentation {
        let named = Augmentation::named(&self.strength).expect("a strength by its name");
        Augmentation {
            rotation: self.rotation.unwrap_or(named.rotation),
            scale: self.scale.unwrap_or(named.scale),
            shear: self.shear.unwrap_or(named.shear),
            shift: self.shift.unwrap_or(named.shift),
            elastic: self.elastic.unwrap_or(named.elastic),
            smoothness: self.smoothness.unwrap_or(named.smoothness),
        }
    }
}
