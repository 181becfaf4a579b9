//! Rules for unequal chances: against R, and by hand.

use super::{
    Balanced, ChanceStage, Chances, Differences, Estimator, Fault, Formula, LocalMean, Lonely,
    Paired, Pairs, Rule, Staged, Successive, Unequal,
};
use crate::draw::approximate::Constant;
use crate::draw::unequal::sampford;
use crate::draw::{Joint, Probabilities};
use crate::estimate::Unknown;
use crate::frame::Codes;

#[track_caller]
fn near(found: f64, wanted: f64) {
    assert!(
        (found - wanted).abs() <= 1e-12 * wanted.abs().max(1e-300) + 1e-9 * f64::EPSILON,
        "{found} is not {wanted}"
    );
}

/// `tests/data/reference/unequal-brewer/data.csv`: shops drawn by size from two regions.
struct Shops {
    region: Codes,
    chance: Vec<f64>,
    /// Sales over π.
    scores: Vec<f64>,
    size: Vec<f64>,
    staff: Vec<f64>,
}

fn shops() -> Shops {
    let text = include_str!("../../../tests/data/reference/unequal-brewer/data.csv");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip(1)
        .map(|l| l.split(',').collect())
        .collect();
    let number = |row: &Vec<&str>, at: usize| row[at].parse::<f64>().expect("a number");
    let column = |at: usize| rows.iter().map(|row| number(row, at)).collect::<Vec<f64>>();
    let (chance, sales) = (column(5), column(4));
    Shops {
        region: Codes::from_labels(rows.iter().map(|row| row[0])),
        scores: sales.iter().zip(&chance).map(|(y, p)| y / p).collect(),
        size: column(1),
        staff: column(3),
        chance,
    }
}

impl Shops {
    fn chances(&self) -> Chances<'_> {
        Chances::given(&self.region, &self.chance).expect("chances")
    }

    /// Only the town: scores elsewhere are 0.
    fn town(&self) -> Vec<f64> {
        let town = |unit: usize| self.region.label(unit) == "town";
        (0..self.scores.len())
            .map(|unit| if town(unit) { self.scores[unit] } else { 0.0 })
            .collect()
    }

    fn places(&self) -> Vec<Vec<f64>> {
        let pairs = self.size.iter().zip(&self.staff);
        pairs.map(|(x, y)| vec![*x, *y]).collect()
    }
}

fn every(rows: usize) -> Vec<usize> {
    (0..rows).collect()
}

/// R 4.2.2 on the shops, `s` one region, p = s$pi, t = s$sales / p, q = 1 - p, n = nrow(s); regions added.
#[test]
fn formulas_over_units_agree_with_r() {
    let shops = shops();
    let wanted = [
        // n / (n-1) * sum(q * (t - sum(q*t) / sum(q))^2)
        (Formula::Hajek, 39_450.406_777_965_9),
        // sampling 2.9: varest(s$sales, pik = p)
        (Formula::Deville, 39_843.589_575_663_6),
        // sum((1/c - p) * (t - mean(t))^2), s2 = sum(p), c = (n-1) / (n-p)
        (Formula::Brewer(Constant::Own), 40_397.083_201_093),
        // c = (n-1) / (n - s2/n)
        (Formula::Brewer(Constant::Total), 41_028.836_833_080_5),
        // c = (n-1) / (n - 2*p + s2/n)
        (Formula::Brewer(Constant::HartleyRao), 39_765.329_569_105_5),
        // c = (n-1) / (n - (2*n-1)/(n-1)*p + s2/(n-1))
        (Formula::Brewer(Constant::HighEntropy), 39_663.778_200_393_4),
    ];
    for (formula, wanted) in wanted {
        let rule = Unequal::by(formula, shops.chances());
        let found = rule.variance(&shops.scores, &every(18)).expect("shops");
        assert!((found / wanted - 1.0).abs() < 1e-12, "{formula:?}: {found}");
    }
    assert_eq!(Unequal::of(shops.chances()).degrees(&every(18)), 16);
}

