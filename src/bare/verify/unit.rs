//! One unit of a draw from a bare file, without the list.

use std::path::Path;

use super::{Kept, Moved, again};
use crate::bare::{Drawn, DrawnStratum, Error, draw, method};
use crate::draw::{How, Size};
use crate::files::data::Choice;
use crate::files::{Column, lists};
use crate::frame::{self, Frame, Numbering};
use crate::progress::Monitor;
use crate::random::Numbers;
use crate::study::{self, Done, Judged, UnitIn, UnitPlace, UnitShown, labels_of};

/// Shows the permanent number of one unit, and what the draw made of it. `sample` is the sample's file with
/// its manifest beside it, or the manifest; where the sample is at hand, the unit is also looked up in it.
///
/// Numbers decide in simple, Bernoulli, Poisson, sequential Poisson and Pareto draws: where sizes decide too,
/// the unit's `size` must be known. Of every other draw, and where units rested, the `list` is needed, and
/// drawn from again.
///
/// # Errors
///
/// [`Error::NoTelling`] if more than this is needed, and what; [`study::Error::NoStratum`] or
/// [`study::Error::OtherStratum`] if `stratum` is not the unit's; [`study::Error::UnitDiffers`] if sample and
/// manifest contradict each other.
///
/// # Example
///
/// ```
/// use canvass::bare::{self, Many, Request};
/// use canvass::{progress::Silent, random::Seed};
///
/// # let folder = tempfile::tempdir().expect("a folder");
/// # let (list, out) = (folder.path().join("town.csv"), folder.path().join("sample.csv"));
/// std::fs::write(&list, "id,side\n1,north\n2,south\n3,north\n4,north\n").expect("a list");
/// let seed = Seed::new("the evening draw").expect("not blank");
/// bare::draw(&Request::new(list.clone(), "id", Many::All(2), seed), &Silent)?.keep(&out)?;
/// std::fs::remove_file(&list).expect("it was there");
/// std::fs::remove_file(&out).expect("it was there");
/// let shown = bare::show_unit(&out, "2", None, None, None, &Silent)?.value;
/// assert_eq!(shown.strata[0].takes, Some(true));
/// # Ok::<(), canvass::Error>(())
/// ```
pub fn show_unit(
    sample: &Path,
    unit: &str,
    stratum: Option<&str>,
    size: Option<f64>,
    list: Option<(&Path, &Moved)>,
    monitor: &dyn Monitor,
) -> Result<Done<UnitShown>, crate::Error> {
    let kept = Kept::read(sample)?;
    let place = look_up(&kept, unit)?;
    let mut read = vec![kept.name()];
    read.extend(place.as_ref().map(|_| kept.sample.display().to_string()));
    let found = place.as_ref().map(Option::is_some);
    let place = place.flatten();
    let label = of_stratum(&kept.drawn, place.as_ref(), stratum)?;
    let label = label.as_deref();
    let (mut strata, gap) = judged(&kept.drawn, unit, label, size);
    let redrawn = match (gap, list) {
        (None, _) => false,
        (Some(gap), None) => return Err(gap.told(unit, &kept).into()),
        (Some(_), Some(list)) => {
            let again = again(&kept, unit, list, monitor)?;
            other_stratum(label, &again.stratum)?;
            strata.retain(|one| one.stratum.stratum == again.stratum);
            strata
                .iter_mut()
                .for_each(|one| one.takes = Some(again.takes));
            read.extend(again.read);
            true
        }
    };
    let number = Numbers::of_key(&kept.drawn.seed_key).of(unit);
    if label.is_some() || redrawn {
        agree(&strata, found, &number.text(), place.as_ref())?;
    }
    let shown = UnitShown {
        unit: unit.to_owned(),
        digest: number.text(),
        u: number.u(),
        drawn: found,
        place: place.and_then(|place| place.rank()),
        strata,
        turn: kept.drawn.coordination.as_ref().map(|wave| wave.turn),
        redrawn,
        stages: Vec::new(),
        seed_key: kept.drawn.seed_key,
    };
    Ok(Done {
        value: shown,
        notices: Vec::new(),
        read,
        wrote: Vec::new(),
    })
}

/// Where a unit stands in a sample.
struct Place {
    stratum: String,
    rank: Option<u64>,
    replicate: Option<u64>,
    asked: Option<bool>,
}

impl Place {
    /// As it is told; none where the sample has no order of release.
    fn rank(self) -> Option<UnitPlace> {
        Some(UnitPlace {
            rank: self.rank?,
            stratum: self.stratum,
            replicate: self.replicate.unwrap_or(1),
            asked: self.asked,
        })
    }
}

