//! How long jobs speak: to a listener they have never seen.
//!
//! A job tells a [`Monitor`] what happened and asks it, now and then, whether to stop. Whether a bar
//! is drawn, nothing is said, or a test takes notes is the monitor's affair.

use crate::notice::Notice;

/// Hears how far a long job has come, and may ask it to stop.
pub trait Monitor: Sync {
    /// Something happened.
    fn hear(&self, event: Event<'_>);

    /// Whether the job should stop at the next safe place.
    fn wants_stop(&self) -> bool {
        false
    }
}

/// What a long job tells.
#[derive(Debug)]
pub enum Event<'a> {
    /// A task began; `of` is how many steps it has, if known.
    Began {
        /// What is being done, for a person: "reading the list".
        task: &'static str,
        /// How many steps there are, if known.
        of: Option<u64>,
    },
    /// So many steps are done in all.
    Reached {
        /// The task.
        task: &'static str,
        /// Steps done since it began.
        done: u64,
    },
    /// Something a statistician must hear.
    Noticed(&'a Notice),
    /// The task is over.
    Ended {
        /// The task.
        task: &'static str,
    },
}

/// Hears everything and says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Monitor for Silent {
    fn hear(&self, _: Event<'_>) {}
}
