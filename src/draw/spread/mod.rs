//! Samples spread over a map, or over whatever makes units neighbours.
//!
//! Take one of these where units near each other answer alike: a sample that repeats nobody's neighbour
//! says more. [`local_pivotal`] is the first choice; [`correlated_poisson`] pushes neighbours away one
//! unit at a time. [`measure`] says how well any sample is spread, and [`neighbours`] who is near whom.
//! Where amounts are to be balanced too, see [`local_cube`](crate::draw::balance::local_cube).

pub mod neighbours;

pub mod local_pivotal;

pub mod correlated_poisson;

pub mod measure;
