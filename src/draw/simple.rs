//! Simple random sampling in strata, by permanent random numbers.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::{Error, Sample, replicates};
use crate::frame::{Batch, Codes, Frame, Interner, join};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::progress::{Event, Monitor};
use crate::random::{Number, Numbers, Seed};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "simple",
    title: Words::new(
        "Simple random sampling in strata, by permanent numbers",
        "分层简单随机抽样（永久随机数法）",
    ),
    says: Words::new(
        "Every unit has a random number made from the seed and its own id. Each stratum takes the \
         units with the smallest numbers, so every set of n_h units is equally likely, and the order \
         of the list does not matter.",
        "每个单位的随机数由随机种子和其自身编号产生；各层抽取随机数最小的单位，任意n_h个单位\
         被抽中的机会相等，与名单排列顺序无关。",
    ),
    formula: "π = n_h / N_h;  drawn: the n_h smallest SHA-256(\"canvass1:\" + key + \":\" + id) of stratum h",
    sources: &[
        Source::at("Cochran (1977)", "§5.1"),
        Source::at("Ohlsson (1995)", "permanent random numbers"),
    ],
};

/// How many units to draw from a stratum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The stratum's labels, one per stratum column.
    pub labels: Vec<String>,
    /// N_h, as counted when the plan was made.
    pub population: u64,
    /// n_h.
    pub take: u64,
}

/// Draws `take` units from each stratum, every set of them equally likely.
///
/// One reading of the list as a rule: units whose number lies under a threshold are kept, about
/// n + 4√n of each stratum, then ordered exactly. Should a stratum have too few (one draw in a
/// thousand), it alone is read again with a threshold twice as high.
///
/// # Formula
///
/// ```text
/// π = n_h / N_h
/// candidate:  a < m · 2⁶⁴ / N_h, rounded up,  with P(Poisson(m) < n_h) ≤ ε
/// ```
///
/// # Arguments
///
/// | symbol | argument           | shape | unit  |
/// |--------|--------------------|-------|-------|
/// | N_h    | [`Share::population`] | H  | units |
/// | n_h    | [`Share::take`]    | H     | units |
///
/// `shares` must name every stratum of the list. `replicates` is how many random parts of equal
/// composition the sample is cut into. The sample is sorted by stratum and then by rank.
///
/// # Errors
///
/// - [`Error::StratumTooSmall`] if n_h > N_h: plan again, or join strata.
/// - [`Error::UnknownStrata`], [`Error::UnplannedStrata`], [`Error::StratumChanged`] if list and
///   plan disagree.
/// - [`Error::Blank`] if a unit has no id or no stratum; [`Error::Repeated`] if a drawn id repeats.
/// - [`Error::Nothing`] if no stratum is asked for anything.
/// - [`Error::Frame`] if the list cannot be read, or reading was stopped.
///
/// # Source
///
/// Cochran (1977), §5.1; Ohlsson (1995). The threshold is Chernoff's bound for a Poisson tail
/// (Mitzenmacher, Upfal (2005), §5.3); it decides how much is kept, never who is drawn.
pub fn simple(
    frame: &Frame,
    shares: &[Share],
    replicates: u32,
    seed: &Seed,
    monitor: &dyn Monitor,
) -> Result<Sample, Error> {
    if let Some(share) = shares.iter().find(|share| share.take > share.population) {
        return Err(Error::StratumTooSmall {
            stratum: join(&share.labels),
            population: share.population,
            asked: share.take,
        });
    }
    if shares.iter().all(|share| share.take == 0) {
        return Err(Error::Nothing);
    }
    let mut strata: Vec<Stratum<'_>> = shares
        .iter()
        .map(|s| Stratum::new(s, shares.len()))
        .collect();
    strata.sort_by_cached_key(|stratum| join(&stratum.share.labels));
    let mut first = true;
    while strata.iter().any(|stratum| !stratum.settled) {
        read(frame, &mut strata, seed, first, monitor)?;
        first = false;
    }
    assemble(frame, strata, replicates, seed)
}

/// A unit that may be drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    number: Number,
    id: String,
    row: u64,
    carried: Vec<Option<String>>,
}

