//! The made register: one row per service relation, in parts that can be made by many hands.

use super::place;
use super::relation::{Contact, Relation, Relations, push_digits};
use super::{Error, Recipe};
use crate::files::{Column, Columns};
use crate::frame::Codes;
use crate::random::Seed;
use crate::random::pretend::Dice;

/// Rows in a part.
const CHUNK: u64 = 1_000_000;

const NUMBER_TYPES: [&str; 2] = ["固定号码", "移动号码"];
const AREAS: [&str; 2] = ["乡村", "城镇"];
const OPT_OUT: [&str; 2] = ["否", "是"];

/// How long a unit has had its service, and how many have it as long: inventions.
const TENURE: [(&str, f64); 4] = [
    ("不满1年", 0.18),
    ("1至3年", 0.34),
    ("3至5年", 0.24),
    ("5年以上", 0.24),
];

/// A register of service relations that nobody has.
///
/// People hold several relations, and numbers are shared: a mobile-Internet unit is reached at the
/// number of a mobile-phone unit of the same operator; fixed phones and fixed Internet at a number
/// of the household, which may be another operator's. Counts of cells are exact; so are those of
/// districts, up to rounding. No number can be dialled: mobile ones have netcodes 10x to 12x, fixed
/// ones are 023 and eight digits of which the first is 1.
///
/// | column           | content                                                             |
/// |------------------|---------------------------------------------------------------------|
/// | `unit_id`        | R and eight digits, unique                                          |
/// | `service`        | as the recipe calls it                                              |
/// | `operator`       | of the service                                                      |
/// | `contact_number` | digits                                                              |
/// | `number_type`    | 移动号码 mobile, 固定号码 fixed                                     |
/// | `number_operator`| who gave the number out                                             |
/// | `district`       | one of 38                                                           |
/// | `area`           | 城镇 urban, 乡村 rural                                              |
/// | `plan_type`      | as the recipe calls it                                              |
/// | `tenure_band`    | 不满1年, 1至3年, 3至5年, 5年以上: years with the service            |
/// | `opt_out`        | 是 yes, 否 no: whoever has this number asked not to be called       |
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use canvass::{random::Seed, rehearse::{Recipe, Register}};
/// let recipe = Recipe::read(include_str!("../../config/surveys/chongqing-2016.rehearsal.toml"))?;
/// let seed = Seed::new("rehearsal").expect("not blank");
/// let register = Register::new(&recipe, 0.1, &seed)?;
/// assert_eq!(register.rows(), 5_700_000);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Register {
    relations: Relations,
    services: Legend,
    operators: Legend,
    districts: Legend,
    plans: Plans,
    tenure: Legend,
    /// Share of people in towns, one per district.
    urban: Vec<f64>,
    opt_out: f64,
    dice: Traits,
}

/// What decides the traits of a row.
#[derive(Debug)]
struct Traits {
    area: Dice,
    plan: Dice,
    tenure: Dice,
    opt_out: Dice,
}

/// The plans of all services, and what share of a service has which.
#[derive(Debug)]
struct Plans {
    legend: Legend,
    /// One list per service: the plan's place in the legend, and the share up to it.
    up_to: Vec<Vec<(u32, f64)>>,
}

/// Labels, sorted, and the code of each in the order in which they were given.
#[derive(Debug)]
struct Legend {
    labels: Vec<String>,
    codes: Vec<u32>,
}

impl Legend {
    fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Legend {
        let codes = Codes::from_labels(names);
        Legend {
            labels: codes.labels().to_vec(),
            codes: codes.codes().to_vec(),
        }
    }

    fn column(&self, codes: Vec<u32>) -> Column {
        Column::Coded(Codes::new(self.labels.clone(), codes))
    }
}

