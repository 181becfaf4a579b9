//! Which rule belongs to which drawing method.

use super::{
    Balanced, Chances, Differences, Independent, LocalMean, Replaced, Rule, Strata, Successive,
    Together, Unequal, local, released_in_stages,
};
use crate::draw::balance::lands::Lands;
use crate::draw::balance::stratified_cube;
use crate::draw::spread::neighbours::standardised;
use crate::draw::{How, Sample};

/// A rule, by its kind: what it needs beside the sample differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// [`Strata`](super::Strata)`::of(sample, worked)`.
    Strata,
    /// [`Unequal`](super::Unequal)`::of(Chances::of(sample, worked))`.
    Unequal,
    /// [`Independent`](super::Independent)`::of(Chances::of(sample, worked))`.
    Independent,
    /// [`Replaced`](super::Replaced)`::of(&sample.stratum, worked)`: rows are hits.
    Replaced,
    /// [`Successive`](super::Successive)`::of(Chances::of(sample, worked), order,
    /// Differences::Overlapping)`, with the place of each drawn unit in the list as the walk met it.
    Successive,
    /// [`LocalMean`](super::LocalMean)`::of(Chances::of(sample, worked), places, NEIGHBOURS)`, with the
    /// places that the draw was spread over.
    LocalMean,
    /// [`LocalMean`](super::LocalMean), and `.balanced(balance)` with the drawn units' amounts.
    LocalBalanced,
    /// [`Balanced`](super::Balanced)`::on(balance, Chances::of(sample, worked))`, with the drawn units'
    /// amounts that the draw was balanced on.
    Balanced,
    /// [`Together`](super::Together)`::on(balance, Chances::of(sample, worked))`, likewise.
    Together,
}

impl Kind {
    /// What to take where the walk's order, the places or the amounts are not at hand: too large rather
    /// than too small, where the draw gained by them.
    ///
    /// ```
    /// use canvass::estimate::variance::Kind;
    /// assert_eq!(Kind::LocalMean.without_more(), Kind::Unequal);
    /// assert_eq!(Kind::Replaced.without_more(), Kind::Replaced);
    /// ```
    #[must_use]
    pub fn without_more(self) -> Kind {
        match self {
            Kind::Successive
            | Kind::LocalMean
            | Kind::LocalBalanced
            | Kind::Balanced
            | Kind::Together => Kind::Unequal,
            other => other,
        }
    }
}

/// The rule for a method, by the key of its card; none for a method that is not known.
///
/// | methods | rule | because |
/// |---|---|---|
/// | simple | [`Kind::Strata`] | it is exact |
/// | systematic, pps-systematic, pivotal, chromy | [`Kind::Successive`] | they keep the order of the list |
/// | sampford, brewer, conditional, tille, midzuno; sequential-poisson, pareto, pareto-adjusted; pps-systematic-random, pivotal-random | [`Kind::Unequal`] | they leave much to chance |
/// | poisson, bernoulli | [`Kind::Independent`] | it is exact |
/// | simple-with-replacement, pps-with-replacement | [`Kind::Replaced`] | it is exact |
/// | local-pivotal, correlated-poisson | [`Kind::LocalMean`] | they spread over places |
/// | local-cube | [`Kind::LocalBalanced`] | it spreads, and known amounts explain part |
/// | cube | [`Kind::Balanced`] | known amounts explain part |
/// | stratified-cube, which is the cube where strata land together | [`Kind::Together`] | they explain part, over all strata |
///
/// ```
/// use canvass::estimate::variance::{Kind, for_method};
/// assert_eq!(for_method("pareto"), Some(Kind::Unequal));
/// ```
#[must_use]
pub fn for_method(key: &str) -> Option<Kind> {
    Some(match key {
        "simple" => Kind::Strata,
        "systematic" | "pps-systematic" | "pivotal" | "chromy" => Kind::Successive,
        "sampford" | "brewer" | "conditional" | "tille" | "midzuno" => Kind::Unequal,
        "sequential-poisson" | "pareto" | "pareto-adjusted" => Kind::Unequal,
        "pps-systematic-random" | "pivotal-random" => Kind::Unequal,
        "poisson" | "bernoulli" => Kind::Independent,
        "simple-with-replacement" | "pps-with-replacement" => Kind::Replaced,
        "local-pivotal" | "correlated-poisson" => Kind::LocalMean,
        "local-cube" => Kind::LocalBalanced,
        "cube" => Kind::Balanced,
        "stratified-cube" => Kind::Together,
        _ => return None,
    })
}

