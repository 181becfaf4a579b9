//! What rules for unequal chances know of a sample.

use super::Lonely;
use super::groups::{self, CERTAIN, Group, Units};
use crate::draw::{Error, Sample};
use crate::estimate::Unknown;
use crate::frame::Codes;
use crate::math::sum;

/// The drawn units: their strata, and the chances they had.
///
/// - **Chances are those of the draw**, whatever became of the weights later. Where only some of a
///   stratum's units were released, π is times the share of them that were: the same units with the
///   same chance.
/// - **Certain units** add nothing to a variance, and nothing is measured from them.
/// - **A stratum with a single unit that is not certain** is named, and there is no variance, unless the
///   person says what it is to be taken for: [`Chances::taking`].
///
/// ```
/// use canvass::estimate::variance::Chances;
/// use canvass::frame::Codes;
/// let stratum = Codes::from_labels(["town", "town", "coast"]);
/// let chances = Chances::given(&stratum, &[0.2, 1.0, 0.5])?;
/// assert_eq!(chances.of_unit(2), 0.5);
/// assert!(Chances::given(&stratum, &[0.2, 0.0, 0.5]).is_err());
/// # Ok::<(), canvass::draw::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Chances<'a> {
    stratum: &'a Codes,
    chance: Vec<f64>,
    worked: Vec<bool>,
    /// By stratum, how the chance of a pair shrank because only some units were released.
    both: Vec<f64>,
    groups: Vec<Group>,
    /// The group of each unit, unless it was certain or is not worked.
    group: Vec<Option<u32>>,
    lonely: Lonely,
}

impl<'a> Chances<'a> {
    /// Of a sample; `worked` says which of its units were released.
    #[must_use]
    pub fn of(sample: &'a Sample, worked: &[bool]) -> Chances<'a> {
        let drawn = sample.drawn_by_stratum();
        let mut released = vec![0_u64; drawn.len()];
        for unit in (0..worked.len()).filter(|&unit| worked[unit]) {
            released[sample.stratum.code(unit)] += 1;
        }
        let kept = |h: usize| released[h] as f64 / drawn[h].max(1) as f64;
        let both = |h: usize| match (released[h], drawn[h]) {
            (released, drawn) if released == drawn => 1.0,
            (0, _) => 0.0,
            (released, drawn) => kept(h) * (released - 1) as f64 / (drawn - 1) as f64,
        };
        let chance = sample.probability.iter().enumerate();
        Chances::built(
            &sample.stratum,
            chance
                .map(|(unit, chance)| chance * kept(sample.stratum.code(unit)))
                .collect(),
            worked.to_vec(),
            (0..drawn.len()).map(both).collect(),
        )
    }

    /// Of rows that came with their chances.
    ///
    /// # Errors
    ///
    /// [`Error::BadChances`] counts those that are not above 0 and up to 1.
    ///
    /// # Panics
    ///
    /// If there is not one chance per row: our own bug.
    pub fn given(stratum: &'a Codes, chances: &[f64]) -> Result<Chances<'a>, Error> {
        assert_eq!(stratum.len(), chances.len(), "a chance per row");
        let bad = |chance: &f64| !(*chance > 0.0 && *chance <= 1.0);
        if let Some(first) = chances.iter().position(bad) {
            return Err(Error::BadChances {
                count: chances.iter().filter(|chance| bad(chance)).count() as u64,
                row: first as u64 + 1,
                chance: chances[first],
            });
        }
        Ok(Chances::built(
            stratum,
            chances.to_vec(),
            vec![true; chances.len()],
            vec![1.0; stratum.labels().len()],
        ))
    }

    fn built(
        stratum: &'a Codes,
        chance: Vec<f64>,
        worked: Vec<bool>,
        both: Vec<f64>,
    ) -> Chances<'a> {
        let mut chances = Chances {
            group: Vec::new(),
            groups: Vec::new(),
            lonely: Lonely::Fail,
            stratum,
            chance,
            worked,
            both,
        };
        chances.cut();
        chances
    }

    /// Cuts the worked units into groups, without those that were certain.
    fn cut(&mut self) {
        let group = |label: &String| Group {
            label: label.clone(),
            parent: 0,
            open: Vec::new(),
            size: 0.0,
            partly: false,
        };
        self.groups = self.stratum.labels().iter().map(group).collect();
        for unit in 0..self.chance.len() {
            let group = &mut self.groups[self.stratum.code(unit)];
            if !self.worked[unit] {
                group.partly = true;
                continue;
            }
            let chance = self.chance[unit];
            group.size += if chance > 0.0 { 1.0 / chance } else { 1.0 };
            if 1.0 - chance > CERTAIN {
                group.open.push(unit as u32);
            }
        }
        self.place();
    }

    fn place(&mut self) {
        self.group = vec![None; self.chance.len()];
        for (place, group) in self.groups.iter().enumerate() {
            for &unit in &group.open {
                self.group[unit as usize] = Some(place as u32);
            }
        }
    }

    /// What strata with a single unit are taken for that is not certain.
    #[must_use]
    pub fn taking(mut self, lonely: Lonely) -> Chances<'a> {
        if lonely == Lonely::Collapse {
            self.groups = groups::collapse(&self.groups);
            self.place();
        }
        self.lonely = lonely;
        self
    }

