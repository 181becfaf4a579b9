//! Who was drawn, from where, with what chance, in what order.

use super::stages::{Asking, Level};
use super::{How, replicates, sieve};
use crate::frame::{Codes, Roles, stratum_label};
use crate::random::Seed;

/// The drawn units. Every later vector of the survey has one entry per drawn unit, in this order.
///
/// - **Rows.** n, sorted by stratum label and then by rank.
/// - **Chances.** 0 < π ≤ 1; of draws with replacement the expected hits, which may be above 1.
/// - **Ranks.** 1 … n_h within each stratum, in the order of release.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// How each unit is known: its id in the list at the draw; in files, its opaque case id.
    pub id: Vec<String>,
    /// Where it stands in the list, counted from 0.
    pub row: Vec<u64>,
    /// The stratum it was drawn from.
    pub stratum: Codes,
    /// N_h, one per label of `stratum`.
    pub population: Vec<u64>,
    /// The reporting cell, a union of strata.
    pub cell: Codes,
    /// Columns of the list that came along, by name: service, operator, district …
    pub columns: Vec<(String, Codes)>,
    /// π, the chance it had; with replacement, how often it was to be hit on average.
    pub probability: Vec<f64>,
    /// Its place in its stratum's order of release, from 1.
    pub rank: Vec<u32>,
    /// Its replicate, from 1: random parts of equal composition, released one after another.
    pub replicate: Vec<u32>,
    /// What the draw went by; nothing for a simple one.
    pub basis: Basis,
}

/// What a draw went by: what must be known of the drawn units beside their chances, so that weights and
/// variances are those of the method.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Basis {
    /// The method and its columns; none for a simple draw.
    pub how: Option<How>,
    /// How often each unit was hit, with replacement.
    pub hits: Option<Vec<u32>>,
    /// Its place in the walk through its stratum, from 1, where there was one.
    pub walk: Option<Vec<u64>>,
    /// Its size.
    pub size: Option<Vec<f64>>,
    /// Its place: one vector per unit. Empty without places.
    pub places: Vec<Vec<f64>>,
    /// The amounts that the sample was balanced on: one vector per amount.
    pub balance: Vec<Vec<f64>>,
    /// Whom calls are about, where each number is called once.
    pub asking: Option<Asking>,
    /// The stages, units last, where clusters were drawn first; empty where units were drawn at once.
    pub stages: Vec<Level>,
}

/// A unit that was drawn, before it stands in a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Its id.
    pub id: String,
    /// Where it stands in the list, counted from 0.
    pub row: u64,
    /// π, or the expected hits.
    pub chance: f64,
    /// How often it was hit.
    pub hits: u32,
    /// Its place in the walk through its stratum, from 1, where there was one.
    pub walk: Option<u64>,
    /// The cells of the columns that come along.
    pub carried: Vec<Option<String>>,
}

impl From<sieve::Unit> for Chosen {
    fn from(unit: sieve::Unit) -> Chosen {
        Chosen {
            id: unit.id,
            row: unit.row,
            chance: unit.chance,
            hits: 1,
            walk: None,
            carried: unit.carried,
        }
    }
}

/// The units drawn from a stratum.
#[derive(Debug, Clone, PartialEq)]
pub struct ChosenFrom<'a> {
    /// The stratum's labels, one per stratum column.
    pub labels: &'a [String],
    /// N_h.
    pub population: u64,
    /// In the order of release.
    pub units: Vec<Chosen>,
}

impl Basis {
    /// What a draw went by, as far as the columns that came along tell it.
    #[must_use]
    pub fn of(how: How, columns: &[(String, Codes)]) -> Basis {
        let all = |names: &[String]| -> Option<Vec<Vec<f64>>> {
            names.iter().map(|name| numbers(columns, name)).collect()
        };
        let size = how.size.as_ref().and_then(|name| numbers(columns, name));
        let places = all(&how.spread).unwrap_or_default();
        let balance = all(&how.balance).unwrap_or_default();
        let units = places.first().map_or(0, Vec::len);
        let place = |unit| places.iter().map(|column| column[unit]).collect();
        Basis {
            hits: None,
            walk: None,
            size,
            places: (0..units).map(place).collect(),
            balance,
            asking: None,
            stages: Vec::new(),
            how: Some(how),
        }
    }
}

/// A column that came along, as numbers; none if it did not, or holds anything else.
fn numbers(columns: &[(String, Codes)], name: &str) -> Option<Vec<f64>> {
    let (_, codes) = columns.iter().find(|(known, _)| known == name)?;
    let read = |label: &String| label.trim().parse::<f64>().ok();
    let labels: Option<Vec<f64>> = codes.labels().iter().map(read).collect();
    let labels = labels?;
    Some(
        (0..codes.len())
            .map(|row| labels[codes.code(row)])
            .collect(),
    )
}