/// The unit's place in the sample; none if the sample is not at hand.
fn look_up(kept: &Kept, unit: &str) -> Result<Option<Option<Place>>, crate::Error> {
    const MORE: [&str; 3] = ["rank", "replicate", "asked"];
    if !kept.sample.is_file() {
        return Ok(None);
    }
    let drawn = &kept.drawn;
    let texts: Vec<&str> = std::iter::once(&drawn.id)
        .chain(&drawn.strata_by)
        .map(String::as_str)
        .collect();
    let choice = Choice {
        sheet: None,
        codes: true,
    };
    let list = lists::open_chosen(&kept.sample, &texts, &choice)?.list;
    let there = list.columns()?;
    let more: Vec<&str> = MORE
        .into_iter()
        .filter(|name| there.iter().any(|known| known == name))
        .collect();
    let columns = [texts.as_slice(), more.as_slice()].concat();
    let found = std::sync::Mutex::new(None);
    list.scan(&columns, &|batch| {
        let Some(row) = batch.columns[0].iter().position(|id| *id == Some(unit)) else {
            return Ok(());
        };
        let cell = |column: usize| batch.columns[column][row];
        let labels: Vec<String> = (1..texts.len())
            .map(|column| cell(column).unwrap_or_default().to_owned())
            .collect();
        let whole = |name: &str| {
            let place = more.iter().position(|known| *known == name)?;
            cell(texts.len() + place)?.trim().parse::<f64>().ok()
        };
        let place = Place {
            stratum: label(&labels),
            rank: whole("rank").map(|rank| rank as u64),
            replicate: whole("replicate").map(|replicate| replicate as u64),
            asked: whole("asked").map(|asked| asked > 0.5),
        };
        *found.lock().expect("no visitor panicked") = Some(place);
        Ok(())
    })?;
    Ok(Some(found.into_inner().expect("no visitor panicked")))
}

/// The unit's stratum, if it is known.
fn of_stratum(
    drawn: &Drawn,
    place: Option<&Place>,
    given: Option<&str>,
) -> Result<Option<String>, study::Error> {
    let found = place.map(|place| place.stratum.as_str());
    if let Some(found) = found {
        other_stratum(given, found)?;
    }
    let only = match drawn.strata.as_slice() {
        [only] => Some(only.stratum.as_str()),
        _ => None,
    };
    let Some(label) = found.or(given).or(only) else {
        return Ok(None);
    };
    if drawn.strata.iter().any(|one| one.stratum == label) {
        return Ok(Some(label.to_owned()));
    }
    Err(study::Error::NoStratum {
        stratum: label.to_owned(),
        known: drawn.strata.iter().map(|one| one.stratum.clone()).collect(),
    })
}

