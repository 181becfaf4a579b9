use super::{Asked, Chances, Rule, Stratum, draw};
use crate::draw::sieve::candidates::Candidate;
use crate::draw::trial::seed;
use crate::draw::{
    Error, Method, Pool, Probabilities, Sizes,
    equal::bernoulli,
    unequal::{order, poisson},
};
use crate::frame::{Frame, Numbering, Roles, Rows};
use crate::progress::Silent;
use crate::random::Numbers;

/// A list of ids, sides and sizes with long tails, where some are 0.
fn list(text: &str, units: usize) -> Vec<[String; 3]> {
    let mut stream = seed(text).stream("list");
    (0..units)
        .map(|unit| {
            let size = match stream.below(8) {
                0 => 0.0,
                1 => 4.0,
                _ => (1.0 / (1.0 - stream.unit())).powf(1.3),
            };
            let side = if unit % 3 == 0 { "south" } else { "north" };
            [format!("unit {unit}"), side.to_owned(), size.to_string()]
        })
        .collect()
}

fn frame(rows: &[[String; 3]]) -> Frame {
    let roles = Roles {
        unit: "id".into(),
        strata: vec!["side".into()],
        ..Roles::default()
    };
    let list = Box::new(Rows::new("town", &["id", "side", "size"], rows));
    Frame::new(list, roles, Numbering::Chinese).expect("all columns are there")
}

/// The units of a stratum, and their sizes.
fn side(rows: &[[String; 3]], side: &str) -> (Vec<String>, Vec<f64>) {
    let there = rows.iter().filter(|row| row[1] == side);
    there
        .map(|row| (row[0].clone(), Sizes::read(&row[2]).expect("a size")))
        .unzip()
}

/// What a rule draws from the long list, by side: ids with their chances.
fn sifted(
    rows: &[[String; 3]],
    wish: &dyn Fn(&Sizes) -> f64,
    rule: Rule,
    text: &str,
) -> Result<Vec<Vec<(String, f64)>>, Error> {
    let labels = ["north", "south"].map(|label| [label.to_owned()]);
    let sides = ["north", "south"].map(|label| side(rows, label).1);
    let sizes = sides.clone().map(|sizes| {
        let mut all = Sizes::default();
        sizes.into_iter().for_each(|size| all.add(size));
        all
    });
    let asked: Vec<Asked<'_>> = (0..2)
        .map(|at| Asked {
            labels: &labels[at],
            population: sides[at].len() as u64,
            chances: Chances::BySize {
                sizes: &sizes[at],
                expected: wish(&sizes[at]),
            },
        })
        .collect();
    let drawn = draw(
        &frame(rows),
        &asked,
        rule,
        (Some("size"), &[]),
        &seed(text),
        &Silent,
    )?;
    let unit = |unit: super::Unit| (unit.id, unit.chance);
    Ok(drawn
        .into_iter()
        .map(|units| units.into_iter().map(unit).collect())
        .collect())
}

/// What a method draws from the units in memory: ids with their chances.
fn pooled(
    (ids, sizes): &(Vec<String>, Vec<f64>),
    expected: f64,
    method: &Method,
    text: &str,
) -> Vec<(String, f64)> {
    let chances = Probabilities::on_average(sizes, expected).expect("possible");
    let pool = Pool::new("all", ids, &chances);
    let drawn = (method.draw)(&pool, &seed(text)).expect("a possible draw");
    drawn
        .into_iter()
        .map(|unit| (ids[unit].clone(), chances.of(unit)))
        .collect()
}

fn sorted(mut units: Vec<(String, f64)>) -> Vec<(String, u64)> {
    units.sort_by(|one, other| one.0.cmp(&other.0));
    units
        .into_iter()
        .map(|(id, chance)| (id, chance.to_bits()))
        .collect()
}

/// The three rules, and the methods that draw by them in memory.
const RULES: [(Rule, &Method); 3] = [
    (Rule::Smallest, &order::SEQUENTIAL),
    (Rule::Pareto, &order::PARETO),
    (Rule::Below, &poisson::METHOD),
];

#[test]
fn a_long_list_gives_what_the_methods_draw_in_memory() {
    for i in 0..60 {
        let text = format!("long {i}");
        let mut stream = seed(&text).stream("test");
        let mut rows = list(&text, 30 + stream.below(800) as usize);
        // Small and large samples, some of them of everybody.
        let share = (stream.unit() * 1.1).powi(2).min(1.0);
        for (rule, method) in RULES {
            let wish = |sizes: &Sizes| match rule {
                Rule::Below => share * sizes.above_zero() as f64,
                _ => (share * sizes.above_zero() as f64).floor(),
            };
            let drawn = sifted(&rows, &wish, rule, &text).expect("a possible draw");
            for (label, drawn) in ["north", "south"].into_iter().zip(drawn) {
                let there = side(&rows, label);
                let mut sizes = Sizes::default();
                there.1.iter().for_each(|&size| sizes.add(size));
                let wanted = pooled(&there, wish(&sizes), method, &text);
                assert_eq!(
                    sorted(drawn),
                    sorted(wanted),
                    "{}, seed {text}",
                    method.card.key
                );
            }
        }
        // The order of rows is nobody's business.
        let wish = |sizes: &Sizes| (share * sizes.above_zero() as f64).floor();
        let before = sifted(&rows, &wish, Rule::Pareto, &text).expect("a possible draw");
        stream.shuffle(&mut rows);
        assert_eq!(sifted(&rows, &wish, Rule::Pareto, &text), Ok(before));
    }
}

