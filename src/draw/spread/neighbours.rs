//! Who is near whom, among units that come and go.
//!
//! The tree is ours. Of the libraries, `kdtree` walks through the whole tree to remove one unit, so that
//! time grows with the square of the list, and `kiddo` wants the number of dimensions when the program is
//! built. Neither gives those equally near as one entry, and lists whose places are districts have
//! thousands at one place. Here removal follows one path down, a place that many share is one entry, and
//! the same places give the same tree everywhere.
//!
//! Distances are squared, from + − × alone. Two that differ by less than a billionth are equal, so that
//! metres and kilometres have the same ties.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::draw::Error;
use crate::math::Moments;
use crate::method::Card;

/// A leaf holds no more units than this.
const LEAF: usize = 8;

/// Squared distances this near to each other, in proportion, are equal.
const ALIKE: f64 = 1.0 + 1e-9;

/// Places divided by the spread of each coordinate, so that none counts for more than another because of
/// its unit. A coordinate in which all are alike stays as it is.
///
/// # Formula
///
/// ```text
/// z_kj = x_kj / S_j,  S_j² = Σ_k (x_kj − x̄_j)² / (N − 1)
/// ```
///
/// # Source
///
/// Grafström, Tillé (2013), who standardise places before they measure distances.
///
/// # Example
///
/// ```
/// use canvass::draw::spread::neighbours::standardised;
/// let places = standardised(&[vec![0.0, 10.0], vec![2.0, 10.0]]);
/// assert!((places[1][0] - 2.0_f64.sqrt()).abs() < 1e-15);
/// assert_eq!(places[1][1], 10.0);
/// ```
#[must_use]
pub fn standardised(places: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let dimensions = places.iter().map(Vec::len).max().unwrap_or(0);
    let spread = |dimension: usize| {
        let mut moments = Moments::default();
        places
            .iter()
            .filter_map(|place| place.get(dimension))
            .for_each(|x| moments.add(*x));
        moments
            .spread()
            .filter(|spread| *spread > 0.0)
            .unwrap_or(1.0)
    };
    let spreads: Vec<f64> = (0..dimensions).map(spread).collect();
    let divide = |place: &Vec<f64>| {
        place
            .iter()
            .zip(&spreads)
            .map(|(x, spread)| x / spread)
            .collect()
    };
    places.iter().map(divide).collect()
}

/// Whether there is a place for each unit, all of as many coordinates, and each a number.
///
/// # Errors
///
/// [`Error::NoPlaces`] otherwise.
pub(crate) fn check(places: &[Vec<f64>], units: usize, card: &Card) -> Result<(), Error> {
    let dimensions = places.first().map_or(0, Vec::len);
    let good = |place: &Vec<f64>| place.len() == dimensions && place.iter().all(|x| x.is_finite());
    if places.len() == units && places.iter().all(good) {
        return Ok(());
    }
    Err(Error::NoPlaces { method: card.key })
}

/// Units in a tree of boxes. A box is halved along its longest side until few units are left in it.
pub(crate) struct Neighbours {
    dimensions: usize,
    /// The units, leaf by leaf.
    units: Vec<usize>,
    /// Their places, in the same order.
    places: Vec<f64>,
    present: Vec<bool>,
    /// Where a unit stands in `units`, by unit.
    slots: Vec<usize>,
    /// Node i has the children 2i + 1 and 2i + 2.
    nodes: Vec<Node>,
    /// The lower and the upper corner of each node.
    corners: Vec<f64>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    from: usize,
    to: usize,
    present: usize,
    /// Whether all its units are at one place.
    point: bool,
}

impl Neighbours {
    /// A tree of `units`, whose places stand in `places` by unit.
    pub(crate) fn new(places: &[Vec<f64>], units: Vec<usize>) -> Neighbours {
        let dimensions = places.first().map_or(0, Vec::len);
        let count = units.len();
        // Halves differ by one at most, so that a size bound tells the depth.
        let mut depth = 0;
        while count.div_ceil(1 << depth) > LEAF {
            depth += 1;
        }
        let nodes = (1 << (depth + 1)) - 1;
        let mut tree = Neighbours {
            dimensions,
            units,
            places: Vec::new(),
            present: vec![true; count],
            slots: vec![usize::MAX; places.len()],
            nodes: vec![Node::default(); nodes],
            corners: vec![0.0; nodes * 2 * dimensions],
        };
        tree.build(0, 0, count, places);
        for (slot, &unit) in tree.units.iter().enumerate() {
            tree.slots[unit] = slot;
            tree.places.extend_from_slice(&places[unit]);
        }
        tree
    }

