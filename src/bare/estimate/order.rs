//! Rows in the order of what they hold.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

/// What one column makes of a row: a whole number that sorts as the column does.
pub(super) type Key<'t> = Box<dyn Fn(usize) -> u64 + Sync + 't>;

/// So many rows that are alike are worth sharing out.
const MANY: usize = 1 << 16;

/// The rows, sorted by the first column, then by the second, and so on. Rows that hold the same keep
/// their order.
pub(super) fn of(keys: &[Key<'_>], rows: usize) -> Vec<u32> {
    let mut all: Vec<(u64, u32)> = (0..rows as u32)
        .into_par_iter()
        .map(|row| (0, row))
        .collect();
    sort(&mut all, keys);
    all.into_iter().map(|(_, row)| row).collect()
}

/// Sorts rows that are alike so far. Only those that a column leaves alike are looked up in the next
/// one: among millions of rows that is what takes long.
fn sort(alike: &mut [(u64, u32)], keys: &[Key<'_>]) {
    let Some((key, rest)) = keys.split_first() else {
        alike.sort_unstable_by_key(|(_, row)| *row);
        return;
    };
    let same = |a: &(u64, u32), b: &(u64, u32)| a.0 == b.0;
    if alike.len() < MANY {
        for (place, row) in alike.iter_mut() {
            *place = key(*row as usize);
        }
        alike.sort_unstable();
        let runs = alike.chunk_by_mut(same);
        runs.filter(|run| run.len() > 1)
            .for_each(|run| sort(run, rest));
        return;
    }
    alike
        .into_par_iter()
        .for_each(|(place, row)| *place = key(*row as usize));
    alike.par_sort_unstable();
    let runs = alike.par_chunk_by_mut(same);
    runs.filter(|run| run.len() > 1)
        .for_each(|run| sort(run, rest));
}

#[cfg(test)]
mod tests {
    use super::{Key, of};

    #[test]
    fn rows_go_by_the_first_column_then_by_the_next_then_by_themselves() {
        let first = [3, 1, 3, 1, 2, 3];
        let second = [5, 9, 4, 8, 0, 5];
        let keys: Vec<Key<'_>> = vec![Box::new(|row| first[row]), Box::new(|row| second[row])];
        assert_eq!(of(&keys, 6), [3, 1, 4, 2, 0, 5]);
    }

    #[test]
    fn many_rows_are_sorted_as_few_are() {
        let key = |row: usize, of: u64| (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40 & of;
        let keys: Vec<Key<'_>> = vec![
            Box::new(|_| 7),
            Box::new(|row| key(row, 3)),
            Box::new(|row| key(row, 255)),
        ];
        let rows = 200_000;
        let mut wanted: Vec<u32> = (0..rows as u32).collect();
        wanted.sort_by_key(|&row| (key(row as usize, 3), key(row as usize, 255)));
        assert_eq!(of(&keys, rows), wanted);
    }
}
