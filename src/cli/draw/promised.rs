//! A promise before a draw from a bare file.

use std::path::Path;

use canvass::bare::{self, Request};
use canvass::language::Words;
use canvass::report::{Column, Table, Value};

use crate::cli::Screen;

/// Writes the promise, and prints the line to be published.
pub(super) fn promise(
    request: &Request,
    path: &Path,
    screen: &mut Screen,
) -> Result<(), canvass::Error> {
    let done = bare::commit(request, path, screen.monitor())?;
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "值")),
    ];
    let caption = say("What is promised", "抽样前承诺的内容");
    let mut table = Table::new("commitment", caption, columns);
    for (what, value) in done.value.commitment.as_object().into_iter().flatten() {
        let value = match value.as_str() {
            Some(text) => text.to_owned(),
            None => value.to_string(),
        };
        table.push(vec![Value::text(what), Value::text(value)]);
    }
    screen.done("bare-commitment", &done, &[table]);
    screen.say(Words::new("publish", "公布"), &done.value.line);
    let next = "the same command without --commit, once the line is published";
    screen.beside(&done, next);
    Ok(())
}
