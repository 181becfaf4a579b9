//! What the tests of all drawing methods share: small pools, and the laws that every method keeps.

use super::prove::{Proof, prove};
use super::{Joint, Method, Pool, Probabilities, Size};
use crate::progress::Silent;
use crate::random::{Seed, Stream};

/// A seed.
pub(super) fn seed(text: &str) -> Seed {
    Seed::new(text).expect("not blank")
}

/// A stream of chance.
pub(super) fn stream(text: &str) -> Stream {
    seed(text).stream("test")
}

/// Places on a line.
pub(super) fn line(units: usize) -> Vec<Vec<f64>> {
    (0..units).map(|unit| vec![unit as f64]).collect()
}

/// Places on a map, so many side by side.
pub(super) fn grid(side: usize, units: usize) -> Vec<Vec<f64>> {
    (0..units)
        .map(|unit| vec![(unit % side) as f64, (unit / side) as f64])
        .collect()
}

/// Twelve chances, of a certain unit and an impossible one too.
pub(super) fn twelve() -> Probabilities {
    let chances = vec![0.2, 0.7, 0.8, 0.5, 0.4, 0.4, 1.0, 0.0, 0.5, 0.5, 0.9, 0.1];
    Probabilities::given(chances).expect("chances")
}

/// Chances that add up to 2.3, which is no size of a sample.
pub(super) fn not_whole() -> Probabilities {
    Probabilities::given(vec![0.3, 0.45, 0.6, 0.15, 0.8]).expect("chances")
}

/// So many ids.
pub(super) fn ids(units: usize) -> Vec<String> {
    (0..units).map(|unit| format!("unit {unit:04}")).collect()
}

/// Sizes 1 to 8, of which four units are drawn: where a well-known slip in Brewer's method shows.
pub(super) fn eight() -> Probabilities {
    let sizes: Vec<f64> = (1..=8).map(f64::from).collect();
    Probabilities::by_size(&sizes, 4).expect("possible")
}

/// The chances for which R gives tables.
pub(super) fn six() -> Probabilities {
    Probabilities::given(vec![0.2, 0.7, 0.8, 0.5, 0.4, 0.4]).expect("chances")
}

/// Chances from sizes of long tails, so that some are certain; some are 0.
pub(super) fn random_chances(text: &str) -> Probabilities {
    let mut stream = seed(text).stream("sizes");
    let units = 3 + stream.below(30) as usize;
    let sizes: Vec<f64> = (0..units)
        .map(|_| {
            if stream.unit() < 0.1 {
                0.0
            } else {
                (1.0 / (1.0 - stream.unit())).powi(2)
            }
        })
        .collect();
    let there = sizes.iter().filter(|size| **size > 0.0).count();
    Probabilities::by_size(&sizes, stream.below(there as u64 + 1) as usize).expect("possible")
}

/// One draw.
pub(super) fn draw(method: &Method, chances: &Probabilities, text: &str) -> Vec<usize> {
    let ids = ids(chances.len());
    (method.draw)(&Pool::new("all", &ids, chances), &seed(text)).expect("a possible draw")
}

/// Many draws contradict nothing that the method states.
pub(super) fn holds(method: &Method, chances: &Probabilities, draws: u64) {
    holds_in(
        method,
        &Pool::new("all", &ids(chances.len()), chances),
        draws,
    );
}

/// [`holds`], for a pool that knows places or amounts.
pub(super) fn holds_in(method: &Method, pool: &Pool<'_>, draws: u64) {
    let proof = prove(method, pool, draws, &seed("proof"), &Silent).expect("a possible draw");
    let (units, pairs) = (Proof::worst(&proof.units), Proof::worst(&proof.pairs));
    let sizes = proof.sizes;
    assert!(
        proof.holds(),
        "{}: |z| {units:?} and {pairs:?}, sizes {sizes:?}",
        proof.method
    );
}

