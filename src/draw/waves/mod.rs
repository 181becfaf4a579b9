//! Several waves from one list: sharing units, avoiding them, leaving them in peace.
//!
//! [`coordinate`] turns permanent numbers so that waves share as many units as wanted, and
//! [`turning`] says which turn follows which; [`overlap`] says how many that will be and finds how many it
//! was, and [`rested`] leaves out for a while who was called lately.

pub mod coordinate;

pub mod overlap;

pub mod rested;

pub mod turning;