    /// How many units there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chance.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chance.is_empty()
    }

    /// π of a unit.
    #[must_use]
    pub fn of_unit(&self, unit: usize) -> f64 {
        self.chance[unit]
    }

    /// Of hits: no unit is certain, and no stratum has an end.
    pub(super) fn of_hits(stratum: &'a Codes, worked: &[bool]) -> Chances<'a> {
        assert_eq!(stratum.len(), worked.len(), "every hit is released or not");
        Chances::built(
            stratum,
            vec![0.0; worked.len()],
            worked.to_vec(),
            vec![1.0; stratum.labels().len()],
        )
    }

    /// The same, its strata as they were drawn: a table knows nothing of pairs across strata.
    pub(super) fn apart(mut self) -> Chances<'a> {
        if self.lonely == Lonely::Collapse {
            self.cut();
            self.lonely = Lonely::Fail;
        }
        self
    }

    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    pub(super) fn groups_mut(&mut self) -> &mut [Group] {
        &mut self.groups
    }

    /// How the chance of a pair of this unit's stratum shrank by release.
    pub(super) fn both(&self, unit: usize) -> f64 {
        self.both[self.stratum.code(unit)]
    }

    /// The open units of a group, each with its chance and score, sorted, so that sums do not depend
    /// on the order of rows.
    pub(super) fn sorted(&self, group: &Group, scores: &[f64]) -> Vec<(f64, f64)> {
        let open = group.open.iter().map(|&unit| unit as usize);
        let mut units: Vec<(f64, f64)> =
            open.map(|unit| (self.chance[unit], scores[unit])).collect();
        units.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        units
    }

    /// The variance of a sum of scores, by `part` for each stratum of several open units.
    pub(super) fn variance(
        &self,
        scores: &[f64],
        answered: &[usize],
        part: &dyn Fn(&Group) -> Result<f64, Unknown>,
    ) -> Result<f64, Unknown> {
        let units = Units {
            chance: &self.chance,
            total: scores,
            counts: &groups::counting(scores, answered),
        };
        let mut lonely = Vec::new();
        let variance = groups::settle(&self.groups, &units, self.lonely, &mut lonely, part)?;
        if !lonely.is_empty() {
            return Err(Unknown::LonelyStratum { strata: lonely });
        }
        self.single(scores, answered)?;
        groups::no_less_than_nothing(variance, sum(scores.iter().map(|t| t * t)))
    }

    /// The same where strata hang together, by `part` for the place of each: those of several open units all
    /// take part, whether they have to do with the figure or not.
    pub(super) fn variance_of_all(
        &self,
        scores: &[f64],
        answered: &[usize],
        part: &dyn Fn(usize) -> f64,
    ) -> Result<f64, Unknown> {
        let mut counts = groups::counting(scores, answered);
        for group in self.groups.iter().filter(|group| group.open.len() > 1) {
            group
                .open
                .iter()
                .for_each(|&unit| counts[unit as usize] = true);
        }
        let units = Units {
            chance: &self.chance,
            total: scores,
            counts: &counts,
        };
        let place = |group: &Group| self.group[*group.open.first()? as usize];
        let part = |group: &Group| Ok(place(group).map_or(0.0, |place| part(place as usize)));
        let mut lonely = Vec::new();
        let variance = groups::settle(&self.groups, &units, self.lonely, &mut lonely, &part)?;
        if !lonely.is_empty() {
            return Err(Unknown::LonelyStratum { strata: lonely });
        }
        self.single(scores, answered)?;
        groups::no_less_than_nothing(variance, sum(scores.iter().map(|t| t * t)))
    }

    /// Says so if the figure is one answer, and that answer its own mean: a variance of 0 would say
    /// that nobody differs from it.
    pub(super) fn single(&self, scores: &[f64], answered: &[usize]) -> Result<(), Unknown> {
        match answered {
            [only] if scores[*only].abs() <= 0.0 && self.group[*only].is_some() => {
                Err(Unknown::OneAnswer)
            }
            _ => Ok(()),
        }
    }

    /// Open units less the strata they are from, of those that count; if all are certain, units less
    /// strata, for what weighting adds.
    pub(super) fn degrees(&self, answered: &[usize]) -> u64 {
        let open = answered.iter().filter_map(|&unit| self.group[unit]);
        let open: Vec<u32> = open.collect();
        if open.is_empty() {
            let strata = answered.iter().map(|&unit| self.stratum.code(unit) as u32);
            return less_strata(strata.collect());
        }
        less_strata(open)
    }
}

/// How many there are, less how many different ones.
pub(super) fn less_strata(mut strata: Vec<u32>) -> u64 {
    let units = strata.len();
    strata.sort_unstable();
    strata.dedup();
    (units - strata.len()) as u64
}