    fn build(&mut self, node: usize, from: usize, to: usize, places: &[Vec<f64>]) {
        let (low, high) = bounds(&self.units[from..to], places, self.dimensions);
        let mut longest = (0, 0.0);
        let mut point = true;
        for (dimension, (low, high)) in low.iter().zip(&high).enumerate() {
            point &= low >= high;
            if high - low > longest.1 {
                longest = (dimension, high - low);
            }
        }
        let corners = node * 2 * self.dimensions;
        self.corners[corners..][..self.dimensions].copy_from_slice(&low);
        self.corners[corners + self.dimensions..][..self.dimensions].copy_from_slice(&high);
        self.nodes[node] = Node {
            from,
            to,
            present: to - from,
            point,
        };
        if self.is_leaf(node) {
            // Leaves in the order of units, so that nothing depends on how a library halves.
            self.units[from..to].sort_unstable();
            return;
        }
        let middle = from.midpoint(to);
        let along = |unit: &usize| places[*unit].get(longest.0).copied().unwrap_or(0.0);
        self.units[from..to].select_nth_unstable_by(middle - from, |a, b| {
            along(a).total_cmp(&along(b)).then(a.cmp(b))
        });
        self.build(2 * node + 1, from, middle, places);
        self.build(2 * node + 2, middle, to, places);
    }

    fn is_leaf(&self, node: usize) -> bool {
        2 * node + 2 >= self.nodes.len()
    }

    /// Whether no unit is left.
    pub(in crate::draw) fn is_empty(&self) -> bool {
        self.nodes[0].present == 0
    }

    /// Takes a unit out.
    pub(in crate::draw) fn remove(&mut self, unit: usize) {
        self.set(unit, false);
    }

    /// Puts a unit back in.
    pub(in crate::draw) fn restore(&mut self, unit: usize) {
        self.set(unit, true);
    }

    fn set(&mut self, unit: usize, present: bool) {
        let slot = self.slots[unit];
        if self.present[slot] == present {
            return;
        }
        self.present[slot] = present;
        let mut node = 0;
        loop {
            let count = &mut self.nodes[node].present;
            *count = if present { *count + 1 } else { *count - 1 };
            if self.is_leaf(node) {
                return;
            }
            node = 2 * node
                + if slot < self.nodes[2 * node + 1].to {
                    1
                } else {
                    2
                };
        }
    }

    /// The units around a place, nearest first, those equally near together.
    pub(crate) fn around<'a>(&'a self, place: &'a [f64]) -> Around<'a> {
        let mut around = Around {
            tree: self,
            place,
            waiting: BinaryHeap::new(),
        };
        around.wait_for(0);
        around
    }

    fn distance_to_box(&self, place: &[f64], node: usize) -> f64 {
        let corners = &self.corners[node * 2 * self.dimensions..][..2 * self.dimensions];
        let (low, high) = corners.split_at(self.dimensions);
        let outside = |((x, low), high): ((&f64, &f64), &f64)| (low - x).max(x - high).max(0.0);
        place
            .iter()
            .zip(low)
            .zip(high)
            .map(outside)
            .map(|d| d * d)
            .sum()
    }

    fn distance_to_unit(&self, place: &[f64], slot: usize) -> f64 {
        let other = &self.places[slot * self.dimensions..][..self.dimensions];
        place
            .iter()
            .zip(other)
            .map(|(x, y)| (x - y) * (x - y))
            .sum()
    }

    /// The unit that is `nth` of those present in a member.
    fn nth(&self, member: Member, nth: usize) -> usize {
        match member {
            Member::Unit(slot) => self.units[slot],
            Member::Node(mut node) => {
                let mut nth = nth;
                while !self.is_leaf(node) {
                    let left = self.nodes[2 * node + 1].present;
                    node = 2 * node + if nth < left { 1 } else { 2 };
                    nth -= if node % 2 == 0 { left } else { 0 };
                }
                let Node { from, to, .. } = self.nodes[node];
                let mut there = (from..to).filter(|&slot| self.present[slot]);
                self.units[there.nth(nth).expect("as many as counted")]
            }
        }
    }
}