impl Sample {
    /// Puts the drawn units of all strata, each in its order of release, into one sample, and cuts it into
    /// replicates; `how` they were drawn. Strata without a drawn unit keep their label: their people are not represented, and
    /// later rooms must be able to say so.
    #[must_use]
    pub fn assemble(
        roles: &Roles,
        mut strata: Vec<ChosenFrom<'_>>,
        replicates: u32,
        seed: &Seed,
        how: How,
    ) -> Sample {
        strata.sort_by_cached_key(|stratum| stratum_label(stratum.labels));
        let takes: Vec<u64> = strata.iter().map(|s| s.units.len() as u64).collect();
        let units: Vec<(&[String], &Chosen)> = strata
            .iter()
            .flat_map(|stratum| stratum.units.iter().map(|unit| (stratum.labels, unit)))
            .collect();
        let mut columns: Vec<(String, Codes)> = Vec::new();
        for (place, name) in roles.strata.iter().enumerate() {
            let labels = units.iter().map(|(labels, _)| &labels[place]);
            columns.push((name.clone(), Codes::from_labels(labels)));
        }
        for (place, name) in roles.carry.iter().enumerate() {
            let cells = units
                .iter()
                .map(|(_, unit)| unit.carried[place].as_deref().unwrap_or(""));
            columns.push((name.clone(), Codes::from_labels(cells)));
        }
        let codes = takes
            .iter()
            .zip(0..)
            .flat_map(|(&take, code)| std::iter::repeat_n(code, take as usize));
        let labels = strata
            .iter()
            .map(|stratum| stratum_label(stratum.labels))
            .collect();
        Sample {
            stratum: Codes::new(labels, codes.collect()),
            population: strata.iter().map(|stratum| stratum.population).collect(),
            cell: Codes::from_labels(units.iter().map(|(labels, _)| roles.cell_of(labels))),
            id: units.iter().map(|(_, unit)| unit.id.clone()).collect(),
            row: units.iter().map(|(_, unit)| unit.row).collect(),
            probability: units.iter().map(|(_, unit)| unit.chance).collect(),
            rank: takes.iter().flat_map(|&take| 1..=take as u32).collect(),
            replicate: replicates::assign(&takes, replicates, seed),
            basis: Basis {
                hits: how
                    .hits()
                    .then(|| units.iter().map(|(_, unit)| unit.hits).collect()),
                walk: units.iter().map(|(_, unit)| unit.walk).collect(),
                ..Basis::of(how, &columns)
            },
            columns,
        }
    }

    /// How many units were drawn.
    #[must_use]
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether nobody was drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    /// A column that came along, by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Codes> {
        self.columns
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, codes)| codes)
    }

    /// n_h, one per label of `stratum`.
    #[must_use]
    pub fn drawn_by_stratum(&self) -> Vec<u64> {
        let mut drawn = vec![0; self.stratum.labels().len()];
        for &code in self.stratum.codes() {
            drawn[code as usize] += 1;
        }
        drawn
    }

    /// How many units of the list a drawn unit stands for: 1/π, or with replacement its hits over the
    /// expected ones.
    ///
    /// # Source
    ///
    /// Horvitz, Thompson (1952); Hansen, Hurwitz (1943).
    #[must_use]
    pub fn stands_for(&self, unit: usize) -> f64 {
        let hits = self.basis.hits.as_ref().map_or(1, |hits| hits[unit]);
        f64::from(hits) / self.probability[unit]
    }

    /// Whether a drawn unit is asked about: where each number is called once, one of the units that share
    /// it is.
    #[must_use]
    pub fn is_asked(&self, unit: usize) -> bool {
        let asking = self.basis.asking.as_ref();
        asking.is_none_or(|asking| asking.asked[unit])
    }

    /// Which drawn units are called, if so many replicates are released.
    #[must_use]
    pub fn called(&self, released: u32) -> Vec<bool> {
        let is_called = |unit: usize| self.replicate[unit] <= released && self.is_asked(unit);
        (0..self.len()).map(is_called).collect()
    }

    /// Whether a unit was drawn in any case. An expected hit is no certainty.
    #[must_use]
    pub fn is_certain(&self, unit: usize) -> bool {
        self.basis.hits.is_none() && self.probability[unit] >= 1.0 - super::probability::CERTAIN
    }
}

#[cfg(test)]
mod tests {
    use super::{Chosen, ChosenFrom, Sample};
    use crate::draw::{How, METHODS};
    use crate::frame::Roles;
    use crate::random::Seed;

    fn sample(key: &str) -> Sample {
        let roles = Roles {
            unit: "id".into(),
            strata: vec!["side".into()],
            carry: vec!["turnover".into()],
            ..Roles::default()
        };
        let unit = |id: &str, hits, turnover: &str| Chosen {
            id: id.into(),
            row: 0,
            chance: 0.5,
            hits,
            walk: Some(7),
            carried: vec![Some(turnover.into())],
        };
        let sides = [vec!["south".to_owned()], vec!["north".to_owned()]];
        let strata = vec![
            ChosenFrom {
                labels: &sides[0],
                population: 3,
                units: vec![unit("c", 1, "5")],
            },
            ChosenFrom {
                labels: &sides[1],
                population: 9,
                units: vec![unit("a", 1, "2.5"), unit("b", 2, "1e3")],
            },
        ];
        let method = METHODS.iter().find(|method| method.card.key == key);
        let how = How {
            size: Some("turnover".into()),
            ..How::by(method.expect("a method"))
        };
        let seed = Seed::new("x").expect("not blank");
        Sample::assemble(&roles, strata, 1, &seed, how)
    }

    #[test]
    fn strata_come_in_the_order_of_their_labels() {
        let sample = sample("pareto");
        assert_eq!(sample.id, ["a", "b", "c"]);
        assert_eq!(sample.stratum.labels(), ["north", "south"]);
        assert_eq!(
            (sample.population.as_slice(), sample.rank),
            (&[9, 3][..], vec![1, 2, 1])
        );
    }

    #[test]
    fn a_unit_that_was_hit_twice_stands_for_twice_as_many() {
        let again = sample("pps-with-replacement");
        let all = |sample: &Sample| [0, 1, 2].map(|unit| sample.stands_for(unit).to_bits());
        assert_eq!(all(&again), [2.0, 4.0, 2.0].map(f64::to_bits));
        let once = sample("pareto");
        assert_eq!(all(&once), [2.0; 3].map(f64::to_bits));
        assert_eq!(once.basis.size, Some(vec![2.5, 1_000.0, 5.0]));
        assert_eq!(once.basis.walk, Some(vec![7; 3]));
    }
}
