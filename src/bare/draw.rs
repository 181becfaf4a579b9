//! From a request to a sample.

use super::before::Listed;
use super::census::{self, Census, Stratum};
use super::manifest::{Drawn, DrawnStratum};
use super::pools::{self, Part, Picked};
use super::rest::RestFile;
use super::sample::{Rows, added, is_certain, table};
use super::takes::{Take, foresight, takes_of_fit};
use super::{BareCalls, BareRested, Coordinated};
use super::{Error, Many, Request, Sample, calls, pairs, reach, stages};
use crate::draw::sieve::{self, Ahead, Asked, Chances, Kept, Rule};
use crate::draw::{How, Size, replicates};
use crate::files::{lists, sha256_of};
use crate::frame::{Frame, Numbering};
use crate::notice::Notice;
use crate::progress::Monitor;
use crate::random::{Numbers, Seed};

/// Draws what is asked for from a bare file.
///
/// The list is read to count it, and to see that nothing is wrong with it; and once more for the rows drawn,
/// unless those who may be drawn can be told while it is counted. The sample is sorted by stratum, and then
/// by order of release or by id.
///
/// # Errors
///
/// [`Error`] if the request makes no sense, the list is not fit, or a stratum is too small; and what
/// files, frame and drawing methods run into.
///
/// # Example
///
/// ```
/// use canvass::bare::{self, Many, Request};
/// use canvass::{progress::Silent, random::Seed};
///
/// # let folder = tempfile::tempdir().expect("a folder");
/// # let data = folder.path().join("town.csv");
/// std::fs::write(&data, "id,side\n1,north\n2,south\n3,north\n4,north\n").expect("a list");
/// let seed = Seed::new("the evening draw").expect("not blank");
/// let request = Request {
///     strata: vec!["side".into()],
///     ..Request::new(data, "id", Many::Each(1), seed)
/// };
/// let sample = bare::draw(&request, &Silent)?;
/// assert_eq!((sample.drawn.units, sample.drawn.drawn), (4, 2));
/// assert!(sample.csv().contains("\n2,south,1,1,1,1\n"));
/// # Ok::<(), canvass::Error>(())
/// ```
pub fn draw(request: &Request, monitor: &dyn Monitor) -> Result<Sample, crate::Error> {
    draw_telling(request, &mut |_| (), monitor)
}

/// The same, and tells what is to be expected of a draw that goes on from an earlier one before anybody is
/// drawn.
///
/// # Errors
///
/// As [`draw`].
pub fn draw_telling(
    request: &Request,
    tell: &mut dyn FnMut(&Coordinated),
    monitor: &dyn Monitor,
) -> Result<Sample, crate::Error> {
    request.check()?;
    if let Some(plan) = &request.stages {
        return stages::draw(request, plan, monitor);
    }
    let opened = lists::open_chosen(&request.data, &request.texts(), &request.choice())?;
    let frame = Frame::new(opened.list, request.roles(), Numbering::default())?;
    let columns = frame.list().columns()?;
    no_clash(request, &frame, &columns)?;
    let carry: Vec<&str> = columns.iter().map(String::as_str).collect();
    let (foresight, numbers) = (foresight(request, &frame), Numbers::new(&request.seed));
    let ahead = foresight.as_deref();
    let ahead = ahead.map(|foresight| Ahead::new(&frame, &carry, foresight, &numbers));
    let (mut census, problems) = census::look(request, &frame, ahead.as_ref(), monitor)?;
    let mut drawn = Drawn::of(request, opened.says, census.fingerprint.clone());
    if let Many::Allocation(path) = &request.many {
        drawn.allocation_sha256 = Some(sha256_of(path)?);
    }
    let before = match problems.is_empty() {
        true => before(request, &census, monitor)?,
        false => None,
    };
    if let Some(file) = RestFile::of(request)? {
        drawn.rest = Some(file.leave_out(&mut census.strata, request.size.is_some()));
    }
    let (takes, whole) = takes_of_fit(request, &frame, &census.strata, problems)?;
    if let Some(earlier) = &request.before {
        let now = (census.strata.as_slice(), takes.as_slice());
        let expected = earlier.expects(request, before.as_deref(), now)?;
        tell(&expected);
        drawn.coordination = Some(expected);
    }
    let notices = notices(request, &census, &takes, whole);
    let wish = (takes.as_slice(), carry.as_slice(), ahead.map(Ahead::done));
    let (mut parts, pairs) = drawn_parts(request, &frame, &mut census, wish, monitor)?;
    for ((stratum, take), part) in census.strata.iter().zip(&takes).zip(&parts) {
        drawn.add(told(request, stratum, *take, part));
    }
    let mut read = read_beside(request, &mut drawn, &parts)?;
    through_all(&census.strata, &mut parts);
    let mut rows = rows(request, &frame, parts, &columns)?;
    reach::tell(request, &columns, &rows, &mut drawn.strata);
    let number = columns
        .iter()
        .position(|name| Some(name) == request.one_call.as_ref());
    let numbers = number.map_or(&[][..], |place| &rows.cells[place]);
    if let Some((asking, told)) = calls::asking(request, &frame, &rows.units, numbers)? {
        rows.asking = Some(asking);
        drawn.one_call = Some(told);
    }
    let told = [
        drawn.rest.as_ref().and_then(BareRested::notice),
        drawn.one_call.as_ref().and_then(BareCalls::notice),
    ];
    read.insert(0, request.data.display().to_string());
    Ok(Sample {
        notices: notices
            .into_iter()
            .chain(told.into_iter().flatten())
            .collect(),
        pairs: pairs.map(|pairs| pairs.told(request, &mut drawn)),
        drawn,
        table: table(request, &columns, rows),
        read,
    })
}

