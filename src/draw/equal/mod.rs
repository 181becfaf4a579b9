//! The same chance for all.
//!
//! Take one of these where units differ in nothing that is known beforehand, or where strata already say
//! all that is known. [`simple`] draws a survey's sample from its list, stratum by stratum; the others draw
//! from a pool.
//!
//! | method         | drawn                                  | take it where                                   |
//! |----------------|----------------------------------------|-------------------------------------------------|
//! | [`smallest`]   | the n smallest permanent numbers       | nothing speaks against it                       |
//! | [`systematic`] | every k-th of the ordered list         | the order of the list says something of answers |
//! | [`bernoulli`]  | every number below f; a random size    | units come one by one and nobody counts them    |

pub mod simple;

pub mod smallest;

pub mod systematic;

pub mod bernoulli;