impl Register {
    /// The register that `recipe` describes, `scale` of its full size.
    ///
    /// # Errors
    ///
    /// [`Error::NoRegister`], [`Error::Scale`], or that the recipe's numbers do not go together:
    /// [`Error::SmallCell`], [`Error::TooFewBlocks`], [`Error::TooManyLines`],
    /// [`Error::InternetWithoutPhone`], [`Error::Unknown`] zone.
    pub fn new(recipe: &Recipe, scale: f64, seed: &Seed) -> Result<Register, Error> {
        recipe.check()?;
        let recipe = recipe.register.as_ref().ok_or(Error::NoRegister)?;
        if !(scale > 0.0 && scale <= 1.0) {
            return Err(Error::Scale { scale });
        }
        let districts = place::districts();
        let urban = districts
            .iter()
            .map(|district| {
                let zone = recipe.zone.iter().find(|zone| zone.name == district.zone);
                zone.map(|zone| zone.urban).ok_or_else(|| Error::Unknown {
                    key: format!("the zone of {}", district.name),
                    name: district.zone.to_owned(),
                    known: recipe.zone.iter().map(|zone| zone.name.clone()).collect(),
                })
            })
            .collect::<Result<Vec<f64>, Error>>()?;
        let dice = |name: &str| Dice::new(seed, &format!("rehearse/register/{name}"));
        Ok(Register {
            relations: Relations::new(recipe, scale, seed)?,
            services: Legend::new(recipe.service.iter().map(|service| service.name.as_str())),
            operators: Legend::new(recipe.operator.iter().map(|one| one.name.as_str())),
            districts: Legend::new(districts.iter().map(|district| district.name)),
            plans: Plans::new(recipe),
            tenure: Legend::new(TENURE.map(|(label, _)| label)),
            urban,
            opt_out: recipe.opt_out,
            dice: Traits {
                area: dice("area"),
                plan: dice("plan"),
                tenure: dice("tenure"),
                opt_out: dice("opt-out"),
            },
        })
    }

    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.relations.rows()
    }

    /// In how many parts it can be made.
    #[must_use]
    pub fn chunks(&self) -> u64 {
        self.rows().div_ceil(CHUNK)
    }

    /// A part, counted from 0: the same whoever makes it, and when.
    ///
    /// # Panics
    ///
    /// If there are not so many parts: our own bug.
    #[must_use]
    pub fn chunk(&self, chunk: u64) -> Columns {
        assert!(chunk < self.chunks(), "part {chunk} of {}", self.chunks());
        let rows = chunk * CHUNK..self.rows().min((chunk + 1) * CHUNK);
        let mut sheet = Filling::new((rows.end - rows.start) as usize);
        for row in rows {
            self.fill(row, &mut sheet);
        }
        self.columns(sheet)
    }

    fn fill(&self, row: u64, sheet: &mut Filling) {
        let Relation {
            cell,
            district,
            contact,
            person,
            key,
        } = self.relations.at(row);
        let units = &self.relations.cells[cell];

        let mut id = String::with_capacity(9);
        id.push('R');
        push_digits(row + 1, 8, &mut id);
        sheet.id.push(id);
        let mut number = String::with_capacity(11);
        self.relations.write(contact, &mut number);
        sheet.number.push(number);

        sheet.service.push(self.services.codes[units.service]);
        sheet.operator.push(self.operators.codes[units.operator]);
        sheet
            .number_type
            .push(u32::from(matches!(contact, Contact::Mobile { .. })));
        sheet
            .number_operator
            .push(self.operators.codes[contact.operator()]);
        sheet.district.push(self.districts.codes[district]);
        sheet.area.push(u32::from(
            self.dice.area.happens(person, self.urban[district]),
        ));
        sheet
            .plan
            .push(self.plans.of(units.service, self.dice.plan.unit(key)));
        sheet
            .tenure
            .push(self.tenure.codes[tenure(self.dice.tenure.unit(key))]);
        sheet.opt_out.push(u32::from(
            self.dice.opt_out.happens(contact.key(), self.opt_out),
        ));
    }

    fn columns(&self, sheet: Filling) -> Columns {
        let two = |labels: [&str; 2], codes| Legend::new(labels).column(codes);
        let mut columns = Columns::default();
        columns.push("unit_id", Column::Text(sheet.id));
        columns.push("service", self.services.column(sheet.service));
        columns.push("operator", self.operators.column(sheet.operator));
        columns.push("contact_number", Column::Text(sheet.number));
        columns.push("number_type", two(NUMBER_TYPES, sheet.number_type));
        columns.push(
            "number_operator",
            self.operators.column(sheet.number_operator),
        );
        columns.push("district", self.districts.column(sheet.district));
        columns.push("area", two(AREAS, sheet.area));
        columns.push("plan_type", self.plans.legend.column(sheet.plan));
        columns.push("tenure_band", self.tenure.column(sheet.tenure));
        columns.push("opt_out", two(OPT_OUT, sheet.opt_out));
        columns
    }
}

