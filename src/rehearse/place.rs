//! Chongqing: its districts, and the blocks of mobile numbers assigned to it.

/// The districts with their zones and populations, as CSV. Sources stand beside the file.
pub const DISTRICTS: &str = include_str!("../../config/chongqing/districts.csv");

/// The blocks of mobile numbers with operator and area, as CSV. Sources stand beside the file.
pub const BLOCKS: &str = include_str!("../../config/chongqing/number_blocks_2023.csv");

/// A district or county.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct District {
    pub name: &'static str,
    pub zone: &'static str,
    /// Residents in 2015, approximately.
    pub people: f64,
}

/// All districts, in the table's order.
pub(super) fn districts() -> Vec<District> {
    rows(DISTRICTS)
        .map(|row| District {
            name: row[0],
            zone: row[1],
            people: row[3]
                .parse()
                .expect("the table of districts has populations"),
        })
        .collect()
}

/// Places, among all sorted blocks, of those that `holder` has under `netcodes`.
pub(super) fn blocks(holder: &str, netcodes: &[String]) -> Vec<usize> {
    let mut all: Vec<(&str, &str)> = rows(BLOCKS).map(|row| (row[0], row[1])).collect();
    all.sort_unstable();
    let under = |block: &str| {
        netcodes
            .iter()
            .any(|netcode| block.starts_with(netcode.as_str()))
    };
    (0..all.len())
        .filter(|&place| all[place].1 == holder && under(all[place].0))
        .collect()
}

/// The rows of a table of ours below its heading; no cell of it holds a comma.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().skip(1).map(|line| line.split(',').collect())
}

#[cfg(test)]
mod tests {
    use super::{blocks, districts};

    #[test]
    fn there_are_thirty_eight_districts_with_thirty_million_people() {
        let districts = districts();
        assert_eq!(districts.len(), 38);
        let people: f64 = districts.iter().map(|district| district.people).sum();
        // 30.1655 million in the statistics bureau's announcement; zones are rounded to 100 people.
        assert!((people - 30_165_500.0).abs() < 500.0, "{people}");
    }

    #[test]
    fn an_operator_has_only_blocks_of_its_own() {
        let codes = |of: &[&str]| of.iter().map(|&code| code.to_owned()).collect::<Vec<_>>();
        let telecom = blocks("china_telecom", &codes(&["133"]));
        assert_eq!(telecom.len(), 218);
        assert!(blocks("china_unicom", &codes(&["133"])).is_empty());
    }
}
