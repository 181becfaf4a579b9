//! Counting rows for whoever watches a reading.

use super::{Error, Frame};
use crate::progress::{Event, Monitor};

/// Counts rows for a monitor, from any thread, and asks it whether to go on.
pub(crate) struct Watched<'a> {
    list: String,
    task: &'static str,
    done: std::sync::atomic::AtomicU64,
    monitor: &'a dyn Monitor,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(frame: &Frame, task: &'static str, monitor: &'a dyn Monitor) -> Watched<'a> {
        monitor.hear(Event::Began {
            task,
            of: frame.list().rows(),
        });
        Watched {
            list: frame.list().name(),
            task,
            done: 0.into(),
            monitor,
        }
    }

    pub(crate) fn step(&self, rows: u64) -> Result<(), Error> {
        let done = self
            .done
            .fetch_add(rows, std::sync::atomic::Ordering::Relaxed)
            + rows;
        self.monitor.hear(Event::Reached {
            task: self.task,
            done,
        });
        if self.monitor.wants_stop() {
            return Err(Error::Stopped {
                list: self.list.clone(),
            });
        }
        Ok(())
    }

    pub(crate) fn end(&self) {
        self.monitor.hear(Event::Ended { task: self.task });
    }
}
