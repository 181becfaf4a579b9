//! Interviews where people are many, varied and cheap to reach.

use super::{Error, shares};
use crate::design::Stratum;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "neyman",
    title: Words::new("Optimum allocation", "最优分配（奈曼分配）"),
    says: Words::new(
        "Interviews follow the size and spread of each stratum, and shy from costly ones, so that the \
         cell's mean varies least for its cost.",
        "访问数随各层规模和差异程度增加，随单位成本减少，使单元均值在给定费用下方差最小。",
    ),
    formula: "n_h = n · (N_h S_h / √c_h) / Σ (N_k S_k / √c_k)",
    sources: &[
        Source::new("Neyman (1934)"),
        Source::at("Cochran (1977)", "§5.5"),
    ],
};

/// N_h S_h / √c_h, H of them.
pub(super) fn pulls(strata: &[Stratum]) -> Result<Vec<f64>, Error> {
    let unknown: Vec<String> = strata
        .iter()
        .filter(|stratum| stratum.spread().is_none())
        .map(|stratum| stratum.label().to_owned())
        .collect();
    if !unknown.is_empty() {
        return Err(Error::SpreadUnknown { strata: unknown });
    }
    let pull = |stratum: &Stratum| {
        stratum.population() as f64 * stratum.spread().unwrap_or_default() / stratum.cost().sqrt()
    };
    let pulls: Vec<f64> = strata.iter().map(pull).collect();
    if pulls.iter().all(|pull| *pull <= 0.0) {
        return Err(Error::NoSpread);
    }
    Ok(pulls)
}

/// Splits `total` interviews over strata so that the stratified mean varies least for its cost.
///
/// Large and varied strata get more. Where everyone answers alike, a few interviews tell all. The
/// result may exceed a stratum's population; [`whole`](crate::plan::whole::whole) keeps to limits.
///
/// # Formula
///
/// ```text
///             N_h S_h / √c_h
/// n_h  =  n · ───────────────────
///             Σ_k N_k S_k / √c_k
/// ```
///
/// # Arguments
///
/// | symbol | argument                  | shape | unit                  |
/// |--------|---------------------------|-------|-----------------------|
/// | n      | `total`                   | 1     | interviews            |
/// | N_h    | [`Stratum::population`]   | H     | units                 |
/// | S_h    | [`Stratum::spread`]       | H     | unit of the answer    |
/// | c_h    | [`Stratum::cost`]         | H     | minutes per interview |
///
/// Returns n_h, H of them, in the order of `strata`; they add up to `total`.
///
/// # Errors
///
/// - [`Error::SpreadUnknown`] names the strata without an S_h. Take it from the last wave, or
///   allocate proportionally.
/// - [`Error::NoSpread`] if nobody differs anywhere: one interview would do.
///
/// # Source
///
/// Neyman (1934) for equal costs; Cochran (1977), §5.5, with costs.
///
/// # Example
///
/// The coast has a quarter of the town's people but four times their spread, so it gets as many
/// interviews:
///
/// ```
/// use canvass::{design::Stratum, plan::allocate::neyman::neyman};
///
/// let strata = [
///     Stratum::new("town", 4_000).with_spread(10.0)?,
///     Stratum::new("coast", 1_000).with_spread(40.0)?,
/// ];
/// assert_eq!(neyman(300.0, &strata).expect("spreads are known"), [150.0, 150.0]);
/// # Ok::<(), canvass::design::Error>(())
/// ```
pub fn neyman(total: f64, strata: &[Stratum]) -> Result<Vec<f64>, Error> {
    Ok(shares(total, &pulls(strata)?))
}

#[cfg(test)]
mod tests {
    use super::{Error, neyman};
    use crate::design::Stratum;

    fn hospitals(costs: [f64; 6]) -> Vec<Stratum> {
        let sizes = [215, 65, 252, 50, 149, 144];
        let spreads = [
            26_787_207.0,
            10_645_109.0,
            6_909_676.0,
            11_085_034.0,
            9_817_762.0,
            44_553_355.0,
        ];
        (0..6)
            .map(|h| {
                let stratum = Stratum::new(format!("h{h}"), sizes[h]);
                let stratum = stratum.with_spread(spreads[h]).expect("a spread");
                stratum.with_cost(costs[h]).expect("a cost")
            })
            .collect()
    }

    fn near(got: &[f64], wanted: &[f64]) {
        for (got, wanted) in got.iter().zip(wanted) {
            assert!((got - wanted).abs() < 5e-8, "{got} is not {wanted}");
        }
    }

    #[test]
    fn hospitals_agree_with_practools() {
        // R PracTools strAlloc(n.tot = 100, Nh, Sh, alloc = "neyman")
        let equal = neyman(100.0, &hospitals([1.0; 6])).expect("spreads");
        near(
            &equal,
            &[
                34.641_682_8,
                4.161_947_1,
                10.473_487_3,
                3.333_804_4,
                8.798_970_4,
                38.590_107_9,
            ],
        );
    }

    #[test]
    fn hospitals_with_costs_agree_with_practools() {
        // strAlloc(alloc = "totcost", cost = 100000, ch): n such that Σ c n = 100 000
        let costs = [1_400.0, 200.0, 300.0, 600.0, 450.0, 1_000.0];
        let parts = neyman(1.0, &hospitals(costs)).expect("spreads");
        let spent: f64 = parts.iter().zip(costs).map(|(n, c)| n * c).sum();
        let scaled: Vec<f64> = parts.iter().map(|n| n * 100_000.0 / spent).collect();
        near(
            &scaled,
            &[
                30.605_403_4,
                9.728_473_6,
                19.989_127_1,
                4.499_120_7,
                13.711_619_2,
                40.340_301_3,
            ],
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        let strata = [Stratum::new("a", 10), Stratum::new("b", 20)];
        let error = neyman(5.0, &strata).expect_err("no spread");
        assert_eq!(
            error,
            Error::SpreadUnknown {
                strata: vec!["a".into(), "b".into()]
            }
        );
        let alike = Stratum::new("a", 10).with_spread(0.0).expect("a spread");
        assert_eq!(neyman(5.0, &[alike]), Err(Error::NoSpread));
    }
}
