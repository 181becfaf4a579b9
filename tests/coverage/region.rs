//! A region that does not exist, in which a few spend much: 600 villages in three strata, and shops of
//! every size.

use std::collections::BTreeMap;

use canvass::draw::equal::smallest;
use canvass::draw::unequal::brewer;
use canvass::draw::{Pool, Probabilities};
use canvass::estimate::variance::{
    Chances, Clusters, Design, Formula, Lonely, Rule, Stage, Unequal,
};
use canvass::field::{Item, Outcomes};
use canvass::frame::Codes;
use canvass::math::distribution::normal_quantile;
use canvass::random::{Seed, Stream};
use canvass::weigh::{Amount, Calibrate, Controls, Distance, Margin, Rake};

pub const STRATA: [&str; 3] = ["coast", "hill", "plain"];
const VILLAGES: usize = 200;

/// What is true of everybody, or of every shop, by row.
pub struct Population {
    stratum: Vec<usize>,
    village: Vec<usize>,
    spent: Vec<f64>,
    /// Known of everybody: what was spent last year.
    before: Vec<f64>,
    sex: Vec<usize>,
    band: Vec<usize>,
    /// Rows by village, and villages by stratum; of shops, a village is a row.
    by_village: Vec<Vec<usize>>,
    by_stratum: Vec<Vec<usize>>,
    ids: Vec<Vec<String>>,
}

/// A normal deviate.
fn normal(stream: &mut Stream) -> f64 {
    normal_quantile(stream.unit().clamp(1e-12, 1.0 - 1e-12))
}

impl Population {
    /// About 18 000 people of 600 villages. What they spend is lognormal, with a skewness of 2.7 within
    /// strata; neighbours are alike, and so are both years.
    pub fn people() -> Population {
        let mut all = Population::empty();
        let mut stream = Seed::new("people").expect("not blank").stream("region");
        for h in 0..STRATA.len() {
            for _ in 0..VILLAGES {
                let village = all.by_village.len();
                all.by_village.push(Vec::new());
                all.by_stratum[h].push(village);
                let level = 0.3 * h as f64 + 0.2 * normal(&mut stream);
                for _ in 0..20 + stream.below(21) {
                    let own = 0.6 * normal(&mut stream);
                    let before = (3.0 + level + own).exp();
                    let spent = (2.0 + 0.8 * (level + own) + 0.45 * normal(&mut stream)).exp();
                    all.add([h, village], before, spent, own, &mut stream);
                }
            }
        }
        all.named()
    }

    /// 1 500 shops, of sizes from 1 to 50 or so: what they sold before. What they sell now is near.
    pub fn shops() -> Population {
        let mut all = Population::empty();
        let mut stream = Seed::new("shops").expect("not blank").stream("region");
        for h in 0..STRATA.len() {
            for _ in 0..500 {
                let shop = all.by_village.len();
                all.by_village.push(Vec::new());
                all.by_stratum[h].push(shop);
                let own = 0.7 * normal(&mut stream);
                let before = (1.0 + 0.3 * h as f64 + own).exp();
                let sold = before * (0.4 * normal(&mut stream)).exp();
                all.add([h, shop], before, sold, own, &mut stream);
            }
        }
        all.named()
    }

    fn empty() -> Population {
        Population {
            stratum: vec![],
            village: vec![],
            spent: vec![],
            before: vec![],
            sex: vec![],
            band: vec![],
            by_village: vec![],
            by_stratum: vec![vec![]; STRATA.len()],
            ids: vec![],
        }
    }

    fn add(&mut self, at: [usize; 2], before: f64, spent: f64, own: f64, stream: &mut Stream) {
        self.by_village[at[1]].push(self.spent.len());
        self.stratum.push(at[0]);
        self.village.push(at[1]);
        self.before.push(before);
        self.spent.push(spent);
        self.sex.push(usize::from(
            stream.unit() < 0.5 + 0.2 * own.clamp(-1.0, 1.0),
        ));
        let mixed = own + 0.6 * normal(stream);
        self.band.push(match mixed {
            ..-0.3 => 0,
            ..0.4 => 1,
            _ => 2,
        });
    }

    fn named(mut self) -> Population {
        let name = |villages: &Vec<usize>| villages.iter().map(|v| format!("v{v:04}")).collect();
        self.ids = self.by_stratum.iter().map(name).collect();
        self
    }

