//! Which unit stands in a row of the register, and at whose number it is reached.
//!
//! Nothing is looked up and nothing is remembered: a row, the person in it and the person's number
//! follow from the row's place by arithmetic. So rows can be made in any order, by many hands.
//!
//! ```text
//! row → (shuffled) place → cell and place in it → district → whose number → (shuffled) number
//! ```

use super::place::{self, District};
use super::{Error, RegisterRecipe, ServiceKind};
use crate::frame::fictional_block;
use crate::random::Seed;
use crate::random::pretend::{Dice, Permutation};

/// Numbers in a block.
const BLOCK: u64 = 10_000;

/// Fixed numbers that cannot be dialled: 023, 1 and seven digits.
const LINES: u64 = 10_000_000;

/// The units of a service and an operator, district after district.
#[derive(Debug)]
pub(super) struct Units {
    pub service: usize,
    pub operator: usize,
    pub kind: ServiceKind,
    /// Where its units begin among all.
    first: u64,
    /// Where each district begins among its units; the last entry is how many there are.
    districts: Vec<u64>,
    /// Where its lines begin among all fixed phones.
    first_line: u64,
}

impl Units {
    fn rows(&self) -> u64 {
        self.districts.last().copied().unwrap_or(0)
    }

    fn district_of(&self, unit: u64) -> usize {
        self.districts.partition_point(|&start| start <= unit) - 1
    }

    fn in_district(&self, district: usize) -> u64 {
        self.districts[district + 1] - self.districts[district]
    }
}

/// The mobile numbers of an operator: more than it has subscribers.
#[derive(Debug)]
struct Mobiles {
    /// Its cell of mobile phones.
    cell: usize,
    /// Leading digits that cannot be dialled.
    blocks: Vec<String>,
    numbers: Permutation,
}

impl Mobiles {
    fn room(&self) -> u64 {
        self.blocks.len() as u64 * BLOCK
    }
}

/// Whose number a unit is reached at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contact {
    /// The number of a subscriber of an operator; beyond its last one, of nobody on the register.
    Mobile { operator: usize, subscriber: u64 },
    /// The number of a fixed phone.
    Line { operator: usize, line: u64 },
}

/// A row of the register.
#[derive(Debug, Clone, Copy)]
pub(super) struct Relation {
    pub cell: usize,
    pub district: usize,
    pub contact: Contact,
    /// Whoever holds it: the same for all mobile relations of a person.
    pub person: u64,
    /// The relation itself.
    pub key: u64,
}

/// All relations of a register.
#[derive(Debug)]
pub(super) struct Relations {
    pub cells: Vec<Units>,
    order: Permutation,
    mobiles: Vec<Option<Mobiles>>,
    lines: Permutation,
    own_line: f64,
    bundled: f64,
    own_number: f64,
    outside: f64,
    chance: Dice,
    which: Dice,
    household: Dice,
}

impl Relations {
    pub fn new(recipe: &RegisterRecipe, scale: f64, seed: &Seed) -> Result<Relations, Error> {
        let cells = cells(recipe, scale)?;
        let rows = cells.iter().map(Units::rows).sum();
        let lines = |cell: &&Units| cell.kind == ServiceKind::FixedPhone;
        let lines = cells.iter().filter(lines).map(Units::rows).sum();
        if lines > LINES {
            return Err(Error::TooManyLines {
                lines,
                numbers: LINES,
            });
        }
        let mobiles = (0..recipe.operator.len())
            .map(|operator| mobiles(recipe, operator, &cells, scale, seed))
            .collect::<Result<Vec<_>, Error>>()?;
        phones_under_internet(recipe, &cells)?;
        let dice = |name: &str| Dice::new(seed, &format!("rehearse/register/{name}"));
        Ok(Relations {
            order: Permutation::new(rows, seed, "rehearse/register/order"),
            lines: Permutation::new(LINES, seed, "rehearse/register/lines"),
            cells,
            mobiles,
            own_line: recipe.own_line,
            bundled: recipe.bundled,
            own_number: recipe.own_number,
            outside: recipe.outside,
            chance: dice("chance"),
            which: dice("which"),
            household: dice("household"),
        })
    }

