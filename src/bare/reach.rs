//! How far a draw by permanent numbers went, stratum by stratum: with it, anyone can judge one unit.

use super::Request;
use super::manifest::DrawnStratum;
use super::pools::{Part, Picked};
use super::sample::Rows;
use crate::random::Numbers;
use crate::study::reach;

/// Tells of each stratum the last number that was drawn, and what it was compared as; nothing where numbers
/// do not decide.
pub(super) fn tell(
    request: &Request,
    columns: &[String],
    rows: &Rows,
    strata: &mut [DrawnStratum],
) {
    let how = request.how();
    let Some(rule) = how.compares() else {
        return;
    };
    let numbers = Numbers::new(&request.seed);
    let size = request.size.as_deref();
    let sizes = columns.iter().position(|name| Some(name.as_str()) == size);
    let sizes = sizes.map(|place| &rows.cells[place]);
    let carry: Vec<&str> = size.into_iter().collect();
    let mut from = 0;
    for stratum in strata {
        let here = from..from + stratum.drawn as usize;
        from = here.end;
        let picked = |place: usize| {
            let unit = &rows.units[place];
            Picked {
                id: unit.id.clone(),
                cells: Some(
                    sizes
                        .map(|cells| cells[place].clone())
                        .into_iter()
                        .collect(),
                ),
                ..*unit
            }
        };
        let part = Part {
            units: here.map(picked).collect(),
            ..Part::default()
        };
        let (last, threshold) = reach(&how, rule, &part, &carry, &numbers);
        stratum.last = last.map(|number| number.text());
        stratum.threshold = threshold;
    }
}