    /// The mean, the share above `above`, the ratio, the total and two quantiles of what is spent, and the
    /// mean of one sex: all that is estimated, by name.
    pub fn truths(&self, above: f64) -> BTreeMap<&'static str, f64> {
        let n = self.spent.len() as f64;
        let total: f64 = self.spent.iter().sum();
        let mut sorted = self.spent.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |p: f64| sorted[(p * n).ceil() as usize - 1];
        let ones = (0..self.spent.len()).filter(|&row| self.sex[row] == 1);
        let ones: Vec<f64> = ones.map(|row| self.spent[row]).collect();
        BTreeMap::from([
            ("mean", total / n),
            (
                "share",
                sorted.iter().filter(|y| **y >= above).count() as f64 / n,
            ),
            ("ratio", total / self.before.iter().sum::<f64>()),
            ("median", at(0.5)),
            ("upper quarter", at(0.75)),
            ("domain", ones.iter().sum::<f64>() / ones.len() as f64),
            ("total", total),
        ])
    }

    /// People drawn simply, so many in every stratum.
    pub fn simple(&self, takes: [usize; 3], seed: &Seed) -> Drawn {
        let mut drawn = Drawn::default();
        for (h, &take) in takes.iter().enumerate() {
            let villages = &self.by_stratum[h];
            let people: Vec<usize> = villages
                .iter()
                .flat_map(|&v| self.by_village[v].iter().copied())
                .collect();
            let mut stream = seed.stream(STRATA[h]);
            for row in some(&people, take, &mut stream) {
                drawn.add(row, h, row, people.len() as f64 / take as f64);
                drawn.population[0].push(people.len() as f64);
            }
        }
        drawn
    }

    /// Villages drawn simply, so many in every stratum, and people of them.
    pub fn villages(&self, takes: [usize; 3], people: usize, seed: &Seed) -> Drawn {
        let mut drawn = Drawn {
            population: vec![vec![], vec![]],
            ..Drawn::default()
        };
        let mut stream = seed.stream("people of villages");
        for (h, &take) in takes.iter().enumerate() {
            let all = self.by_stratum[h].len();
            let chances = Probabilities::equal(all, take).expect("possible");
            let pool = Pool::new(STRATA[h], &self.ids[h], &chances);
            for place in (smallest::METHOD.draw)(&pool, seed).expect("possible") {
                let village = self.by_stratum[h][place];
                let here = &self.by_village[village];
                let weight = all as f64 / take as f64 * here.len() as f64 / people as f64;
                for row in some(here, people, &mut stream) {
                    drawn.add(row, h, village, weight);
                    drawn.population[0].push(all as f64);
                    drawn.population[1].push(here.len() as f64);
                }
            }
        }
        drawn
    }

    /// Two villages of every twenty, and people of them. There are thirty such strata.
    pub fn pairs(&self, people: usize, seed: &Seed) -> Drawn {
        let mut drawn = Drawn::default();
        let mut stream = seed.stream("pairs of villages");
        for (block, villages) in self.blocks() {
            for village in some(villages, 2, &mut stream) {
                let here = &self.by_village[village];
                let weight = villages.len() as f64 / 2.0 * here.len() as f64 / people as f64;
                for row in some(here, people, &mut stream) {
                    drawn.add(row, block, village, weight);
                }
            }
        }
        drawn
    }

    /// Twenty villages after twenty.
    fn blocks(&self) -> impl Iterator<Item = (usize, &[usize])> {
        let blocks = self.by_stratum.iter().flat_map(|all| all.chunks(20));
        blocks.enumerate()
    }

    /// Shops drawn by what they sold before, so many in every stratum.
    pub fn by_size(&self, takes: [usize; 3], seed: &Seed) -> Drawn {
        let mut drawn = Drawn::default();
        for (h, &take) in takes.iter().enumerate() {
            let rows = &self.by_stratum[h];
            let sizes: Vec<f64> = rows.iter().map(|&row| self.before[row]).collect();
            let chances = Probabilities::by_size(&sizes, take).expect("possible");
            let pool = Pool::new(STRATA[h], &self.ids[h], &chances);
            for place in (brewer::METHOD.draw)(&pool, seed).expect("possible") {
                drawn.add(rows[place], h, rows[place], 1.0 / chances.of(place));
                drawn.chance.push(chances.of(place));
            }
        }
        drawn
    }

    pub fn outcomes(&self, drawn: &Drawn) -> Outcomes {
        let item = |name: &str, column: &[f64]| Item {
            name: name.into(),
            values: drawn.rows.iter().map(|&row| Some(column[row])).collect(),
        };
        Outcomes {
            class: vec![],
            code: vec![],
            attempts: vec![],
            items: vec![item("spent", &self.spent), item("before", &self.before)],
        }
    }

    pub fn sex(&self, drawn: &Drawn) -> Codes {
        codes(&["one", "other"], &self.sex, &drawn.rows)
    }

    fn margins(&self, drawn: &Drawn) -> Vec<Margin> {
        let margin = |name: &str, labels: &[&str], column: &[usize]| {
            let mut totals: BTreeMap<String, f64> = BTreeMap::new();
            for &code in column {
                *totals.entry(labels[code].to_owned()).or_default() += 1.0;
            }
            Margin::new(name, codes(labels, column, &drawn.rows), &totals).expect("all have totals")
        };
        vec![
            margin("sex", &["one", "other"], &self.sex),
            margin("band", &["low", "middle", "top"], &self.band),
        ]
    }

    /// To both margins, and to what was spent last year.
    pub fn calibration(&self, drawn: &Drawn, distance: Distance) -> Calibrate {
        let before: Vec<f64> = drawn.rows.iter().map(|&row| self.before[row]).collect();
        let amount = Amount::new("before", before, self.before.iter().sum()).expect("finite");
        let controls = Controls::new(self.margins(drawn), vec![amount]).expect("one population");
        Calibrate::to(controls, distance, 1e-9, 100).expect("no bounds")
    }

    /// To both margins in turns.
    pub fn rake(&self, drawn: &Drawn) -> Rake {
        Rake::to(self.margins(drawn), 1e-9, 1_000).expect("one population")
    }
}

