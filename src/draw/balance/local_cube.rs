//! Balanced and spread at once.
//!
//! The [cube method](super::cube), with neighbours at each step: a random undecided unit and its nearest
//! undecided neighbours, one more unit than there are amounts, exchange their chances. So the sample
//! repeats known totals, and is spread over places too. With no amounts it is the
//! [local pivotal method](crate::draw::spread::local_pivotal). Use it where both place and known amounts explain the
//! answers.

use super::cube::{Landing, by_programme};
use super::flight::{self, Amounts, Matrix};
use crate::draw::spread::neighbours::{Neighbours, check};
use crate::draw::undecided::{is_open, leave, settle};
use crate::draw::{Accuracy, Error, Method, Needs, Pool, Probabilities, Size};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::{Seed, Stream};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "local-cube",
    title: Words::new(
        "Local cube method: doubly balanced sampling",
        "局部立方体法（双重平衡抽样）",
    ),
    says: Words::new(
        "As the cube method, but each step is taken among a random undecided unit and its nearest \
         neighbours: the sample repeats known totals and is spread over places too. Use it where both \
         explain the answers.",
        "与立方体法相同，但每一步仅在随机选取的未定单位及其最近邻单位之间进行，样本既保持已知总量，\
         又在空间上分布均匀；适用于位置与辅助变量均能解释回答的情形。",
    ),
    formula: "the cube's flight among unit i and its p nearest, i random;  landing: drop, amounts dropped from \
              the last, among neighbours; or lp, as the cube's",
    sources: &[
        Source::new("Grafström, Tillé (2013)"),
        Source::at("Deville, Tillé (2004)", "§4"),
    ],
};

/// What the one checker of all methods sees.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::PlacesAndBalance,
    draw: |pool, seed| of_pool(pool, Landing::Dropping, seed),
    joint: None,
};

/// The same, which lands by the best design.
pub const BY_PROGRAMME: Method = Method {
    draw: |pool, seed| of_pool(pool, Landing::Programme, seed),
    ..METHOD
};

fn of_pool(pool: &Pool<'_>, landing: Landing, seed: &Seed) -> Result<Vec<usize>, Error> {
    let (places, balance) = (pool.places(&CARD)?, pool.balance(&CARD)?);
    let stream = &mut pool.stream(&CARD, seed);
    local_cube(pool.probabilities(), places, balance, landing, stream)
}

/// Draws a sample that is balanced on its size and on `balance` and spread over `places`, and returns it
/// in order.
///
/// Balanced as by [`cube`](super::cube::cube). Chances are exact, and Σπ units are drawn if that is a
/// whole number; otherwise one more or one fewer. Takes time n log n for few amounts. Only + − × ÷ and
/// comparison decide.
///
/// # Formula
///
/// ```text
/// i random among the open; j₁ … j_p nearest to it
/// A u = 0,  A_jk = x_kj / π_k,  x_k0 = π_k,  among i, j₁ … j_p
/// π* ← π* + λ₁ u with chance λ₂ / (λ₁ + λ₂), else π* − λ₂ u;  λ as long as 0 ≤ π* ≤ 1
/// landing by dropping: the same with one row of A fewer, again and again
/// landing by programme: as that of the cube, wherever the units left stand
/// ```
///
/// # Arguments
///
/// | symbol | argument        | shape | unit          |
/// |--------|-----------------|-------|---------------|
/// | π      | `probabilities` | N     | –             |
/// |        | `places`        | N × d | any; see [`standardised`](crate::draw::spread::neighbours::standardised) |
/// | x      | `balance`       | p × N | of the amount |
///
/// # Errors
///
/// - [`Error::NoPlaces`] if units have no place, or one that is not a number.
/// - [`Error::NoBalance`] if an amount is not a number for each unit.
///
/// # Source
///
/// Grafström, Tillé (2013).
///
/// # Example
///
/// ```
/// use canvass::{draw::{Probabilities, balance::{cube::Landing, local_cube::local_cube}}, random::Seed};
/// let places: Vec<Vec<f64>> = (0..12).map(|x| vec![f64::from(x)]).collect();
/// let women: Vec<f64> = (0..12).map(|x| f64::from(x % 2)).collect();
/// let chances = Probabilities::equal(12, 4)?;
/// let mut stream = Seed::new("the evening draw").expect("not blank").stream("example");
/// let drawn = local_cube(&chances, &places, &[women], Landing::Dropping, &mut stream)?;
/// assert_eq!(drawn.len(), 4);
/// assert_eq!(drawn.iter().filter(|&&unit| unit % 2 == 1).count(), 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn local_cube(
    probabilities: &Probabilities,
    places: &[Vec<f64>],
    balance: &[Vec<f64>],
    landing: Landing,
    stream: &mut Stream,
) -> Result<Vec<usize>, Error> {
    check(places, probabilities.len(), &CARD)?;
    let amounts = Amounts::with_size(probabilities, balance, &CARD)?;
    let mut now = probabilities.as_slice().to_vec();
    let mut open = probabilities.open();
    let mut tree = Neighbours::new(places, open.clone());
    let mut stands = vec![usize::MAX; now.len()];
    open.iter()
        .enumerate()
        .for_each(|(place, &unit)| stands[unit] = place);
    for rows in (1..=amounts.count()).rev() {
        while let Some(first) =
            (!open.is_empty()).then(|| open[stream.below(open.len() as u64) as usize])
        {
            let near = cluster(first, rows, &tree, &places[first], stream);
            let entry = |row: usize, column: usize| amounts.of(near[column])[row];
            let matrix = Matrix::from_fn(rows, near.len(), entry);
            // Fewer units than amounts, and no direction among them: time to drop one.
            if !flight::step(&mut now, &near, matrix, stream) {
                break;
            }
            for unit in near.into_iter().filter(|&unit| !is_open(now[unit])) {
                tree.remove(unit);
                leave(unit, &mut open, &mut stands);
            }
        }
        if landing == Landing::Programme && !open.is_empty() {
            open.sort_unstable();
            let best = by_programme(probabilities, &mut now, open, &amounts, stream);
            let entry = |row: usize, unit: usize| amounts.of(unit)[row];
            flight::land(&mut now, best.left, best.rows, entry, stream);
            break;
        }
    }
    Ok(settle(&now, probabilities.size(), stream))
}

