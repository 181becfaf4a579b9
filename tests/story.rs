//! The golden survey, from list to notice: the study of Chongqing at a size that tests can afford.

use std::collections::BTreeMap;
use std::path::Path;

use canvass::progress::Silent;
use canvass::study::{self, NewSeed, STEPS, Study, Template};

/// A part of the register, and fewer numbers, so that the whole survey takes seconds.
const SCALE: f64 = 0.002;

/// Makes the study's folder, with a smaller pool than the template's.
fn prepare(folder: &Path) {
    let template = Template::find("chongqing-2016").expect("it ships");
    template
        .init(folder, &NewSeed::Template)
        .expect("an empty folder");
    let path = folder.join("survey.toml");
    let survey = std::fs::read_to_string(&path).expect("it was written");
    let smaller = survey
        .replace("pool       = 290_000", "pool       = 24_000")
        .replace("minimum    = 2 ", "minimum    = 1 ")
        .replace("replicates = 20 ", "replicates = 4 ")
        .replace("released  = 20 ", "released  = 3 ");
    assert_ne!(survey, smaller, "the template has changed");
    std::fs::write(path, smaller).expect("it can be written");
}

fn rehearse(folder: &Path) -> study::Rehearsed {
    let template = Template::find("chongqing-2016").expect("it ships");
    study::rehearse(template, folder, Some(SCALE), &Silent)
        .expect("a whole survey")
        .value
}

/// Every artefact of a study, by name: the bytes of files, and of the files of folders.
fn artefacts(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut add = |name: String, path: &Path| {
        found.insert(name, std::fs::read(path).expect("a readable file"));
    };
    for name in STEPS.iter().flat_map(|step| step.writes) {
        let path = folder.join(name);
        if path.is_dir() {
            for entry in std::fs::read_dir(&path).expect("a readable folder") {
                let entry = entry.expect("a readable folder");
                add(
                    format!("{name}/{}", entry.file_name().display()),
                    &entry.path(),
                );
            }
        } else {
            add((*name).to_owned(), &path);
        }
    }
    found
}

fn names_that_differ(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    a.iter()
        .filter(|(name, bytes)| b[*name] != **bytes)
        .map(|(name, _)| name.clone())
        .collect()
}

#[test]
fn a_whole_survey_goes_from_list_to_notice() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("chongqing");
    prepare(&folder);
    let rehearsed = rehearse(&folder);
    assert_eq!((rehearsed.list_rows, rehearsed.drawn), (114_000, 24_000));

    // Thirteen cells: a residential-network firm has fixed Internet and nothing else.
    let table = rehearsed.index.as_ref().expect("the survey has an index");
    assert_eq!(table.figures().count(), 13);
    let firm = table
        .firms
        .iter()
        .position(|firm| firm == "驻地网企业")
        .expect("a firm");
    assert_eq!(table.cells[firm].iter().flatten().count(), 1);
    let notice: Vec<String> = table
        .figures()
        .map(|cell| {
            format!(
                "{} {} {} n={}",
                cell.service, cell.firm, cell.published, cell.estimate.n
            )
        })
        .collect();
    insta::assert_snapshot!(notice.join("\n"));

    let study = Study::open(&folder).expect("a study");
    let again = study.run(&Silent).expect("nothing is out of date");
    assert!(again.iter().all(|ran| !ran.taken), "{again:?}");
    let verified = study
        .verify(&Silent)
        .expect("every artefact is what its inputs make it");
    assert_eq!(verified.len(), STEPS.len());

    // The same on one thread, in another folder: the same bytes.
    let other = home.path().join("again");
    prepare(&other);
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    let alone = one.install(|| rehearse(&other));
    assert_eq!(alone.index, rehearsed.index);
    let differ = names_that_differ(&artefacts(&folder), &artefacts(&other));
    assert_eq!(differ, Vec::<String>::new());

    is_private(&folder);
    a_changed_file_is_named(&folder);
}

