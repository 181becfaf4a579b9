//! Each unit decides, and its nearest neighbours feel it.
//!
//! Units are decided one after another. When one is in, the chances of its nearest undecided neighbours
//! sink; when it is out, they rise; the nearest take as much of the change as they can bear. So neighbours
//! are rarely drawn together. Use it for the same ends as the
//! [local pivotal method](super::local_pivotal): both spread a sample over places; this one shares a
//! decision among all equally near neighbours, and so keeps a little more of chance in between.

use super::neighbours::{Neighbours, check};
use crate::draw::undecided::{is_open, settle};
use crate::draw::{Accuracy, Error, Method, Needs, Probabilities, Size};
use crate::language::Words;
use crate::math::sum;
use crate::method::{Card, Source};
use crate::random::Stream;

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "correlated-poisson",
    title: Words::new("Spatially correlated Poisson sampling", "空间相关泊松抽样"),
    says: Words::new(
        "Units are decided one after another in random order; each decision is made good by the nearest \
         undecided neighbours, whose chances sink or rise as far as they can. Use it when units that are \
         near each other answer alike.",
        "按随机次序逐一确定各单位，每次结果由最近的未定单位调整入样概率予以补偿，调整幅度取最大允许值；\
         适用于相邻单位回答相近的情形。",
    ),
    formula: "π_i ← π_i − (I_j − π_j) w_ij,  Σ_i w_ij = 1,  \
              w_ij ≤ min(π_i / (1 − π_j), (1 − π_i) / π_j), the nearest i first",
    sources: &[Source::at("Grafström (2012)", "maximal weights")],
};

/// What the one checker of all methods sees.
pub const METHOD: Method = Method {
    card: &CARD,
    size: Size::Fixed,
    chances: Accuracy::Exact,
    needs: Needs::Places,
    draw: |pool, seed| {
        correlated_poisson(
            pool.probabilities(),
            pool.places(&CARD)?,
            &mut pool.stream(&CARD, seed),
        )
    },
    joint: None,
};

/// Draws a sample that is spread over `places`, and returns it in order.
///
/// Chances are exact, and Σπ units are drawn if that is a whole number; otherwise one more or one fewer.
/// Takes time n log n, unless thousands share a place: each then feels each. Only + − × ÷ and
/// comparison decide.
///
/// # Formula
///
/// ```text
/// I_j = 1 with chance π_j
/// π_i ← π_i − (I_j − π_j) w_ij                              all i undecided
/// w_ij ≤ min(π_i / (1 − π_j), (1 − π_i) / π_j),  Σ_i w_ij = 1
/// ```
///
/// The nearest i takes the largest weight it can, then the next, until all is given away. Those equally
/// near take equal weights, as far as they can.
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
/// Grafström (2012), the strategy of maximal weights; the order of units is random.
///
/// # Example
///
/// Two pairs of neighbours far from each other; one of each is drawn:
///
/// ```
/// use canvass::{draw::{Probabilities, spread::correlated_poisson::correlated_poisson}, random::Seed};
/// let places = [vec![0.0], vec![1.0], vec![10.0], vec![11.0]];
/// let chances = Probabilities::equal(4, 2)?;
/// let mut stream = Seed::new("the evening draw").expect("not blank").stream("example");
/// let drawn = correlated_poisson(&chances, &places, &mut stream)?;
/// assert!(drawn[0] < 2 && drawn[1] >= 2);
/// # Ok::<(), canvass::draw::Error>(())
/// ```
pub fn correlated_poisson(
    probabilities: &Probabilities,
    places: &[Vec<f64>],
    stream: &mut Stream,
) -> Result<Vec<usize>, Error> {
    check(places, probabilities.len(), &CARD)?;
    let mut now = probabilities.as_slice().to_vec();
    let mut order = probabilities.open();
    let mut tree = Neighbours::new(places, order.clone());
    stream.shuffle(&mut order);
    for j in order {
        // Decided on the way.
        if !is_open(now[j]) {
            continue;
        }
        tree.remove(j);
        // The last of all: the size decides, where it is whole.
        if tree.is_empty() {
            break;
        }
        let chance = now[j];
        now[j] = if stream.unit() < chance { 1.0 } else { 0.0 };
        let change = now[j] - chance;
        for (i, weight) in weights(chance, &now, &tree, &places[j]) {
            now[i] = (now[i] - change * weight).clamp(0.0, 1.0);
            if !is_open(now[i]) {
                tree.remove(i);
            }
        }
    }
    Ok(settle(&now, probabilities.size(), stream))
}

