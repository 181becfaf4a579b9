//! What weights, clusters and strata each add to a design effect.

use serde::{Deserialize, Serialize};

use super::quality::kish;
use crate::frame::Codes;
use crate::language::Words;
use crate::math::{Sum, sum};
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "chen-rust",
    title: Words::new("Chen and Rust's design effect", "Chen–Rust设计效应"),
    says: Words::new(
        "By how much weights, clusters and strata widen or narrow the variance of a mean, each by itself: \
         in every stratum the part of weighting times that of clusters times that of the stratum.",
        "将均值方差的设计效应分解为加权、整群和分层三部分：每层为三者之积，各层相加即得总的设计效应。",
    ),
    formula: "deff = Σ_h w_h c_h s_h;  w_h = 1 + CV²_h(w);  c_h = 1 + (n*_h − 1) ρ_h;  s_h = W_h² (n/n_h) σ²_h/σ²",
    sources: &[
        Source::new("Chen, Rust (2017)"),
        Source::at("Valliant, Dever, Kreuter (2018)", "§14.4"),
    ],
};

/// The parts of one stratum, or of all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// The stratum's label; "all" for all.
    pub label: String,
    /// Its rows with an answer.
    pub rows: u64,
    /// Its clusters; as many as rows, where there are none.
    pub clusters: u64,
    /// n*_h, how many rows a cluster counts for, by weight; nothing for all.
    pub size: Option<f64>,
    /// ρ_h, how alike rows of a cluster are; nothing for all, without clusters, or where each is one row.
    pub alike: Option<f64>,
    /// The part of weights.
    pub weighting: Option<f64>,
    /// The part of clusters.
    pub clustering: Option<f64>,
    /// The part of the stratum.
    pub stratification: Option<f64>,
    /// Their product.
    pub product: Option<f64>,
}

/// A design effect and its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decomposed {
    /// Over all strata.
    pub all: Parts,
    /// By stratum.
    pub strata: Vec<Parts>,
}

/// What rows of a stratum, or all, are like.
struct Group<'a> {
    rows: &'a [usize],
    n: f64,
    people: f64,
    mean: f64,
    /// Σ w (y − ȳ)²
    squares: f64,
}

