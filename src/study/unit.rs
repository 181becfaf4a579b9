//! One unit, without the list: its number, and what the draw made of it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::folder::{DRAW, KEY, SAMPLE};
use super::study::{SCHEMA, read_key};
use super::{Artefact, Done, Drawn, DrawnStratum, Error};
use crate::files::{self, Column, parquet};
use crate::random::Numbers;

/// What can be said of one unit without the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitShown {
    /// Its id, exactly as it stands in the list.
    pub unit: String,
    /// The seed's key.
    pub seed_key: String,
    /// Its permanent number as 64 hex digits.
    pub digest: String,
    /// The same in (0, 1).
    pub u: f64,
    /// Whether it is in the sample; unknown to whoever has no case.key and 3-sample.parquet.
    pub drawn: Option<bool>,
    /// Its place in the sample, if it is there.
    pub place: Option<UnitPlace>,
    /// Its stratum, if that is known; otherwise all.
    pub strata: Vec<UnitIn>,
}

/// Where a drawn unit stands in the sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitPlace {
    /// Its stratum.
    pub stratum: String,
    /// Its rank there, from 1.
    pub rank: u64,
    /// Its replicate, from 1.
    pub replicate: u64,
}

/// What a stratum's draw makes of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitIn {
    /// The stratum, with its threshold.
    #[serde(flatten)]
    pub stratum: DrawnStratum,
    /// Whether a unit of this stratum with this number was drawn; unknown if the draw does not say
    /// how far it went.
    pub takes: Option<bool>,
}

/// Shows the number of one unit and what the draw in `folder` made of it. Only 3-draw.json is needed;
/// with case.key and 3-sample.parquet beside it, the unit is also looked up in the sample.
///
/// # Errors
///
/// [`Error::NoStratum`] or [`Error::OtherStratum`] if `stratum` is not the unit's;
/// [`Error::UnitDiffers`] if sample and threshold contradict each other.
pub fn show_unit(
    folder: &Path,
    unit: &str,
    stratum: Option<&str>,
) -> Result<Done<UnitShown>, crate::Error> {
    let drawn = read_draw(folder)?;
    let number = Numbers::of_key(&drawn.seed_key).of(unit);
    let digest = number.text();
    let found = look_up(folder, unit)?;
    let place = found.clone().flatten();
    let strata = strata(&drawn, stratum, place.as_ref(), &digest)?;
    agree(&found, stratum, &strata, &digest)?;
    let mut read = vec![DRAW.to_owned()];
    if found.is_some() {
        read.extend([KEY, SAMPLE].map(str::to_owned));
    }
    let shown = UnitShown {
        unit: unit.to_owned(),
        seed_key: drawn.seed_key,
        digest,
        u: number.u(),
        drawn: found.map(|place| place.is_some()),
        place,
        strata,
    };
    Ok(Done {
        value: shown,
        notices: Vec::new(),
        read,
        wrote: Vec::new(),
    })
}

fn read_draw(folder: &Path) -> Result<Drawn, crate::Error> {
    let path = folder.join(DRAW);
    if !path.exists() {
        let [file, step, writer] = [DRAW, "verify", "draw"].map(str::to_owned);
        return Err(Error::Missing { file, step, writer }.into());
    }
    let drawn: Artefact<Drawn> = files::json::read(&path, "draw", SCHEMA)?;
    Ok(drawn.content)
}

/// The unit's place in the sample; none if it cannot be looked up.
fn look_up(folder: &Path, unit: &str) -> Result<Option<Option<UnitPlace>>, crate::Error> {
    let (key, sample) = (folder.join(KEY), folder.join(SAMPLE));
    if !key.exists() || !sample.exists() {
        return Ok(None);
    }
    let case = read_key(&key)?.case_id(unit);
    let table = parquet::read(&sample)?;
    let other = || files::Error::Kind {
        path: sample.display().to_string(),
        found: "another table".to_owned(),
        wanted: format!("the sample that {DRAW} describes"),
    };
    let (
        Some(Column::Text(cases)),
        Some(Column::Whole(rank)),
        Some(Column::Whole(replicate)),
        Some(stratum),
    ) = (
        table.get("case_id"),
        table.get("rank"),
        table.get("replicate"),
        table.codes("stratum"),
    )
    else {
        return Err(other().into());
    };
    let place = cases
        .iter()
        .position(|known| *known == case)
        .map(|row| UnitPlace {
            stratum: stratum.label(row).to_owned(),
            rank: rank[row],
            replicate: replicate[row],
        });
    Ok(Some(place))
}

