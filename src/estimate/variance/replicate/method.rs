//! The ways to make replicates, by name.

use super::{Error, Form, Replicates, Units};
use super::{bootstrap, generalised, groups, half, jackknife, successive};
use crate::method::Card;
use crate::random::Seed;

/// How replicates are made from a design.
#[derive(Debug, Clone)]
pub enum Method {
    /// One cluster after another left out, without strata.
    Jk1,
    /// One cluster after another left out, in strata.
    Jkn,
    /// One cluster of every pair left out.
    Jk2,
    /// Balanced half-samples.
    Brr,
    /// Fay's half-samples.
    Fay {
        /// What the lighter half keeps of its weight.
        rho: f64,
    },
    /// The rescaled bootstrap.
    Bootstrap {
        /// How many.
        replicates: usize,
    },
    /// The bootstrap of Canty and Davison.
    CantyDavison {
        /// How many.
        replicates: usize,
    },
    /// The generalised bootstrap.
    Generalised {
        /// Of which variance.
        form: Form,
        /// How many.
        replicates: usize,
    },
    /// Successive differences.
    Successive {
        /// How many, at the least.
        replicates: usize,
    },
    /// Random groups.
    Groups {
        /// How many.
        groups: u32,
    },
}

impl Method {
    /// The method of this word, which is its card's key. `count` says how many replicates there are to
    /// be, where one may choose, and `rho` is for Fay's; the generalised bootstrap is that of strata.
    ///
    /// ```
    /// use canvass::estimate::variance::replicate::Method;
    /// let method = Method::named("bootstrap", 500, None).expect("a method");
    /// assert_eq!(method.card().key, "bootstrap");
    /// assert!(Method::named("fay", 500, None).is_none() && Method::named("coin", 2, None).is_none());
    /// ```
    #[must_use]
    pub fn named(word: &str, count: u32, rho: Option<f64>) -> Option<Method> {
        let replicates = count as usize;
        let form = Form::Strata;
        let methods = [
            Method::Jk1,
            Method::Jkn,
            Method::Jk2,
            Method::Brr,
            Method::Bootstrap { replicates },
            Method::CantyDavison { replicates },
            Method::Generalised { form, replicates },
            Method::Successive { replicates },
            Method::Groups { groups: count },
        ];
        let fay = rho.map(|rho| Method::Fay { rho });
        let mut methods = methods.into_iter().chain(fay);
        methods.find(|method| method.card().key == word)
    }

    /// What the method says of itself; its key is the word for it.
    #[must_use]
    pub fn card(&self) -> &'static Card {
        match self {
            Method::Jk1 => &jackknife::ONE,
            Method::Jkn => &jackknife::STRATA,
            Method::Jk2 => &jackknife::PAIRS,
            Method::Brr => &half::BALANCED,
            Method::Fay { .. } => &half::FAY,
            Method::Bootstrap { .. } => &bootstrap::RESCALED,
            Method::CantyDavison { .. } => &bootstrap::CANTY,
            Method::Generalised { .. } => &generalised::CARD,
            Method::Successive { .. } => &successive::CARD,
            Method::Groups { .. } => &groups::CARD,
        }
    }
}

impl<'a> Replicates<'a> {
    /// Replicates of a design. Chance comes from the seed; jk1, jkn, brr, fay and sdr ask for none.
    ///
    /// # Errors
    ///
    /// [`Error`] if the method does not fit the design: strata, pairs, stages, populations.
    ///
    /// # Example
    ///
    /// Four of a town of a hundred answered 2, 4, 6 and 8:
    ///
    /// ```
    /// use canvass::estimate::variance::replicate::{Method, Replicated, Replicates, Units};
    /// use canvass::estimate::variance::{Design, Stage};
    /// use canvass::estimate::{Domain, Mean};
    /// use canvass::field::{Item, Outcomes};
    /// use canvass::random::Seed;
    /// use canvass::weigh::Ledger;
    ///
    /// let ledger = Ledger::given(vec![25.0; 4])?;
    /// let stage = Stage { population: Some(&[100.0; 4]), ..Stage::default() };
    /// let units = Units::of(&Design { stages: vec![stage], ..Design::of(ledger.weights()) });
    /// let seed = Seed::new("the evening draw").expect("not blank");
    /// let replicates = Replicates::made(Method::Jk1, units.expect("a design"), &seed);
    /// let replicates = replicates.expect("no strata");
    ///
    /// let minutes = Item { name: "minutes".into(), values: [2.0, 4.0, 6.0, 8.0].map(Some).to_vec() };
    /// let outcomes = Outcomes { class: vec![], code: vec![], attempts: vec![], items: vec![] };
    /// let replicated = Replicated::new(&replicates, &ledger, &outcomes, 0.95);
    /// let mean = replicated.estimate(&Mean::of(&minutes), &Domain::all()).expect("four answers");
    /// assert_eq!((mean.value, mean.n, mean.df), (5.0, 4, 3));
    /// // (1 − 4/100) · s² / 4,  s² = 20/3
    /// assert!((mean.variance.expect("four units") - 1.6).abs() < 1e-12);
    /// # Ok::<(), canvass::Error>(())
    /// ```
    pub fn made(method: Method, units: Units, seed: &Seed) -> Result<Replicates<'a>, Error> {
        match method {
            Method::Jk1 => jackknife::one(units),
            Method::Jkn => jackknife::strata(units),
            Method::Jk2 => jackknife::pairs(units, seed),
            Method::Brr => half::balanced(units),
            Method::Fay { rho } => half::fay(units, rho),
            Method::Bootstrap { replicates } => bootstrap::rescaled(units, replicates, seed),
            Method::CantyDavison { replicates } => bootstrap::canty(units, replicates, seed),
            Method::Generalised { form, replicates } => {
                generalised::generalised(units, form, replicates, seed)
            }
            Method::Successive { replicates } => successive::successive(units, replicates),
            Method::Groups { groups } => groups::groups(units, groups, seed),
        }
    }
}