impl<'a> Group<'a> {
    fn of(rows: &'a [usize], weights: &[f64], answers: &[f64]) -> Group<'a> {
        let people = sum(rows.iter().map(|&row| weights[row]));
        let mean = sum(rows.iter().map(|&row| weights[row] * answers[row])) / people;
        let off = |row: usize| answers[row] - mean;
        let squares = sum(rows.iter().map(|&row| weights[row] * off(row) * off(row)));
        let n = rows.len() as f64;
        Group {
            rows,
            n,
            people,
            mean,
            squares,
        }
    }

    /// σ², the unit variance; none of a single row, or of no more people than one.
    fn spread(&self) -> Option<f64> {
        let told = self.n > 1.0 && self.people > 1.0;
        told.then(|| self.n / (self.n - 1.0) * self.squares / (self.people - 1.0))
    }

    /// The variance of the mean over that of a simple sample without replacement.
    fn whole(&self, weights: &[f64], answers: &[f64], clusters: &[Vec<usize>]) -> Option<f64> {
        let m = clusters.len() as f64;
        let simple = self.n / (self.n - 1.0) * self.squares / self.people * (self.people - self.n)
            / (self.people * self.n);
        if m < 2.0 || self.n < 2.0 || simple <= 0.0 {
            return None;
        }
        let score = |rows: &Vec<usize>| {
            sum(rows
                .iter()
                .map(|&row| weights[row] * (answers[row] - self.mean)))
                / self.people
        };
        let between = sum(clusters.iter().map(|rows| score(rows) * score(rows)));
        Some(m / (m - 1.0) * between / simple)
    }
}

/// The design effect of a mean, split into the parts of weights, clusters and strata. Without strata
/// there is one, and without clusters every row is one of its own.
///
/// A part is unknown in a stratum of a single row or cluster, and where weights add up to no more
/// people than rows: then there is no simple sample without replacement to compare with. What is
/// unknown in one stratum is unknown for all. There the parts stand in a row: the strata's is
/// Σ s_h, that of weights what they make of it, and that of clusters what they make of both.
/// None with fewer than two answers, or where nobody differs.
///
/// # Formula
///
/// ```text
/// deff = Σ_h w_h c_h s_h
///
/// w_h = 1 + CV²_h(w)         c_h = 1 + (n*_h − 1) ρ_h         s_h = W_h² (n / n_h) σ²_h / σ²
///
/// n*_h = Σ_c (Σ_c w)² / Σ_h w²      ρ_h = (deff_h − w_h) / (w_h (n*_h − 1))      W_h = Σ_h w / Σ w
///
/// σ² = n/(n − 1) · Σ w (y − ȳ)² / (Σ w − 1), σ²_h the same in a stratum
/// ```
///
/// with deff_h the variance of the stratum's mean, between its clusters, over that of a simple sample
/// without replacement.
///
/// # Source
///
/// Chen, Rust (2017), for two stages. W_h, σ² and deff_h as the function `deffCR` of R's `PracTools`
/// estimates them; where every cluster is one row, c_h is 1, and R has no number. The row of all is
/// ours.
///
/// # Example
///
/// Two strata of equal weights: weighting has no part, and strata that differ narrow the variance.
///
/// ```
/// use canvass::{frame::Codes, weigh::chen_rust::chen_rust};
/// let strata = Codes::from_labels(["a", "a", "b", "b"]);
/// let told = chen_rust(&[5.0; 4], &[1.0, 2.0, 8.0, 9.0], Some(&strata), None).expect("they differ");
/// assert_eq!(told.strata[0].weighting, Some(1.0));
/// assert!(told.all.product.expect("two rows each") < 0.05);
/// ```
///
/// # Panics
///
/// If columns differ in length, or a weight is not above 0: our own bug.
#[must_use]
pub fn chen_rust(
    weights: &[f64],
    answers: &[f64],
    strata: Option<&Codes>,
    clusters: Option<&Codes>,
) -> Option<Decomposed> {
    let every: Vec<usize> = (0..weights.len()).collect();
    assert_eq!(weights.len(), answers.len(), "an answer for each weight");
    assert!(weights.iter().all(|w| *w > 0.0), "weights above 0");
    let all = Group::of(&every, weights, answers);
    let spread = all.spread().filter(|spread| *spread > 0.0)?;
    let (labels, rows) = match strata {
        Some(strata) => (strata.labels().to_vec(), split(&every, strata)),
        None => (vec!["all".to_owned()], vec![every.clone()]),
    };
    let strata: Vec<Parts> = labels
        .into_iter()
        .zip(&rows)
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(label, rows)| {
            let mine = Group::of(rows, weights, answers);
            let share = mine.people / all.people;
            let stratification = mine
                .spread()
                .map(|own| share * share * all.n / mine.n * own / spread);
            let parts = parts(label, &mine, (weights, answers), clusters);
            let product = times(times(parts.weighting, parts.clustering), stratification);
            Parts {
                stratification,
                product,
                ..parts
            }
        })
        .collect();
    Some(Decomposed {
        all: together(&strata),
        strata,
    })
}

fn times(this: Option<f64>, other: Option<f64>) -> Option<f64> {
    this.zip(other).map(|(this, other)| this * other)
}

/// These rows by label; some labels may have none.
fn split(rows: &[usize], codes: &Codes) -> Vec<Vec<usize>> {
    let mut split = vec![Vec::new(); codes.labels().len()];
    for &row in rows {
        split[codes.code(row)].push(row);
    }
    split
}

/// What weights and clusters do in one stratum.
fn parts(
    label: String,
    mine: &Group<'_>,
    (weights, answers): (&[f64], &[f64]),
    clusters: Option<&Codes>,
) -> Parts {
    let weighting = kish(mine.rows.iter().map(|&row| weights[row]));
    let mut parts = Parts {
        label,
        rows: mine.rows.len() as u64,
        clusters: mine.rows.len() as u64,
        size: None,
        alike: None,
        weighting,
        clustering: Some(1.0),
        stratification: None,
        product: None,
    };
    let Some(clusters) = clusters else {
        return parts;
    };
    let mut clusters = split(mine.rows, clusters);
    clusters.retain(|rows| !rows.is_empty());
    let weight = |rows: &[usize]| sum(rows.iter().map(|&row| weights[row]));
    let squares = sum(mine.rows.iter().map(|&row| weights[row] * weights[row]));
    let size = sum(clusters.iter().map(|rows| weight(rows) * weight(rows))) / squares;
    parts.clusters = clusters.len() as u64;
    parts.size = Some(size);
    if clusters.len() < mine.rows.len() {
        parts.clustering = mine
            .whole(weights, answers, &clusters)
            .zip(weighting)
            .map(|(whole, weighting)| whole / weighting);
        parts.alike = parts
            .clustering
            .map(|clustering| (clustering - 1.0) / (size - 1.0));
    }
    parts
}