/// The units that an earlier draw was made from, if this one goes on from it and they are at hand.
fn before(
    request: &Request,
    census: &Census,
    monitor: &dyn Monitor,
) -> Result<Option<Vec<Listed>>, crate::Error> {
    let here = (census.strata.as_slice(), census.fingerprint.as_str());
    match &request.before {
        Some(earlier) => earlier.list(request, here, monitor),
        None => Ok(None),
    }
}

/// What is drawn from each stratum, and the chances of pairs if they are wanted. Of what is wished, first how
/// many from each stratum, then the columns that come along, and then who was kept when the list was counted.
fn drawn_parts(
    request: &Request,
    frame: &Frame,
    census: &mut Census,
    (takes, carry, kept): (&[Take], &[&str], Option<Kept<'_>>),
    monitor: &dyn Monitor,
) -> Result<(Vec<Part>, Option<pairs::Table>), crate::Error> {
    let how = request.how();
    let Census {
        strata, numeric, ..
    } = census;
    let mut all: Vec<Stratum> = Vec::new();
    if request.pairs.is_some() {
        pairs::not_too_many(request, takes)?;
        // A draw that does not sift moves units out of their strata, and most pairs go by all of them.
        if how.rule().is_none() && !pairs::is_plain(how.method) {
            all.extend(strata.iter().map(Stratum::copy));
        }
    }
    let wish = (numeric.as_slice(), takes, carry);
    let parts = parts(&how, (&request.seed, kept), frame, strata, wish, monitor)?;
    let all = if all.is_empty() { &*strata } else { &all };
    let of = |_| pairs::pairs(request, numeric, all, takes, &parts);
    let pairs = request.pairs.as_ref().map(of).transpose()?;
    Ok((parts, pairs))
}

/// Goes on counting the steps of a walk from stratum to stratum, so that each has a number of its own.
fn through_all(strata: &[Stratum], parts: &mut [Part]) {
    let mut before = 0;
    for (stratum, part) in strata.iter().zip(parts) {
        let steps = part.units.iter_mut().filter_map(|unit| unit.walk.as_mut());
        steps.for_each(|step| *step += before);
        before += stratum.population;
    }
}

/// Counts what an earlier sample shares with this one; names the files that were read beside the list.
fn read_beside(
    request: &Request,
    drawn: &mut Drawn,
    parts: &[Part],
) -> Result<Vec<String>, crate::Error> {
    let mut read = Vec::new();
    if let Many::Allocation(path) = &request.many {
        read.push(path.display().to_string());
    }
    read.extend(drawn.rest.as_ref().map(|rest| rest.file.clone()));
    if let (Some(earlier), Some(coordinated)) = (&request.before, &mut drawn.coordination) {
        read.push(earlier.file());
        read.extend(earlier.find(coordinated, parts)?);
    }
    Ok(read)
}

/// Draws from every stratum: by permanent numbers without holding more than the sample, or else from all
/// units, which are moved out of `strata`. Beside the seed stand those who were kept when the list was counted.
/// Of what is wished, first whether columns of the order are numbers, then how many from each stratum, and
/// then the columns that come along.
pub(crate) fn parts(
    how: &How,
    (seed, kept): (&Seed, Option<Kept<'_>>),
    frame: &Frame,
    strata: &mut [Stratum],
    (numeric, takes, carry): (&[bool], &[Take], &[&str]),
    monitor: &dyn Monitor,
) -> Result<Vec<Part>, crate::Error> {
    match how.rule() {
        Some(rule) => {
            let asked = (&*strata, takes, rule);
            sifted(how, (seed, kept), frame, asked, carry, monitor)
        }
        None => {
            let strata = strata.iter_mut().map(without_units).collect();
            Ok(pools::draw(how, seed, numeric, strata, takes)?)
        }
    }
}

/// A stratum's units, moved out of it; the counts stay.
fn without_units(stratum: &mut Stratum) -> Stratum {
    Stratum {
        labels: stratum.labels.clone(),
        population: stratum.population,
        sizes: stratum.sizes.clone(),
        units: std::mem::take(&mut stratum.units),
    }
}

/// Whether the list has names of its own for what the sample adds.
fn no_clash(request: &Request, frame: &Frame, columns: &[String]) -> Result<(), Error> {
    let is_there = |name: &&str| columns.iter().any(|column| column == name);
    let clash: Vec<String> = added(request)
        .into_iter()
        .filter(is_there)
        .map(str::to_owned)
        .collect();
    if clash.is_empty() {
        return Ok(());
    }
    Err(Error::Clash {
        list: frame.list().name(),
        columns: clash,
    })
}

/// Draws without holding more than the sample.
fn sifted(
    how: &How,
    seed: (&Seed, Option<Kept<'_>>),
    frame: &Frame,
    (strata, takes, rule): (&[Stratum], &[Take], Rule),
    carry: &[&str],
    monitor: &dyn Monitor,
) -> Result<Vec<Part>, crate::Error> {
    let asked: Vec<Asked<'_>> = strata
        .iter()
        .zip(takes)
        .map(|(stratum, take)| Asked {
            labels: &stratum.labels,
            population: stratum.population,
            chances: chances(how, stratum, *take),
        })
        .collect();
    let wish = (how.size.as_deref(), carry);
    let drawn = sieve::draw_kept(frame, &asked, rule, wish, seed, monitor)?;
    let picked = |unit: sieve::Unit| Picked {
        id: unit.id,
        row: unit.row,
        chance: unit.chance,
        hits: 1,
        walk: None,
        cells: Some(unit.carried),
    };
    let part = |units: Vec<sieve::Unit>| Part {
        units: units.into_iter().map(picked).collect(),
        ..Part::default()
    };
    Ok(drawn.into_iter().map(part).collect())
}

fn chances<'a>(how: &How, stratum: &'a Stratum, take: Take) -> Chances<'a> {
    match (&how.size, take) {
        (Some(_), take) => Chances::BySize {
            sizes: &stratum.sizes,
            expected: take.expected(stratum.population),
        },
        (None, Take::Whole(take)) => Chances::Equal { take },
        (None, Take::Share(share)) => Chances::Given(share),
    }
}

/// What the manifest says of a stratum.
fn told(request: &Request, stratum: &Stratum, take: Take, part: &Part) -> DrawnStratum {
    let sized = request.size.is_some();
    let certain = part
        .units
        .iter()
        .filter(|unit| is_certain(request, unit))
        .count();
    DrawnStratum {
        stratum: stratum.label(),
        units: stratum.population,
        expected: take.expected(stratum.population),
        drawn: part.units.len() as u64,
        hits: (request.method.size == Size::Hits)
            .then(|| part.units.iter().map(|unit| unit.hits).sum()),
        certain: certain as u64,
        without_size: sized.then(|| stratum.population - stratum.sizes.above_zero()),
        size: sized.then(|| stratum.sizes.total()),
        spread: part.spread,
        balance: part.balance.clone(),
        last: None,
        threshold: None,
    }
}

/// Units that no sample can contain, strata taken whole, and strata that the sample says nothing of.
fn notices(request: &Request, census: &Census, takes: &[Take], whole: Vec<String>) -> Vec<Notice> {
    let without = |stratum: &Stratum| match request.size {
        Some(_) => stratum.population - stratum.sizes.above_zero(),
        None => 0,
    };
    let without = match census.strata.iter().map(without).sum() {
        0 => None,
        count => Some(Notice::WithoutSize { count }),
    };
    let whole = (!whole.is_empty()).then_some(Notice::TakenWhole { strata: whole });
    let all = [without, whole, undrawn(census, takes)];
    all.into_iter().flatten().collect()
}

/// Strata that the sample says nothing of.
fn undrawn(census: &Census, takes: &[Take]) -> Option<Notice> {
    let nothing = |(stratum, take): &(&Stratum, &Take)| take.expected(stratum.population) <= 0.0;
    let strata: Vec<String> = census
        .strata
        .iter()
        .zip(takes)
        .filter(nothing)
        .map(|(stratum, _)| stratum.label())
        .collect();
    (!strata.is_empty()).then_some(Notice::NothingDrawn { strata })
}

/// The drawn units of all strata, with their ranks, replicates and cells.
pub(super) fn rows(
    request: &Request,
    frame: &Frame,
    parts: Vec<Part>,
    columns: &[String],
) -> Result<Rows, crate::Error> {
    let rank = parts
        .iter()
        .flat_map(|part| 1..=part.units.len() as u64)
        .collect();
    let replicate = replicate(request, &parts);
    let mut units: Vec<Picked> = parts.into_iter().flat_map(|part| part.units).collect();
    let held: Option<Vec<Vec<Option<String>>>> =
        units.iter_mut().map(|unit| unit.cells.take()).collect();
    let cells = match held {
        Some(held) => turned(held, columns.len()),
        None => gather(frame, &units, columns)?,
    };
    let id = columns.iter().position(|column| *column == request.id);
    let ids = id.map(|place| &cells[place]).into_iter().flatten();
    if !ids
        .map(Option::as_deref)
        .eq(units.iter().map(|unit| Some(unit.id.as_str())))
    {
        return Err(Error::Changed {
            list: frame.list().name(),
        }
        .into());
    }
    Ok(Rows {
        units,
        rank,
        replicate,
        asking: None,
        cells,
    })
}

/// Rows as columns.
fn turned(rows: Vec<Vec<Option<String>>>, columns: usize) -> Vec<Vec<Option<String>>> {
    let mut turned: Vec<Vec<Option<String>>> = (0..columns)
        .map(|_| Vec::with_capacity(rows.len()))
        .collect();
    for row in rows {
        for (column, cell) in turned.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    turned
}

/// Reads the list again for the rows drawn.
fn gather(
    frame: &Frame,
    units: &[Picked],
    columns: &[String],
) -> Result<Vec<Vec<Option<String>>>, crate::Error> {
    let rows: Vec<u64> = units.iter().map(|unit| unit.row).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    Ok(frame.list().gather(&rows, &columns)?)
}

/// The replicate of each unit: dealt in an order of chance.
fn replicate(request: &Request, parts: &[Part]) -> Vec<u64> {
    let Some(replicates) = request.replicates else {
        return Vec::new();
    };
    let takes: Vec<u64> = parts.iter().map(|part| part.units.len() as u64).collect();
    let dealt = replicates::assign(&takes, replicates.get(), &request.seed);
    let mut all = vec![0; dealt.len()];
    let mut from = 0;
    for part in parts {
        for (step, unit) in release(&request.how(), &request.seed, part)
            .into_iter()
            .enumerate()
        {
            all[from + unit] = u64::from(dealt[from + step]);
        }
        from += part.units.len();
    }
    all
}

/// Places of a stratum's drawn units in an order of chance, of which any first ones are a probability
/// sample: the order they come in, if that is one.
pub(crate) fn release(how: &How, seed: &Seed, part: &Part) -> Vec<usize> {
    if how.is_exchangeable() {
        return (0..part.units.len()).collect();
    }
    let ids: Vec<&str> = part.units.iter().map(|unit| unit.id.as_str()).collect();
    replicates::shuffled(&ids, seed)
}
