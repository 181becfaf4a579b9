//! Sets of weights, and how to make a variance of what they give.

use super::given::Columns;
use super::{Pattern, Units};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "replication",
    title: Words::new("Variance from replicates", "重复权数方差估计"),
    says: Words::new(
        "The figure is made again with every set of replicate weights, each of which went through all \
         weighting steps anew, and the variance is how much it differs. It serves any statistic and any \
         weighting, and costs as many estimates as there are replicates.",
        "以每组重复权数（各自重新经过全部加权步骤）重新计算估计量，其差异即为方差。\
         适用于任何统计量和任何加权方法，代价是需重复计算多次。",
    ),
    formula: "V̂ = c Σ_r c_r (θ̂_r − θ̂)²",
    sources: &[
        Source::at("Wolter (2007)", "ch. 2–5"),
        Source::new("Rust, Rao (1996)"),
    ],
};

/// From where replicates are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Centre {
    /// From the figure of the full sample, as SAS and the publishers of replicates do; R's `mse = TRUE`.
    #[default]
    Full,
    /// From the replicates' own mean: R's default.
    Mean,
}

/// A constant before a sum over replicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scale {
    /// c.
    Fixed(f64),
    /// c/R around the full sample, c/(R − 1) around the mean, for replicates made by chance.
    Random(f64),
}

/// Where replicate weights come from.
#[derive(Debug)]
pub(super) enum Origin<'a> {
    Made(Units, Box<dyn Pattern>),
    Given(Columns<'a>),
}

/// Sets of replicate weights. They are made when they are asked for, and none is kept.
#[derive(Debug)]
pub struct Replicates<'a> {
    pub(super) origin: Origin<'a>,
    pub(super) scale: Scale,
    pub(super) scales: Vec<f64>,
    pub(super) centre: Centre,
    /// More degrees of freedom than so many they cannot tell.
    pub(super) most: u64,
    pub(super) degrees: Option<u64>,
}

impl<'a> Replicates<'a> {
    pub(super) fn of(
        units: Units,
        pattern: Box<dyn Pattern>,
        scale: Scale,
        scales: Vec<f64>,
    ) -> Replicates<'a> {
        Replicates {
            origin: Origin::Made(units, pattern),
            scale,
            most: (scales.len() as u64).saturating_sub(1),
            scales,
            centre: Centre::default(),
            degrees: None,
        }
    }

    /// The same, measured from another centre.
    #[must_use]
    pub fn centred(self, centre: Centre) -> Replicates<'a> {
        Replicates { centre, ..self }
    }

    /// The same, with the degrees of freedom that their publisher states.
    #[must_use]
    pub fn with_degrees(self, degrees: u64) -> Replicates<'a> {
        Replicates {
            degrees: Some(degrees),
            ..self
        }
    }

    /// What the method says of itself.
    #[must_use]
    pub fn card(&self) -> &'static Card {
        match &self.origin {
            Origin::Made(_, pattern) => pattern.card(),
            Origin::Given(_) => &super::given::CARD,
        }
    }

    /// R, how many there are; 0 if all of the population was taken.
    #[must_use]
    pub fn count(&self) -> usize {
        self.scales.len()
    }

    /// How many rows they weigh.
    #[must_use]
    pub fn rows(&self) -> usize {
        match &self.origin {
            Origin::Made(units, _) => units.rows(),
            Origin::Given(columns) => columns.rows(),
        }
    }

    /// c, the constant before the sum.
    #[must_use]
    pub fn scale(&self) -> f64 {
        match (self.scale, self.centre) {
            (Scale::Fixed(scale), _) => scale,
            (Scale::Random(scale), Centre::Full) => scale / self.count() as f64,
            (Scale::Random(scale), Centre::Mean) => scale / (self.count() as f64 - 1.0),
        }
    }

    /// c_r, one per replicate.
    #[must_use]
    pub fn scales(&self) -> &[f64] {
        &self.scales
    }

    /// From where replicates are measured.
    #[must_use]
    pub fn centre(&self) -> Centre {
        self.centre
    }

    /// The weights of a replicate, counted from 0, before any weighting step; `base` are those of the
    /// full sample.
    ///
    /// # Panics
    ///
    /// If there are not as many weights as rows: our own bug.
    #[must_use]
    pub fn weights(&self, replicate: usize, base: &[f64]) -> Vec<f64> {
        assert_eq!(base.len(), self.rows(), "a weight per row");
        match &self.origin {
            Origin::Made(units, pattern) => {
                let mut weights = base.to_vec();
                pattern.apply(units, replicate, &mut weights);
                weights
            }
            Origin::Given(columns) => columns.weights(replicate, base),
        }
    }

    /// A name for the column of a replicate, counted from 0: "replicate_07". All are of one length, so
    /// that they sort.
    #[must_use]
    pub fn name(&self, replicate: usize) -> String {
        let digits = self.count().max(1).ilog10() as usize + 1;
        format!("replicate_{:0digits$}", replicate + 1)
    }

    /// Degrees of freedom of a figure from these rows.
    ///
    /// # Formula
    ///
    /// ```text
    /// ν = min( clusters − strata, R − 1 )   replicates that were made; R for jk2
    /// ν = rank(W) − 1                       replicates that came with the data
    /// ```
    ///
    /// Clusters and strata are counted over rows that count, where another draw might have had other
    /// clusters; W are the replicate weights of these rows.
    ///
    /// # Source
    ///
    /// Korn, Graubard (1999), §5.2; the rank is that of R's `survey`. Of the whole sample both agree,
    /// but for `jk2` that came with the data, where the rank is one too small.
    pub(super) fn degrees(&self, answered: &[usize], base: &[f64]) -> u64 {
        if let Some(degrees) = self.degrees {
            return degrees;
        }
        match &self.origin {
            Origin::Given(columns) => columns.rank(answered, base).saturating_sub(1),
            Origin::Made(units, _) => units.degrees(answered).min(self.most),
        }
    }

    /// Whether another draw might have had other rows than these.
    pub(super) fn moves(&self, answered: &[usize]) -> bool {
        match &self.origin {
            Origin::Made(units, _) => units.moves(answered),
            Origin::Given(_) => true,
        }
    }

    /// What two figures' replicates have in common; of a figure with itself, its variance.
    ///
    /// # Formula
    ///
    /// ```text
    /// Ĉ = c Σ_r c_r (θ̂_r − θ̂)(η̂_r − η̂)
    /// ```
    ///
    /// θ̂ and η̂ are the full sample's figures, or the means over replicates with c_r > 0.
    ///
    /// # Source
    ///
    /// Wolter (2007), §2.2; R's `survey` for the means.
    pub(super) fn covariance(&self, this: (f64, &[f64]), other: (f64, &[f64])) -> f64 {
        let centre = |(full, values): (f64, &[f64])| match self.centre {
            Centre::Full => full,
            Centre::Mean => {
                let counted = || values.iter().zip(&self.scales).filter(|(_, c)| **c > 0.0);
                sum(counted().map(|(value, _)| *value)) / counted().count() as f64
            }
        };
        let (here, there) = (centre(this), centre(other));
        let replicates = self.scales.iter().zip(this.1).zip(other.1);
        let products = replicates.map(|((c, a), b)| c * (a - here) * (b - there));
        match self.count() {
            0 => 0.0,
            _ => self.scale() * sum(products),
        }
    }
}
