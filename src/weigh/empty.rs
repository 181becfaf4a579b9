//! Levels that are to hold somebody although nobody there has a weight, and what to join them to.

use super::{Error, Margin};

/// Joins that are told of a level.
const TOLD: usize = 3;

/// A level that is to hold somebody, and nobody there has a weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Empty {
    /// The margin.
    pub margin: String,
    /// The level.
    pub level: String,
    /// Its control total.
    pub total: f64,
    /// Levels of the margin to join it to, the best first; none if nobody has a weight at all.
    pub joins: Vec<String>,
}

impl std::fmt::Display for Empty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Empty {
            margin,
            level,
            total,
            ..
        } = self;
        write!(f, "'{margin} = {level}' ({total})")
    }
}

/// Whether every level that is to hold somebody does.
///
/// # Errors
///
/// [`Error::EmptyLevels`] names those that do not, of all margins, and what each would best be joined to.
pub(super) fn none(margins: &[Margin], weights: &[f64], active: &[usize]) -> Result<(), Error> {
    let found: Vec<Empty> = margins
        .iter()
        .flat_map(|margin| of(margin, &margin.held(weights, active)))
        .collect();
    told(found)
}

/// An error, if there are any.
pub(super) fn told(found: Vec<Empty>) -> Result<(), Error> {
    match found.is_empty() {
        true => Ok(()),
        false => Err(Error::EmptyLevels { empty: found }),
    }
}

/// The empty levels of a margin whose levels hold this, the largest total first. A level that was joined
/// counts for those after it.
///
/// # Formula
///
/// ```text
/// Σ_l W_l (T_l / W_l − 1)²              how far the margin by itself moves weights, W_l what l holds
///
/// joining e to s adds to it   T_e (2 T_s + T_e) / W_s − 2 T_e,   of which the last is the same for every s
/// ```
///
/// # Source
///
/// Deville, Särndal (1992), case 1: the distance of linear calibration, here of one margin.
pub(super) fn of(margin: &Margin, held: &[f64]) -> Vec<Empty> {
    let labels = margin.levels().labels();
    let mut totals = margin.totals().to_vec();
    let is_empty = |level: &usize| margin.totals()[*level] > 0.0 && held[*level] <= 0.0;
    let mut empty: Vec<usize> = (0..labels.len()).filter(is_empty).collect();
    // A stable sort: equal totals stay in the order of their labels.
    empty.sort_by(|a, b| totals[*b].total_cmp(&totals[*a]));
    let mut told = Vec::with_capacity(empty.len());
    for level in empty {
        let total = margin.totals()[level];
        let cost = |to: usize| total * (2.0 * totals[to] + total) / held[to];
        let mut others: Vec<usize> = (0..labels.len()).filter(|&to| held[to] > 0.0).collect();
        others.sort_by(|&a, &b| cost(a).total_cmp(&cost(b)));
        let best = others.first().copied();
        told.push(Empty {
            margin: margin.name().to_owned(),
            level: labels[level].clone(),
            total,
            joins: others
                .iter()
                .take(TOLD)
                .map(|&to| labels[to].clone())
                .collect(),
        });
        if let Some(to) = best {
            totals[to] += total;
        }
    }
    told
}

/// What to do about empty levels, in words.
pub(super) fn remedy(empty: &[Empty]) -> String {
    let join = |one: &Empty| {
        let (best, rest) = one.joins.split_first()?;
        let or = match rest {
            [] => String::new(),
            rest => format!(" (or '{}')", rest.join("', '")),
        };
        Some(format!("'{} = {}' to '{best}'{or}", one.margin, one.level))
    };
    let joins: Vec<String> = empty.iter().filter_map(join).collect();
    match joins.is_empty() {
        true => "nobody has a weight: call longer".into(),
        false => format!(
            "use coarser margins in [weigh] margins, best by joining {}; or call longer there",
            joins.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{none, remedy};
    use crate::frame::Codes;
    use crate::weigh::{Error, Margin};

    fn margin(name: &str, levels: &[&str], totals: &[(&str, f64)]) -> Margin {
        let totals = totals.iter().map(|&(l, t)| (l.to_owned(), t)).collect();
        Margin::new(name, Codes::from_labels(levels), &totals).expect("a margin")
    }

    #[test]
    fn all_empty_levels_are_told_at_once_with_what_they_are_best_joined_to() {
        // Of ages, 50 and 30 hold 40 and 40; nobody is very old, and the one person of side w has no weight.
        let age = margin(
            "age",
            &["young", "old", "old"],
            &[
                ("young", 50.0),
                ("old", 30.0),
                ("very old", 20.0),
                ("child", 0.0),
            ],
        );
        let side = margin(
            "side",
            &["n", "s", "w"],
            &[("n", 60.0), ("s", 30.0), ("w", 10.0)],
        );
        let found = none(&[age, side], &[40.0, 40.0, 0.0], &[0, 1]);
        let Err(Error::EmptyLevels { empty }) = found else {
            panic!("two levels are empty: {found:?}")
        };
        let told: Vec<String> = empty.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["'age = very old' (20)", "'side = w' (10)"]);
        // 20 · (60 + 20) / 40 is less than 20 · (100 + 20) / 40.
        assert_eq!(empty[0].joins, ["old", "young"]);
        assert_eq!(empty[1].joins, ["s", "n"]);
        let said = remedy(&empty);
        assert!(said.contains("'age = very old' to 'old' (or 'young'), 'side = w' to 's'"));
    }

    #[test]
    fn the_second_join_sees_the_first() {
        // a and b hold 10 each; c goes to a, which is then the fuller one, so d goes to b.
        let four = margin(
            "four",
            &["a", "b"],
            &[("a", 10.0), ("b", 11.0), ("c", 5.0), ("d", 4.0)],
        );
        let Err(Error::EmptyLevels { empty }) = none(&[four], &[10.0, 10.0], &[0, 1]) else {
            panic!("two levels are empty")
        };
        assert_eq!(
            (&empty[0].joins[0], &empty[1].joins[0]),
            (&"a".into(), &"b".into())
        );
    }

    #[test]
    fn where_nobody_has_a_weight_there_is_nothing_to_join() {
        let one = margin("one", &["a"], &[("a", 10.0)]);
        let Err(Error::EmptyLevels { empty }) = none(&[one], &[0.0], &[]) else {
            panic!("it is empty")
        };
        assert!(empty[0].joins.is_empty() && remedy(&empty).contains("nobody has a weight"));
    }
}
