//! The terminal: people's wishes become calls on a study, and results become words on a screen.
//!
//! Every command has the same parts in the same order: its help, its flags, `run`. Only this folder
//! names clap, draws bars and prints.

mod screen;

mod bar;

mod exit;

mod init;

mod check;

mod plan;

mod rehearse;

mod commit;

mod draw;

mod field;

mod ingest;

mod follow;

mod weigh;

mod why;

mod estimate;

mod index;

mod report;

mod run;

mod verify;

mod unit;

mod sign;

mod keys;

mod explain;

mod prove;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use canvass::ExitClass;
use canvass::language::Language;
use canvass::study::Study;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use screen::Screen;

/// A telephone survey from list to published figure.
///
/// A survey is a folder. Its files are numbered by the steps that write them; survey.toml says what
/// was decided. Try it on invented calls first: canvass rehearse chongqing-2016
#[derive(Debug, Parser)]
#[command(
    name = "canvass",
    version,
    about,
    max_term_width = 100,
    disable_help_subcommand = true
)]
struct Canvass {
    #[command(flatten)]
    common: Common,

    #[command(subcommand)]
    command: Command,
}

/// Flags that every command knows.
#[derive(Debug, Clone, Args)]
struct Common {
    /// The study's folder: this one, unless it is given. New studies get a folder of their own name.
    #[arg(short = 'C', long = "study", value_name = "DIR", global = true)]
    folder: Option<PathBuf>,

    /// How results are printed.
    #[arg(long, value_name = "FORMAT", default_value = "text", global = true)]
    format: Format,

    /// The language of printed results, and of the report that `canvass report` writes, which
    /// follows survey.toml otherwise.
    #[arg(long, value_name = "LANGUAGE", global = true)]
    lang: Option<Tongue>,

    /// Treat every notice as a failure (exit code 6).
    #[arg(long, global = true)]
    strict: bool,

    /// Override a setting for this command: --set plan.pool=1000. May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE", global = true)]
    set: Vec<String>,
}

impl Common {
    /// The folder of a study that is there.
    fn folder(&self) -> &Path {
        self.folder.as_deref().unwrap_or(Path::new("."))
    }

    /// The folder of a study that is to be made.
    fn new_folder(&self, name: &str) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| PathBuf::from(name))
    }

    /// Settings that are overridden.
    fn flags(&self) -> Vec<(String, String)> {
        let pair = |flag: &String| {
            let (key, value) = flag.split_once('=').unwrap_or((flag, ""));
            (key.trim().to_owned(), value.trim().to_owned())
        };
        self.set.iter().map(pair).collect()
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for the eye.
    Text,
    /// One object with `kind` and `schema`.
    Json,
    /// Tables for spreadsheets, with an empty line between them.
    Csv,
    /// Tables for documents.
    Markdown,
}

/// A language, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tongue {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Tongue {
    /// The language as survey.toml writes it.
    fn key(self) -> &'static str {
        match self {
            Tongue::En => "en",
            Tongue::Zh => "zh",
        }
    }
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Language {
        match tongue {
            Tongue::En => Language::English,
            Tongue::Zh => Language::Chinese,
        }
    }
}