fn codes(labels: &[&str], column: &[usize], rows: &[usize]) -> Codes {
    let labels = labels.iter().map(|&label| label.to_owned()).collect();
    Codes::new(labels, rows.iter().map(|&row| column[row] as u32).collect())
}

/// So many of them, each set as likely as another.
fn some(of: &[usize], take: usize, stream: &mut Stream) -> Vec<usize> {
    let mut all = of.to_vec();
    for place in 0..take {
        let other = place + stream.below((all.len() - place) as u64) as usize;
        all.swap(place, other);
    }
    all.truncate(take);
    all
}

/// Who was drawn, and how.
pub struct Drawn {
    pub rows: Vec<usize>,
    pub weights: Vec<f64>,
    stratum: Vec<u32>,
    village: Vec<u32>,
    /// How many there are to draw from, by stage; of pairs, nothing, as if they were drawn with
    /// replacement.
    population: Vec<Vec<f64>>,
    /// Where chances are unequal.
    chance: Vec<f64>,
}

impl Default for Drawn {
    fn default() -> Drawn {
        Drawn {
            rows: vec![],
            weights: vec![],
            stratum: vec![],
            village: vec![],
            population: vec![vec![]],
            chance: vec![],
        }
    }
}

impl Drawn {
    fn add(&mut self, row: usize, stratum: usize, village: usize, weight: f64) {
        self.rows.push(row);
        self.stratum.push(stratum as u32);
        self.village.push(village as u32);
        self.weights.push(weight);
    }

    pub fn columns(&self) -> Columns {
        Columns {
            strata: numbered(&self.stratum),
            villages: numbered(&self.village),
        }
    }

    pub fn design<'a>(&'a self, columns: &'a Columns) -> Design<'a> {
        let known = !self.population[0].is_empty();
        let stage = |place: usize| Stage {
            strata: (place == 0).then_some(&columns.strata),
            clusters: (place == 0).then_some(&columns.villages),
            population: known.then_some(&self.population[place]),
        };
        Design {
            stages: (0..self.population.len()).map(stage).collect(),
            nest: false,
            lonely: Lonely::Fail,
            weights: &self.weights,
        }
    }

    /// The rule for the variance of this draw.
    pub fn rule<'a>(&'a self, columns: &'a Columns) -> Box<dyn Rule + 'a> {
        if self.chance.is_empty() {
            return Box::new(Clusters::of(&self.design(columns)).expect("a design"));
        }
        let chances = Chances::given(&columns.strata, &self.chance).expect("chances");
        Box::new(Unequal::by(Formula::Hajek, chances))
    }
}

/// Strata and villages of the rows that were drawn.
pub struct Columns {
    strata: Codes,
    villages: Codes,
}

/// Numbers as labels, of those there are.
fn numbered(column: &[u32]) -> Codes {
    let mut known = column.to_vec();
    known.sort_unstable();
    known.dedup();
    let place = |number: &u32| known.binary_search(number).expect("it is there") as u32;
    let labels = known.iter().map(|number| format!("{number:05}")).collect();
    Codes::new(labels, column.iter().map(place).collect())
}
