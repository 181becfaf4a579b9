//! What tests share, and nothing else.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
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

    /// A file's text.
    pub fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
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