#[test]
fn formulas_over_pairs_agree_with_r() {
    // sampling 2.9: varHT(s$sales, j, m), j from p, diag(j) <- p; pp = outer(p, p), s = outer(p, p, "+"):
    // pp * (n-1) / (n - s + sum(p)/n), pp * (n-1) / (n - s/2), pp * (1 - outer(q, q) / sum(q)),
    // pp * outer(c, c, "+") / 2 with the last c of the test above
    let wanted = [
        (Pairs::HartleyRao, 38_026.178_985_988_4, 40_397.083_201_093),
        (Pairs::Overton, 37_738.021_999_784_8, 42_720.448_011_625_4),
        (Pairs::Hajek, 59_860.083_632_648, 37_966.640_158_938),
        (
            Pairs::Brewer(Constant::HighEntropy),
            48_136.842_947_553_5,
            39_076.766_436_557_3,
        ),
    ];
    let shops = shops();
    for (pairs, any, fixed) in wanted {
        for (estimator, wanted) in [
            (Estimator::HorvitzThompson, any),
            (Estimator::SenYatesGrundy, fixed),
        ] {
            let rule = Paired::by(estimator, pairs, shops.chances());
            let found = rule.variance(&shops.scores, &every(18)).expect("shops");
            assert!(
                (found / wanted - 1.0).abs() < 1e-11,
                "{pairs:?} {estimator:?}: {found}"
            );
        }
    }
}

#[test]
fn tables_of_pairs_agree_with_r() {
    // sampling 2.9: j <- UPsampfordpi2(c(.2,.7,.8,.5,.4,.4))[c(2,3,5), c(2,3,5)]
    // varHT(c(3, 5, 4), j, 1) and varHT(c(3, 5, 4), j, 2)
    let list = Probabilities::given(vec![0.2, 0.7, 0.8, 0.5, 0.4, 0.4]).expect("chances");
    let all = sampford::joint(&list).expect("whole");
    let drawn = [1, 2, 4];
    let table = Joint::from_fn(3, |k, l| all.of(drawn[k], drawn[l]));
    let stratum = Codes::from_labels(["all"; 3]);
    let chances = Chances::given(&stratum, &[0.7, 0.8, 0.4]).expect("chances");
    let scores = [3.0 / 0.7, 5.0 / 0.8, 4.0 / 0.4];
    for (estimator, wanted) in [
        (Estimator::HorvitzThompson, 35.893_391_842_115_4),
        (Estimator::SenYatesGrundy, 9.116_826_324_640_74),
    ] {
        let rule = Paired::by(estimator, Pairs::Table(&table), chances.clone());
        let found = rule.variance(&scores, &every(3)).expect("a table");
        assert!(
            (found / wanted - 1.0).abs() < 1e-12,
            "{estimator:?}: {found}"
        );
    }
}

#[test]
fn what_is_below_nothing_is_unknown() {
    let stratum = Codes::from_labels(["all"; 2]);
    let chances = Chances::given(&stratum, &[0.5, 0.5]).expect("chances");
    let variance = |both: f64, scores: [f64; 2]| {
        let table = Joint::from_fn(2, |k, l| if k == l { 0.5 } else { both });
        let estimator = Estimator::HorvitzThompson;
        Paired::by(estimator, Pairs::Table(&table), chances.clone()).variance(&scores, &[0, 1])
    };
    // ½ · 1 + ½ · 1 + 2 (1 − ¼ / 0.1)
    assert_eq!(variance(0.1, [1.0, 1.0]), Err(Unknown::Negative));
    assert_eq!(variance(0.0, [1.0, 1.0]), Err(Unknown::PairImpossible));
    // Apart from rounding: ½ + ½ − 2 · ½
    assert_eq!(variance(1.0 / 6.0, [1.0, 1.0]), Ok(0.0));
}

#[test]
fn certain_units_add_nothing_and_move_nothing() {
    let stratum = Codes::from_labels(["a", "a", "a", "b"]);
    let scores = [1.0, 5.0, 400.0, 9.0];
    let chances = Chances::given(&stratum, &[0.5, 0.5, 1.0, 1.0]).expect("chances");
    let rules: [Box<dyn Rule + '_>; 6] = [
        Box::new(Unequal::of(chances.clone())),
        Box::new(Unequal::by(Formula::Deville, chances.clone())),
        Box::new(Unequal::by(Formula::Brewer(Constant::Own), chances.clone())),
        Box::new(Paired::by(
            Estimator::SenYatesGrundy,
            Pairs::Overton,
            chances.clone(),
        )),
        Box::new(Successive::of(
            chances.clone(),
            &[4, 3, 2, 1],
            Differences::Overlapping,
        )),
        Box::new(Balanced::on(&[], chances.clone()).expect("nothing")),
    ];
    for rule in &rules {
        // ½ · 2 · (2² + 2²); with Overton's pairs (¼ / (¼ · 1 / 1.5) − 1) 4² as well
        near(rule.variance(&scores, &every(4)).expect("a pair"), 8.0);
        assert_eq!(rule.degrees(&every(4)), 1);
        assert_eq!(rule.variance(&[0.0, 0.0, 3.0, 5.0], &[2, 3]), Ok(0.0));
        assert_eq!(rule.variance(&[0.0; 4], &[0]), Err(Unknown::OneAnswer));
    }
    // All are certain: what weighting adds has degrees all the same.
    assert_eq!(Unequal::of(chances).degrees(&[2, 3]), 0);
}

