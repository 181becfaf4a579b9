//! The one test binary: each further one would link polars again.

#[path = "support/mod.rs"]
mod support;

mod house;

mod streams;

mod commands;

mod bare;

mod doors;

mod verified;

mod stages;

mod staged;

mod audit;

mod methods;

mod waves;

mod calls;

mod rounding;

mod reference;

mod traps;

mod figures;

mod beyond;

mod scripts;

mod unequal;

mod pairs;

mod asked;

mod beside;

mod formats;

mod weights;

mod cards;

mod steps;

mod coverage;

mod story;

/// Every file in `tests/` is a module above, so that none is forgotten.
#[test]
fn no_test_file_is_forgotten() {
    let me = include_str!("main.rs");
    for entry in std::fs::read_dir("tests").expect("tests run in the package's folder") {
        let path = entry.expect("a readable folder").path();
        let Some(name) = path.file_stem().and_then(|name| name.to_str()) else {
            continue;
        };
        if path.extension().is_some_and(|ending| ending == "rs") && name != "main" {
            assert!(
                me.contains(&format!("mod {name};")),
                "tests/{name}.rs is no module of main.rs"
            );
        }
    }
}
