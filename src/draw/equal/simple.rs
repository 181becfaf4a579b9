//! Simple random sampling in strata, by permanent random numbers.

use super::smallest;
use crate::draw::sieve::{self, Asked, Chances, Rule};
use crate::draw::{Chosen, ChosenFrom, Error, How, Sample};
use crate::frame::{Frame, join};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::progress::Monitor;
use crate::random::Seed;

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

impl Share {
    fn asked(&self) -> Asked<'_> {
        Asked {
            labels: &self.labels,
            population: self.population,
            chances: Chances::Equal { take: self.take },
        }
    }
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
    let mut shares: Vec<&Share> = shares.iter().collect();
    shares.sort_by_cached_key(|share| join(&share.labels));
    let asked: Vec<Asked<'_>> = shares.iter().map(|share| share.asked()).collect();
    let carry: Vec<&str> = frame.roles().carry.iter().map(String::as_str).collect();
    let drawn = sieve::draw(frame, &asked, Rule::Smallest, (None, &carry), seed, monitor)?;
    let strata = shares
        .into_iter()
        .zip(drawn)
        .map(|(share, units)| ChosenFrom {
            labels: &share.labels,
            population: share.population,
            units: units.into_iter().map(Chosen::from).collect(),
        })
        .collect();
    let how = How::by(&smallest::METHOD);
    Ok(Sample::assemble(
        frame.roles(),
        strata,
        replicates,
        seed,
        how,
    ))
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
        let side = |i: usize| {
            if i.is_multiple_of(3) {
                "south"
            } else {
                "north"
            }
        };
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