/// A unit and its `count` nearest; of those equally near that are too many, chance takes some.
fn cluster(
    unit: usize,
    count: usize,
    tree: &Neighbours,
    place: &[f64],
    stream: &mut Stream,
) -> Vec<usize> {
    let mut near = vec![unit];
    for group in tree.around(place) {
        let wanted = count + 1 - near.len();
        if group.len() <= wanted {
            near.extend(group.all().into_iter().filter(|other| *other != unit));
        } else {
            while near.len() <= count {
                let one = group.nth(stream.below(group.len() as u64) as usize);
                near.extend(one.filter(|one| !near.contains(one)));
            }
        }
        if near.len() > count {
            break;
        }
    }
    near
}

#[cfg(test)]
mod tests {
    use super::{BY_PROGRAMME, METHOD, cluster, local_cube};
    use crate::draw::balance::cube::Landing;
    use crate::draw::spread::neighbours::Neighbours;
    use crate::draw::trial::{self, eight, grid, ids, line, stream};
    use crate::draw::{Error, Pool, Probabilities};
    use crate::math::sum;

    const BOTH: [Landing; 2] = [Landing::Dropping, Landing::Programme];

    fn holds(chances: &Probabilities, places: &[Vec<f64>], balance: &[Vec<f64>]) {
        let ids = ids(chances.len());
        let pool = Pool::new("all", &ids, chances)
            .with_places(places)
            .with_balance(balance);
        trial::holds_in(&METHOD, &pool, 20_000);
        trial::holds_in(&BY_PROGRAMME, &pool, 4_000);
    }

    #[test]
    fn units_come_as_often_as_stated_on_a_line_and_on_a_grid() {
        holds(&eight(), &line(8), &[]);
        let odd = vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        holds(&eight(), &line(8), &[odd]);
        let balance = [
            (0..12).map(f64::from).collect(),
            (0..12).map(|x| f64::from(x % 3)).collect(),
        ];
        holds(&trial::twelve(), &grid(4, 12), &balance);
    }

    #[test]
    fn chances_stay_exact_where_the_size_is_not_whole() {
        let amounts = vec![1.0, 2.0, 3.0, 4.0, 5.0];
        holds(&trial::not_whole(), &line(5), &[amounts]);
    }