    pub fn rows(&self) -> u64 {
        self.cells.iter().map(Units::rows).sum()
    }

    /// The relation in `row`.
    pub fn at(&self, row: u64) -> Relation {
        let place = self.order.at(row);
        let cell = self.cells.partition_point(|cell| cell.first <= place) - 1;
        let units = &self.cells[cell];
        let unit = place - units.first;
        let district = units.district_of(unit);
        let key = key(cell, unit);
        let contact = match units.kind {
            ServiceKind::MobilePhone => Contact::Mobile {
                operator: units.operator,
                subscriber: unit,
            },
            ServiceKind::MobileInternet => self.phone_of(units, unit, district),
            ServiceKind::FixedInternet => self.household(cell, unit, district),
            ServiceKind::FixedPhone => self.fixed(cell, unit, district),
        };
        let person = match (units.kind, contact) {
            (
                ServiceKind::MobilePhone | ServiceKind::MobileInternet,
                Contact::Mobile {
                    operator,
                    subscriber,
                },
            ) => key_of_subscriber(operator, subscriber),
            _ => key,
        };
        Relation {
            cell,
            district,
            contact,
            person,
            key,
        }
    }

    /// The mobile phone of a mobile-Internet user: the first ones of each district have both.
    fn phone_of(&self, units: &Units, unit: u64, district: usize) -> Contact {
        let operator = units.operator;
        let within = unit - units.districts[district];
        let start = self.mobiles[operator]
            .as_ref()
            .map_or(0, |mobiles| self.cells[mobiles.cell].districts[district]);
        Contact::Mobile {
            operator,
            subscriber: start + within,
        }
    }

    /// The number that a household with fixed Internet gave: somebody's in its district.
    fn household(&self, cell: usize, unit: u64, district: usize) -> Contact {
        let key = key(cell, unit);
        let own = self.cells[cell].operator;
        let word = self.household.word(key);
        if self.mobiles[own].is_some() && self.chance.happens(key, self.own_number) {
            return self.subscriber(own, district, word, key);
        }
        let there = |operator: usize| {
            let mobiles = self.mobiles[operator].as_ref();
            mobiles.map_or(0, |mobiles| self.cells[mobiles.cell].in_district(district))
        };
        let all: u64 = (0..self.mobiles.len()).map(there).sum();
        let mut left = self.which.below(key, all);
        for operator in 0..self.mobiles.len() {
            if left < there(operator) {
                return self.subscriber(operator, district, word, key);
            }
            left -= there(operator);
        }
        unreachable!("{left} left of {all} subscribers")
    }

    /// A subscriber of `operator` in `district`, or a number of it that is nobody's here.
    fn subscriber(&self, operator: usize, district: usize, word: u64, key: u64) -> Contact {
        let mobiles = self.mobiles[operator]
            .as_ref()
            .expect("an operator with mobile numbers");
        let units = &self.cells[mobiles.cell];
        // A word of its own decides about the district's subscribers: `which` chose the operator.
        let (from, to) = if self.chance.happens(!key, self.outside) && units.rows() < mobiles.room()
        {
            (units.rows(), mobiles.room())
        } else {
            (units.districts[district], units.districts[district + 1])
        };
        Contact::Mobile {
            operator,
            subscriber: from + word % (to - from),
        }
    }

    /// The number at which a fixed phone is reached: the line's, that of a household with fixed
    /// Internet from the same operator, or another of the district.
    fn fixed(&self, cell: usize, unit: u64, district: usize) -> Contact {
        let units = &self.cells[cell];
        let chance = self.which.unit(!key(cell, unit));
        if chance < self.own_line {
            return Contact::Line {
                operator: units.operator,
                line: units.first_line + unit,
            };
        }
        let internet = self.cells.iter().position(|other| {
            other.kind == ServiceKind::FixedInternet && other.operator == units.operator
        });
        match internet {
            Some(other) if chance < self.own_line + self.bundled => {
                let there = &self.cells[other];
                let within = self
                    .household
                    .below(!key(cell, unit), there.in_district(district));
                self.household(other, there.districts[district] + within, district)
            }
            _ => self.household(cell, unit, district),
        }
    }