/// Refuses a stratum that is not the unit's.
fn other_stratum(given: Option<&str>, found: &str) -> Result<(), study::Error> {
    match given {
        Some(given) if given != found => Err(study::Error::OtherStratum {
            given: given.to_owned(),
            found: found.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Why nobody can tell from its number what became of a unit.
enum Gap {
    Stages,
    Method,
    Size,
    Rest,
    Reach,
    Close,
}

impl Gap {
    fn told(self, unit: &str, kept: &Kept) -> Error {
        let method = &kept.drawn.method;
        let why = match self {
            Gap::Stages => {
                "clusters were drawn before it, and only the list tells which it stands in"
            }
            Gap::Method => {
                &format!("'{method}' looks at all units of a stratum, and not at the number of one")
            }
            Gap::Size => "number and size decide together, and its size is not given",
            Gap::Rest => "by its number it was drawn, and some units rested",
            Gap::Reach => "the manifest does not say how far the draw went",
            Gap::Close => "its key and the last one drawn are too close to be told apart by floats",
        };
        let sample = kept.sample.display();
        let again = format!("canvass verify --data LIST --sample {sample} --unit {unit}");
        Error::NoTelling {
            unit: unit.to_owned(),
            why: why.to_owned(),
            hint: match self {
                Gap::Size => format!("give it: --size X; or draw again from the list: {again}"),
                _ => format!("draw again from the list: {again}"),
            },
        }
    }
}

/// What each stratum that may be the unit's makes of it; and why that cannot be told, if it cannot.
fn judged(
    drawn: &Drawn,
    unit: &str,
    label: Option<&str>,
    size: Option<f64>,
) -> (Vec<UnitIn>, Option<Gap>) {
    let sized = drawn.size.is_some();
    let mine = Judged {
        number: Numbers::of_key(&drawn.seed_key).of(unit),
        turn: drawn.coordination.as_ref().map(|wave| wave.turn),
        // Of equal chances a stratum's level is one over them, and all have the same size.
        size: if sized { size } else { Some(1.0) },
    };
    let strata: Vec<UnitIn> = drawn
        .strata
        .iter()
        .filter(|one| label.is_none_or(|label| one.stratum == label))
        .map(|one| mine.stand_in(&as_in_study(drawn, one)))
        .collect();
    let by_number = |key: &str| method(key).is_ok_and(|one| How::by(one).compares().is_some());
    let reach = |one: &DrawnStratum| one.last.is_some() || one.threshold.is_some();
    let gap = match strata.iter().all(|one| one.takes.is_some()) {
        _ if !drawn.stages.is_empty() => Some(Gap::Stages),
        _ if !by_number(&drawn.method) => Some(Gap::Method),
        true => None,
        false if sized && size.is_none() => Some(Gap::Size),
        false if drawn.rest.is_some() => Some(Gap::Rest),
        false if !drawn.strata.iter().any(reach) => Some(Gap::Reach),
        false => Some(Gap::Close),
    };
    (strata, gap)
}

/// A stratum of a bare draw as one of a study.
fn as_in_study(drawn: &Drawn, one: &DrawnStratum) -> study::DrawnStratum {
    let random = method(&drawn.method).is_ok_and(|method| method.size == Size::Random);
    let mut threshold = one.threshold.clone();
    if let (Some(threshold), true) = (&mut threshold, drawn.size.is_none()) {
        threshold.level = Some(one.units as f64 / one.expected);
    }
    study::DrawnStratum {
        stratum: one.stratum.clone(),
        population: one.units,
        resting: drawn.rest.as_ref().map(|rest| rest.resting),
        drawn: one.drawn,
        expected: random.then(|| one.expected.round() as u64),
        certain: drawn.size.is_some().then_some(one.certain),
        without_size: one.without_size,
        size: one.size,
        last: one.last.clone(),
        threshold,
        whole: one.drawn > 0 && one.drawn == one.units,
        ..study::DrawnStratum::default()
    }
}

/// What a second draw made of a unit.
struct Again {
    /// The unit's stratum.
    stratum: String,
    takes: bool,
    read: Vec<String>,
}

/// Draws again from the list.
///
/// # Errors
///
/// [`study::Error::NotInList`] if it has no such unit; [`Error::NotSame`] if it is another list.
fn again(
    kept: &Kept,
    unit: &str,
    (data, moved): (&Path, &Moved),
    monitor: &dyn Monitor,
) -> Result<Again, crate::Error> {
    let request = again::request(kept, data, moved)?;
    let opened = lists::open_chosen(data, &request.texts(), &request.choice())?;
    let frame = Frame::new(opened.list, request.roles(), Numbering::default())?;
    let unit = unit.to_owned();
    let labels =
        labels_of(&frame, &unit)?.ok_or_else(|| study::Error::NotInList { unit: unit.clone() })?;
    let sample = draw(&request, monitor)?;
    if sample.drawn.fingerprint != kept.drawn.fingerprint {
        return Err(Error::NotSame {
            sample: data.display().to_string(),
            problems: vec![format!(
                "its fingerprint is {}, not {}",
                sample.drawn.fingerprint, kept.drawn.fingerprint
            )],
        }
        .into());
    }
    let takes = match sample.table.get(&kept.drawn.id) {
        Some(Column::Maybe(ids)) => ids.contains(&Some(unit)),
        _ => false,
    };
    Ok(Again {
        stratum: label(&labels),
        takes,
        read: sample.read,
    })
}

/// The label of a stratum; "all" if there is but one.
fn label(labels: &[String]) -> String {
    match labels.is_empty() {
        true => "all".to_owned(),
        false => frame::join(labels),
    }
}

/// Refuses a sample that says otherwise than the draw, of a unit whose stratum is known.
fn agree(
    strata: &[UnitIn],
    found: Option<bool>,
    digest: &str,
    place: Option<&Place>,
) -> Result<(), study::Error> {
    let (Some(found), [only]) = (found, strata) else {
        return Ok(());
    };
    if only.takes.is_none_or(|takes| takes == found) {
        return Ok(());
    }
    let turned = only.turned.as_ref().map(|turned| turned.digest.as_str());
    Err(study::Error::UnitDiffers {
        stratum: only.stratum.stratum.clone(),
        digest: turned.unwrap_or(digest).to_owned(),
        last: only.stratum.last.clone().unwrap_or_default(),
        rank: place.and_then(|place| place.rank),
    })
}
