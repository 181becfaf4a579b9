//! What many hands gather, each for itself.

use std::sync::Mutex;

/// What many hands gather from the batches of a list. Whoever has a batch takes a heap that nobody else
/// has, adds to it, and puts it back: there are as many heaps as hands, however many batches, and nobody
/// waits for another. Which batch is on which heap is left to chance, so nothing may depend on it.
#[derive(Debug, Default)]
pub(crate) struct Hands<T>(Mutex<Vec<T>>);

impl<T: Default> Hands<T> {
    /// Adds to a heap.
    pub(crate) fn with<R>(&self, add: impl FnOnce(&mut T) -> R) -> R {
        let mut heap = self.heaps().pop().unwrap_or_default();
        let result = add(&mut heap);
        self.heaps().push(heap);
        result
    }

    /// All heaps.
    pub(crate) fn all(self) -> Vec<T> {
        self.0.into_inner().expect("nobody panicked with the lock")
    }

    fn heaps(&self) -> std::sync::MutexGuard<'_, Vec<T>> {
        self.0.lock().expect("nobody panicked with the lock")
    }
}

#[cfg(test)]
mod tests {
    use rayon::iter::{IntoParallelIterator, ParallelIterator};

    use super::Hands;

    #[test]
    fn nothing_is_lost_between_hands() {
        let hands: Hands<u64> = Hands::default();
        (0..1_000_u64)
            .into_par_iter()
            .for_each(|one| hands.with(|heap| *heap += one));
        assert_eq!(hands.all().into_iter().sum::<u64>(), 499_500);
    }
}
