//! Neighbours duel until all is decided.
//!
//! One undecided unit is taken at random, and duels with the undecided unit nearest to it: one of the
//! two takes over as much of the other's chance as fits. What one neighbour wins the other loses, so
//! drawn units keep away from each other and the sample is spread over the map, over age and income,
//! or over whatever the places stand for. Use it when near units answer alike: a sample that repeats
//! nobody's neighbour says more.

use super::neighbours::{Neighbours, check};
use crate::draw::undecided::{first_wins, is_open, leave, settle};
use crate::draw::{Accuracy, Error, Method, Needs, Probabilities, Size};
use crate::language::Words;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "local-pivotal",
    title: Words::new("Local pivotal method", "局部枢轴抽样法"),
    says: Words::new(
        "A random undecided unit and its nearest undecided neighbour duel for each other's chance until \
         every unit is in or out. Neighbours are rarely drawn together, so the sample is well spread. Use \
         it when units that are near each other answer alike.",
        "随机取一个未定单位，与其最近的未定单位争夺彼此的入样概率，直至所有单位均已确定。相邻单位很少同时入样，\
         样本在空间上分布均匀；适用于相邻单位回答相近的情形。",
    ),
    formula: "(π_i, π_j) → (0, s) or (s, 0) if s = π_i + π_j < 1, else (1, s − 1) or (s − 1, 1); \
              j nearest to i",
    sources: &[
        Source::at("Grafström, Lundström, Schelin (2012)", "LPM2"),
        Source::new("Deville, Tillé (1998)"),
    ],
};

/// What the one checker of all methods sees.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Places,
    draw: |pool, seed| {
        local_pivotal(
            pool.probabilities(),
            pool.places(&CARD)?,
            &mut pool.stream(&CARD, seed),
        )
    },
    joint: None,
};

/// Draws a sample that is spread over `places`, and returns it in order.
///
/// Units equally near are equally likely to be the neighbour. Chances are exact, and Σπ units are
/// drawn if that is a whole number; otherwise one more or one fewer. Takes time n log n. Only + − × ÷
/// and comparison decide.
///
/// # Formula
///
/// ```text
/// s = π_i + π_j
/// s < 1:  (π_i, π_j) → (s, 0) with chance π_i / s,             else (0, s)
/// s ≥ 1:  (π_i, π_j) → (1, s − 1) with chance (1 − π_j)/(2 − s), else (s − 1, 1)
/// ```
///
/// with i random among the undecided, and j nearest to it.
///
/// # Arguments
///
/// | symbol | argument        | shape | unit |
/// |--------|-----------------|-------|------|
/// | π      | `probabilities` | N     | –    |
/// |        | `places`        | N × d | any; see [`standardised`](super::neighbours::standardised) |
///
/// # Errors
///
/// [`Error::NoPlaces`] if units have no place, or one that is not a number.
///
/// # Source
///
/// Grafström, Lundström, Schelin (2012), their second method; the duel is of Deville, Tillé (1998).
///
/// # Example
///
/// Two pairs of neighbours far from each other; one of each is drawn:
///
/// ```
/// use canvass::{draw::{Probabilities, spread::local_pivotal::local_pivotal}, random::Seed};
/// let places = [vec![0.0], vec![1.0], vec![10.0], vec![11.0]];
/// let chances = Probabilities::equal(4, 2)?;
/// let mut stream = Seed::new("the evening draw").expect("not blank").stream("example");
/// let drawn = local_pivotal(&chances, &places, &mut stream)?;
/// assert!(drawn[0] < 2 && drawn[1] >= 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn local_pivotal(
    probabilities: &Probabilities,
    places: &[Vec<f64>],
    stream: &mut Stream,
) -> Result<Vec<usize>, Error> {
    check(places, probabilities.len(), &CARD)?;
    let mut now = probabilities.as_slice().to_vec();
    let mut open = probabilities.open();
    let mut tree = Neighbours::new(places, open.clone());
    // Where each open unit stands in `open`, so that it can leave at once.
    let mut stands = vec![usize::MAX; now.len()];
    open.iter()
        .enumerate()
        .for_each(|(place, &unit)| stands[unit] = place);
    while open.len() > 1 {
        let i = open[stream.below(open.len() as u64) as usize];
        tree.remove(i);
        let Some(group) = tree.around(&places[i]).next() else {
            break;
        };
        let Some(j) = group.nth(one_of(group.len(), stream)) else {
            break;
        };
        (now[i], now[j]) = duel(now[i], now[j], stream);
        if is_open(now[i]) {
            tree.restore(i);
        } else {
            leave(i, &mut open, &mut stands);
        }
        if !is_open(now[j]) {
            tree.remove(j);
            leave(j, &mut open, &mut stands);
        }
    }
    Ok(settle(&now, probabilities.size(), stream))
}

/// A place among `count`; nothing is asked of chance where there is no choice.
fn one_of(count: usize, stream: &mut Stream) -> usize {
    if count > 1 {
        stream.below(count as u64) as usize
    } else {
        0
    }
}

/// One of two takes over as much of the other's chance as fits.
fn duel(i: f64, j: f64, stream: &mut Stream) -> (f64, f64) {
    let both = i + j;
    let (more, less) = match both < 1.0 {
        true => (both, 0.0),
        false => (1.0, both - 1.0),
    };
    match first_wins(i, j, both, stream) {
        true => (more, less),
        false => (less, more),
    }
}

#[cfg(test)]
mod tests {
    use super::{METHOD, local_pivotal};
    use crate::draw::trial::{self, eight, grid, ids, line, stream};
    use crate::draw::undecided::is_open;
    use crate::draw::{Error, Pool, Probabilities};

