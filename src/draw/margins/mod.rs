//! Whole numbers for tables whose margins are wanted.
//!
//! A plan in real numbers becomes one in whole numbers, right on average in every cell. [`controlled`] keeps
//! the margins of two directions always; [`controlled_cube`] keeps those of three and more as far as that
//! is possible, and names those it had to give up.

pub mod controlled;

pub mod controlled_cube;
