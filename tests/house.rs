//! The walls of the house: who may know whom, and what every file owes its reader.

use std::fs;
use std::path::{Path, PathBuf};

/// Storeys and rooms from the ground up. A file may import what stands before its own place.
const FOUNDATION: &[&str] = &[
    "language", "method", "advice", "notice", "progress", "math", "random",
];
const ROOMS: &[&str] = &[
    "frame", "design", "plan", "draw", "field", "weigh", "estimate", "index", "report",
];
const ROOF: &[&str] = &[
    "files", "settings", "rehearse", "bare", "study", "error", "guide",
];

/// Libraries, and the only places that may name them.
const LIBRARIES: &[(&str, &[&str], &str)] = &[
    (
        "polars",
        &["src/files/"],
        "columns become slices and Codes at the door",
    ),
    ("rand", &["src/random/"], "chance has one door"),
    (
        "rand_distr",
        &["src/random/pretend.rs"],
        "distributions are for rehearsals",
    ),
    (
        "ed25519_dalek",
        &["src/files/signature.rs"],
        "signatures have one door",
    ),
    (
        "statrs",
        &["src/math/distribution.rs"],
        "distributions have one door",
    ),
    (
        "faer",
        &["src/math/solve.rs"],
        "systems of equations have one door",
    ),
    (
        "microlp",
        &["src/math/programme.rs"],
        "linear programmes have one door",
    ),
    (
        "clap",
        &["src/cli/"],
        "the terminal is no part of the library",
    ),
    (
        "indicatif",
        &["src/cli/"],
        "the terminal is no part of the library",
    ),
    (
        "comfy_table",
        &["src/cli/"],
        "the terminal is no part of the library",
    ),
    (
        "toml",
        &["src/settings/", "src/rehearse/"],
        "what a person writes is read in one place",
    ),
    (
        "maud",
        &["src/files/render/"],
        "a report does not know how it is shown",
    ),
    (
        "plotters",
        &["src/files/render/"],
        "a report does not know how it is shown",
    ),
    (
        "rust_xlsxwriter",
        &["src/files/"],
        "formats belong to files",
    ),
    ("csv", &["src/files/"], "formats belong to files"),
    (
        "encoding_rs",
        &["src/files/", "src/study/"],
        "encodings belong to files",
    ),
];

/// Every Rust file under `src`, with its text without tests and comments.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    walk(Path::new("src"), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a readable file");
            (path.to_string_lossy().replace('\\', "/"), text)
        })
        .collect()
}

/// The lines that run: no comments, and nothing after the unit tests begin.
fn code(text: &str) -> String {
    let body = text.split("#[cfg(test)]").next().unwrap_or_default();
    body.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The room or storey of a file under `src`.
fn place(path: &str) -> &str {
    let inside = path.trim_start_matches("src/");
    inside
        .split('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".rs")
}

/// Modules of this crate that a text names.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let group = group.split('}').next().unwrap_or_default();
            found.extend(group.split(',').map(|part| first_word(part.trim())));
        } else {
            found.push(first_word(rest));
        }
    }
    found
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn a_room_knows_only_the_rooms_to_its_left() {
    for (path, text) in sources() {
        let mine = place(&path);
        for other in imports(&code(&text)) {
            let other = other.as_str();
            if other == mine {
                continue;
            }
            let allowed = if FOUNDATION.contains(&mine) {
                FOUNDATION.contains(&other)
            } else if let Some(me) = ROOMS.iter().position(|room| *room == mine) {
                FOUNDATION.contains(&other) || ROOMS[..me].contains(&other)
            } else if mine == "files" {
                !["study", "settings", "rehearse"].contains(&other)
            } else if mine == "settings" {
                // Which methods there are, and what each needs, is the draw's and the estimates' to say.
                FOUNDATION.contains(&other) || ["files", "draw", "estimate"].contains(&other)
            } else {
                true
            };
            assert!(
                allowed,
                "{path} imports {other}: {mine} does not know {other}"
            );
        }
    }
}

#[test]
fn every_file_stands_in_a_storey() {
    for (path, _) in sources() {
        let mine = place(&path);
        let doors = ["lib", "main", "cli"];
        let known = [FOUNDATION, ROOMS, ROOF, &doors].concat().contains(&mine);
        assert!(
            known,
            "{path}: '{mine}' is no room, and no part of foundation, roof or doors"
        );
    }
}

#[test]
fn every_library_has_its_door() {
    for (path, text) in sources() {
        let text = code(&text);
        for (library, doors, why) in LIBRARIES {
            let named = text.lines().any(|line| {
                line.contains(&format!("use {library}::"))
                    || line.contains(&format!(" {library}::"))
                    || line.contains(&format!("({library}::"))
            });
            let own_module = path.starts_with("src/files/") && *library == "csv";
            if named && !own_module {
                assert!(
                    doors.iter().any(|door| path.starts_with(door)),
                    "{path} names {library}: {why}"
                );
            }
        }
    }
}