    /// Writes the digits of a number, and tells whose it is.
    pub fn write(&self, contact: Contact, digits: &mut String) {
        match contact {
            Contact::Mobile {
                operator,
                subscriber,
            } => {
                let mobiles = self.mobiles[operator]
                    .as_ref()
                    .expect("a subscriber has a number");
                let number = mobiles.numbers.at(subscriber);
                digits.push_str(&mobiles.blocks[(number / BLOCK) as usize]);
                push_digits(number % BLOCK, 4, digits);
            }
            Contact::Line { line, .. } => {
                digits.push_str("0231");
                push_digits(self.lines.at(line), 7, digits);
            }
        }
    }
}

impl Contact {
    pub fn operator(self) -> usize {
        match self {
            Contact::Mobile { operator, .. } | Contact::Line { operator, .. } => operator,
        }
    }

    /// The number itself, for whatever depends on it alone.
    pub fn key(self) -> u64 {
        match self {
            Contact::Mobile {
                operator,
                subscriber,
            } => key_of_subscriber(operator, subscriber),
            Contact::Line { line, .. } => key(usize::from(u8::MAX), line),
        }
    }
}

/// The last `width` digits of a number.
pub(super) fn push_digits(number: u64, width: u32, text: &mut String) {
    for place in (0..width).rev() {
        let digit = (number / 10_u64.pow(place) % 10) as u8;
        text.push(char::from(b'0' + digit));
    }
}

/// A unit of a cell as one number: cells are few, and units fewer than 2⁵⁶.
fn key(cell: usize, unit: u64) -> u64 {
    (cell as u64) << 56 | unit
}

/// A subscriber as one number, unlike that of any unit.
fn key_of_subscriber(operator: usize, subscriber: u64) -> u64 {
    key(128 + operator, subscriber)
}

/// The cells, with their rows spread over the districts.
fn cells(recipe: &RegisterRecipe, scale: f64) -> Result<Vec<Units>, Error> {
    let districts = place::districts();
    let (mut first, mut first_line) = (0, 0);
    let mut cells = Vec::with_capacity(recipe.cell.len());
    for cell in &recipe.cell {
        let service = recipe
            .service
            .iter()
            .position(|service| service.name == cell.service);
        let operator = recipe
            .operator
            .iter()
            .position(|other| other.name == cell.operator);
        let (service, operator) = service.zip(operator).expect("a checked recipe");
        let rows = (cell.rows as f64 * scale).round() as u64;
        let tilt = recipe.service[service].tilt * recipe.operator[operator].tilt;
        let weights: Vec<f64> = districts
            .iter()
            .map(|one| weight(one, recipe, tilt))
            .collect();
        let shares = share_out(rows, &weights);
        if shares.contains(&0) {
            let cell = format!("{} / {}", cell.service, cell.operator);
            return Err(Error::SmallCell {
                cell,
                scale,
                rows,
                districts: districts.len(),
            });
        }
        let kind = recipe.service[service].kind;
        let starts = running(&shares);
        cells.push(Units {
            service,
            operator,
            kind,
            first,
            districts: starts,
            first_line,
        });
        first += rows;
        first_line += if kind == ServiceKind::FixedPhone {
            rows
        } else {
            0
        };
    }
    Ok(cells)
}

/// How much business a district has: its people, more of it in tilted zones.
fn weight(district: &District, recipe: &RegisterRecipe, tilt: f64) -> f64 {
    let tilted = recipe.tilted.iter().any(|zone| zone == district.zone);
    district.people * if tilted { tilt } else { 1.0 }
}