/// The laws of methods that draw without replacement, for any chances.
pub(super) fn laws(method: &Method) {
    for i in 0..100 {
        let text = format!("law {i}");
        let chances = random_chances(&text);
        keeps_the_laws(method, &chances, &text);
    }
    for chances in [
        Vec::new(),
        vec![0.0],
        vec![1.0],
        vec![0.0; 5],
        vec![1.0; 5],
        vec![1.0, 0.0, 1.0],
        vec![0.5, 0.5],
        vec![1.0, 0.1, 0.9, 0.0],
        // Sums of tenths and thirds that floats do not hit exactly.
        vec![0.1; 10],
        vec![1.0 / 3.0; 9],
        vec![0.7, 0.2, 0.1, 1.0 - 1e-13, 1e-13],
    ] {
        let chances = Probabilities::given(chances).expect("chances");
        (0..20).for_each(|i| keeps_the_laws(method, &chances, &format!("edge {i}")));
    }
}

fn keeps_the_laws(method: &Method, chances: &Probabilities, text: &str) {
    let drawn = draw(method, chances, text);
    let told = format!("{}, seed {text}", method.card.key);
    keeps_the_sample(chances, &drawn, &told);
    if method.size == Size::Fixed {
        assert_eq!(Some(drawn.len()), chances.size(), "{told}: {drawn:?}");
    }
    assert_eq!(
        drawn,
        draw(method, chances, text),
        "the same seed draws the same units"
    );
}

/// In order and once each, certain units in, and impossible ones out.
pub(super) fn keeps_the_sample(chances: &Probabilities, drawn: &[usize], told: &str) {
    let told = || format!("{told}: {drawn:?} of {:?}", chances.as_slice());
    assert!(
        drawn.windows(2).all(|pair| pair[0] < pair[1]),
        "in order and once: {}",
        told()
    );
    assert!(
        drawn.last().is_none_or(|&last| last < chances.len()),
        "{}",
        told()
    );
    for (unit, &chance) in chances.as_slice().iter().enumerate() {
        assert!(chance < 1.0 || drawn.contains(&unit), "certain: {}", told());
        assert!(
            chance > 0.0 || !drawn.contains(&unit),
            "impossible: {}",
            told()
        );
    }
}

/// The laws of a method that needs more than chances: a hundred pools of any chances, for each of which
/// `with` makes what else it needs by a stream of its own, and gives the draw.
pub(super) fn laws_with<D: Fn() -> Vec<usize>>(with: impl Fn(Probabilities, Stream, String) -> D) {
    for i in 0..100 {
        let text = format!("law {i}");
        let chances = random_chances(&text);
        let draw = with(chances.clone(), stream(&format!("needs {i}")), text.clone());
        let drawn = draw();
        keeps_the_sample(&chances, &drawn, &text);
        assert_eq!(Some(drawn.len()), chances.size(), "{text}: {drawn:?}");
        assert_eq!(drawn, draw(), "{text}: the same seed draws the same units");
    }
}

/// The edges of a method for equal chances.
pub(super) fn edges_of_equal_chances(method: &Method) {
    for (units, take) in [(0, 0), (1, 0), (1, 1), (5, 0), (5, 5), (6, 5), (9, 1)] {
        let chances = Probabilities::equal(units, take).expect("possible");
        (0..20).for_each(|i| keeps_the_laws(method, &chances, &format!("edge {i}")));
    }
}

/// Two tables are the same.
pub(super) fn assert_same(one: &Joint, other: &Joint, tolerance: f64) {
    assert_eq!(one.len(), other.len());
    for k in 0..one.len() {
        for l in 0..one.len() {
            let (one, other) = (one.of(k, l), other.of(k, l));
            assert!(
                (one - other).abs() <= tolerance,
                "{k} {l}: {one} is not {other}"
            );
        }
    }
}

/// Of a sample of fixed size n, the pairs of unit k have Σ π_kl = (n − 1) π_k.
pub(super) fn assert_adds_up(joint: &Joint, chances: &Probabilities) {
    let size = chances.expected();
    for k in 0..joint.len() {
        let all: f64 = (0..joint.len())
            .filter(|&l| l != k)
            .map(|l| joint.of(k, l))
            .sum();
        let wanted = (size - 1.0) * chances.of(k);
        assert!(
            (all - wanted).abs() < 1e-9,
            "unit {k}: {all} is not {wanted}"
        );
        assert!((joint.of(k, k) - chances.of(k)).abs() < 1e-9, "unit {k}");
    }
}