/// The lower and the upper corner of the smallest box around some units.
fn bounds(units: &[usize], places: &[Vec<f64>], dimensions: usize) -> (Vec<f64>, Vec<f64>) {
    let mut low = vec![f64::INFINITY; dimensions];
    let mut high = vec![f64::NEG_INFINITY; dimensions];
    for &unit in units {
        for ((low, high), x) in low.iter_mut().zip(&mut high).zip(&places[unit]) {
            *low = low.min(*x);
            *high = high.max(*x);
        }
    }
    (low, high)
}

/// A unit by its slot, or a whole node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    Node(usize),
    Unit(usize),
}

/// What is looked at next, the nearest first.
struct Waiting {
    distance: f64,
    member: Member,
}

impl Ord for Waiting {
    fn cmp(&self, other: &Waiting) -> Ordering {
        // The heap gives its largest first.
        other
            .distance
            .total_cmp(&self.distance)
            .then(other.member.cmp(&self.member))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Waiting) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Waiting) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}

/// Walks outwards from a place.
pub(crate) struct Around<'a> {
    tree: &'a Neighbours,
    place: &'a [f64],
    waiting: BinaryHeap<Waiting>,
}

impl Around<'_> {
    fn wait_for(&mut self, node: usize) {
        if self.tree.nodes[node].present > 0 {
            let distance = self.tree.distance_to_box(self.place, node);
            self.waiting.push(Waiting {
                distance,
                member: Member::Node(node),
            });
        }
    }

    /// Looks into a node, unless all its units are at one place anyhow.
    fn open(&mut self, node: usize) {
        if !self.tree.is_leaf(node) {
            self.wait_for(2 * node + 1);
            self.wait_for(2 * node + 2);
            return;
        }
        let Node { from, to, .. } = self.tree.nodes[node];
        for slot in (from..to).filter(|&slot| self.tree.present[slot]) {
            let distance = self.tree.distance_to_unit(self.place, slot);
            self.waiting.push(Waiting {
                distance,
                member: Member::Unit(slot),
            });
        }
    }
}

impl<'a> Iterator for Around<'a> {
    type Item = Group<'a>;

    /// The next nearest units.
    fn next(&mut self) -> Option<Group<'a>> {
        let mut group = Group {
            tree: self.tree,
            members: Vec::new(),
            len: 0,
        };
        let mut limit = f64::INFINITY;
        while self
            .waiting
            .peek()
            .is_some_and(|next| next.distance <= limit)
        {
            let Waiting { distance, member } = self.waiting.pop()?;
            let count = match member {
                Member::Unit(_) => 1,
                Member::Node(node) if self.tree.nodes[node].point => self.tree.nodes[node].present,
                Member::Node(node) => {
                    self.open(node);
                    continue;
                }
            };
            if group.len == 0 {
                limit = distance * ALIKE;
            }
            group.len += count;
            group.members.push((member, count));
        }
        (group.len > 0).then_some(group)
    }
}

/// Units equally near to a place: one or more.
pub(crate) struct Group<'a> {
    tree: &'a Neighbours,
    members: Vec<(Member, usize)>,
    len: usize,
}

impl Group<'_> {
    /// How many there are.
    pub(in crate::draw) fn len(&self) -> usize {
        self.len
    }

    /// One of them, counted from 0; a unit has its number for as long as none is removed.
    pub(in crate::draw) fn nth(&self, nth: usize) -> Option<usize> {
        let mut nth = nth;
        for &(member, count) in &self.members {
            if nth < count {
                return Some(self.tree.nth(member, nth));
            }
            nth -= count;
        }
        None
    }

    /// All of them.
    pub(crate) fn all(&self) -> Vec<usize> {
        let mut all = Vec::with_capacity(self.len);
        for &(member, _) in &self.members {
            let (from, to) = match member {
                Member::Unit(slot) => (slot, slot + 1),
                Member::Node(node) => (self.tree.nodes[node].from, self.tree.nodes[node].to),
            };
            let there = (from..to).filter(|&slot| self.tree.present[slot]);
            all.extend(there.map(|slot| self.tree.units[slot]));
        }
        all
    }
}

#[cfg(test)]
mod tests;
