//! The sample's table, and reading it.

use super::drawn::{Drawn, columns_and_methods};
use super::folder::{DRAW, SAMPLE};
use super::staged::{self, Kept};
use super::{Artefact, Study, calls};
use crate::draw::stages::Level;
use crate::draw::{Basis, Sample};
use crate::estimate::variance::in_stages;
use crate::files::{self, Column, Columns, parquet};
use crate::frame::Codes;

impl Study {
    /// The sample, as it was drawn; ids are case ids.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`](super::Error::Missing) if nothing was drawn yet.
    pub fn sample(&self, step: &str) -> Result<Sample, crate::Error> {
        self.need(SAMPLE, step)?;
        let drawn: Artefact<Drawn> = self.read(DRAW, "draw", step)?;
        let path = self.path(SAMPLE);
        let table = parquet::read(&path)?;
        sample_of(&table, &drawn.content).ok_or_else(|| {
            files::Error::Kind {
                path: path.display().to_string(),
                found: "another table".to_owned(),
                wanted: format!("the sample that {DRAW} describes"),
            }
            .into()
        })
    }
}

/// Names of the sample's own columns; those of the list follow them with this in front.
const CARRIED: &str = "list.";

/// The sample as a table. Sizes, places and amounts that the draw went by are among the list's columns.
pub(super) fn table(sample: &Sample) -> Columns {
    let whole = |values: &[u32]| Column::Whole(values.iter().map(|&v| u64::from(v)).collect());
    let real = |values: &[f64]| Column::Real(values.iter().copied().map(Some).collect());
    let mut table = Columns::default();
    table.push("case_id", Column::Text(sample.id.clone()));
    table.push("row", Column::Whole(sample.row.clone()));
    table.push("stratum", Column::Coded(sample.stratum.clone()));
    table.push("cell", Column::Coded(sample.cell.clone()));
    let hits = sample.basis.hits.as_deref();
    let chance = if hits.is_some() { EXPECTED } else { CHANCE };
    table.push(chance, real(&sample.probability));
    for (place, level) in sample.basis.stages.iter().enumerate() {
        table.push(format!("{CHANCE}.{}", place + 1), real(&level.chance));
        table.push(
            format!("{OF}.{}", place + 1),
            Column::Whole(level.there.clone()),
        );
    }
    if let Some(hits) = hits {
        table.push(HITS, whole(hits));
    }
    if let Some(walk) = &sample.basis.walk {
        table.push(WALK, Column::Whole(walk.clone()));
    }
    if let Some(asking) = &sample.basis.asking {
        calls::push(&mut table, asking);
    }
    table.push("rank", whole(&sample.rank));
    table.push("replicate", whole(&sample.replicate));
    for (name, codes) in &sample.columns {
        table.push(format!("{CARRIED}{name}"), Column::Coded(codes.clone()));
    }
    table
}

/// π.
const CHANCE: &str = "probability";
/// Out of how many clusters or units a stage drew, after its number.
const OF: &str = "of";
/// What stands there instead, with replacement.
const EXPECTED: &str = "expected_hits";
/// How often a unit was hit.
const HITS: &str = "hits";
/// Its place in the walk through its stratum.
const WALK: &str = "walk";

fn sample_of(table: &Columns, drawn: &Drawn) -> Option<Sample> {
    let labels: Vec<String> = drawn.strata.iter().map(|s| s.stratum.clone()).collect();
    let codes = drawn
        .strata
        .iter()
        .enumerate()
        .flat_map(|(place, stratum)| vec![place as u32; stratum.drawn as usize])
        .collect();
    let stratum = Codes::new(labels, codes);
    let written = table.codes("stratum")?;
    let agrees = written.len() == stratum.len()
        && (0..stratum.len()).all(|row| written.label(row) == stratum.label(row));
    if !agrees {
        return None;
    }
    let whole = |name: &str| match table.get(name) {
        Some(Column::Whole(values)) => Some(values.clone()),
        _ => None,
    };
    let small = |name: &str| {
        Some(
            whole(name)?
                .into_iter()
                .map(|v| v as u32)
                .collect::<Vec<u32>>(),
        )
    };
    let how = drawn.how()?;
    let chance = if how.hits() { EXPECTED } else { CHANCE };
    let (Some(Column::Text(id)), Some(Column::Real(probability))) =
        (table.get("case_id"), table.get(chance))
    else {
        return None;
    };
    let carried = table
        .0
        .iter()
        .filter_map(|(name, _)| name.strip_prefix(CARRIED));
    let columns: Vec<(String, Codes)> = carried
        .map(|name| Some((name.to_owned(), table.codes(&format!("{CARRIED}{name}"))?)))
        .collect::<Option<_>>()?;
    let stages = stages_of(table, drawn, &stratum, &columns)?;
    let sample = Sample {
        id: id.clone(),
        row: whole("row")?,
        population: drawn.strata.iter().map(|s| s.population).collect(),
        cell: table.codes("cell")?,
        probability: probability.iter().copied().collect::<Option<_>>()?,
        rank: small("rank")?,
        replicate: small("replicate")?,
        stratum,
        basis: Basis {
            hits: if how.hits() { Some(small(HITS)?) } else { None },
            // A sample written before walks were is read without one.
            walk: whole(WALK),
            asking: match &drawn.calls {
                Some(_) => Some(calls::read(table)?),
                None => None,
            },
            stages,
            ..Basis::of(how, &columns)
        },
        columns,
    };
    let holds = sample.basis.stages.is_empty() || in_stages(&sample).is_ok();
    holds.then_some(sample)
}