    fn holds(chances: &Probabilities, places: &[Vec<f64>]) {
        let ids = ids(chances.len());
        let pool = Pool::new("all", &ids, chances).with_places(places);
        trial::holds_in(&METHOD, &pool, 20_000);
    }

    #[test]
    fn units_come_as_often_as_stated_on_a_line_and_on_a_grid() {
        holds(&eight(), &line(8));
        holds(&trial::twelve(), &grid(4, 12));
    }

    #[test]
    fn chances_stay_exact_where_the_size_is_not_whole() {
        holds(&trial::not_whole(), &line(5));
    }

    /// π_kl of every pair, by following each way the draw can go.
    fn follow(now: &[f64], places: &[f64], weight: f64, both: &mut [Vec<f64>]) {
        let open: Vec<usize> = (0..now.len()).filter(|&k| is_open(now[k])).collect();
        if open.is_empty() {
            let is_in: Vec<usize> = (0..now.len()).filter(|&k| now[k] > 0.5).collect();
            is_in
                .iter()
                .for_each(|&k| is_in.iter().for_each(|&l| both[k][l] += weight));
        }
        for &i in &open {
            let off = |j: usize| (places[j] - places[i]).abs();
            let others = || open.iter().copied().filter(|&j| j != i);
            let near = others().map(off).fold(f64::INFINITY, f64::min);
            let nearest: Vec<usize> = others().filter(|&j| off(j) <= near).collect();
            for &j in &nearest {
                let weight = weight / (open.len() * nearest.len()) as f64;
                let s = now[i] + now[j];
                let (winner, loser) = (s.min(1.0), (s - 1.0).max(0.0));
                let share = if s < 1.0 {
                    now[i] / s
                } else {
                    (1.0 - now[j]) / (2.0 - s)
                };
                for (share, at_i, at_j) in [(share, winner, loser), (1.0 - share, loser, winner)] {
                    let mut then = now.to_vec();
                    (then[i], then[j]) = (at_i, at_j);
                    follow(&then, places, weight * share, both);
                }
            }
        }
    }

    #[test]
    fn pairs_come_as_often_as_all_ways_of_drawing_say() {
        let chances = [0.2, 0.7, 0.3, 0.5, 0.3];
        let places = [0.0, 1.0, 2.0, 4.0, 5.0];
        let mut both = vec![vec![0.0; 5]; 5];
        follow(&chances, &places, 1.0, &mut both);
        let given = Probabilities::given(chances.to_vec()).expect("chances");
        let at: Vec<Vec<f64>> = places.iter().map(|&x| vec![x]).collect();
        let (times, mut found) = (20_000, vec![vec![0.0; 5]; 5]);
        let mut stream = stream("pairs");
        for _ in 0..times {
            let drawn = local_pivotal(&given, &at, &mut stream).expect("drawn");
            drawn.iter().for_each(|&k| {
                drawn
                    .iter()
                    .for_each(|&l| found[k][l] += 1.0 / f64::from(times))
            });
        }
        for k in 0..5 {
            assert!((both[k][k] - chances[k]).abs() < 1e-12);
            for l in 0..5 {
                // Four and a half standard errors.
                let error = (both[k][l] * (1.0 - both[k][l]) / f64::from(times)).sqrt();
                assert!(
                    (found[k][l] - both[k][l]).abs() <= 4.5 * error + 1e-9,
                    "{k} {l}: {}",
                    found[k][l]
                );
            }
        }
    }

    #[test]
    fn size_holds_certain_units_are_in_and_the_same_seed_draws_the_same() {
        // Few places, so that many share one.
        trial::laws_with(|chances, mut chance, text| {
            let places: Vec<Vec<f64>> = (0..chances.len())
                .map(|_| vec![chance.below(5) as f64])
                .collect();
            move || local_pivotal(&chances, &places, &mut stream(&text)).expect("drawn")
        });
    }

    #[test]
    fn ends_are_met_and_places_that_are_none_are_refused() {
        let draw = |chances: Vec<f64>, places: &[Vec<f64>]| {
            local_pivotal(
                &Probabilities::given(chances).expect("chances"),
                places,
                &mut stream("ends"),
            )
        };
        assert_eq!(draw(Vec::new(), &[]), Ok(Vec::new()));
        assert_eq!(draw(vec![0.0; 3], &line(3)), Ok(Vec::new()));
        assert_eq!(draw(vec![1.0; 3], &line(3)), Ok(vec![0, 1, 2]));
        assert_eq!(draw(vec![1.0], &line(1)), Ok(vec![0]));
        let refused = Err(Error::NoPlaces {
            method: "local-pivotal",
        });
        assert_eq!(draw(vec![0.5; 4], &line(3)), refused);
        assert_eq!(draw(vec![0.5; 2], &[vec![0.0], vec![f64::NAN]]), refused);
        assert_eq!(draw(vec![0.5; 2], &[vec![0.0], vec![0.0, 1.0]]), refused);
    }

    #[test]
    fn thousands_are_drawn_while_one_waits() {
        let mut chance = stream("town");
        let places: Vec<Vec<f64>> = (0..20_000)
            .map(|_| vec![chance.unit(), chance.unit()])
            .collect();
        let chances = Probabilities::equal(20_000, 777).expect("possible");
        assert_eq!(
            local_pivotal(&chances, &places, &mut chance)
                .expect("drawn")
                .len(),
            777
        );
        // Districts: all units at forty places.
        let places: Vec<Vec<f64>> = (0..20_000).map(|unit| vec![f64::from(unit % 40)]).collect();
        assert_eq!(
            local_pivotal(&chances, &places, &mut chance)
                .expect("drawn")
                .len(),
            777
        );
    }
}
