//! What tests share, and nothing else.

pub mod survey;

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use canvass::files::{Column, Columns};
use tempfile::TempDir;

/// Nothing may differ: counts, and sums of halves.
pub const EXACT: f64 = 0.0;

/// Sums of the same numbers in another order.
pub const SUMMED: f64 = 1e-12;

/// Another program's result: it prints fifteen digits, and takes other ways to them.
pub const VS_R: f64 = 1e-9;

/// Asserts that two numbers agree to a relative tolerance; beside 0, to an absolute one.
#[track_caller]
pub fn assert_close(found: f64, wanted: f64, tolerance: f64) {
    let scale = if wanted == 0.0 { 1.0 } else { wanted.abs() };
    let apart = (found - wanted).abs();
    assert!(
        apart <= tolerance * scale,
        "{found} is not {wanted}: {apart:e} apart, of {scale}"
    );
}

/// A temporary folder, and a way to run canvass in it.
#[derive(Debug)]
pub struct Bench {
    folder: TempDir,
}

impl Bench {
    /// An empty folder. It goes when the test ends.
    pub fn new() -> Bench {
        Bench {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A file's path.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Puts a file of the tests' data into the folder, under its own name.
    pub fn bring(&self, data: &str) {
        let from = Path::new("tests/data").join(data);
        let name = from.file_name().expect("a file");
        fs::copy(&from, self.folder.path().join(name))
            .unwrap_or_else(|why| panic!("{}: {why}", from.display()));
    }

    /// A file's text.
    pub fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
    }

    /// A file of JSON.
    pub fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    /// canvass, to be run in the folder.
    pub fn canvass(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_canvass"));
        command.current_dir(self.folder.path()).args(args);
        command
    }

    /// What canvass said, and how it ended.
    pub fn says(&self, args: &[&str]) -> Said {
        let output = self.canvass(args).output().expect("canvass can be run");
        let text = |bytes| String::from_utf8(bytes).expect("canvass speaks UTF-8");
        Said {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Writes a table with the same rows in another order: `shuffled/NAME`.
    pub fn shuffle(&self, name: &str) {
        let text = self.read(name);
        let (heading, rows) = text.split_once('\n').expect("a heading");
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.sort_by_key(|row| row.bytes().rev().collect::<Vec<u8>>());
        let shuffled = format!("{heading}\n{}\n", rows.join("\n"));
        self.write(&format!("shuffled/{name}"), &shuffled);
    }

    /// What canvass printed when all went well, in a folder and on so many threads.
    #[track_caller]
    pub fn printed(&self, folder: &str, threads: &str, args: &[&str]) -> Vec<u8> {
        let mut command = self.canvass(args);
        command
            .current_dir(self.path(folder))
            .env("RAYON_NUM_THREADS", threads);
        let output = command.output().expect("canvass can be run");
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{err}");
        output.stdout
    }

    /// The rows of figures that were asked for; words are apart by blanks.
    #[track_caller]
    pub fn rows(&self, asked: &str) -> Vec<serde_json::Value> {
        let words: Vec<&str> = asked.split_whitespace().collect();
        let json = self
            .done(&[&words[..], &["--format", "json"]].concat())
            .json();
        json["rows"].as_array().expect("rows").clone()
    }

    /// What canvass said when all went well.
    #[track_caller]
    pub fn done(&self, args: &[&str]) -> Said {
        let said = self.says(args);
        assert_eq!(
            said.code,
            Some(0),
            "canvass {}\n{}{}",
            args.join(" "),
            said.out,
            said.err
        );
        said
    }
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    /// Its exit code.
    pub code: Option<i32>,
    /// Results.
    pub out: String,
    /// Everything else.
    pub err: String,
}

impl Said {
    /// The results as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|why| panic!("{why}:\n{}", self.out))
    }
}

/// Asserts that a command was refused with this exit code, and said all of these words.
#[track_caller]
pub fn refused(said: &Said, code: i32, words: &[&str]) {
    assert_eq!(said.code, Some(code), "{}{}", said.out, said.err);
    for word in words {
        assert!(said.err.contains(word), "no '{word}' in:\n{}", said.err);
    }
}

/// The numbers of a column.
pub fn reals(table: &Columns, name: &str) -> Vec<f64> {
    match table.get(name) {
        Some(Column::Real(values)) => values.iter().map(|v| v.expect("a number")).collect(),
        Some(Column::Whole(values)) => values.iter().map(|v| *v as f64).collect(),
        other => panic!("{name} is {other:?}"),
    }
}