/// The columns of a part while it is made.
#[derive(Debug)]
struct Filling {
    id: Vec<String>,
    number: Vec<String>,
    service: Vec<u32>,
    operator: Vec<u32>,
    number_type: Vec<u32>,
    number_operator: Vec<u32>,
    district: Vec<u32>,
    area: Vec<u32>,
    plan: Vec<u32>,
    tenure: Vec<u32>,
    opt_out: Vec<u32>,
}

impl Filling {
    fn new(rows: usize) -> Filling {
        let codes = || Vec::with_capacity(rows);
        Filling {
            id: Vec::with_capacity(rows),
            number: Vec::with_capacity(rows),
            service: codes(),
            operator: codes(),
            number_type: codes(),
            number_operator: codes(),
            district: codes(),
            area: codes(),
            plan: codes(),
            tenure: codes(),
            opt_out: codes(),
        }
    }
}

impl Plans {
    fn new(recipe: &super::RegisterRecipe) -> Plans {
        let names = recipe.service.iter().flat_map(|service| &service.plans);
        let legend = Legend::new(names.map(|(name, _)| name.as_str()));
        let mut codes = legend.codes.iter().copied();
        let up_to = recipe.service.iter().map(|service| {
            let mut sum = 0.0;
            let shares = service.plans.iter().zip(codes.by_ref());
            shares
                .map(|((_, share), code)| {
                    sum += share;
                    (code, sum)
                })
                .collect()
        });
        let up_to = up_to.collect();
        Plans { legend, up_to }
    }

    fn of(&self, service: usize, chance: f64) -> u32 {
        let plans = &self.up_to[service];
        let plan = plans
            .iter()
            .find(|(_, up_to)| chance < *up_to)
            .or(plans.last());
        plan.expect("every service has plans").0
    }
}