    #[test]
    fn the_nearest_come_along_and_chance_takes_some_of_those_equally_near() {
        // Units 0 and 1 at one place, unit 2 near, and 3 to 6 equally far.
        let places = [
            [0.0, 0.0],
            [0.0, 0.0],
            [0.5, 0.0],
            [1.0, 0.0],
            [-1.0, 0.0],
            [0.0, 1.0],
            [0.0, -1.0],
        ];
        let places = places.map(|place| place.to_vec());
        let tree = Neighbours::new(&places, (0..7).collect());
        let mut stream = stream("near");
        let mut seen = [0; 7];
        for _ in 0..400 {
            let near = cluster(1, 3, &tree, &places[1], &mut stream);
            assert_eq!(near[..3], [1, 0, 2]);
            assert_eq!(near.len(), 4);
            seen[near[3]] += 1;
        }
        // Each 100 ± 8.7; five standard errors.
        assert!(
            seen[3..].iter().all(|count| (57..=143).contains(count)),
            "{seen:?}"
        );
        let mut all = cluster(0, 9, &tree, &places[0], &mut stream);
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn totals_are_met_up_to_the_landing_and_whole_counts_every_time() {
        let mut chance = stream("town");
        let units = 1_000;
        let places: Vec<Vec<f64>> = (0..units)
            .map(|_| vec![chance.unit(), chance.unit()])
            .collect();
        let women: Vec<f64> = (0..units).map(|unit| f64::from(unit % 2)).collect();
        let age: Vec<f64> = (0..units).map(|_| 20.0 + 60.0 * chance.unit()).collect();
        let chances = Probabilities::equal(1_000, 100).expect("possible");
        for (i, landing) in (0..10).flat_map(|i| BOTH.map(|landing| (i, landing))) {
            let balance = [women.clone(), age.clone()];
            let stream = &mut stream(&format!("{i}"));
            let drawn = local_cube(&chances, &places, &balance, landing, stream).expect("drawn");
            assert_eq!(drawn.len(), 100, "seed {i}");
            assert_eq!(
                drawn.iter().filter(|&&unit| unit % 2 == 1).count(),
                50,
                "seed {i}"
            );
            // Three units land at most, and one shifts the mean age by 60/100 at most.
            let mean = sum(drawn.iter().map(|&unit| age[unit])) / 100.0;
            let wanted = sum(age.iter().copied()) / 1_000.0;
            assert!(
                (mean - wanted).abs() < 0.6,
                "seed {i}: {mean} is not {wanted}"
            );
        }
    }

    #[test]
    fn size_holds_certain_units_are_in_and_the_same_seed_draws_the_same() {
        trial::laws_with(|chances, mut chance, text| {
            let units = chances.len();
            let places: Vec<Vec<f64>> = (0..units).map(|_| vec![chance.below(5) as f64]).collect();
            let balance: Vec<Vec<f64>> = (0..3)
                .map(|_| (0..units).map(|_| chance.unit()).collect())
                .collect();
            move || {
                let drawn = BOTH.map(|landing| {
                    local_cube(&chances, &places, &balance, landing, &mut stream(&text))
                });
                let [dropped, best] = drawn.map(|drawn| drawn.expect("drawn"));
                assert_eq!(dropped.len(), best.len(), "{text}");
                best
            }
        });
    }

    #[test]
    fn ends_are_met_and_what_is_missing_is_refused() {
        let draw = |chances: Vec<f64>, places: &[Vec<f64>], balance: &[Vec<f64>]| {
            let chances = Probabilities::given(chances).expect("chances");
            local_cube(
                &chances,
                places,
                balance,
                Landing::Dropping,
                &mut stream("ends"),
            )
        };
        assert_eq!(draw(Vec::new(), &[], &[]), Ok(Vec::new()));
        assert_eq!(draw(vec![0.0; 3], &line(3), &[]), Ok(Vec::new()));
        assert_eq!(
            draw(vec![1.0; 3], &line(3), &[vec![1.0; 3]]),
            Ok(vec![0, 1, 2])
        );
        assert_eq!(draw(vec![1.0], &line(1), &[]), Ok(vec![0]));
        assert_eq!(
            draw(vec![0.5; 4], &line(3), &[]),
            Err(Error::NoPlaces {
                method: "local-cube"
            })
        );
        let refused = Err(Error::NoBalance {
            method: "local-cube",
        });
        assert_eq!(draw(vec![0.5; 4], &line(4), &[vec![1.0; 5]]), refused);
    }
}
