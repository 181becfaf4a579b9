//! Whom to call: what a telephone centre gets, and nothing more.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::frame::Codes;
use crate::notice::Notice;
use crate::random::Seed;

/// Rows of one file at most: with a heading, a sheet of a spreadsheet has room for 48 575 more.
pub const ROWS_PER_FILE: usize = 1_000_000;

/// The call list: a row per released case, in random order within its replicate.
///
/// Columns are the case id, the number, what the study chose to carry (as service, operator,
/// district), and the replicate. The order tells nothing of the list that cases were drawn from, and
/// that of one replicate does not depend on which others are released.
///
/// # Example
///
/// ```
/// use canvass::field::CallList;
/// use canvass::frame::Codes;
/// use canvass::random::Seed;
///
/// let list = CallList::new(
///     vec!["A".into(), "B".into()],
///     vec!["10012345678".into(), "10087654321".into()],
///     vec![("service".into(), Codes::from_labels(["mobile", "mobile"]))],
///     vec![1, 2],
///     &[true, false],
///     &Seed::new("wave 1").expect("not blank"),
/// );
/// assert_eq!(list.header(), ["case_id", "phone", "service", "replicate"]);
/// assert_eq!(list.row(0), ["A", "10012345678", "mobile", "1"]);
/// assert_eq!(list.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CallList {
    case_id: Vec<String>,
    phone: Vec<String>,
    carried: Vec<(String, Codes)>,
    replicate: Vec<u32>,
    /// Which case stands in each row.
    order: Vec<usize>,
    without_phone: u64,
}

impl CallList {
    /// The call list of the cases whose replicate is `released`; one entry per drawn unit in every
    /// argument. Cases with a blank number can't be called: they are left out, and
    /// [counted](CallList::notices).
    ///
    /// # Panics
    ///
    /// If the arguments differ in length: our own bug.
    #[must_use]
    pub fn new(
        case_id: Vec<String>,
        phone: Vec<String>,
        carried: Vec<(String, Codes)>,
        replicate: Vec<u32>,
        released: &[bool],
        seed: &Seed,
    ) -> CallList {
        let cases = case_id.len();
        let alike = [phone.len(), replicate.len(), released.len()]
            .iter()
            .all(|&n| n == cases)
            && carried.iter().all(|(_, codes)| codes.len() == cases);
        assert!(alike, "columns of a call list differ in length");

        let out = || (0..cases).filter(|&case| released[case]);
        let blank = |case: usize| phone[case].trim().is_empty();
        let without_phone = out().filter(|&case| blank(case)).count() as u64;
        let mut order: Vec<usize> = out().filter(|&case| !blank(case)).collect();
        // Ids first, so that the order before shuffling depends on the key alone.
        order.sort_unstable_by_key(|&case| (replicate[case], case_id[case].as_str()));
        for part in order.chunk_by_mut(|&a, &b| replicate[a] == replicate[b]) {
            seed.stream(&format!("call list, replicate {}", replicate[part[0]]))
                .shuffle(part);
        }
        CallList {
            case_id,
            phone,
            carried,
            replicate,
            order,
            without_phone,
        }
    }

    /// The same with the rows of one call together, within their replicate: `call` has an entry per drawn
    /// unit, and the first row of a call stands where chance put it.
    ///
    /// # Panics
    ///
    /// If there is not one entry per drawn unit: our own bug.
    #[must_use]
    pub fn together(mut self, call: &[u32]) -> CallList {
        assert_eq!(call.len(), self.case_id.len(), "a call per drawn unit");
        let mut first = BTreeMap::new();
        for (place, &case) in self.order.iter().enumerate() {
            let key = (self.replicate[case], call[case]);
            first.entry(key).or_insert(place);
        }
        let replicate = &self.replicate;
        // Stable, so that the order within a call is chance's too.
        self.order
            .sort_by_key(|&case| first.get(&(replicate[case], call[case])).copied());
        self
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether nobody is to be called.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The columns' names.
    #[must_use]
    pub fn header(&self) -> Vec<&str> {
        let carried = self.carried.iter().map(|(name, _)| name.as_str());
        ["case_id", "phone"]
            .into_iter()
            .chain(carried)
            .chain(["replicate"])
            .collect()
    }

    /// The cells of a row, as they are. Whoever writes them where a spreadsheet may read them
    /// [neutralises](neutralise) them.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> Vec<Cow<'_, str>> {
        let case = self.order[row];
        let mut cells: Vec<Cow<'_, str>> = Vec::with_capacity(self.carried.len() + 3);
        cells.push(self.case_id[case].as_str().into());
        cells.push(self.phone[case].as_str().into());
        cells.extend(
            self.carried
                .iter()
                .map(|(_, codes)| Cow::from(codes.label(case))),
        );
        cells.push(self.replicate[case].to_string().into());
        cells
    }

    /// The drawn unit that stands in a row, counted from 0.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    #[must_use]
    pub fn unit(&self, row: usize) -> usize {
        self.order[row]
    }

    /// The rows of each file, if a file holds `most` rows; one empty file if there are no rows.
    ///
    /// # Panics
    ///
    /// If `most` is 0.
    #[must_use]
    pub fn parts(&self, most: usize) -> Vec<Range<usize>> {
        assert!(most > 0, "a file must hold a row");
        let part = |from: usize| from..self.len().min(from + most);
        (0..self.len().max(1)).step_by(most).map(part).collect()
    }

    /// The replicates on the list, ascending.
    #[must_use]
    pub fn replicates(&self) -> Vec<u32> {
        let mut replicates: Vec<u32> = self
            .order
            .iter()
            .map(|&case| self.replicate[case])
            .collect();
        replicates.dedup(); // rows come replicate by replicate
        replicates
    }

