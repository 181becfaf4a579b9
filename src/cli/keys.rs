//! A pair of keys to sign with.

use std::path::PathBuf;

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study;
use clap::Args;

use super::{Common, Screen};

/// Make a pair of keys to sign files with.
///
/// Reads nothing but chance from the system; writes NAME.key, the secret half, which only its owner
/// can read, and NAME.pub, the public half. Publish the public half where nobody else can write, long
/// before it is needed. Keys that are there are not overwritten.
///
/// Next: canvass sign FILE --key NAME.key
#[derive(Debug, Args)]
pub struct Keys {
    /// What the files are called, without their endings.
    #[arg(short = 'o', long = "output", value_name = "NAME")]
    name: PathBuf,
}

impl Keys {
    pub fn run(self, _: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        let done = study::make_keys(&self.name)?;
        let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
        let columns = vec![
            Column::text(say("what", "项目")),
            Column::text(say("value", "值")),
        ];
        let mut table = Table::new("keys", say("A pair of keys", "密钥对"), columns);
        let rows = [
            (
                say("public key, to be published", "公钥（应公布）"),
                &done.value.public_key,
            ),
            (say("its file", "公钥文件"), &done.value.public_file),
            (
                say("the secret key's file, to be kept", "私钥文件（须保密）"),
                &done.value.secret_file,
            ),
        ];
        for (what, value) in rows {
            table.push(vec![Value::text(what), Value::text(value)]);
        }
        let next = format!("canvass sign FILE --key {}", done.value.secret_file);
        screen.show("keys", &done, &[table], &next);
        Ok(())
    }
}