#[test]
fn whoever_has_too_few_candidates_asks_again() {
    let mut rounds = 0;
    for i in 0..40 {
        let text = format!("again {i}");
        let there = side(&list(&text, 600), "north");
        let mut sizes = Sizes::default();
        there.1.iter().for_each(|&size| sizes.add(size));
        for (rule, method) in RULES {
            let expected = (20 + 7 * i) as f64;
            let asked = Asked {
                labels: &[],
                population: there.0.len() as u64,
                chances: Chances::BySize {
                    sizes: &sizes,
                    expected,
                },
            };
            let mut stratum = Stratum::new(&asked, rule, 1);
            (stratum.enough, stratum.candidates) = (1.0, Vec::new());
            stratum.open();
            let numbers = Numbers::new(&seed(&text));
            while stratum.drawn.is_none() {
                rounds += 1;
                for (row, (id, &size)) in there.0.iter().zip(&there.1).enumerate() {
                    let number = numbers.of(id);
                    if stratum.gate.lets_through(number.head(), size) {
                        let (id, row, carried) = (id.clone(), row as u64, Vec::new());
                        let unit = super::Unit {
                            id,
                            row,
                            chance: 0.0,
                            carried,
                        };
                        stratum.candidates.push(Candidate { number, size, unit });
                    }
                }
                stratum.settle().expect("a possible draw");
            }
            let drawn = stratum.drawn.unwrap_or_default().into_iter();
            let drawn = drawn.map(|unit| (unit.id, unit.chance)).collect();
            let wanted = pooled(&there, expected, method, &text);
            assert_eq!(
                sorted(drawn),
                sorted(wanted),
                "{}, seed {text}",
                method.card.key
            );
        }
    }
    assert!(rounds > 400, "{rounds}");
}

#[test]
fn units_come_in_the_order_of_release() {
    let rows = list("release", 900);
    let few = sifted(&rows, &|_| 20.0, Rule::Smallest, "release").expect("a possible draw");
    let many = sifted(&rows, &|_| 40.0, Rule::Smallest, "release").expect("a possible draw");
    // Beside those that are certain, few are the first of many.
    let open = |units: &[(String, f64)]| -> Vec<String> {
        units
            .iter()
            .filter(|(_, chance)| *chance < 1.0)
            .map(|(id, _)| id.clone())
            .collect()
    };
    let (few, many) = (open(&few[0]), open(&many[0]));
    let there: Vec<&String> = few.iter().filter(|id| many.contains(id)).collect();
    assert!(there.len() > 4, "{}", there.len());
    assert!(there.iter().zip(&many).all(|(few, many)| *few == many));
}

#[test]
fn a_given_chance_is_that_of_bernoulli() {
    let rows = list("given", 3_000);
    let labels = ["north", "south"].map(|label| [label.to_owned()]);
    let sides = ["north", "south"].map(|label| side(&rows, label).0);
    let asked: Vec<Asked<'_>> = (0..2)
        .map(|at| Asked {
            labels: &labels[at],
            population: sides[at].len() as u64,
            chances: Chances::Given(0.037),
        })
        .collect();
    let seed = seed("given");
    let drawn = draw(
        &frame(&rows),
        &asked,
        Rule::Below,
        (None, &["size"]),
        &seed,
        &Silent,
    );
    for (ids, drawn) in sides.iter().zip(drawn.expect("a possible draw")) {
        let chances = Probabilities::given(vec![0.037; ids.len()]).expect("chances");
        let pool = Pool::new("all", ids, &chances);
        let wanted = (bernoulli::METHOD.draw)(&pool, &seed).expect("a possible draw");
        let mut wanted: Vec<&String> = wanted.into_iter().map(|unit| &ids[unit]).collect();
        let mut found: Vec<&String> = drawn.iter().map(|unit| &unit.id).collect();
        wanted.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, wanted);
        assert!(
            drawn
                .iter()
                .all(|unit| unit.carried[0].as_deref() == Some(&rows[unit.row as usize][2]))
        );
    }
}

#[test]
fn what_is_impossible_or_unreadable_is_refused() {
    let mut rows = list("refused", 30);
    let asked = |wish: f64, rows: &[[String; 3]]| {
        sifted(rows, &|_| wish, Rule::Smallest, "refused").expect_err("impossible")
    };
    assert!(matches!(
        asked(30.0, &rows),
        Error::TooMany { asked: 30, .. }
    ));
    rows[4][0] = "unit 5".into();
    rows[4][1] = "south".into();
    rows[5][1] = "south".into();
    rows[4][2] = "7".into();
    rows[5][2] = "8".into();
    let refused = sifted(
        &rows,
        &|sizes| sizes.above_zero() as f64,
        Rule::Smallest,
        "refused",
    );
    assert_eq!(
        refused,
        Err(Error::Repeated {
            id: "unit 5".into(),
            first: 5,
            second: 6
        })
    );
}