/// The table of a draw that chances decide step by step: every sample with its chance.
pub(super) fn table(units: usize, samples: &[(f64, Vec<usize>)]) -> Joint {
    Joint::from_fn(units, |k, l| {
        let both = |sample: &Vec<usize>| sample.contains(&k) && sample.contains(&l);
        samples
            .iter()
            .filter(|(_, sample)| both(sample))
            .map(|(chance, _)| chance)
            .sum()
    })
}

/// What every method of fixed size must pass, beside the laws of all methods.
pub(super) mod check {
    use super::{assert_adds_up, draw, eight, holds, ids, laws, random_chances, seed};
    use crate::draw::{Error, Method, Pool, Probabilities};

    fn by_size(sizes: &[f64], take: usize) -> Probabilities {
        Probabilities::by_size(sizes, take).expect("possible")
    }

    /// Many draws contradict nothing that is stated.
    pub(in crate::draw) fn proves(method: &Method) {
        holds(method, &eight(), 20_000);
        // One unit is impossible, and one certain.
        holds(method, &by_size(&[0.0, 1.0, 2.0, 3.0, 50.0, 4.0], 3), 4_000);
    }

    /// π_kl adds up to (n − 1) π_k, and is what is published.
    pub(in crate::draw) fn pairs(
        method: &Method,
        chances: &Probabilities,
        known: &[(usize, usize, f64)],
        near: f64,
    ) {
        let ids = ids(chances.len());
        let joint = method.all_pairs(&Pool::new("all", &ids, chances));
        let joint = joint.expect("pairs are known").expect("possible");
        for &(k, l, wanted) in known {
            let found = joint.of(k - 1, l - 1);
            assert!(
                (found - wanted).abs() < near,
                "π of {k} and {l} is {found}, not {wanted}"
            );
        }
        assert_adds_up(&joint, chances);
    }

    /// Laws over a hundred pools, and what lies at the edge of sense.
    pub(in crate::draw) fn keeps_laws(method: &Method) {
        laws(method);
        if method.joint.is_some() {
            (0..100).for_each(|i| pairs(method, &random_chances(&format!("pair {i}")), &[], 0.0));
        }
        let uneven = Probabilities::given(vec![1.0 - 1e-9, 1e-9, 0.5, 0.5]).expect("chances");
        assert_eq!(draw(method, &uneven, "edge").len(), 2);
        // A hair off a whole number is a whole number; more is not.
        let near = Probabilities::given(vec![0.333_333_333_3; 3]).expect("chances");
        assert_eq!(draw(method, &near, "edge").len(), 1);
        let broken = Probabilities::given(vec![0.5, 0.6]).expect("chances");
        let refused = (method.draw)(&Pool::new("all", &ids(2), &broken), &seed("edge"));
        assert!(matches!(refused, Err(Error::NotWhole { .. })));
    }

    /// Long lists are drawn from, and large units come as often there as they should.
    pub(in crate::draw) fn large(method: &Method, units: usize, take: usize) {
        let sizes: Vec<f64> = (0..units)
            .map(|unit| 1.0 + (unit * 7 % 100) as f64)
            .collect();
        let chances = by_size(&sizes, take);
        let drawn = draw(method, &chances, "large");
        assert_eq!(drawn.len(), take);
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        // Of units above the middle, Σ of their π; a multinomial count would spread more than theirs.
        let wanted = crate::math::sum(
            (0..units)
                .filter(|&k| sizes[k] > 50.5)
                .map(|k| chances.of(k)),
        );
        let found = drawn.iter().filter(|&&k| sizes[k] > 50.5).count() as f64;
        let spread = (wanted * (1.0 - wanted / take as f64)).sqrt();
        assert!(
            (found - wanted).abs() < 5.0 * spread,
            "{found} is not {wanted} ± {spread}"
        );
    }
}
