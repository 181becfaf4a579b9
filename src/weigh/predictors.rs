//! Columns that tell something of a unit, as numbers.

use super::Error;
use crate::frame::Codes;
use crate::math::{Sum, sum};

/// One column for everybody, then one for each level of a category but its first, then one for each
/// column of numbers. A level that nobody has who takes part is no column.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictors {
    names: Vec<String>,
    categories: Vec<Category>,
    numbers: Vec<(usize, Vec<f64>)>,
    part: Vec<bool>,
}

/// A category, and the column of each of its levels, if it has one.
#[derive(Debug, Clone, PartialEq)]
struct Category {
    name: String,
    levels: Codes,
    columns: Vec<Option<usize>>,
}

impl Predictors {
    /// The column for everybody, of whom some take part.
    #[must_use]
    pub fn of(part: Vec<bool>) -> Predictors {
        Predictors {
            names: vec!["all".to_owned()],
            categories: Vec::new(),
            numbers: Vec::new(),
            part,
        }
    }

    /// What a unit has of each: "kind = firm", "lines = 3".
    #[must_use]
    pub fn has(&self, unit: usize) -> Vec<String> {
        let levels = self.categories.iter();
        let levels = levels.map(|one| format!("{} = {}", one.name, one.levels.label(unit)));
        let numbers = self.numbers.iter();
        let numbers = numbers.map(|(at, values)| format!("{} = {}", self.names[*at], values[unit]));
        levels.chain(numbers).collect()
    }

    /// And those of a category, one label per unit.
    ///
    /// # Panics
    ///
    /// If there is not one label per unit: our own bug.
    #[must_use]
    pub fn and_levels(mut self, name: impl Into<String>, levels: Codes) -> Predictors {
        assert_eq!(levels.len(), self.part.len(), "a level per unit");
        let name = name.into();
        let mut seen = vec![false; levels.labels().len()];
        for unit in (0..levels.len()).filter(|&unit| self.part[unit]) {
            seen[levels.code(unit)] = true;
        }
        let mut columns = vec![None; seen.len()];
        let held = (0..seen.len()).filter(|&level| seen[level]);
        for level in held.skip(1) {
            columns[level] = Some(self.names.len());
            self.names
                .push(format!("{name} = {}", levels.labels()[level]));
        }
        self.categories.push(Category {
            name,
            levels,
            columns,
        });
        self
    }

    /// And a column of numbers, one per unit.
    ///
    /// # Errors
    ///
    /// [`Error::BadAmount`] if the number of a unit that takes part is not finite.
    ///
    /// # Panics
    ///
    /// If there is not one number per unit: our own bug.
    pub fn and_numbers(
        mut self,
        name: impl Into<String>,
        values: Vec<f64>,
    ) -> Result<Predictors, Error> {
        assert_eq!(values.len(), self.part.len(), "a number per unit");
        let name = name.into();
        let bad = |&unit: &usize| self.part[unit] && !values[unit].is_finite();
        if let Some(unit) = (0..values.len()).find(bad) {
            let value = values[unit];
            return Err(Error::BadAmount {
                amount: name,
                value,
            });
        }
        self.numbers.push((self.names.len(), values));
        self.names.push(name);
        Ok(self)
    }

    /// How many columns there are.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.names.len()
    }

    /// What a column is called: "all", "region = north", or the name of the numbers.
    #[must_use]
    pub fn name(&self, column: usize) -> &str {
        &self.names[column]
    }

    /// The categories: their names and levels.
    pub(super) fn categories(&self) -> impl Iterator<Item = (&str, &Codes)> {
        self.categories
            .iter()
            .map(|category| (category.name.as_str(), &category.levels))
    }

    /// z of a unit: the columns where it has something, and what.
    pub(super) fn row(&self, unit: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let levels = self.categories.iter().filter_map(move |category| {
            let column = category.columns[category.levels.code(unit)]?;
            Some((column, 1.0))
        });
        let numbers = self
            .numbers
            .iter()
            .map(move |(column, values)| (*column, values[unit]));
        std::iter::once((0, 1.0)).chain(levels).chain(numbers)
    }

    /// z′λ of a unit.
    pub(super) fn along(&self, unit: usize, pulls: &[f64]) -> f64 {
        sum(self.row(unit).map(|(column, z)| z * pulls[column]))
    }

    /// Σ w z, over some units and their weights.
    pub(super) fn held(&self, weights: impl IntoIterator<Item = (usize, f64)>) -> Vec<f64> {
        let mut held = vec![Sum::default(); self.columns()];
        for (unit, weight) in weights {
            for (column, z) in self.row(unit) {
                held[column].add(weight * z);
            }
        }
        held.iter().map(Sum::value).collect()
    }
}