/// Who feels a decision, and how much of it: the nearest first, as much as they can.
fn weights(chance: f64, now: &[f64], tree: &Neighbours, place: &[f64]) -> Vec<(usize, f64)> {
    let mut given = Vec::new();
    let mut left = 1.0;
    for group in tree.around(place) {
        let units = group.all();
        let most = |i: &usize| (now[*i] / (1.0 - chance)).min((1.0 - now[*i]) / chance);
        let most: Vec<f64> = units.iter().map(most).collect();
        let all = sum(most.iter().copied());
        if all >= left {
            given.extend(units.into_iter().zip(shared(&most, left)));
            break;
        }
        given.extend(units.into_iter().zip(most));
        left -= all;
    }
    given
}

/// `left` in equal parts, but to none more than the `most` it can take, which is enough in all.
fn shared(most: &[f64], left: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..most.len()).collect();
    order.sort_by(|&a, &b| most[a].total_cmp(&most[b]));
    let mut parts = vec![0.0; most.len()];
    let mut left = left;
    for (done, &unit) in order.iter().enumerate() {
        parts[unit] = most[unit].min(left / (order.len() - done) as f64);
        left -= parts[unit];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{METHOD, correlated_poisson, shared, weights};
    use crate::draw::spread::neighbours::Neighbours;
    use crate::draw::trial::{self, eight, grid, ids, line, stream};
    use crate::draw::{Error, Pool, Probabilities};

    fn close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
    }

    #[test]
    fn weights_agree_with_the_blackboard() {
        // Unit 0 decides, π₀ = .2. At most:  .3/.8 = .375 for unit 1;  .4/.8 = .5 and .08/.8 = .1 for
        // units 2 and 3, equally near: of the .625 left they take all .6;  .025 is left for unit 4.
        let now = [0.2, 0.3, 0.4, 0.08, 0.9];
        let places = [vec![0.0], vec![1.0], vec![2.0], vec![-2.0], vec![5.0]];
        let tree = Neighbours::new(&places, vec![1, 2, 3, 4]);
        let mut found = weights(0.2, &now, &tree, &places[0]);
        found.sort_by_key(|(unit, _)| *unit);
        for (found, wanted) in found
            .iter()
            .zip([(1, 0.375), (2, 0.5), (3, 0.1), (4, 0.025)])
        {
            assert_eq!(found.0, wanted.0);
            close(found.1, wanted.1);
        }
        // Thirds but for one that cannot take a third.
        let parts = shared(&[0.5, 0.1, 0.9], 0.7);
        [0.3, 0.1, 0.3]
            .iter()
            .zip(parts)
            .for_each(|(wanted, found)| close(found, *wanted));
    }

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

    #[test]
    fn size_holds_certain_units_are_in_and_the_same_seed_draws_the_same() {
        trial::laws_with(|chances, mut chance, text| {
            let places: Vec<Vec<f64>> = (0..chances.len())
                .map(|_| vec![chance.below(5) as f64])
                .collect();
            move || correlated_poisson(&chances, &places, &mut stream(&text)).expect("drawn")
        });
    }

    #[test]
    fn ends_are_met_and_places_that_are_none_are_refused() {
        let draw = |chances: Vec<f64>, places: &[Vec<f64>]| {
            correlated_poisson(
                &Probabilities::given(chances).expect("chances"),
                places,
                &mut stream("ends"),
            )
        };
        assert_eq!(draw(Vec::new(), &[]), Ok(Vec::new()));
        assert_eq!(draw(vec![0.0; 3], &line(3)), Ok(Vec::new()));
        assert_eq!(draw(vec![1.0; 3], &line(3)), Ok(vec![0, 1, 2]));
        assert_eq!(draw(vec![1.0], &line(1)), Ok(vec![0]));
        assert_eq!(
            draw(vec![0.5; 4], &line(3)),
            Err(Error::NoPlaces {
                method: "correlated-poisson"
            })
        );
    }

    #[test]
    fn thousands_are_drawn_while_one_waits() {
        let mut chance = stream("town");
        let places: Vec<Vec<f64>> = (0..20_000)
            .map(|_| vec![chance.unit(), chance.unit()])
            .collect();
        let chances = Probabilities::equal(20_000, 777).expect("possible");
        assert_eq!(
            correlated_poisson(&chances, &places, &mut chance)
                .expect("drawn")
                .len(),
            777
        );
    }
}
