//! How many interviews a precision takes, and what precision interviews give.

use super::{Chain, Funnel};
use crate::design::Target;
use crate::language::Words;
use crate::math::distribution::normal_quantile;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "size",
    title: Words::new("Sample size for a mean", "均值估计的样本量"),
    says: Words::new(
        "Interviews so that the interval around a mean has the wished half-width: first for a simple \
         sample from an endless list, then times the design effect, then less because the list has an \
         end, and rounded up once, at the end.",
        "使均值置信区间达到目标半宽所需的访问数：先按无限总体简单随机抽样计算，再乘以设计效应，\
         然后作有限总体校正，最后一次性向上取整。",
    ),
    formula: "n₀ = (z S / e)²    n₁ = deff · n₀    n = n₁ / (1 + n₁ / N)",
    sources: &[
        Source::at("Cochran (1977)", "§4.7"),
        Source::at("Kish (1965)", "§8.2, design effect"),
    ],
};

/// z of a two-sided interval with this confidence.
#[must_use]
pub fn z(confidence: f64) -> f64 {
    normal_quantile(0.5 + confidence / 2.0)
}

/// The chain of sizes from a wished precision to numbers to dial.
///
/// # Formula
///
/// ```text
/// n₀ = (z S / e)²    n₁ = deff · n₀    n = n₁ / (1 + n₁ / N) ≤ N    numbers = n / yield
/// ```
///
/// The order matters: the list's end comes before nonresponse, because it is interviews, not numbers
/// dialled, that use it up. Dividing by the yield first would plan too few.
///
/// # Arguments
///
/// | symbol | argument                   | shape | unit   |
/// |--------|----------------------------|-------|--------|
/// | e      | [`Target::margin`]         | 1     | points |
/// | S      | [`Target::spread`]         | 1     | points |
/// | deff   | [`Target::design_effect`]  | 1     | –      |
/// | N      | `population`               | 1     | units  |
///
/// # Source
///
/// Cochran (1977), §4.7; Kish (1965), §8.2.
#[must_use]
pub fn chain(target: &Target, population: u64, confidence: f64, funnel: &Funnel) -> Chain {
    let base = (z(confidence) * target.spread() / target.margin()).powi(2);
    let design = base * target.design_effect();
    let finite = if population == 0 {
        0.0
    } else {
        design / (1.0 + design / population as f64)
    };
    Chain {
        base,
        design,
        finite,
        interviews: ceil(finite).min(population),
        numbers: funnel.numbers_for(finite),
    }
}

/// The half-width that so many interviews give; none if there are none.
///
/// # Formula
///
/// ```text
/// e = z S √( deff (1/n − 1/N) )
/// ```
///
/// # Source
///
/// Cochran (1977), §4.7, solved for e.
#[must_use]
pub fn margin(target: &Target, interviews: f64, population: u64, confidence: f64) -> Option<f64> {
    if interviews <= 0.0 || population == 0 {
        return None;
    }
    let left = (1.0 / interviews - 1.0 / population as f64).max(0.0);
    Some(z(confidence) * target.spread() * (target.design_effect() * left).sqrt())
}

/// Interviews for a share `p` to within ± `margin`, as a fraction.
///
/// # Formula
///
/// ```text
/// n₀ = z² p q deff / e²    n = N n₀ / (N − 1 + n₀)
/// ```
///
/// It differs from the mean's, because the variance of a 0/1 answer in a list of N is N p q / (N − 1).
///
/// # Source
///
/// Cochran (1977), §4.4. Differs from `samplesize4surveys`, which uses the mean's form.
#[must_use]
pub fn for_share(
    p: f64,
    margin: f64,
    design_effect: f64,
    population: Option<u64>,
    confidence: f64,
) -> f64 {
    let endless = z(confidence).powi(2) * p * (1.0 - p) * design_effect / (margin * margin);
    match population {
        None => endless,
        Some(population) => {
            let list = population as f64;
            (list * endless / (list - 1.0 + endless)).min(list)
        }
    }
}

/// Rounded up, but not for the noise of floats.
pub(super) fn ceil(x: f64) -> u64 {
    (x - 1e-9).ceil().max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::{chain, for_share, margin};
    use crate::design::Target;
    use crate::plan::Funnel;

    #[test]
    fn shares_agree_with_practools() {
        // R PracTools nPropMoe(moe.sw = 1, e = .03, pU = .5), N = Inf and 20 000
        assert!((for_share(0.5, 0.03, 1.0, None, 0.95) - 1_067.071_9).abs() < 1e-4);
        assert!((for_share(0.5, 0.03, 1.0, Some(20_000), 0.95) - 1_013.071_5).abs() < 1e-4);
        // e = .01, p = .04
        assert!((for_share(0.04, 0.01, 1.0, None, 0.95) - 1_475.120_187).abs() < 1e-6);
    }

    #[test]
    fn the_order_of_adjustments_is_interviews_first() {
        // S = ½ for p = ½: n₀ = 1067.07, × 1.5 = 1600.6, N = 5 000: 1212.5; ÷ 0.3 = 4042.
        let target = Target::new(0.03, 0.5, 1.5).expect("a target");
        let funnel = Funnel::new(1.0, 1.0, 1.0, 0.3).expect("shares");
        let chain = chain(&target, 5_000, 0.95, &funnel);
        assert!((chain.base - 1_067.071_9).abs() < 1e-4);
        assert!((chain.design - 1_600.607_8).abs() < 1e-3);
        assert!((chain.finite - 1_212.468).abs() < 1e-2, "{}", chain.finite);
        assert_eq!((chain.interviews, chain.numbers), (1_213, 4_042));
    }

    #[test]
    fn the_margin_of_the_planned_interviews_is_the_wished_one() {
        for (wished, spread, effect, population) in [
            (1.0, 18.0, 1.0, 1_000_000),
            (1.5, 22.0, 1.3, 4_000),
            (0.5, 20.0, 1.1, 700),
        ] {
            let target = Target::new(wished, spread, effect).expect("a target");
            let funnel = Funnel::new(0.9, 0.5, 0.9, 0.3).expect("shares");
            let chain = chain(&target, population, 0.95, &funnel);
            let got = margin(&target, chain.finite, population, 0.95).expect("interviews");
            assert!((got - wished).abs() < 1e-9, "{got} is not {wished}");
        }
    }

    #[test]
    fn the_handbook_sizes_are_met() {
        // sd 18, ± 1: (1.96 · 18)² = 1 245; at n = 1 600: ± 0.88
        let target = Target::new(1.0, 18.0, 1.0).expect("a target");
        let funnel = Funnel::new(1.0, 1.0, 1.0, 1.0).expect("shares");
        assert_eq!(
            chain(&target, 1_000_000_000, 0.95, &funnel).interviews,
            1_245
        );
        let got = margin(&target, 1_600.0, 1_000_000_000, 0.95).expect("interviews");
        assert!((got - 0.88).abs() < 0.005, "{got}");
    }

    #[test]
    fn a_census_has_no_margin_and_nobody_has_none_either() {
        let target = Target::new(1.0, 18.0, 1.0).expect("a target");
        assert_eq!(margin(&target, 50.0, 50, 0.95), Some(0.0));
        assert_eq!(margin(&target, 0.0, 50, 0.95), None);
    }
}
