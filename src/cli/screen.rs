//! What a person sees: tables, what was read and written, what comes next.

use std::io::Write;

use canvass::advice::Advise;
use canvass::files::render;
use canvass::language::{Language, Words};
use canvass::notice::Notice;
use canvass::progress::Monitor;
use canvass::report::Table;
use canvass::study::Done;
use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table as Grid, presets};
use serde::Serialize;

use super::bar::Bar;
use super::{Common, Format};

/// The terminal, or the pipe that stands for it. Results go to standard output; everything else goes
/// to standard error, so that a pipe holds results alone.
#[derive(Debug)]
pub struct Screen {
    format: Format,
    language: Language,
    bar: Bar,
    noticed: bool,
}

impl Screen {
    /// The screen that the flags ask for.
    pub fn new(common: &Common) -> Screen {
        let language = common.lang.map_or(Language::English, Language::from);
        Screen {
            format: common.format,
            language,
            bar: Bar::new(),
            noticed: false,
        }
    }

    /// The language of what is printed.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Who listens to long jobs.
    pub fn monitor(&self) -> &dyn Monitor {
        &self.bar
    }

    /// Whether any notice was shown.
    pub fn noticed(&self) -> bool {
        self.noticed
    }

    /// Shows what a step did: its tables (or its value as JSON), then notices, files, and what comes
    /// next.
    pub fn show<T: Serialize>(&mut self, kind: &str, done: &Done<T>, tables: &[Table], next: &str) {
        self.done(kind, done, tables);
        self.beside(done, next);
    }

    /// Shows a step's tables, or its value as JSON with what stands beside it: a program that reads
    /// the one must not have to read the other.
    pub fn done<T: Serialize>(&self, kind: &str, done: &Done<T>, tables: &[Table]) {
        let Done {
            value,
            notices,
            read,
            wrote,
        } = done;
        self.result(
            kind,
            &Whole {
                value,
                notices,
                read,
                wrote,
            },
            tables,
        );
    }

    /// What a person must hear of a step, which files it read and wrote, and what comes next.
    pub fn beside<T>(&mut self, done: &Done<T>, next: &str) {
        self.notices(&done.notices);
        self.files(&done.read, &done.wrote);
        if !next.is_empty() {
            self.say(Words::new("next", "下一步"), next);
        }
    }

    /// Shows a value: as JSON, or as tables.
    pub fn result<T: Serialize>(&self, kind: &str, value: &T, tables: &[Table]) {
        if self.format == Format::Json {
            self.print(&canvass::files::json::text(kind, 1, value));
            return;
        }
        for (place, table) in tables.iter().enumerate() {
            if place > 0 && self.format == Format::Csv {
                self.print("");
            }
            self.table(table);
        }
    }

    fn table(&self, table: &Table) {
        match self.format {
            Format::Csv => self.print(render::csv::table(table, self.language).trim_end()),
            Format::Markdown => {
                let rows = render::markdown::table(table, self.language);
                self.print(&format!("**{}**\n\n{rows}", table.caption));
            }
            Format::Text | Format::Json => {
                self.print(&format!("\n{}\n{}", table.caption, self.grid(table)));
            }
        }
    }

    fn grid(&self, table: &Table) -> Grid {
        let mut grid = Grid::new();
        // Rows of several lines need a rule between them; others are easier to read without.
        let tall = table
            .rows
            .iter()
            .flatten()
            .any(|value| value.say(self.language).contains('\n'));
        let style = presets::UTF8_HORIZONTAL_ONLY;
        grid.load_style(if tall {
            style
        } else {
            style.row_separator(LineStyle::none())
        });
        grid.set_content_arrangement(ContentArrangement::Dynamic);
        grid.set_header(table.columns.iter().map(|column| &column.title));
        for row in &table.rows {
            grid.add_row(row.iter().zip(&table.columns).map(|(value, column)| {
                let side = if column.right {
                    CellAlignment::Right
                } else {
                    CellAlignment::Left
                };
                Cell::new(value.say(self.language)).set_alignment(side)
            }));
        }
        grid
    }

    /// Shows notices, each on its line.
    pub fn notices(&mut self, notices: &[Notice]) {
        self.noticed |= !notices.is_empty();
        for notice in notices {
            self.say(Words::new("notice", "提示"), &notice.say(self.language));
        }
    }

    /// Tells which files were read and written.
    pub fn files(&self, read: &[String], wrote: &[String]) {
        if !read.is_empty() {
            self.say(Words::new("read", "读取"), &read.join(", "));
        }
        if !wrote.is_empty() {
            self.say(Words::new("wrote", "写入"), &wrote.join(", "));
        }
    }

    /// One line beside the results.
    pub fn say(&self, what: Words, text: &str) {
        let style = anstyle::Style::new().bold();
        let label = what.say(self.language);
        let pad = " ".repeat(8_usize.saturating_sub(label.chars().map(width).sum()));
        let line = format!("{style}{label}{style:#}{pad}{text}\n");
        // A closed pipe is no error of ours.
        drop(anstream::stderr().lock().write_all(line.as_bytes()));
    }

    /// Results, on standard output.
    pub fn print(&self, text: &str) {
        drop(
            anstream::stdout()
                .lock()
                .write_all(format!("{text}\n").as_bytes()),
        );
    }

    /// An error in three parts: what, where, and the remedy.
    pub fn fail(&self, error: &canvass::Error) {
        let red = anstyle::Style::new()
            .bold()
            .fg_color(Some(anstyle::AnsiColor::Red.into()));
        let mut text = format!("{red}error{red:#}: {error}\n");
        if let Some(place) = error.place() {
            text += &format!(" --> {place}\n");
        }
        if let Some(hint) = error.hint() {
            text += &format!(" try: {hint}\n");
        }
        drop(anstream::stderr().lock().write_all(text.as_bytes()));
    }
}

/// A step's value, and what stands beside it.
#[derive(Serialize)]
struct Whole<'a, T> {
    #[serde(flatten)]
    value: &'a T,
    notices: &'a [Notice],
    read: &'a [String],
    wrote: &'a [String],
}

/// Columns that a letter takes on a terminal: two for Chinese ones.
fn width(letter: char) -> usize {
    if letter.is_ascii() { 1 } else { 2 }
}