/// Splits `total` in proportion to `weights`, in whole numbers that add up: the largest remainders
/// get what is left, of equals the first.
fn share_out(total: u64, weights: &[f64]) -> Vec<u64> {
    let all: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights
        .iter()
        .map(|weight| total as f64 * weight / all)
        .collect();
    let mut shares: Vec<u64> = exact.iter().map(|share| share.floor() as u64).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()));
    let left = total - shares.iter().sum::<u64>();
    for &place in order.iter().take(left as usize) {
        shares[place] += 1;
    }
    shares
}

/// 0, and the sums of the first one, two … counts.
fn running(counts: &[u64]) -> Vec<u64> {
    let mut sum = 0;
    std::iter::once(0)
        .chain(counts.iter().map(|count| {
            sum += count;
            sum
        }))
        .collect()
}

/// The numbers of an operator, if it has a cell of mobile phones.
fn mobiles(
    recipe: &RegisterRecipe,
    operator: usize,
    cells: &[Units],
    scale: f64,
    seed: &Seed,
) -> Result<Option<Mobiles>, Error> {
    let is_phones =
        |units: &Units| units.kind == ServiceKind::MobilePhone && units.operator == operator;
    let Some(cell) = cells.iter().position(is_phones) else {
        return Ok(None);
    };
    let named = &recipe.operator[operator];
    let holder = named.holder.as_deref().unwrap_or_default();
    let there = place::blocks(holder, &named.netcodes);
    let at_scale = (named.blocks as f64 * scale).ceil() as u64;
    let needed = named.blocks.max(cells[cell].rows().div_ceil(BLOCK));
    if needed > there.len() as u64 || at_scale * BLOCK < cells[cell].rows() {
        let found = there.len() as u64;
        return Err(Error::TooFewBlocks {
            operator: named.name.clone(),
            needed,
            found,
        });
    }
    // A smaller register has fewer blocks, spread over the same netcodes and filled as well.
    let blocks = (0..at_scale)
        .map(|place| there[(place * named.blocks / at_scale) as usize])
        .map(|place| fictional_block(place).expect("fewer blocks than fictional ones"))
        .collect();
    let name = format!("rehearse/register/numbers/{}", named.name);
    let numbers = Permutation::new(at_scale * BLOCK, seed, &name);
    Ok(Some(Mobiles {
        cell,
        blocks,
        numbers,
    }))
}

/// Refuses mobile-Internet users without a mobile phone.
fn phones_under_internet(recipe: &RegisterRecipe, cells: &[Units]) -> Result<(), Error> {
    let districts = place::districts();
    let internet = |units: &&Units| units.kind == ServiceKind::MobileInternet;
    for users in cells.iter().filter(internet) {
        let phones = cells.iter().find(|units| {
            units.kind == ServiceKind::MobilePhone && units.operator == users.operator
        });
        for (district, named) in districts.iter().enumerate() {
            let phones = phones.map_or(0, |units| units.in_district(district));
            let internet = users.in_district(district);
            if internet > phones {
                let operator = recipe.operator[users.operator].name.clone();
                let district = named.name.to_owned();
                return Err(Error::InternetWithoutPhone {
                    operator,
                    district,
                    internet,
                    phones,
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{push_digits, running, share_out};

    #[test]
    fn shares_add_up_and_the_largest_remainder_goes_first() {
        // 10 · (1, 1, 2) / 4 = 2.5, 2.5, 5: one is left, and goes to the first of equals.
        assert_eq!(share_out(10, &[1.0, 1.0, 2.0]), [3, 2, 5]);
        for total in 0..200 {
            assert_eq!(
                share_out(total, &[0.3, 7.1, 2.6, 1.0]).iter().sum::<u64>(),
                total
            );
        }
    }

    #[test]
    fn districts_begin_where_the_ones_before_end() {
        assert_eq!(running(&[3, 2, 5]), [0, 3, 5, 10]);
    }

    #[test]
    fn digits_keep_their_zeros() {
        let mut text = String::from("1");
        push_digits(42, 4, &mut text);
        assert_eq!(text, "10042");
    }
}