#[test]
fn a_lonely_unit_is_what_the_person_says() {
    let stratum = Codes::from_labels(["a", "a", "b", "c", "c"]);
    let chances = Chances::given(&stratum, &[0.5, 0.5, 0.5, 1.0, 0.75]).expect("chances");
    let scores = [1.0, 5.0, 7.0, 100.0, 3.0];
    let variance = |lonely| {
        let rule = Unequal::of(chances.clone().taking(lonely));
        rule.variance(&scores, &every(5))
    };
    let named = Unknown::LonelyStratum {
        strata: vec!["b".into(), "c".into()],
    };
    assert_eq!(variance(Lonely::Fail), Err(named.clone()));
    assert_eq!(variance(Lonely::Certainty), Ok(8.0));
    // centre (1 + 5 + 7 + 3) / 4: ½ · 3² + ¼ · 1²
    near(
        variance(Lonely::Adjust).expect("adjusted"),
        8.0 + 4.5 + 0.25,
    );
    near(variance(Lonely::Average).expect("averaged"), 24.0);
    // By size, 2 of b, 7/3 of c and 4 of a: b goes with c, B = (½ · 7 + ¼ · 3) / ¾ = 17/3
    let joined = 2.0 * (0.5 * (4.0 / 3.0_f64).powi(2) + 0.25 * (8.0 / 3.0_f64).powi(2));
    near(variance(Lonely::Collapse).expect("joined"), 8.0 + joined);
    // It has nothing to do with a figure of a alone.
    let rule = Unequal::of(chances.clone());
    assert_eq!(rule.variance(&[1.0, 5.0, 0.0, 0.0, 0.0], &[0, 1]), Ok(8.0));
    // A table knows nothing of pairs across strata.
    let table = Joint::from_fn(5, |k, l| if k == l { 0.5 } else { 1.0 / 6.0 });
    let chances = chances.taking(Lonely::Collapse);
    let rule = Paired::by(Estimator::SenYatesGrundy, Pairs::Table(&table), chances);
    assert_eq!(rule.variance(&scores, &every(5)), Err(named));
}

/// R 4.2.2 on the eleven shops of the town, in their order, f = mean(p):
/// e <- embed(t, length(c)) %*% c; (1-f) * n / (length(e) * sum(c^2)) * sum(e^2).
#[test]
fn differences_agree_with_r() {
    let shops = shops();
    let order: Vec<u64> = (0..18).collect();
    let town: Vec<usize> = (7..18).collect();
    for (differences, wanted) in [
        (Differences::Overlapping, 23_459.422_263_140_1),
        // o <- seq(2, n, 2): (1-f) * n / (2 * length(o)) * sum((t[o] - t[o-1])^2)
        (Differences::Pairs, 31_094.622_793_809_7),
        (Differences::Second, 18_372.515_126_756_8),
        (Differences::Fifth, 9_133.842_439_936_22),
        (Differences::Ninth, 2_787.861_766_558_15),
    ] {
        let rule = Successive::of(shops.chances(), &order, differences);
        let found = rule.variance(&shops.town(), &town).expect("eleven shops");
        assert!(
            (found / wanted - 1.0).abs() < 1e-12,
            "{differences:?}: {found}"
        );
    }
    let rule = Successive::of(shops.chances(), &order, Differences::Ninth);
    let too_few = Unknown::TooFew {
        strata: vec!["coast".into()],
        least: 9,
    };
    assert_eq!(rule.variance(&shops.scores, &every(18)), Err(too_few));
}

/// R 4.2.2 on the town, D <- as.matrix(dist(cbind(size, staff))): for each i the units within the k-th
/// smallest distance, m of them: sum((1-p[i]) * m / (m-1) * (t[i] - mean(t[near]))^2).
#[test]
fn neighbourhoods_agree_with_r() {
    let shops = shops();
    let town: Vec<usize> = (7..18).collect();
    for (neighbours, wanted) in [(3, 22_615.693_011_330_6), (1, 28_702.988_462_464_8)] {
        let rule = LocalMean::of(shops.chances(), &shops.places(), neighbours).expect("places");
        let found = rule.variance(&shops.town(), &town).expect("eleven shops");
        assert!(
            (found / wanted - 1.0).abs() < 1e-12,
            "{neighbours}: {found}"
        );
    }
    assert!(LocalMean::of(shops.chances(), &[], 3).is_err());
}

