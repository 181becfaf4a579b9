//! A chance for each unit, larger for the larger: π in proportion to size.
//!
//! Take one of these where what is asked for grows with a size that is known of every unit. All but
//! [`poisson`] draw a fixed number. They differ in how often two units come together, and so in how well
//! their errors can be known:
//!
//! | method                               | pairs            | take it where                                  |
//! |--------------------------------------|------------------|------------------------------------------------|
//! | [`pps_systematic`], [`pivotal`], [`chromy`] | by order  | the order of the list says something of answers |
//! | [`conditional`], [`sampford`]        | exact, all known | variances are to be exact                      |
//! | [`brewer`]                           | not known        | it is asked for                                |
//! | [`tille`], [`midzuno`]               | exact, some small | it is asked for                               |
//! | [`order`]                            | approximate      | waves are to share units, or to avoid each other |
//! | [`poisson`]                          | exact            | the size may be random                         |

pub mod pps_systematic;

pub mod pivotal;

pub mod chromy;

mod count;

pub mod conditional;

pub mod sampford;

pub mod brewer;

pub mod tille;

pub mod midzuno;

pub mod order;

pub mod poisson;