/// What a person may ask for, in the order of a survey. The list of commands says it in one line;
/// a command's own help stands above its flags.
#[derive(Debug, Subcommand)]
enum Command {
    #[command(about = "Prepare: make a study's folder from a template")]
    Init(init::Init),
    #[command(about = "Prepare: is the list fit to draw from?")]
    Check(check::Check),
    #[command(about = "Prepare: how many interviews and numbers, and where")]
    Plan(plan::Plan),
    #[command(about = "Prepare: try a whole survey on invented calls")]
    Rehearse(rehearse::Rehearse),
    #[command(about = "Call: promise how the draw will be made, before anybody is drawn")]
    Commit(commit::Commit),
    #[command(about = "Call: draw the sample")]
    Draw(Box<draw::Draw>),
    #[command(about = "Call: write the call lists")]
    Field(field::Field),
    #[command(about = "Call: take in calls and answers")]
    Ingest(ingest::Ingest),
    #[command(about = "Call: follow up some of those who did not answer")]
    FollowUp(follow::FollowUp),
    #[command(about = "Learn: how many people each answer speaks for")]
    Weigh(Box<weigh::Weigh>),
    #[command(about = "Learn: how the weight of one case came about")]
    Why(why::Why),
    #[command(about = "Learn: what the population says, and how sure we are")]
    Estimate(Box<estimate::Estimate>),
    #[command(about = "Learn: satisfaction in one figure")]
    Index(index::Index),
    #[command(about = "Learn: write the report and the notice")]
    Report(report::Report),
    #[command(about = "Take every step that is out of date, in order")]
    Run(run::Run),
    #[command(about = "Make everything anew from the inputs, and name the first file that differs")]
    Verify(Box<verify::Verify>),
    #[command(about = "Sign files, so that others can tell who made them")]
    Sign(sign::Sign),
    #[command(about = "Make a pair of keys to sign files with")]
    Keys(keys::Keys),
    #[command(about = "Show a method: what it does, its formula, its source")]
    Explain(explain::Explain),
    #[command(about = "Does a drawing method draw with the chances it states?")]
    Prove(prove::Prove),
}

impl Command {
    /// Whether the command works on a study as it stands.
    fn opens_a_study(&self) -> bool {
        if let Command::Draw(draw) = self {
            return !draw.is_bare();
        }
        if let Command::Verify(verify) = self {
            return !verify.is_bare();
        }
        if let Command::Estimate(estimate) = self {
            return !estimate.is_bare();
        }
        if let Command::Weigh(weigh) = self {
            return !weigh.is_bare();
        }
        !matches!(
            self,
            Command::Init(_)
                | Command::Rehearse(_)
                | Command::Sign(_)
                | Command::Keys(_)
                | Command::Explain(_)
                | Command::Prove(_)
        )
    }
}

/// The study that the flags name, with the settings they override.
fn study(common: &Common) -> Result<Study, canvass::Error> {
    Study::open_with_flags(common.folder(), &common.flags())
}

/// Parses, runs, and turns the outcome into an exit code.
pub fn main() -> ExitCode {
    let parsed = Canvass::parse();
    if !parsed.common.set.is_empty() && !parsed.command.opens_a_study() {
        let why =
            "--set overrides a setting of a study, and this command opens none; edit survey.toml";
        Canvass::command()
            .error(ErrorKind::ArgumentConflict, why)
            .exit();
    }
    let mut screen = Screen::new(&parsed.common);
    let common = parsed.common;
    let outcome = match parsed.command {
        Command::Init(command) => command.run(&common, &mut screen),
        Command::Check(command) => command.run(&common, &mut screen),
        Command::Plan(command) => command.run(&common, &mut screen),
        Command::Rehearse(command) => command.run(&common, &mut screen),
        Command::Commit(command) => command.run(&common, &mut screen),
        Command::Draw(command) => command.run(&common, &mut screen),
        Command::Field(command) => command.run(&common, &mut screen),
        Command::Ingest(command) => command.run(&common, &mut screen),
        Command::FollowUp(command) => command.run(&common, &mut screen),
        Command::Weigh(command) => command.run(&common, &mut screen),
        Command::Why(command) => command.run(&common, &mut screen),
        Command::Estimate(command) => command.run(&common, &mut screen),
        Command::Index(command) => command.run(&common, &mut screen),
        Command::Report(command) => command.run(&common, &mut screen),
        Command::Run(command) => command.run(&common, &mut screen),
        Command::Verify(command) => command.run(&common, &mut screen),
        Command::Sign(command) => command.run(&common, &mut screen),
        Command::Keys(command) => command.run(&common, &mut screen),
        Command::Explain(command) => command.run(&common, &mut screen),
        Command::Prove(command) => command.run(&common, &mut screen),
    };
    let class = match outcome {
        Ok(()) if common.strict && screen.noticed() => ExitClass::Notices,
        Ok(()) => ExitClass::Done,
        Err(error) => {
            screen.fail(&error);
            error.class()
        }
    };
    exit::code(class)
}