/// Numbers stand in the list and on call lists, and nowhere else.
fn is_private(folder: &Path) {
    let calls = std::fs::read_to_string(folder.join("4-calls/calls.csv")).expect("a call list");
    let mut lines = calls.trim_start_matches('\u{feff}').lines();
    assert_eq!(
        lines.next(),
        Some("case_id,phone,service,operator,district,replicate")
    );
    let numbers: Vec<&str> = lines
        .filter_map(|line| line.split(',').nth(1))
        .take(300)
        .collect();
    assert_eq!(numbers.len(), 300);
    for (name, bytes) in artefacts(folder) {
        if name.starts_with("4-calls/") || name.ends_with(".parquet") || name.ends_with(".xlsx") {
            continue;
        }
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(
            numbers.iter().all(|number| !text.contains(number)),
            "{name} holds a number"
        );
    }
    let sample = canvass::files::parquet::read(&folder.join("3-sample.parquet")).expect("a sample");
    assert!(
        sample
            .0
            .iter()
            .all(|(name, _)| !name.contains("number") && !name.contains("unit_id"))
    );
}

/// Whoever changes a figure by hand is found out, by name.
fn a_changed_file_is_named(folder: &Path) {
    let path = folder.join("7-estimates.json");
    let text = std::fs::read_to_string(&path).expect("estimates");
    let at = text.find("\"value\": ").expect("a value") + "\"value\": ".len();
    let digit = if text.as_bytes()[at] == b'9' {
        "8"
    } else {
        "9"
    };
    let changed = format!("{}{digit}{}", &text[..at], &text[at + 1..]);
    std::fs::write(&path, changed).expect("it can be written");
    let study = Study::open(folder).expect("a study");
    let error = study.verify(&Silent).expect_err("it was changed");
    assert!(
        error
            .to_string()
            .starts_with("7-estimates.json is not what"),
        "{error}"
    );
}

#[test]
fn a_survey_that_changes_its_mind_makes_anew_what_depends_on_it() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("chongqing");
    prepare(&folder);
    rehearse(&folder);
    let before = artefacts(&folder);
    let path = folder.join("survey.toml");
    let survey = std::fs::read_to_string(&path).expect("a survey");
    std::fs::write(&path, survey.replace("least = 30", "least = 100000"))
        .expect("it can be written");
    let study = Study::open(&folder).expect("a study");
    study.run(&Silent).expect("it can be made anew");
    let after = artefacts(&folder);
    let differ = names_that_differ(&before, &after);
    assert!(differ.contains(&"9-notice.csv".to_owned()), "{differ:?}");
    assert!(
        !differ.contains(&"3-sample.parquet".to_owned()),
        "{differ:?}"
    );
    let notice = String::from_utf8(after["9-notice.csv"].clone()).expect("UTF-8");
    assert!(notice.contains("样本不足"), "{notice}");
    study
        .verify(&Silent)
        .expect("every artefact is what its inputs make it");
}

#[test]
fn real_returns_and_real_lists_are_not_touched_by_a_rehearsal() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("chongqing");
    prepare(&folder);
    let template = Template::find("chongqing-2016").expect("it ships");
    std::fs::create_dir_all(folder.join("list")).expect("a folder");
    let refused =
        study::rehearse(template, &folder, Some(SCALE), &Silent).expect_err("a list is there");
    assert!(
        refused.to_string().contains("was not made by a rehearsal"),
        "{refused}"
    );
    std::fs::create_dir_all(folder.join("5-returns")).expect("a folder");
    std::fs::write(folder.join("5-returns/attempts-0123.csv"), "real").expect("a file");
    let refused =
        study::rehearse(template, &folder, Some(SCALE), &Silent).expect_err("real returns");
    assert!(
        refused.to_string().contains("was not invented"),
        "{refused}"
    );
    assert!(folder.join("5-returns/attempts-0123.csv").exists());
}