/// The parts over all strata, one after another.
fn together(strata: &[Parts]) -> Parts {
    let over = |part: &dyn Fn(&Parts) -> Option<f64>| -> Option<f64> {
        let mut all = Sum::default();
        for stratum in strata {
            all.add(part(stratum)?);
        }
        Some(all.value())
    };
    let stratification = over(&|part| part.stratification);
    let weighted = over(&|part| times(part.weighting, part.stratification));
    let product = over(&|part| part.product);
    let apart = |this: Option<f64>, other: Option<f64>| {
        this.zip(other.filter(|other| *other > 0.0))
            .map(|(this, other)| this / other)
    };
    Parts {
        label: "all".to_owned(),
        rows: strata.iter().map(|part| part.rows).sum(),
        clusters: strata.iter().map(|part| part.clusters).sum(),
        size: None,
        alike: None,
        weighting: apart(weighted, stratification),
        clustering: apart(product, weighted),
        stratification,
        product,
    }
}

#[cfg(test)]
mod tests {
    use super::chen_rust;
    use crate::frame::Codes;

    fn near(found: Option<f64>, wanted: f64) {
        let found = found.expect("a number");
        assert!(
            (found - wanted).abs() < 1e-10 * wanted.abs(),
            "{found} is not {wanted}"
        );
    }

    // As in tests/data/cards/make.R.
    const W: [f64; 10] = [3.0, 5.0, 8.0, 13.0, 21.0, 4.0, 6.0, 9.0, 2.5, 7.0];
    const Y: [f64; 10] = [9.0, 4.0, 6.0, 1.0, 3.0, 7.0, 8.0, 2.0, 5.0, 6.5];

    fn strata() -> Codes {
        Codes::from_labels(["a", "a", "a", "a", "a", "b", "b", "b", "b", "b"])
    }

    fn clusters() -> Codes {
        Codes::from_labels(["1", "1", "2", "2", "3", "4", "4", "5", "5", "6"])
    }

    #[test]
    fn it_agrees_with_practools_formulas_in_r() {
        let told = chen_rust(&W, &Y, Some(&strata()), Some(&clusters())).expect("they differ");
        for (part, wanted) in told.strata.iter().zip(BOTH) {
            near(part.weighting, wanted[0]);
            near(part.clustering, wanted[1]);
            near(part.stratification, wanted[2]);
            near(part.size, wanted[3]);
            near(part.alike, wanted[4]);
        }
        near(told.all.product, OVERALL);
        let all = &told.all;
        let [w, c, s] =
            [all.weighting, all.clustering, all.stratification].map(Option::unwrap_or_default);
        near(Some(w * c * s), OVERALL);
        let strata_alone = chen_rust(&W, &Y, Some(&strata()), None).expect("they differ");
        near(strata_alone.all.product, STRATA);
        let clusters_alone = chen_rust(&W, &Y, None, Some(&clusters())).expect("they differ");
        near(clusters_alone.all.product, CLUSTERS);
        near(clusters_alone.all.stratification, 1.0);
        let none = chen_rust(&W, &Y, None, None).expect("they differ");
        near(none.all.product, KISH);
    }

    const BOTH: [[f64; 5]; 2] = [
        [
            1.416,
            0.239_591_137_865_025_06,
            0.718_942_439_998_495_6,
            1.336_158_192_090_395_5,
            -2.262_056_615_090_597_4,
        ],
        [
            1.158_818_097_876_269_7,
            2.062_298_525_951_256,
            0.298_379_303_993_077_8,
            1.494_023_904_382_470_1,
            2.150_297_822_691_655,
        ],
    ];
    const OVERALL: f64 = 0.956_984_638_404_394_5;
    const STRATA: f64 = 1.363_789_832_536_773_4;
    const CLUSTERS: f64 = 1.090_126_190_827_903_6;
    const KISH: f64 = 1.454_420_057_608_828;

    #[test]
    fn what_one_stratum_does_not_tell_is_unknown_for_all() {
        let lonely = Codes::from_labels(["1", "1", "1", "1", "1", "4", "4", "5", "5", "6"]);
        let told = chen_rust(&W, &Y, Some(&strata()), Some(&lonely)).expect("they differ");
        assert_eq!((told.strata[0].clustering, told.all.product), (None, None));
        assert!(told.strata[1].product.is_some() && told.all.weighting.is_some());
        // Weights that add up to the rows leave no people beyond them.
        let shares = W.map(|w| w * 10.0 / 78.5);
        let told = chen_rust(&shares, &Y, None, Some(&clusters())).expect("they differ");
        assert_eq!(told.all.clustering, None);
        assert_eq!(chen_rust(&W, &[4.0; 10], None, None), None);
    }

    #[test]
    fn clusters_of_one_row_have_no_part() {
        let own = Codes::from_labels((0..10).map(|row| row.to_string()));
        let told = chen_rust(&W, &Y, Some(&strata()), Some(&own)).expect("they differ");
        assert_eq!(told.strata[0].clustering, Some(1.0));
        near(told.all.product, STRATA);
    }
}