    /// Released units that have no number, and stand in no row.
    #[must_use]
    pub fn without_phone(&self) -> u64 {
        self.without_phone
    }

    /// What a statistician must hear: units without a number.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        match self.without_phone {
            0 => Vec::new(),
            count => vec![Notice::WithoutNumber { count }],
        }
    }
}

/// The text with an apostrophe before it, if a spreadsheet would take it for a formula.
///
/// # Source
///
/// OWASP, CSV Injection: cells that begin with = + - @, a tab or a line break. Their full-width
/// forms count too.
///
/// # Example
///
/// ```
/// use canvass::field::neutralise;
/// assert_eq!(neutralise("=1+1"), "'=1+1");
/// assert_eq!(neutralise("10012345678"), "10012345678");
/// ```
#[must_use]
pub fn neutralise(text: &str) -> Cow<'_, str> {
    const DANGEROUS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(DANGEROUS) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// What stands beside every call list: enough to see that it is whole, and what it is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The file's name, without folders.
    pub file: String,
    /// Which part of the list it is, from 1.
    pub part: u32,
    /// Of how many.
    pub parts: u32,
    /// Rows, without the heading.
    pub rows: u64,
    /// The columns' names.
    pub columns: Vec<String>,
    /// SHA-256 of the file, as hex digits.
    pub sha256: String,
    /// Replicates whose cases it has.
    pub replicates: Vec<u32>,
    /// The sum of the base weights of its cases.
    pub sum_base_weight: f64,
    /// The key of the survey's seed; not the seed, and not the key of the case ids.
    pub seed_key: String,
    /// When it was made.
    pub created: jiff::Timestamp,
    /// What it may be used for.
    pub purpose: String,
    /// Who may use it.
    pub recipient: String,
    /// The day on which it must be deleted at the latest.
    pub expiry: Option<jiff::civil::Date>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CallList, neutralise};
    use crate::frame::Codes;
    use crate::notice::Notice;
    use crate::random::Seed;

    /// So many cases in three replicates.
    fn list(cases: u32, released: impl Fn(u32) -> bool) -> CallList {
        let replicate = |case: u32| 1 + case % 3;
        CallList::new(
            (0..cases).map(|case| format!("case {case:03}")).collect(),
            (0..cases).map(|case| format!("100{case:08}")).collect(),
            vec![(
                "district".into(),
                Codes::from_labels((0..cases).map(|_| "渝中区")),
            )],
            (0..cases).map(replicate).collect(),
            &(0..cases)
                .map(|case| released(replicate(case)))
                .collect::<Vec<_>>(),
            &Seed::new("list").expect("not blank"),
        )
    }

    fn ids(list: &CallList) -> Vec<String> {
        (0..list.len())
            .map(|row| list.row(row)[0].to_string())
            .collect()
    }

    #[test]
    fn every_released_case_stands_on_the_list_once() {
        let all = list(300, |_| true);
        assert_eq!(ids(&all).into_iter().collect::<BTreeSet<_>>().len(), 300);
        assert_eq!(all.replicates(), [1, 2, 3]);
        let some = list(300, |replicate| replicate != 2);
        assert_eq!((some.len(), some.replicates()), (200, vec![1, 3]));
    }

    #[test]
    fn releasing_more_does_not_move_the_rows_of_a_replicate() {
        let first = list(300, |replicate| replicate == 1);
        let all = list(300, |_| true);
        assert_eq!(ids(&first), ids(&all)[..100]);
    }

    #[test]
    fn rows_are_in_no_order_of_the_list() {
        let rows = ids(&list(300, |_| true));
        let ascending = rows[..100]
            .windows(2)
            .filter(|pair| pair[0] < pair[1])
            .count();
        // 99 neighbours, half of them ascending, standard deviation √(101/12) = 2.9.
        assert!((35..=64).contains(&ascending), "{ascending}");
    }

    #[test]
    fn a_row_has_its_own_number() {
        let list = list(30, |_| true);
        for row in 0..list.len() {
            let cells = list.row(row);
            assert_eq!(cells[0][5..], cells[1][8..], "{cells:?}");
            assert_eq!(cells[0], format!("case {:03}", list.unit(row)));
        }
    }

    #[test]
    fn a_long_list_is_split_and_nothing_is_lost() {
        let list = list(25, |_| true);
        assert_eq!(list.parts(10), [0..10, 10..20, 20..25]);
        assert_eq!(list.parts(25).len(), 1);
        let empty = CallList::new(
            Vec::new(),
            Vec::new(),
            Vec::new(),
            Vec::new(),
            &[],
            &Seed::new("none").expect("not blank"),
        );
        assert_eq!(empty.parts(10).len(), 1);
        assert!(empty.is_empty());
    }

    #[test]
    fn a_case_without_a_number_is_counted() {
        let list = CallList::new(
            vec!["a".into(), "b".into()],
            vec![" ".into(), "10000000000".into()],
            Vec::new(),
            vec![1, 1],
            &[true, true],
            &Seed::new("blank").expect("not blank"),
        );
        assert_eq!(ids(&list), ["b"]);
        assert_eq!(list.notices(), [Notice::WithoutNumber { count: 1 }]);
    }

    #[test]
    fn no_cell_becomes_a_formula() {
        for text in ["=1", "+86", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert_eq!(neutralise(text), format!("'{text}"));
            assert_eq!(
                neutralise(&neutralise(text)),
                format!("'{text}"),
                "once is enough"
            );
        }
        for text in ["", "渝中区", "a=b", "'=1"] {
            assert_eq!(neutralise(text), text);
        }
    }
}