/// A stratum while it is being drawn from.
struct Stratum<'s> {
    share: &'s Share,
    /// The expected number of candidates.
    expected: f64,
    candidates: Vec<Candidate>,
    settled: bool,
}

impl<'s> Stratum<'s> {
    fn new(share: &'s Share, strata: usize) -> Stratum<'s> {
        // Chernoff: P(Poisson(m) < n) ≤ exp(−(m − n)²/2m) = ε  at  m = n + L + √(L² + 2nL), L = −ln ε.
        let l = (1000.0 * strata as f64).ln();
        let n = share.take as f64;
        let expected = n + l + (l * l + 2.0 * n * l).sqrt();
        Stratum {
            share,
            expected,
            candidates: Vec::new(),
            settled: share.take == 0,
        }
    }

    /// Heads of numbers up to this one make candidates; everyone's, if the stratum is nearly taken.
    fn threshold(&self) -> Option<u64> {
        if self.settled {
            return None;
        }
        let share = self.expected / self.share.population as f64;
        if share >= 1.0 {
            return Some(u64::MAX);
        }
        // 2⁶⁴ · share, a little too high rather than too low.
        Some(((share * (1.0 + 1e-9)) * 18_446_744_073_709_551_616.0) as u64)
    }

    /// Orders the candidates and keeps the first n_h, or asks for more.
    fn settle(&mut self) -> Result<(), Error> {
        if self.settled {
            return Ok(());
        }
        if (self.candidates.len() as u64) < self.share.take {
            self.expected *= 2.0;
            self.candidates.clear();
            return Ok(());
        }
        // Every unit at or below the threshold is a candidate, so the n smallest are among them.
        self.candidates.sort_unstable();
        if let Some(pair) = self
            .candidates
            .windows(2)
            .find(|pair| pair[0].id == pair[1].id)
        {
            return Err(Error::Repeated {
                id: pair[0].id.clone(),
                first: pair[0].row + 1,
                second: pair[1].row + 1,
            });
        }
        self.candidates.truncate(self.share.take as usize);
        self.settled = true;
        Ok(())
    }
}

/// What one batch yields.
struct Yield {
    candidates: Vec<(usize, Candidate)>,
    counts: BTreeMap<Vec<String>, u64>,
    blank: Option<(u64, u64)>,
}

/// Reads the list once and settles every stratum that has enough candidates.
fn read(
    frame: &Frame,
    strata: &mut [Stratum<'_>],
    seed: &Seed,
    first: bool,
    monitor: &dyn Monitor,
) -> Result<(), Error> {
    const TASK: &str = "drawing";
    let columns = drawn_columns(frame);
    let order: BTreeMap<&[String], usize> = strata
        .iter()
        .enumerate()
        .map(|(i, s)| (s.share.labels.as_slice(), i))
        .collect();
    let thresholds: Vec<Option<u64>> = strata.iter().map(Stratum::threshold).collect();
    let numbers = Numbers::new(seed);
    let width = frame.roles().strata.len();
    let watched = crate::frame::Watched::new(frame, TASK, monitor);
    let all = Mutex::new((
        Vec::new(),
        BTreeMap::<Vec<String>, u64>::new(),
        None::<(u64, u64)>,
    ));
    frame.list().scan(&columns, &|batch| {
        let found = sift(batch, width, &order, &thresholds, &numbers);
        let mut all = all.lock().expect("no visitor panicked");
        all.0.extend(found.candidates);
        for (labels, count) in found.counts {
            *all.1.entry(labels).or_default() += count;
        }
        if let Some((count, row)) = found.blank {
            let (before, first) = all.2.unwrap_or((0, row));
            all.2 = Some((before + count, first.min(row)));
        }
        drop(all);
        watched.step(batch.rows() as u64)
    })?;
    watched.end();
    let (candidates, counts, blank) = all.into_inner().expect("no visitor panicked");
    if let Some((count, row)) = blank {
        return Err(Error::Blank {
            count,
            row: row + 1,
        });
    }
    if first {
        agree(strata, &counts)?;
    }
    for (place, candidate) in candidates {
        strata[place].candidates.push(candidate);
    }
    for stratum in strata.iter_mut() {
        stratum.settle()?;
    }
    if strata.iter().any(|stratum| !stratum.settled) {
        monitor.hear(Event::Began {
            task: "reading again for strata that had too few",
            of: None,
        });
    }
    Ok(())
}

/// The unit, the strata, and what comes along.
fn drawn_columns(frame: &Frame) -> Vec<&str> {
    let roles = frame.roles();
    std::iter::once(roles.unit.as_str())
        .chain(roles.strata.iter().map(String::as_str))
        .chain(roles.carry.iter().map(String::as_str))
        .collect()
}

/// The candidates of one batch.
fn sift(
    batch: &Batch<'_>,
    width: usize,
    order: &BTreeMap<&[String], usize>,
    thresholds: &[Option<u64>],
    numbers: &Numbers,
) -> Yield {
    let mut interner = Interner::new(width);
    // By place of the combination in this batch: rows, and the stratum with its threshold.
    let mut seen: Vec<(u64, Option<(usize, u64)>)> = Vec::new();
    let mut found = Yield {
        candidates: Vec::new(),
        counts: BTreeMap::new(),
        blank: None,
    };
    for row in 0..batch.rows() {
        let at = batch.first_row + row as u64;
        let labels = batch.columns[1..=width].iter().map(|column| column[row]);
        let (Some(id), Some(place)) = (batch.columns[0][row], interner.place(labels)) else {
            found.blank = Some(
                found
                    .blank
                    .map_or((1, at), |(count, first)| (count + 1, first)),
            );
            continue;
        };
        if place as usize == seen.len() {
            let stratum = order.get(interner.combination(place).as_slice()).copied();
            let open = stratum.and_then(|place| thresholds[place].map(|t| (place, t)));
            seen.push((0, open));
        }
        let (count, open) = &mut seen[place as usize];
        *count += 1;
        let Some((stratum, threshold)) = *open else {
            continue;
        };
        let number = numbers.of(id);
        if number.head() <= threshold {
            let carried = batch.columns[width + 1..]
                .iter()
                .map(|column| column[row].map(str::to_owned))
                .collect();
            let candidate = Candidate {
                number,
                id: id.to_owned(),
                row: at,
                carried,
            };
            found.candidates.push((stratum, candidate));
        }
    }
    for (place, (count, _)) in seen.into_iter().enumerate() {
        found
            .counts
            .insert(interner.combination(place as u32), count);
    }
    found
}

/// Whether the list has exactly the strata that the plan counts on.
fn agree(strata: &[Stratum<'_>], counts: &BTreeMap<Vec<String>, u64>) -> Result<(), Error> {
    let planned: BTreeMap<&Vec<String>, u64> = strata
        .iter()
        .map(|s| (&s.share.labels, s.share.population))
        .collect();
    let unknown: Vec<String> = planned
        .iter()
        .filter(|(labels, population)| **population > 0 && !counts.contains_key(**labels))
        .map(|(labels, _)| join(labels))
        .collect();
    if !unknown.is_empty() {
        return Err(Error::UnknownStrata { strata: unknown });
    }
    let unplanned: Vec<String> = counts
        .keys()
        .filter(|labels| !planned.contains_key(labels))
        .map(|l| join(l))
        .collect();
    if !unplanned.is_empty() {
        return Err(Error::UnplannedStrata { strata: unplanned });
    }
    for (labels, &found) in counts {
        if planned[labels] != found {
            let planned = planned[labels];
            return Err(Error::StratumChanged {
                stratum: join(labels),
                found,
                planned,
            });
        }
    }
    Ok(())
}

/// Puts the drawn units of all strata into one sample.
fn assemble(
    frame: &Frame,
    strata: Vec<Stratum<'_>>,
    replicates: u32,
    seed: &Seed,
) -> Result<Sample, Error> {
    let roles = frame.roles();
    let takes: Vec<u64> = strata.iter().map(|s| s.share.take).collect();
    let replicate = replicates::assign(&takes, replicates, seed);
    let with_labels: Vec<(&Share, &Candidate)> = strata
        .iter()
        .flat_map(|s| s.candidates.iter().map(move |c| (s.share, c)))
        .collect();
    let column =
        |place: usize| Codes::from_labels(with_labels.iter().map(|(s, _)| &s.labels[place]));
    let mut columns: Vec<(String, Codes)> = roles
        .strata
        .iter()
        .enumerate()
        .map(|(i, name)| (name.clone(), column(i)))
        .collect();
    for (place, name) in roles.carry.iter().enumerate() {
        let labels = with_labels
            .iter()
            .map(|(_, c)| c.carried[place].as_deref().unwrap_or(""));
        columns.push((name.clone(), Codes::from_labels(labels)));
    }
    // Strata without a drawn unit keep their label: their people are not represented, and later
    // rooms must be able to say so.
    let labels: Vec<String> = strata.iter().map(|s| join(&s.share.labels)).collect();
    let codes = strata
        .iter()
        .enumerate()
        .flat_map(|(i, s)| vec![i as u32; s.candidates.len()]);
    let stratum = Codes::new(labels, codes.collect());
    Ok(Sample {
        cell: Codes::from_labels(with_labels.iter().map(|(s, _)| roles.cell_of(&s.labels))),
        population: strata.iter().map(|s| s.share.population).collect(),
        probability: with_labels
            .iter()
            .map(|(s, _)| s.take as f64 / s.population as f64)
            .collect(),
        rank: strata
            .iter()
            .flat_map(|s| 1..=s.candidates.len() as u32)
            .collect(),
        row: with_labels.iter().map(|(_, c)| c.row).collect(),
        id: with_labels.iter().map(|(_, c)| c.id.clone()).collect(),
        stratum,
        columns,
        replicate,
    })
}

#[cfg(test)]
mod tests {
    use super::{Error, Share, simple};
    use crate::draw::Sample;
    use crate::frame::{Frame, Numbering, Roles, Rows};
    use crate::progress::Silent;
    use crate::random::{Numbers, Seed};

    fn seed(text: &str) -> Seed {
        Seed::new(text).expect("not blank")
    }

    /// Units u0, u1 … of which every third lives in the south.
    fn town(units: usize) -> Vec<[String; 2]> {
        let side = |i: usize| if i % 3 == 0 { "south" } else { "north" };
        (0..units)
            .map(|i| [format!("u{i}"), side(i).to_owned()])
            .collect()
    }

    fn frame(rows: &[[String; 2]]) -> Frame {
        let roles = Roles {
            unit: "id".into(),
            strata: vec!["side".into()],
            cells: vec!["side".into()],
            ..Roles::default()
        };
        let list = Box::new(Rows::new("town", &["id", "side"], rows));
        Frame::new(list, roles, Numbering::Chinese).expect("all columns are there")
    }

    fn shares(units: usize, north: u64, south: u64) -> Vec<Share> {
        let in_south = units.div_ceil(3) as u64;
        let share = |label: &str, population, take| Share {
            labels: vec![label.to_owned()],
            population,
            take,
        };
        vec![
            share("north", units as u64 - in_south, north),
            share("south", in_south, south),
        ]
    }

    fn draw(rows: &[[String; 2]], north: u64, south: u64, text: &str) -> Sample {
        let shares = shares(rows.len(), north, south);
        simple(&frame(rows), &shares, 4, &seed(text), &Silent).expect("a possible draw")
    }

    #[test]
    fn the_smallest_numbers_of_each_stratum_are_drawn() {
        let rows = town(10_000);
        let sample = draw(&rows, 40, 25, "smallest");
        let numbers = Numbers::new(&seed("smallest"));
        for (side, take) in [("north", 40), ("south", 25)] {
            let mut all: Vec<_> = rows
                .iter()
                .filter(|row| row[1] == side)
                .map(|row| (numbers.of(&row[0]), row[0].clone()))
                .collect();
            all.sort();
            let wanted: Vec<&String> = all[..take].iter().map(|(_, id)| id).collect();
            let drawn: Vec<&String> = (0..sample.len())
                .filter(|&i| sample.stratum.label(i) == side)
                .map(|i| &sample.id[i])
                .collect();
            assert_eq!(drawn, wanted);
        }
    }

    #[test]
    fn shuffling_the_list_does_not_change_who_is_drawn() {
        for i in 0..100 {
            let text = format!("shuffle {i}");
            let rows = town(300);
            let mut shuffled = rows.clone();
            seed(&text).stream("test").shuffle(&mut shuffled);
            let (here, there) = (draw(&rows, 20, 10, &text), draw(&shuffled, 20, 10, &text));
            assert_eq!(here.id, there.id, "seed {text}");
            assert_eq!(here.replicate, there.replicate, "seed {text}");
        }
    }

    #[test]
    fn another_stratum_does_not_change_who_is_drawn_here() {
        let rows = town(600);
        let few = draw(&rows, 20, 10, "strata");
        let many = draw(&rows, 20, 90, "strata");
        assert_eq!(few.id[..20], many.id[..20]);
    }

    #[test]
    fn a_smaller_draw_is_the_beginning_of_a_larger_one() {
        let rows = town(600);
        let few = draw(&rows, 20, 10, "prefix");
        let many = draw(&rows, 50, 10, "prefix");
        assert_eq!(few.id[..20], many.id[..20]);
        assert_eq!(few.rank[..20], many.rank[..20]);
    }

    #[test]
    fn every_unit_is_drawn_as_often_as_promised() {
        let rows = town(9);
        let draws = 6_000_u32;
        let mut drawn = [0_u32; 9];
        let mut pairs = 0_u32;
        for i in 0..draws {
            let sample = draw(&rows, 2, 1, &format!("frequency {i}"));
            for &row in &sample.row {
                drawn[row as usize] += 1;
            }
            pairs += u32::from(sample.row.contains(&1) && sample.row.contains(&2));
        }
        // π = 1/3 for all: 2 000 ± 36.5; five standard errors.
        assert!(
            drawn.iter().all(|&count| count.abs_diff(2_000) < 183),
            "{drawn:?}"
        );
        // Two of six: π₂ = 2·1/(6·5) = 1/15: 400 ± 19.3.
        assert!(pairs.abs_diff(400) < 97, "{pairs}");
    }

    #[test]
    fn a_census_takes_everybody() {
        let rows = town(30);
        let sample = draw(&rows, 20, 10, "census");
        assert_eq!(sample.len(), 30);
        assert!(
            sample
                .probability
                .iter()
                .all(|p| p.to_bits() == 1.0_f64.to_bits())
        );
    }

    #[test]
    fn a_stratum_without_units_to_draw_keeps_its_label() {
        let sample = draw(&town(30), 5, 0, "none");
        assert_eq!(sample.stratum.labels(), ["north", "south"]);
        assert_eq!(sample.drawn_by_stratum(), [5, 0]);
        assert_eq!(sample.population, [20, 10]);
    }

    #[test]
    fn a_stratum_that_is_too_small_is_named() {
        let error = simple(
            &frame(&town(30)),
            &shares(30, 5, 11),
            1,
            &seed("x"),
            &Silent,
        );
        let stratum = "south".to_owned();
        assert_eq!(
            error,
            Err(Error::StratumTooSmall {
                stratum,
                population: 10,
                asked: 11
            })
        );
    }

    #[test]
    fn a_list_that_has_changed_is_refused() {
        let error = simple(&frame(&town(33)), &shares(30, 5, 5), 1, &seed("x"), &Silent);
        let stratum = "north".to_owned();
        assert_eq!(
            error,
            Err(Error::StratumChanged {
                stratum,
                found: 22,
                planned: 20
            })
        );
        let strange: Vec<[String; 2]> = vec![["a".into(), "east".into()]];
        let error = simple(&frame(&strange), &shares(30, 5, 5), 1, &seed("x"), &Silent);
        assert!(
            matches!(error, Err(Error::UnknownStrata { .. })),
            "{error:?}"
        );
    }

    #[test]
    fn a_drawn_id_that_repeats_is_refused() {
        let mut rows = town(30);
        rows[1][0] = "u2".into();
        let error = simple(&frame(&rows), &shares(30, 20, 10), 1, &seed("x"), &Silent);
        let id = "u2".to_owned();
        assert_eq!(
            error,
            Err(Error::Repeated {
                id,
                first: 2,
                second: 3
            })
        );
    }
}