/// Which band of years a chance falls into.
fn tenure(chance: f64) -> usize {
    let mut left = chance;
    let last = TENURE.len() - 1;
    TENURE[..last]
        .iter()
        .position(|(_, share)| {
            left -= share;
            left < 0.0
        })
        .unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::Register;
    use crate::files::{Column, Columns};
    use crate::frame::{Codes, Numbering};
    use crate::random::Seed;
    use crate::rehearse::samples::CHONGQING;
    use crate::rehearse::{Error, Recipe, place};

    fn register(scale: f64) -> Register {
        let recipe = Recipe::read(CHONGQING).expect("a sound recipe");
        Register::new(&recipe, scale, &Seed::new("test").expect("not blank")).expect("a register")
    }

    fn codes<'c>(columns: &'c Columns, name: &str) -> &'c Codes {
        let Some(Column::Coded(codes)) = columns.get(name) else {
            panic!("no labels {name}")
        };
        codes
    }

    fn texts<'c>(columns: &'c Columns, name: &str) -> &'c [String] {
        let Some(Column::Text(texts)) = columns.get(name) else {
            panic!("no texts {name}")
        };
        texts
    }

    /// How often each combination of labels occurs.
    fn counts(columns: &Columns, names: &[&str]) -> BTreeMap<Vec<String>, u64> {
        let columns: Vec<&Codes> = names.iter().map(|name| codes(columns, name)).collect();
        let mut counts = BTreeMap::new();
        for row in 0..columns[0].len() {
            let labels = columns
                .iter()
                .map(|codes| codes.label(row).to_owned())
                .collect();
            *counts.entry(labels).or_default() += 1;
        }
        counts
    }

    #[test]
    fn every_cell_has_the_rows_of_the_table() {
        let found = counts(&register(0.002).chunk(0), &["service", "operator"]);
        let recipe = Recipe::read(CHONGQING).expect("a sound recipe");
        let cells = recipe.register.expect("a list").cell;
        assert_eq!(found.len(), 13);
        for cell in cells {
            // A thousandth of round numbers is whole, so nothing is rounded.
            assert_eq!(found[&vec![cell.service, cell.operator]], cell.rows / 500);
        }
    }

    #[test]
    fn ids_are_unique_over_parts_and_the_parts_have_all_rows() {
        let register = register(0.02);
        assert_eq!((register.rows(), register.chunks()), (1_140_000, 2));
        let parts = [register.chunk(0), register.chunk(1)];
        assert_eq!(parts.each_ref().map(Columns::rows), [1_000_000, 140_000]);
        let ids = parts.iter().flat_map(|part| texts(part, "unit_id"));
        let unique: BTreeSet<&String> = ids.collect();
        assert_eq!(unique.len(), 1_140_000);
        assert!(unique.iter().all(|id| id.len() == 9));
        // Mixed: the smaller part has every cell and district.
        let strata = counts(&parts[1], &["service", "operator", "district"]);
        assert_eq!(counts(&parts[1], &["service", "operator"]).len(), 13);
        assert!(strata.len() > 480, "{} of 494 strata", strata.len());
    }

    #[test]
    fn a_part_is_the_same_whenever_it_is_made() {
        let (one, other) = (register(0.02), register(0.02));
        let late = one.chunk(1);
        assert_eq!(other.chunk(1), late);
        assert_eq!(other.chunk(0), one.chunk(0));
    }

    #[test]
    fn no_number_can_be_dialled() {
        let part = register(0.002).chunk(0);
        let mut fixed = 0;
        for number in texts(&part, "contact_number") {
            assert!(Numbering::Fictional.read(number).is_ok(), "{number}");
            assert!(Numbering::Chinese.read(number).is_err(), "{number}");
            fixed += u64::from(number.starts_with("0231"));
        }
        // 35 % of 11 000 fixed phones: 3 850 ± 50; four of them.
        assert!(fixed.abs_diff(3_850) < 200, "{fixed}");
        assert_eq!(
            counts(&part, &["number_type"])[&vec!["固定号码".to_owned()]],
            fixed
        );
    }

    #[test]
    fn mobile_internet_units_are_mobile_phone_units() {
        let part = register(0.002).chunk(0);
        let (services, operators) = (codes(&part, "service"), codes(&part, "operator"));
        let (districts, areas) = (codes(&part, "district"), codes(&part, "area"));
        let numbers = texts(&part, "contact_number");
        let of = |service: &str| -> BTreeMap<&str, (&str, &str, &str)> {
            let rows = (0..part.rows()).filter(|&row| services.label(row) == service);
            rows.map(|row| {
                let labels = (operators.label(row), districts.label(row), areas.label(row));
                (numbers[row].as_str(), labels)
            })
            .collect()
        };
        let (phones, internet) = (of("移动电话"), of("移动上网"));
        assert_eq!(
            (phones.len(), internet.len()),
            (55_600, 35_000),
            "every number once"
        );
        for (number, labels) in internet {
            assert_eq!(phones.get(number), Some(&labels), "{number}");
        }
    }

    #[test]
    fn households_share_numbers_and_give_those_of_other_operators() {
        let part = register(0.01).chunk(0);
        let (services, operators) = (codes(&part, "service"), codes(&part, "operator"));
        let givers = codes(&part, "number_operator");
        let numbers = texts(&part, "contact_number");
        let rows = |service: &'static str| {
            (0..part.rows()).filter(move |&row| services.label(row) == service)
        };
        let phones: BTreeSet<&str> = rows("移动电话").map(|row| numbers[row].as_str()).collect();
        let internet: Vec<usize> = rows("固定上网").collect();
        let known = internet
            .iter()
            .filter(|&&row| phones.contains(numbers[row].as_str()))
            .count();
        // 95 % of 62 000: ± 54; five of them.
        assert!(known.abs_diff(58_900) < 270, "{known}");
        let foreign = internet
            .iter()
            .filter(|&&row| operators.label(row) != givers.label(row));
        assert!(foreign.count() > 12_000);
        for &row in &internet {
            assert_ne!(
                givers.label(row),
                "驻地网企业",
                "it has no numbers of its own"
            );
        }
        let at: BTreeSet<&str> = internet.iter().map(|&row| numbers[row].as_str()).collect();
        let bundled = rows("固定电话")
            .filter(|&row| at.contains(numbers[row].as_str()))
            .count();
        // At least the 40 % of 55 000 that are bundled on purpose.
        assert!(bundled > 21_000, "{bundled}");
    }

    #[test]
    fn districts_have_their_share_of_people_and_the_main_city_more() {
        let part = register(0.01).chunk(0);
        let found = counts(&part, &["service", "district"]);
        let districts = place::districts();
        let people: f64 = districts.iter().map(|district| district.people).sum();
        let mut in_city = BTreeMap::new();
        for district in &districts {
            let fair = district.people / people;
            for (service, rows) in [("移动电话", 278_000.0), ("固定上网", 62_000.0)] {
                let found =
                    found[&vec![service.to_owned(), district.name.to_owned()]] as f64 / rows;
                let ratio = found / fair;
                assert!(
                    (0.8..1.35).contains(&ratio),
                    "{service} {}: {ratio}",
                    district.name
                );
                if district.zone == "main_city_9" {
                    *in_city.entry(service).or_insert(0.0) += found;
                }
            }
        }
        // 27.7 % of the people live there.
        assert!(in_city["移动电话"] > 0.28 && in_city["固定上网"] > in_city["移动电话"] + 0.03);
    }

    #[test]
    fn a_few_ask_not_to_be_called_and_keep_to_it() {
        let part = register(0.01).chunk(0);
        let numbers = texts(&part, "contact_number");
        let mut said: BTreeMap<&str, &str> = BTreeMap::new();
        let opt_out = codes(&part, "opt_out");
        let mut count = 0_u64;
        for (row, number) in numbers.iter().enumerate() {
            let label = opt_out.label(row);
            count += u64::from(label == "是");
            assert_eq!(*said.entry(number).or_insert(label), label, "{number}");
        }
        // 0.5 % of 570 000 rows; numbers that are shared count together, so the spread is wider.
        assert!(count.abs_diff(2_850) < 400, "{count}");
    }

    #[test]
    fn what_cannot_be_made_is_refused() {
        let mut recipe = Recipe::read(CHONGQING).expect("a sound recipe");
        let seed = Seed::new("test").expect("not blank");
        let refused = |recipe: &Recipe, scale| {
            Register::new(recipe, scale, &seed).expect_err("it cannot be made")
        };
        assert_eq!(refused(&recipe, 2.0), Error::Scale { scale: 2.0 });
        assert!(matches!(refused(&recipe, 0.000_1), Error::SmallCell { .. }));
        let register = recipe.register.as_mut().expect("a list");
        register.operator[0].blocks = 5_000;
        assert!(matches!(
            refused(&recipe, 1.0),
            Error::TooFewBlocks { needed: 5_000, .. }
        ));
        recipe.register = None;
        assert_eq!(refused(&recipe, 1.0), Error::NoRegister);
    }
}