/// The unit's stratum, if it is known; otherwise all.
fn strata(
    drawn: &Drawn,
    given: Option<&str>,
    place: Option<&UnitPlace>,
    digest: &str,
) -> Result<Vec<UnitIn>, Error> {
    let wanted = place.map(|place| place.stratum.as_str());
    if let (Some(given), Some(found)) = (given, wanted)
        && given != found
    {
        return Err(Error::OtherStratum {
            given: given.to_owned(),
            found: found.to_owned(),
        });
    }
    let wanted = wanted.or(given);
    let chosen: Vec<UnitIn> = drawn
        .strata
        .iter()
        .filter(|stratum| wanted.is_none_or(|wanted| stratum.stratum == wanted))
        .map(|stratum| UnitIn {
            stratum: stratum.clone(),
            takes: stratum.takes(digest),
        })
        .collect();
    match wanted {
        Some(wanted) if chosen.is_empty() => Err(Error::NoStratum {
            stratum: wanted.to_owned(),
            known: drawn
                .strata
                .iter()
                .map(|stratum| stratum.stratum.clone())
                .collect(),
        }),
        _ => Ok(chosen),
    }
}

/// Refuses a sample that says otherwise than the number and the threshold.
fn agree(
    found: &Option<Option<UnitPlace>>,
    given: Option<&str>,
    strata: &[UnitIn],
    digest: &str,
) -> Result<(), Error> {
    let (Some(place), [only]) = (found, strata) else {
        return Ok(());
    };
    let last = only.stratum.last.as_deref();
    let differs = match (place, only.takes) {
        (Some(_), Some(false)) => true,
        // The last one drawn has the last rank, and nobody else has its number.
        (Some(place), _) => {
            last.is_some_and(|last| (place.rank == only.stratum.drawn) != (last == digest))
        }
        (None, takes) => given.is_some() && takes == Some(true),
    };
    if differs {
        return Err(Error::UnitDiffers {
            stratum: only.stratum.stratum.clone(),
            digest: digest.to_owned(),
            last: only.stratum.last.clone().unwrap_or_default(),
            rank: place.as_ref().map(|place| place.rank),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{UnitIn, UnitPlace, agree};
    use crate::study::DrawnStratum;

    fn stratum(drawn: u64, last: Option<&str>) -> DrawnStratum {
        DrawnStratum {
            stratum: "town".into(),
            population: 5,
            drawn,
            last: last.map(str::to_owned),
            whole: drawn == 5,
        }
    }

    #[test]
    fn a_number_up_to_the_last_one_is_drawn() {
        let half = stratum(2, Some("8a"));
        for (digest, takes) in [("80", true), ("8a", true), ("8b", false)] {
            assert_eq!(half.takes(digest), Some(takes), "{digest}");
        }
        assert_eq!(stratum(5, Some("8a")).takes("ff"), Some(true));
        assert_eq!(stratum(0, None).takes("00"), Some(false));
        assert_eq!(stratum(2, None).takes("00"), None);
    }

    #[test]
    fn a_sample_and_a_threshold_that_contradict_each_other_are_refused() {
        let place = |rank| {
            Some(Some(UnitPlace {
                stratum: "town".into(),
                rank,
                replicate: 1,
            }))
        };
        let agrees = |found, digest: &str| {
            let stratum = stratum(2, Some("8a"));
            let takes = stratum.takes(digest);
            agree(&found, Some("town"), &[UnitIn { stratum, takes }], digest).is_ok()
        };
        assert!(agrees(place(1), "80"));
        assert!(agrees(place(2), "8a"));
        assert!(
            !agrees(place(1), "8b"),
            "drawn with a number above the threshold"
        );
        assert!(!agrees(place(1), "8a"), "the last number has the last rank");
        assert!(!agrees(place(2), "80"), "the last rank has the last number");
        assert!(agrees(Some(None), "8b"));
        assert!(
            !agrees(Some(None), "80"),
            "a number below the threshold, and not drawn"
        );
        assert!(agrees(None, "80"), "nobody has looked");
    }
}