/// What was kept of each stage, if clusters were drawn first.
fn stages_of(
    table: &Columns,
    drawn: &Drawn,
    stratum: &Codes,
    columns: &[(String, Codes)],
) -> Option<Vec<Level>> {
    let reals = |place: usize| match table.get(&format!("{CHANCE}.{place}")) {
        Some(Column::Real(values)) => values.iter().copied().collect::<Option<Vec<f64>>>(),
        _ => None,
    };
    let wholes = |place: usize| match table.get(&format!("{OF}.{place}")) {
        Some(Column::Whole(values)) => Some(values.clone()),
        _ => None,
    };
    let places = 1..=drawn.stages.len();
    let kept = Kept {
        chance: places.clone().map(reals).collect::<Option<_>>()?,
        there: places.map(wholes).collect::<Option<_>>()?,
    };
    staged::levels(stratum, columns, &columns_and_methods(&drawn.stages), kept)
}

#[cfg(test)]
mod tests {
    use super::{sample_of, table};
    use crate::draw::{Chosen, ChosenFrom, How, METHODS, Sample};
    use crate::frame::Roles;
    use crate::random::Seed;
    use crate::study::{Drawn, DrawnBy, DrawnStratum};

    /// Two units of a town, drawn by a method.
    fn drawn(key: &str) -> (Sample, Drawn) {
        let roles = Roles {
            strata: vec!["side".into()],
            carry: vec!["turnover".into()],
            ..Roles::default()
        };
        let unit = |id: &str, walk| Chosen {
            id: id.into(),
            row: 4,
            chance: 0.25,
            hits: 1,
            walk,
            carried: vec![Some("2.5".into())],
        };
        let method = METHODS.iter().find(|method| method.card.key == key);
        let mut how = How::by(method.expect("a method"));
        how.size = Some("turnover".to_owned()).filter(|_| key != "simple");
        let walk = how.rule().is_none().then_some(3);
        let labels = ["north".to_owned()];
        let strata = vec![ChosenFrom {
            labels: &labels,
            population: 8,
            units: vec![unit("a", walk), unit("b", walk)],
        }];
        let by = DrawnBy::of(&how);
        let seed = Seed::new("x").expect("not blank");
        let sample = Sample::assemble(&roles, strata, 1, &seed, how);
        let stratum = DrawnStratum {
            stratum: "north".into(),
            population: 8,
            drawn: 2,
            ..DrawnStratum::default()
        };
        let drawn = Drawn {
            method: key.into(),
            says: String::new(),
            chances: None,
            by,
            seed_key: seed.key(),
            fingerprint: "f".into(),
            drawn: 2,
            replicates: 1,
            commitment: None,
            calls: None,
            coordination: None,
            rest: None,
            stages: Vec::new(),
            self_weighting: false,
            or_all: false,
            strata: vec![stratum],
        };
        (sample, drawn)
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        for key in ["simple", "pareto", "pivotal", "pps-with-replacement"] {
            let (sample, drawn) = drawn(key);
            assert_eq!(sample_of(&table(&sample), &drawn), Some(sample), "{key}");
        }
    }

    #[test]
    fn a_sample_from_before_other_methods_is_still_read() {
        // As 3-draw.json and 3-sample.parquet were when there was but one method.
        let text = r#"{"method": "simple", "seed_key": "k", "fingerprint": "f", "drawn": 2, "replicates": 1,
            "strata": [{"stratum": "north", "population": 8, "drawn": 2, "last": "8a", "whole": false}]}"#;
        let old: Drawn = serde_json::from_str(text).expect("an old file");
        let (sample, _) = drawn("simple");
        let table = table(&sample);
        assert!(table.get("walk").is_none() && table.get("hits").is_none());
        assert_eq!(sample_of(&table, &old), Some(sample));
        assert_eq!(old.strata[0].takes("80"), Some(true));
        assert_eq!(old.strata[0].takes("8b"), Some(false));
        let again = serde_json::to_string(&old).expect("text");
        assert!(
            !again.contains("threshold") && !again.contains("\"by\""),
            "{again}"
        );
    }
}
