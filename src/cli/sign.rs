//! Signatures beside files.

use std::path::PathBuf;

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::{self, SignedFile};
use clap::Args;

use super::{Common, Screen};

/// Sign files, so that others can tell who made them.
///
/// Reads the files and a secret key; writes a signature beside each file, as FILE.sig. Sign what is
/// handed out: 3-commitment.json, 3-draw.json, the report.
///
/// Next: canvass verify --signed FILE --public KEY
#[derive(Debug, Args)]
pub struct Sign {
    /// The files to sign.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// The file of the secret key, made by canvass keys.
    #[arg(long, value_name = "KEYFILE")]
    key: PathBuf,
}

impl Sign {
    pub fn run(self, _: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let done = study::sign(&self.files, &self.key)?;
        let caption = Words::new("Signed files", "已签名的文件");
        let table = table(&done.value.files, caption, screen);
        let next = format!(
            "canvass verify --signed FILE --public {}",
            done.value.public_key
        );
        screen.show("signatures", &done, &[table], &next);
        Ok(())
    }
}

/// One row for each signed file.
pub fn table(files: &[SignedFile], caption: Words, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("file", "文件")),
        Column::text("SHA-256"),
        Column::text(say("public key", "公钥")),
    ];
    let mut table = Table::new("signed", caption.say(screen.language()), columns);
    for signed in files {
        table.push(vec![
            Value::text(&signed.file),
            Value::text(&signed.sha256),
            Value::text(&signed.public_key),
        ]);
    }
    table
}
