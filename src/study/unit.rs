//! One unit: its number, and what the draw made of it.
//!
//! Where permanent numbers decide alone, no list is needed; where a size decides too, it is enough to know
//! that. Every other draw is made again, of the unit's stratum, from the list.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::folder::{DRAW, KEY, SAMPLE, SURVEY};
use super::redraw;
use super::staged::{self, UnitStage};
use super::study::{SCHEMA, read_key};
use super::{Artefact, Done, Drawn, DrawnStratum, Error, calls};
use crate::draw::waves::coordinate::Turn;
use crate::files::{self, Column, parquet};
use crate::random::{Number, Numbers};

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
    /// What was done to its number before it decided, if the draw is a wave that goes on from another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<Turn>,
    /// Whether its stratum was drawn again from the list, because number and size alone do not decide.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redrawn: bool,
    /// What each stage made of its clusters and of itself, where clusters were drawn first; its own number is
    /// then that of the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<UnitStage>,
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
    /// Whether a call is about it; unless each number is called once, nobody asked that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<bool>,
}

/// What a stratum's draw makes of a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitIn {
    /// The stratum, with its threshold.
    #[serde(flatten)]
    pub stratum: DrawnStratum,
    /// Whether a unit of this stratum with this number was drawn; unknown if the draw does not say
    /// how far it went.
    pub takes: Option<bool>,
    /// Its number as it was turned there, which is what decided; none if numbers were not turned, or only
    /// with a chance that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turned: Option<TurnedNumber>,
}

/// A unit's number, turned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurnedNumber {
    /// As 64 hex digits.
    pub digest: String,
    /// The same in (0, 1).
    pub u: f64,
}

/// Shows the number of one unit and what the draw in `folder` made of it. 3-draw.json is enough where
/// numbers decide, and where a `size` decides too and is given; with case.key and 3-sample.parquet beside
/// it, the unit is also looked up in the sample. Where that is not enough and the study and its list are
/// there, the unit's stratum is drawn again.
///
/// # Errors
///
/// [`Error::NeedsTheList`] of a draw in stages, where the study and its list are not there;
/// [`Error::NoStratum`] or [`Error::OtherStratum`] if `stratum` is not the unit's;
/// [`Error::UnitDiffers`] if sample and draw contradict each other; [`Error::NotInList`] if the list has no
/// such unit.
pub fn show_unit(
    folder: &Path,
    unit: &str,
    stratum: Option<&str>,
    size: Option<f64>,
) -> Result<Done<UnitShown>, crate::Error> {
    let drawn = read_draw(folder)?;
    if !drawn.stages.is_empty() {
        return staged::show(folder, drawn, unit, stratum);
    }
    let number = Numbers::of_key(&drawn.seed_key).of(unit);
    let digest = number.text();
    let found = look_up(folder, unit)?;
    let place = found.clone().flatten();
    let turn = drawn.coordination.as_ref().map(|wave| wave.turn);
    let mine = Judged { number, turn, size };
    let mut strata = strata(&drawn, stratum, place.as_ref(), &mine)?;
    let mut read = vec![DRAW.to_owned()];
    if found.is_some() {
        read.extend([KEY, SAMPLE].map(str::to_owned));
    }
    let again = match drawn.needs_the_list() && strata.iter().any(|one| one.takes.is_none()) {
        true => redraw::redraw(folder, &drawn, unit)?,
        false => None,
    };
    if let Some(again) = &again {
        if let Some(given) = stratum.filter(|given| *given != again.stratum) {
            return Err(Error::OtherStratum {
                given: given.to_owned(),
                found: again.stratum.clone(),
            }
            .into());
        }
        strata.retain(|one| one.stratum.stratum == again.stratum);
        strata
            .iter_mut()
            .for_each(|one| one.takes = Some(again.takes));
        read.extend([SURVEY.to_owned(), again.list.clone()]);
    }
    let known = stratum.is_some() || again.is_some();
    agree(&found, known, &strata, &digest)?;
    let shown = UnitShown {
        unit: unit.to_owned(),
        seed_key: drawn.seed_key,
        digest,
        u: number.u(),
        drawn: found.map(|place| place.is_some()),
        place,
        strata,
        turn,
        redrawn: again.is_some(),
        stages: Vec::new(),
    };
    Ok(Done {
        value: shown,
        notices: Vec::new(),
        read,
        wrote: Vec::new(),
    })
}

/// What is known of a unit.
pub(crate) struct Judged {
    pub number: Number,
    pub turn: Option<Turn>,
    pub size: Option<f64>,
}

impl Judged {
    /// What a stratum's draw makes of it. A unit that would have been drawn may rest: then nobody can tell
    /// from its number.
    pub fn stand_in(&self, stratum: &DrawnStratum) -> UnitIn {
        let turned = self.turn.map(|turn| match turn.looks_at_chances() {
            true => Some(turn.number(self.number, stratum.chance(self.size)?)),
            false => Some(turn.number(self.number, 0.0)),
        });
        let number = turned.unwrap_or(Some(self.number));
        let takes = match number {
            Some(number) => stratum.takes_sized(&number.text(), number.u(), self.size),
            None => stratum.takes_unseen(),
        };
        UnitIn {
            takes: takes.filter(|takes| !takes || stratum.resting.unwrap_or(0) == 0),
            turned: turned.flatten().map(|number| TurnedNumber {
                digest: number.text(),
                u: number.u(),
            }),
            stratum: stratum.clone(),
        }
    }
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
pub(super) fn look_up(
    folder: &Path,
    unit: &str,
) -> Result<Option<Option<UnitPlace>>, crate::Error> {
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
            asked: calls::is_asked(&table, row),
        });
    Ok(Some(place))
}

/// The unit's stratum, if it is known; otherwise all.
fn strata(
    drawn: &Drawn,
    given: Option<&str>,
    place: Option<&UnitPlace>,
    mine: &Judged,
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
        .map(|stratum| mine.stand_in(stratum))
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

/// Refuses a sample that says otherwise than the draw; `known` says whether the stratum is.
fn agree(
    found: &Option<Option<UnitPlace>>,
    known: bool,
    strata: &[UnitIn],
    digest: &str,
) -> Result<(), Error> {
    let (Some(place), [only]) = (found, strata) else {
        return Ok(());
    };
    let digest = only.turned.as_ref().map_or(digest, |turned| &turned.digest);
    // Where sizes decide too, the last number is not that of the last rank.
    let last = only.stratum.last.as_deref();
    let last = last.filter(|_| only.stratum.threshold.is_none());
    let differs = match (place, only.takes) {
        (Some(_), Some(false)) => true,
        // The last one drawn has the last rank, and nobody else has its number.
        (Some(place), _) => {
            last.is_some_and(|last| (place.rank == only.stratum.drawn) != (last == digest))
        }
        (None, takes) => known && takes == Some(true),
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
            ..DrawnStratum::default()
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
                asked: None,
            }))
        };
        let agrees = |found, digest: &str| {
            let stratum = stratum(2, Some("8a"));
            let takes = stratum.takes(digest);
            let one = UnitIn {
                stratum,
                takes,
                turned: None,
            };
            agree(&found, true, &[one], digest).is_ok()
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