/// R 4.2.2, each region: r <- lm.wfit(cbind(1, size/p, staff/p), t, 1-p);
/// n / (n - r$rank) * sum((1-p) * r$residuals^2). Chances go by size, so that the rank is 2.
#[test]
fn residuals_agree_with_r() {
    let shops = shops();
    let balance = [shops.size.clone(), shops.staff.clone()];
    let rule = Balanced::on(&balance, shops.chances()).expect("amounts");
    let found = rule.variance(&shops.scores, &every(18)).expect("shops");
    assert!(
        (found / 38_886.187_937_495_3 - 1.0).abs() < 1e-10,
        "{found}"
    );

    let size_alone = Balanced::on(&[], shops.chances()).expect("nothing");
    let hajek = Unequal::of(shops.chances()).variance(&shops.scores, &every(18));
    near(
        size_alone
            .variance(&shops.scores, &every(18))
            .expect("shops"),
        hajek.expect("shops"),
    );
    // What the sample was balanced on does not vary.
    let known: Vec<f64> = shops
        .staff
        .iter()
        .zip(&shops.chance)
        .map(|(x, p)| x / p)
        .collect();
    let rest = rule.variance(&known, &every(18)).expect("shops");
    assert!(
        rest < 1e-18 * known.iter().map(|t| t * t).sum::<f64>().powi(2),
        "{rest}"
    );
}

#[test]
fn amounts_that_explain_everything_leave_nothing_to_measure() {
    let stratum = Codes::from_labels(["a"; 3]);
    let chances = Chances::given(&stratum, &[0.5; 3]).expect("chances");
    let balance = [vec![1.0, 2.0, 4.0], vec![3.0, 1.0, 1.0]];
    let rule = Balanced::on(&balance, chances.clone()).expect("amounts");
    let too_few = Unknown::TooFew {
        strata: vec!["a".into()],
        least: 4,
    };
    assert_eq!(rule.variance(&[1.0, 2.0, 3.0], &every(3)), Err(too_few));
    assert!(Balanced::on(&[vec![f64::NAN; 3]], chances).is_err());
}

#[test]
fn one_stage_is_no_stages_at_all() {
    let shops = shops();
    for formula in [
        Formula::Hajek,
        Formula::Deville,
        Formula::Brewer(Constant::HighEntropy),
    ] {
        let stage = ChanceStage {
            strata: Some(&shops.region),
            clusters: None,
            chances: &shops.chance,
        };
        let staged = Staged::of(&[stage], formula, Lonely::Fail).expect("a design");
        let unequal = Unequal::by(formula, shops.chances());
        near(
            staged.variance(&shops.scores, &every(18)).expect("shops"),
            unequal.variance(&shops.scores, &every(18)).expect("shops"),
        );
        assert_eq!(staged.degrees(&every(18)), unequal.degrees(&every(18)));
    }
}

#[test]
fn what_is_no_chance_is_told() {
    let village = Codes::from_labels(["a", "a", "b"]);
    let faults = |chances: &[f64]| {
        let stage = ChanceStage {
            strata: None,
            clusters: Some(&village),
            chances,
        };
        Staged::of(&[stage], Formula::Hajek, Lonely::Fail)
            .expect_err("faults")
            .faults
    };
    let uneven = Fault::Uneven {
        stage: 1,
        clusters: vec!["a".into()],
    };
    assert_eq!(faults(&[0.5, 0.25, 0.5]), [uneven]);
    assert_eq!(
        faults(&[0.5, 0.5, 1.5]),
        [Fault::NoChance { stage: 1, rows: 1 }]
    );
}

#[test]
fn certain_clusters_add_what_was_drawn_in_them() {
    // Village a was certain, and two of four people in it drawn; b and c were drawn with ½.
    let village = Codes::from_labels(["a", "a", "b", "c"]);
    let stages = [
        ChanceStage {
            strata: None,
            clusters: Some(&village),
            chances: &[1.0, 1.0, 0.5, 0.5],
        },
        ChanceStage {
            strata: None,
            clusters: None,
            chances: &[0.5, 0.5, 1.0, 1.0],
        },
    ];
    let rule = Staged::of(&stages, Formula::Hajek, Lonely::Fail).expect("a design");
    // ½ · 2 · (1² + 1²) within a, and ½ · 2 · (2² + 2²) of b and c
    near(
        rule.variance(&[1.0, 3.0, 2.0, 6.0], &every(4))
            .expect("villages"),
        2.0 + 8.0,
    );
    assert_eq!(rule.degrees(&every(4)), 1);
}
