//! A telephone survey from list to published figure.
//!
//! canvass plans how many interviews are needed and where, draws the probability sample, writes the
//! call lists, takes the returned calls and answers in, weighs them, estimates with honest
//! uncertainty, and writes the notice. The rooms below stand in the order of a survey; data moves
//! through them from left to right, and each knows only those before it.
//!
//! ```no_run
//! use canvass::{progress::Silent, study::Study};
//!
//! let study = Study::open("coffee-2025".as_ref())?; // a folder with survey.toml
//! study.check(&Silent)?; // is the list fit to draw from?
//! study.plan(None, true)?; // how many, and where
//! let drawn = study.draw(&Silent)?.value; // which ones – the same ones, every time
//! println!("{} people to call", drawn.drawn);
//! # Ok::<(), canvass::Error>(())
//! ```
//!
//! The reasoning, the formulas and their sources are in the [`guide`].

// 1. Who could be called

pub mod frame;

// 2. How they may be chosen

pub mod design;

// 3. How many, and where

pub mod plan;

// 4. Which ones

pub mod draw;

// 5. Calling them, and what came of it

pub mod field;

// 6. How many people each answer speaks for

pub mod weigh;

// 7. What the population says, and how sure we are

pub mod estimate;

// 8. Satisfaction in one figure

pub mod index;

// 9. Telling it

pub mod report;

// The foundation: numbers and chance without a story, and the words every room needs

pub mod math;

pub mod random;

pub mod method;

pub mod notice;

pub mod progress;

pub mod advice;

pub mod language;

// The roof: settings, files, one bare list, and the survey on disk

pub mod settings;

pub mod files;

pub mod rehearse;

pub mod bare;

pub mod study;

pub mod error;

// The book

pub mod guide;

pub use error::{Error, ExitClass};
pub use method::Card;

/// The cards of all methods, in the order of the rooms.
///
/// ```
/// assert!(canvass::cards().iter().any(|card| card.key == "neyman"));
/// ```
#[must_use]
pub fn cards() -> Vec<&'static Card> {
    [
        plan::CARDS,
        draw::CARDS,
        field::CARDS,
        weigh::CARDS,
        estimate::CARDS,
        index::CARDS,
    ]
    .concat()
}

/// The examples of README.md, compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
