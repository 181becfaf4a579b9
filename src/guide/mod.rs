//! The long documents, as modules, so that whatever code they show is compiled.
//!
//! Read [`story`] first. The others are for when a number is doubted: what its symbol means
//! ([`notation`]), what happened in the field ([`fieldwork`]), how the weights came about
//! ([`weighting`]), how sure it is ([`variance`]), why one might still distrust it ([`biases`]), how an
//! outsider checks who was drawn ([`audit`]), and who wrote the formula down first ([`references`]).

#[doc = include_str!("story.md")]
pub mod story {}

#[doc = include_str!("notation.md")]
pub mod notation {}

#[doc = include_str!("fieldwork.md")]
pub mod fieldwork {}

#[doc = include_str!("weighting.md")]
pub mod weighting {}

#[doc = include_str!("variance.md")]
pub mod variance {}

#[doc = include_str!("biases.md")]
pub mod biases {}

#[doc = include_str!("audit.md")]
pub mod audit {}

#[doc = include_str!("references.md")]
pub mod references {}
