//! Columns that stand beside figures: sides of tables, what models and functions name, replicates.

use std::collections::BTreeMap;

use super::roles::{self, Roles};
use super::{Error, GivenWeights};
use crate::bare::weights::pattern::Pattern;
use crate::estimate::expression::{Column, Table};
use crate::files::data::Data;
use crate::frame::Codes;

/// A column of labels, with the order in which they are shown.
#[derive(Debug)]
pub(super) struct Side {
    pub name: String,
    /// The label of each row; "" of rows that have none.
    pub codes: Codes,
    pub ranks: BTreeMap<String, usize>,
}

/// Columns that stand beside figures, row by row.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub sides: Vec<Side>,
    /// What models and functions name.
    pub named: Vec<(String, Column)>,
    pub replicates: Vec<Vec<f64>>,
    /// Numbers that tell how rows were drawn: chances, and what formulas need beside them.
    pub numbers: Vec<(String, Vec<f64>)>,
    /// What drawn units are called, where a file names them.
    pub ids: Option<Codes>,
}

impl Beside {
    pub fn read(data: &mut Data, roles: &Roles<'_>) -> Result<Beside, crate::Error> {
        let mut beside = Beside::default();
        for name in roles.sides() {
            beside.sides.push(side(data, name)?);
        }
        for name in &roles.named {
            beside.named.push((name.clone(), column(data, name)?));
        }
        for name in &roles.replicates {
            let what = "a replicate weight";
            let weights = roles::filled(data, name, what, f64::is_finite)?;
            beside.replicates.push(weights);
        }
        roles.drawn(data, &mut beside)?;
        Ok(beside)
    }

    /// The side of that name: all that were asked for are there.
    pub fn side(&self, name: &str) -> &Side {
        let mut sides = self.sides.iter();
        let found = sides.find(|side| side.name == name);
        found.expect("every side was read")
    }

    /// The numbers of that column: all that were asked for are there.
    pub fn number(&self, name: &str) -> &[f64] {
        let mut numbers = self.numbers.iter();
        let found = numbers.find(|(known, _)| known == name);
        &found.expect("every column was read").1
    }

    /// What expressions are read over.
    pub fn table(&self) -> Table {
        let all = self.named.iter();
        all.fold(Table::default(), |table, (name, column)| {
            table.with(name, column.clone())
        })
    }

    /// Columns as whole numbers that tell rows apart.
    pub fn keys(&self, key: impl Fn(f64) -> u64) -> Vec<Vec<u64>> {
        let labels = |codes: &Codes| codes.codes().iter().map(|code| u64::from(*code)).collect();
        let mut keys: Vec<Vec<u64>> = Vec::new();
        for (_, column) in &self.named {
            keys.push(match column {
                Column::Numbers(values) => values.iter().map(|y| y.map_or(0, &key)).collect(),
                Column::Labels(texts) => labels(&Codes::from_labels(
                    texts.iter().map(|text| text.as_deref().unwrap_or_default()),
                )),
            });
        }
        keys.extend(self.sides.iter().map(|side| labels(&side.codes)));
        let weights = self.replicates.iter();
        keys.extend(weights.map(|column| column.iter().map(|w| key(*w)).collect()));
        let numbers = self.numbers.iter();
        keys.extend(numbers.map(|(_, column)| column.iter().map(|x| key(*x)).collect()));
        keys.extend(self.ids.iter().map(labels));
        keys
    }

    /// Puts rows in another order.
    pub fn place(&mut self, order: &[usize]) {
        for side in &mut self.sides {
            let codes = order.iter().map(|&row| side.codes.codes()[row]).collect();
            side.codes = Codes::new(side.codes.labels().to_vec(), codes);
        }
        for (_, column) in &mut self.named {
            *column = match &*column {
                Column::Numbers(values) => {
                    Column::Numbers(order.iter().map(|&row| values[row]).collect())
                }
                Column::Labels(texts) => {
                    Column::Labels(order.iter().map(|&row| texts[row].clone()).collect())
                }
            };
        }
        for weights in &mut self.replicates {
            *weights = order.iter().map(|&row| weights[row]).collect();
        }
        for (_, numbers) in &mut self.numbers {
            *numbers = order.iter().map(|&row| numbers[row]).collect();
        }
        if let Some(ids) = &mut self.ids {
            let codes = order.iter().map(|&row| ids.codes()[row]).collect();
            *ids = Codes::new(ids.labels().to_vec(), codes);
        }
    }
}

fn side(data: &Data, name: &str) -> Result<Side, crate::Error> {
    let (codes, _) = data.labels(name)?;
    roles::few_enough(name, &codes)?;
    let ranks = roles::ranks(data, name, codes.labels());
    let name = name.to_owned();
    Ok(Side { name, codes, ranks })
}

/// Numbers, if all filled cells are. Codes that all have labels are labels.
pub(super) fn column(data: &Data, name: &str) -> Result<Column, crate::Error> {
    let texts = data.texts(name)?;
    let is_word = |text: &String| text.parse::<f64>().is_err();
    let labelled = data.order(name).is_some() && texts.iter().flatten().all(is_word);
    Ok(match data.numbers_if_any(name)? {
        Some(numbers) if !labelled => Column::Numbers(numbers),
        _ => Column::Labels(texts),
    })
}