#[test]
fn rooms_touch_no_files_and_no_clock() {
    for (path, text) in sources() {
        if !ROOMS.contains(&place(&path)) && !FOUNDATION.contains(&place(&path)) {
            continue;
        }
        let text = code(&text);
        for word in [
            "std::fs",
            "fs::",
            "std::env",
            "std::time",
            "Timestamp::now",
            "println!",
        ] {
            assert!(
                !text.contains(word),
                "{path} names {word}: rooms take values and return values"
            );
        }
    }
}

#[test]
fn the_terminal_is_no_part_of_the_library() {
    let library = fs::read_to_string("src/lib.rs").expect("the library");
    assert!(
        !library.contains("mod cli"),
        "the library knows the terminal"
    );
}

#[test]
fn the_story_is_told_in_order() {
    let library = fs::read_to_string("src/lib.rs").expect("the library");
    let mut from = 0;
    for room in ROOMS {
        let line = format!("\npub mod {room};");
        let at = library[from..].find(&line);
        assert!(
            at.is_some(),
            "lib.rs does not list {room} after the rooms before it"
        );
        from += at.unwrap_or_default() + 1;
    }
}

#[test]
fn a_formula_has_a_source() {
    for (path, text) in sources() {
        for doc in doc_comments(&text) {
            if doc.contains("# Formula") {
                assert!(
                    doc.contains("# Source"),
                    "{path}: a formula without a source:\n{doc}"
                );
            }
        }
    }
}

/// Runs of `///` lines.
fn doc_comments(text: &str) -> Vec<String> {
    let mut docs = vec![String::new()];
    for line in text.lines() {
        if let Some(words) = line.trim_start().strip_prefix("///") {
            let doc = docs.last_mut().expect("at least one");
            doc.push_str(words);
            doc.push('\n');
        } else if docs.last().is_some_and(|doc| !doc.is_empty()) {
            docs.push(String::new());
        }
    }
    docs
}

#[test]
fn every_card_is_whole_and_its_sources_are_in_the_bibliography() {
    let references = fs::read_to_string("src/guide/references.md").expect("the bibliography");
    let cards = canvass::cards();
    assert!(cards.len() > 20, "only {} cards", cards.len());
    for (place, card) in cards.iter().enumerate() {
        let key = card.key;
        assert!(
            cards[..place].iter().all(|other| other.key != key),
            "two cards are called {key}"
        );
        for words in [card.title, card.says] {
            assert!(
                !words.en.trim().is_empty() && !words.zh.trim().is_empty(),
                "{key} is not told"
            );
        }
        assert!(!card.formula.is_empty(), "{key} has no formula");
        assert!(!card.sources.is_empty(), "{key} has no source");
        for source in card.sources {
            let heading = format!("## {}\n", source.key);
            assert!(
                references.contains(&heading),
                "{key}: '{}' is not in the bibliography",
                source.key
            );
        }
    }
}

#[test]
fn no_file_grows_beyond_one_idea() {
    for (path, text) in sources() {
        let lines = code(&text).lines().count();
        assert!(
            lines <= 500,
            "{path} has {lines} lines of code: which second idea does it hold?"
        );
    }
}

#[test]
fn every_library_may_be_used_by_anyone() {
    const FREE: &[&str] = &[
        "MIT",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "Unlicense",
        "BSL-1.0",
        "MPL-2.0",
        "Unicode-3.0",
        "CC0-1.0",
        "0BSD",
        "MIT-0",
        "Apache-2.0 WITH LLVM-exception",
    ];
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .output()
        .expect("cargo can be run");
    // Packages for other systems may not have been downloaded; then there is nothing to look at.
    if !output.status.success() {
        let online = std::process::Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked"])
            .output()
            .expect("cargo can be run");
        assert!(
            online.status.success(),
            "cargo metadata: {}",
            String::from_utf8_lossy(&online.stderr)
        );
        return check_licences(&online.stdout, FREE);
    }
    check_licences(&output.stdout, FREE);
}

fn check_licences(metadata: &[u8], free: &[&str]) {
    let metadata: serde_json::Value = serde_json::from_slice(metadata).expect("cargo writes JSON");
    for package in metadata["packages"].as_array().expect("packages") {
        let (name, licence) = (
            &package["name"],
            package["license"].as_str().unwrap_or_default(),
        );
        // "(A OR B) AND C": every AND part must have a choice that is free.
        let ok = licence.replace('/', " OR ").split(" AND ").all(|part| {
            part.split(" OR ")
                .any(|one| free.contains(&one.trim().trim_matches(['(', ')'])))
        });
        assert!(ok, "{name} is under '{licence}'");
    }
}
