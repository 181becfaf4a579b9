//! A monitor that draws: a bar on a terminal, nothing in a pipe. Ctrl-C asks the job to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use canvass::progress::{Event, Monitor};
use indicatif::{ProgressBar, ProgressStyle};

/// Draws how far a job has come.
#[derive(Debug, Default)]
pub struct Bar {
    shown: Mutex<Option<ProgressBar>>,
    /// Whether the person has asked to stop.
    stop: Arc<AtomicBool>,
}

impl Bar {
    /// A bar that listens for Ctrl-C from now on. A second Ctrl-C ends the program at once: files
    /// being written have no name yet, so none is left half-written.
    pub fn new() -> Bar {
        let bar = Bar::default();
        let stop = Arc::clone(&bar.stop);
        let heard = ctrlc::set_handler(move || {
            if stop.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        });
        // Without a handler Ctrl-C ends the program as it always did.
        drop(heard);
        bar
    }
}

impl Monitor for Bar {
    fn hear(&self, event: Event<'_>) {
        let mut shown = self.shown.lock().expect("no listener panicked");
        match event {
            Event::Began { task, of } => {
                let bar = of.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
                let style = if of.is_some() {
                    "  {msg:<28} {bar:30.cyan/dim} {human_pos:>12} of {human_len}  {eta:>4}"
                } else {
                    "  {msg:<28} {spinner} {human_pos:>12}"
                };
                bar.set_style(ProgressStyle::with_template(style).expect("a fixed template"));
                bar.set_message(task);
                bar.enable_steady_tick(Duration::from_millis(200));
                if let Some(before) = shown.replace(bar) {
                    before.finish_and_clear();
                }
            }
            Event::Reached { done, .. } => {
                if let Some(bar) = shown.as_ref() {
                    bar.set_position(done);
                }
            }
            Event::Ended { .. } => {
                if let Some(bar) = shown.take() {
                    bar.finish_and_clear();
                }
            }
            Event::Noticed(_) => {}
        }
    }

    fn wants_stop(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }
}
