//! Samples that weigh as much as the list: balanced on known amounts.
//!
//! Take one of these where the list knows amounts that go with the answers, and there are too many of them
//! for strata. [`cube`] balances one pool, [`local_cube`] also spreads it over places, and
//! [`stratified_cube`] balances many strata each and all together. [`lands`] tells how the last few units land.

pub(super) mod flight;

mod landing;

pub mod lands;

pub mod cube;

pub mod local_cube;

pub mod stratified_cube;