/// The rule for a sample, by what its draw went by; `worked` says which of its units were released.
///
/// Where the draw went by columns that did not come along, [`Kind::without_more`] stands in. Places are
/// divided by the spread of each coordinate among those drawn. A sample in stages has the rule of
/// [`released_in_stages`].
///
/// # Panics
///
/// If a sample in stages contradicts itself: whoever reads one refuses that.
///
/// ```
/// use canvass::draw::Basis;
/// use canvass::estimate::variance::for_sample;
/// # use canvass::{draw::Sample, frame::Codes};
/// # let sample = Sample {
/// #     id: ["a", "b"].map(String::from).to_vec(),
/// #     row: vec![0, 1],
/// #     stratum: Codes::from_labels(["town"; 2]),
/// #     population: vec![4],
/// #     cell: Codes::from_labels(["all"; 2]),
/// #     columns: vec![],
/// #     probability: vec![0.5; 2],
/// #     rank: vec![1, 2],
/// #     replicate: vec![1; 2],
/// #     basis: Basis::default(),
/// # };
/// let worked = vec![true; sample.len()];
/// assert_eq!(for_sample(&sample, &worked).card().key, "taylor");
/// ```
#[must_use]
pub fn for_sample<'a>(sample: &'a Sample, worked: &'a [bool]) -> Box<dyn Rule + 'a> {
    let basis = &sample.basis;
    if !basis.stages.is_empty() {
        return released_in_stages(sample, worked).expect("a sample in stages holds together");
    }
    let Some(how) = &basis.how else {
        return Box::new(Strata::of(sample, worked));
    };
    let kind = for_method(card_key(how)).unwrap_or(Kind::Unequal);
    particular(kind, sample, worked).unwrap_or_else(|| match kind.without_more() {
        Kind::Strata => Box::new(Strata::of(sample, worked)),
        Kind::Independent => Box::new(Independent::of(Chances::of(sample, worked))),
        _ => Box::new(Unequal::of(Chances::of(sample, worked))),
    })
}

/// The key of the card that says how a draw went: where strata land together, not that of its method.
fn card_key(how: &How) -> &'static str {
    match how.lands() {
        Some(Lands::Together) => stratified_cube::CARD.key,
        _ => how.method.card.key,
    }
}

/// A rule that needs more than chances, if that is at hand.
fn particular<'a>(
    kind: Kind,
    sample: &'a Sample,
    worked: &'a [bool],
) -> Option<Box<dyn Rule + 'a>> {
    let basis = &sample.basis;
    let chances = || Chances::of(sample, worked);
    match kind {
        Kind::Replaced => {
            let rule = Replaced::of(&sample.stratum, worked);
            Some(match &basis.hits {
                Some(hits) => Box::new(rule.hit(hits.clone())),
                None => Box::new(rule),
            })
        }
        Kind::Successive => {
            let walk = basis.walk.as_ref()?;
            Some(Box::new(Successive::of(
                chances(),
                walk,
                Differences::Overlapping,
            )))
        }
        Kind::LocalMean => Some(Box::new(local_mean(sample, worked)?)),
        Kind::LocalBalanced => {
            let rule = local_mean(sample, worked)?;
            Some(Box::new(rule.balanced(&basis.balance).ok()?))
        }
        Kind::Balanced if !basis.balance.is_empty() => {
            Some(Box::new(Balanced::on(&basis.balance, chances()).ok()?))
        }
        Kind::Together if !basis.balance.is_empty() => {
            Some(Box::new(Together::on(&basis.balance, chances()).ok()?))
        }
        _ => None,
    }
}

/// Local means over standardised places, if places are at hand.
fn local_mean<'a>(sample: &'a Sample, worked: &[bool]) -> Option<LocalMean<'a>> {
    let places = standardised(&sample.basis.places);
    LocalMean::of(Chances::of(sample, worked), &places, local::NEIGHBOURS).ok()
}

#[cfg(test)]
mod tests {
    use super::for_method;
    use crate::draw::METHODS;

    #[test]
    fn every_drawing_method_has_a_rule() {
        for method in METHODS {
            assert!(for_method(method.card.key).is_some(), "{}", method.card.key);
        }
        assert_eq!(for_method("by hand"), None);
    }
}
