use super::{ALIKE, Neighbours, standardised};
use crate::random::Seed;

/// All units around a place in groups, as one finds them without a tree.
fn naive(places: &[Vec<f64>], present: &[bool], place: &[f64]) -> Vec<Vec<usize>> {
    let distance = |unit: usize| -> f64 {
        places[unit]
            .iter()
            .zip(place)
            .map(|(x, y)| (x - y) * (x - y))
            .sum()
    };
    let mut units: Vec<usize> = (0..places.len()).filter(|&unit| present[unit]).collect();
    units.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(a.cmp(&b)));
    let mut groups: Vec<(f64, Vec<usize>)> = Vec::new();
    for unit in units {
        match groups.last_mut() {
            Some((first, group)) if distance(unit) <= *first * ALIKE => group.push(unit),
            _ => groups.push((distance(unit), vec![unit])),
        }
    }
    groups
        .into_iter()
        .map(|(_, mut group)| (group.sort_unstable(), group).1)
        .collect()
}

#[test]
fn the_tree_finds_what_a_walk_through_the_list_finds() {
    for i in 0..60 {
        let mut stream = Seed::new(format!("town {i}"))
            .expect("not blank")
            .stream("test");
        let (units, dimensions) = (1 + stream.below(120) as usize, stream.below(4) as usize);
        // Few different coordinates, so that many are equally near or at one place.
        let steps = 2 + stream.below(8);
        let mut place = || {
            (0..dimensions)
                .map(|_| stream.below(steps) as f64)
                .collect()
        };
        let places: Vec<Vec<f64>> = (0..units).map(|_| place()).collect();
        let mut tree = Neighbours::new(&places, (0..units).collect());
        let mut present = vec![true; units];
        for _ in 0..units {
            let unit = stream.below(units as u64) as usize;
            present[unit] = stream.below(3) == 0;
            if present[unit] {
                tree.restore(unit)
            } else {
                tree.remove(unit)
            }
            let around = &places[stream.below(units as u64) as usize];
            let found = tree.around(around).map(|group| {
                let mut all = group.all();
                let one_by_one: Vec<usize> =
                    (0..group.len()).filter_map(|n| group.nth(n)).collect();
                assert_eq!(all, one_by_one, "town {i}");
                assert_eq!(group.nth(group.len()), None, "town {i}");
                all.sort_unstable();
                all
            });
            let found: Vec<Vec<usize>> = found.collect();
            assert_eq!(found, naive(&places, &present, around), "town {i}");
        }
    }
}

#[test]
fn a_part_of_the_units_makes_a_tree_too() {
    let places: Vec<Vec<f64>> = (0..40).map(|unit| vec![f64::from(unit)]).collect();
    let tree = Neighbours::new(&places, vec![7, 30, 9]);
    let groups: Vec<Vec<usize>> = tree.around(&[8.0]).map(|group| group.all()).collect();
    assert_eq!(groups, [vec![7, 9], vec![30]]);
    assert!(
        Neighbours::new(&[], Vec::new())
            .around(&[])
            .next()
            .is_none()
    );
}

#[test]
fn a_place_that_thousands_share_is_one_entry() {
    let places = vec![vec![1.0, 2.0]; 50_000];
    let tree = Neighbours::new(&places, (0..50_000).collect());
    let group = tree.around(&[0.0, 0.0]).next().expect("someone");
    assert_eq!((group.len(), group.members.len()), (50_000, 1));
}

#[test]
fn metres_and_kilometres_have_the_same_ties() {
    for scale in [1.0, 1000.0, 0.3, 1.0 / 7.0] {
        let grid = (0..25).map(|i| vec![f64::from(i % 5) * scale, f64::from(i / 5) * scale]);
        let places = standardised(&grid.collect::<Vec<_>>());
        let tree = Neighbours::new(&places, (0..25).collect());
        let sizes: Vec<usize> = tree.around(&places[12]).map(|group| group.len()).collect();
        assert_eq!(sizes, [1, 4, 4, 4, 8, 4], "{scale}");
    }
}