/// The columns of replicate weights, in the order of their numbers: rw9 before rw10.
pub(super) fn replicates(
    given: &GivenWeights,
    there: &[String],
    full: &str,
    path: String,
) -> Result<Vec<String>, Error> {
    let pattern = &given.pattern;
    let wrong = |why| Error::BadPattern {
        pattern: pattern.clone(),
        why,
    };
    let fits = Pattern::new(&regular(pattern)).map_err(wrong)?;
    let there_too = there.iter().filter(|name| name.as_str() != full);
    let mut found: Vec<String> = there_too.filter(|name| fits.fits(name)).cloned().collect();
    if found.is_empty() {
        return Err(Error::NoReplicates {
            path,
            pattern: pattern.clone(),
            there: there.to_vec(),
        });
    }
    found.sort_by_cached_key(|name| natural(name));
    Ok(found)
}

/// A pattern with `*` and `?` alone as the regular expression that means the same.
fn regular(pattern: &str) -> String {
    let is_regular = |sign: &&str| pattern.contains(*sign);
    if ["[", "\\", "+", "^", "$", ".*", ".?"]
        .iter()
        .any(is_regular)
    {
        return pattern.to_owned();
    }
    let letter = |letter: char| match letter {
        '*' => ".*".to_owned(),
        '?' => ".".to_owned(),
        letter if letter.is_alphanumeric() || letter == '_' => letter.to_string(),
        sign => format!("\\{sign}"),
    };
    pattern.chars().map(letter).collect()
}

/// Words and numbers in turns: numbers by their size, then by their length.
fn natural(name: &str) -> Vec<(String, u128, usize)> {
    let mut parts: Vec<(String, u128, usize)> = vec![(String::new(), 0, 0)];
    let mut in_number = false;
    for letter in name.chars() {
        if letter.is_ascii_digit() {
            in_number = true;
            let last = parts.last_mut().expect("never empty");
            let digit = u128::from(letter as u32 - u32::from(b'0'));
            last.1 = last.1.saturating_mul(10).saturating_add(digit);
            last.2 += 1;
        } else {
            if in_number {
                parts.push((String::new(), 0, 0));
            }
            in_number = false;
            parts.last_mut().expect("never empty").0.push(letter);
        }
    }
    parts
}

/// The two columns that "region × said", "region,said" or "region x said" names.
pub(super) fn crossed(given: &str, there: &[String]) -> Result<[String; 2], Error> {
    let wrong = || Error::NoCrossing {
        given: given.to_owned(),
        there: there.to_vec(),
    };
    for sign in ['×', ','] {
        if let Some((rows, columns)) = given.split_once(sign) {
            let both = [rows, columns].map(|name| name.trim().to_owned());
            let blank = both.iter().any(String::is_empty) || both[0] == both[1];
            return if blank { Err(wrong()) } else { Ok(both) };
        }
    }
    let known = |name: &str| there.iter().any(|column| column == name);
    let halves = given.match_indices('x').filter_map(|(at, _)| {
        let both = [given[..at].trim(), given[at + 1..].trim()];
        (both.iter().all(|name| known(name)) && both[0] != both[1]).then_some(both)
    });
    // Names may have an x of their own: only one way to part them will do.
    match halves.collect::<Vec<_>>()[..] {
        [both] => Ok(both.map(str::to_owned)),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::{crossed, replicates};
    use crate::bare::estimate::GivenWeights;
    use crate::estimate::variance::replicate::Kind;

    fn names(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn found(pattern: &str) -> Vec<String> {
        let there = names("w w_b10 w_b9 w_b1 wb rw01 rw.2 rw10");
        let given = GivenWeights::of(pattern, Kind::Jk1);
        replicates(&given, &there, "w", "x.csv".into()).unwrap_or_default()
    }

    #[test]
    fn columns_are_found_by_star_or_by_expression_and_sorted_by_number() {
        assert_eq!(found("w_b[0-9]+"), names("w_b1 w_b9 w_b10"));
        assert_eq!(found("w_b*"), names("w_b1 w_b9 w_b10"));
        assert_eq!(found("rw??"), names("rw01 rw10 rw.2"));
        assert_eq!(found("rw.*"), names("rw01 rw10 rw.2"));
        assert_eq!(found("rw.?"), Vec::<String>::new());
        assert_eq!(found("w"), Vec::<String>::new(), "the full weight is none");
    }

    #[test]
    fn two_columns_are_parted_in_one_way_only() {
        let there = names("sex region axb a b xx x");
        let pair = |a: &str, b: &str| Some([a.to_owned(), b.to_owned()]);
        assert_eq!(crossed("sexxregion", &there).ok(), pair("sex", "region"));
        assert_eq!(crossed("sex × region", &there).ok(), pair("sex", "region"));
        assert_eq!(crossed("sex,nobody", &there).ok(), pair("sex", "nobody"));
        for wrong in ["sex", "sex,", "sex × sex", "xxxx", "sexregion"] {
            assert_eq!(crossed(wrong, &there).ok(), None, "{wrong}");
        }
    }
}
