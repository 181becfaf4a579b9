//! Pieces of a long job for as many hands as there are, each with one piece at a time.
//!
//! Not rayon's parallel iterators: polars has a pool of its own, and a rayon thread that waits for
//! that pool begins another piece meanwhile, and another in that one, until all of a list is in
//! memory at once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Does `work` for every item, in any order. After the first failure no item is begun; of several
/// failures, that of the first item is told.
///
/// # Errors
///
/// What `work` returned.
///
/// # Panics
///
/// If `work` does.
pub fn each<T: Sync, E: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<(), E> + Sync,
) -> Result<(), E> {
    all(items.iter(), |_, item| work(item))
}

/// The same of items that are made one after another, each when a hand is free for it. Whoever has an item
/// is told how many were made before; all of those are in somebody's hands or done.
///
/// # Errors
///
/// As [`each`].
///
/// # Panics
///
/// As [`each`].
pub fn all<T, E: Send>(
    items: impl Iterator<Item = T> + Send,
    work: impl Fn(usize, T) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let most = items.size_hint().1.unwrap_or(usize::MAX);
    let hands = rayon::current_num_threads().min(most);
    let items = Mutex::new(items.enumerate());
    let failed = AtomicBool::new(false);
    let failures: Mutex<Vec<(usize, E)>> = Mutex::new(Vec::new());
    let next = || items.lock().expect("making items does not panic").next();
    let toil = || {
        while !failed.load(Ordering::Relaxed) {
            let Some((place, item)) = next() else { return };
            if let Err(error) = work(place, item) {
                failed.store(true, Ordering::Relaxed);
                failures
                    .lock()
                    .expect("nobody panicked with the lock")
                    .push((place, error));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..hands {
            scope.spawn(toil);
        }
        toil();
    });
    let failures = failures
        .into_inner()
        .expect("nobody panicked with the lock");
    match failures.into_iter().min_by_key(|(place, _)| *place) {
        Some((_, error)) => Err(error),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::{all, each};

    #[test]
    fn every_item_is_done_once() {
        let items: Vec<u64> = (1..=1_000).collect();
        let sum = AtomicU64::new(0);
        let done = each(&items, |item| {
            sum.fetch_add(*item, Ordering::Relaxed);
            Ok::<(), ()>(())
        });
        assert_eq!((done, sum.into_inner()), (Ok(()), 500_500));
        assert_eq!(each(&[] as &[u64], |_| Err(())), Ok(()));
    }

    #[test]
    fn items_are_made_in_their_order_when_a_hand_is_free() {
        let made = AtomicU64::new(0);
        let count = |_: &u64| {
            made.fetch_add(1, Ordering::Relaxed);
        };
        let items = (0..1_000_u64).inspect(count);
        let done = all(items, |place, item| {
            assert!(place as u64 == item && made.load(Ordering::Relaxed) > item);
            if item == 500 { Err(item) } else { Ok(()) }
        });
        assert_eq!(done, Err(500));
    }

    #[test]
    fn a_failure_is_told_and_ends_the_job() {
        let items: Vec<u64> = (0..1_000_000).collect();
        let begun = AtomicU64::new(0);
        let done = each(&items, |item| {
            begun.fetch_add(1, Ordering::Relaxed);
            if *item == 10 { Err(*item) } else { Ok(()) }
        });
        assert_eq!(done, Err(10));
        assert!(begun.into_inner() < 1_000_000);
    }
}
