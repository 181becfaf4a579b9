//! What the population says, and how sure we are.

mod beyond;

mod drawn;

mod shown;

mod crossed;

mod models;

use std::path::PathBuf;

use canvass::bare::estimate::{Asked, Error, Estimates, Figure, Filter, Program, estimate, script};
use canvass::estimate::variance::Lonely;
use canvass::estimate::{ShareInterval, quantile};
use canvass::files::data::Choice;
use canvass::language::{Language, Words};
use canvass::report::{
    Column, Table, Value, changes_table, compared_tables, crossed_tables, estimates_table,
    regression_tables,
};
use canvass::study::Exported;
use clap::{Args, ValueEnum};

use beyond::Beyond;
use drawn::Chances;

use super::{Common, Format, Screen, study};

/// What the population says, and how sure we are: of a study, or of a bare file.
///
/// Reads survey.toml, 3-sample.parquet, 5-outcomes.parquet and 6-weights.parquet; writes
/// 7-estimates.json: each [[figure]] of survey.toml with its standard error, interval and completes;
/// and what [[compare]], [[change]], [[table]] and [[regression]] ask. A figure from too few completes
/// is not printed. With --export, the answers are written with weights and design for other programs,
/// and nothing is estimated.
///
/// With --data, no study is needed, and nothing is written but OUT. Reads that table, whose weights and
/// clusters came with it. No row is ever dropped: one without an answer, or that --where
/// does not mean, still counts in its cluster. Blanks are no answers, nor are NA, NaN, null and a
/// single point in columns of numbers.
///
/// Variances come from strata and clusters; from the chances that units had, where these differed
/// (--chances); or from replicate weights, which came with the table (--replicates) or are made of its
/// design (--resample). Chance comes from --seed alone, which is refused where nothing is left to it.
///
/// Next: canvass index, where survey.toml has one; canvass report
#[derive(Debug, Args)]
pub struct Estimate {
    /// A table to estimate from without a study: CSV, Parquet, a folder of Parquet files, a workbook
    /// (.xlsx), or a file of SPSS (.sav, .zsav) or Stata (.dta).
    #[arg(long, value_name = "FILE", requires = "weight")]
    data: Option<PathBuf>,

    /// The sheet of a workbook; the first, unless it is named.
    #[arg(long, value_name = "SHEET", requires = "data")]
    sheet: Option<String>,

    /// Whether domains, strata and levels of SPSS's and Stata's files go by labels or by codes.
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "labels",
        requires = "data"
    )]
    labels: Labels,

    /// The column of weights: how many people each row speaks for.
    #[arg(long, value_name = "COL", requires = "data")]
    weight: Option<String>,

    /// The columns whose combinations are the strata; given again, those of the next stage.
    #[arg(long, value_name = "A,B", requires = "data")]
    strata: Vec<String>,

    /// The columns of clusters, one for each stage; without, rows were drawn.
    #[arg(long, value_name = "P1,P2", value_delimiter = ',', requires = "data")]
    psu: Vec<String>,

    /// For each stage, the column of how many clusters the stratum has, or which fraction was drawn.
    /// Stages with --chances come first, and have none.
    #[arg(long, value_name = "F1,F2", value_delimiter = ',', requires = "data")]
    fpc: Vec<String>,

    #[command(flatten)]
    chances: Chances,

    /// Labels of clusters begin anew in each stratum.
    #[arg(long, requires = "data")]
    nest: bool,

    /// What strata with a single cluster, of several, are taken for.
    #[arg(long, value_name = "RULE", default_value = "fail", requires = "data")]
    lonely: Rule,

    /// Columns of numbers, for their means.
    #[arg(long, value_name = "Y,Y", value_delimiter = ',', requires = "data")]
    mean: Vec<String>,

    /// Columns of numbers, for their totals.
    #[arg(long, value_name = "Y,Y", value_delimiter = ',', requires = "data")]
    total: Vec<String>,

    /// Columns of texts or numbers, for the share of each of their values.
    #[arg(long, value_name = "Y,Y", value_delimiter = ',', requires = "data")]
    share: Vec<String>,

    /// Totals of columns over those of others.
    #[arg(long, value_name = "A/B,A/B", value_delimiter = ',', requires = "data")]
    ratio: Vec<String>,

    /// A column of numbers and the shares at which its quantiles lie: minutes:0.25,0.5,0.75; without
    /// shares, the median. May be given again.
    #[arg(long, value_name = "Y:P,P", requires = "data")]
    quantile: Vec<String>,

    /// Which point between two answers a quantile is: hf1 to hf9 by Hyndman and Fan; math is hf1, and
    /// school hf2.
    #[arg(long, value_name = "RULE", requires = "data")]
    rule: Option<String>,

    /// Columns of numbers, for their variance among people.
    #[arg(long, value_name = "Y,Y", value_delimiter = ',', requires = "data")]
    variance: Vec<String>,

    /// Columns of numbers, for their standard deviation among people.
    #[arg(long, value_name = "Y,Y", value_delimiter = ',', requires = "data")]
    sd: Vec<String>,

    /// Two columns of numbers, for how closely they go together. May be given again.
    #[arg(long, value_name = "A,B", requires = "data")]
    correlation: Vec<String>,

    /// A function of totals and means: "sum(a) / sum(b)", "log(mean(y))", "sum(a) / count()"; its variance
    /// is found along with it. May be given again.
    #[arg(long, value_name = "EXPR", requires = "data")]
    figure: Vec<String>,

    /// How intervals of shares are made, and those of quantiles by way of shares: t, logit (or xlogit),
    /// wilson, beta, nchs, arcsine or likelihood.
    #[arg(long, value_name = "WAY", requires = "data")]
    interval: Option<String>,

    /// Judge shares by standards of publication: what speaks against a share is a notice of its row.
    #[arg(long, value_name = "STANDARDS", requires = "data")]
    standards: Option<Standards>,

    /// A column between whose levels figures are compared, each pair, within the other domains.
    #[arg(long, value_name = "COL", requires = "data")]
    compare: Option<String>,

    /// The columns whose combinations are the domains.
    #[arg(long, value_name = "D1,D2", value_delimiter = ',', requires = "data")]
    by: Vec<String>,

    /// The rows that are meant: "age >= 18 and not (region = north)".
    #[arg(long = "where", value_name = "EXPR", requires = "data")]
    filter: Option<String>,

    #[command(flatten)]
    beyond: Beyond,

    /// Show design effects.
    #[arg(long, requires = "data")]
    deff: bool,

    /// The confidence of intervals.
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, requires = "data")]
    confidence: f64,

    /// Print a program that estimates the same elsewhere, and estimate nothing: figures, tables and models, by the
    /// design or by replicate weights. What it cannot repeat is refused, with the programs that can. In a study,
    /// from the file of --export.
    #[arg(long, value_name = "PROGRAM", conflicts_with = "out")]
    script: Option<Elsewhere>,

    /// Where to write the figures: a file that ends in .json, .csv, .parquet, .xlsx, .sav or .dta.
    #[arg(short, long, value_name = "OUT", requires = "data")]
    out: Option<PathBuf>,
}

/// What codes of labelled files are shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Labels {
    /// Their labels, where they have some; a filter may name either.
    Labels,
    /// The codes themselves.
    Codes,
}

/// A program that estimates from samples, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Elsewhere {
    /// R, with survey 4.1 or later.
    R,
    /// Stata.
    Stata,
    /// SAS.
    Sas,
    /// Python, with svy.
    Svy,
}

impl From<Elsewhere> for Program {
    fn from(elsewhere: Elsewhere) -> Program {
        match elsewhere {
            Elsewhere::R => Program::R,
            Elsewhere::Stata => Program::Stata,
            Elsewhere::Sas => Program::Sas,
            Elsewhere::Svy => Program::Svy,
        }
    }
}

/// Standards of publication, as they are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Standards {
    /// Those of the National Center for Health Statistics of the United States.
    Nchs,
}

/// What a stratum with a single cluster is taken for, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rule {
    /// Nothing: it is named, and figures have no standard error.
    Fail,
    /// It was certain to be drawn, and adds nothing.
    #[value(alias = "remove")]
    Certainty,
    /// Its cluster is measured from the mean of all clusters.
    Adjust,
    /// It adds what other strata add on average.
    Average,
    /// It is joined with the stratum next to it in size.
    Collapse,
}

impl From<Rule> for Lonely {
    fn from(rule: Rule) -> Lonely {
        match rule {
            Rule::Fail => Lonely::Fail,
            Rule::Certainty => Lonely::Certainty,
            Rule::Adjust => Lonely::Adjust,
            Rule::Average => Lonely::Average,
            Rule::Collapse => Lonely::Collapse,
        }
    }
}

impl Estimate {
    /// Whether no study is needed.
    pub fn is_bare(&self) -> bool {
        self.data.is_some()
    }

    pub fn run(self, common: &Common, screen: &mut Screen) -> Result<(), canvass::Error> {
        if let (Some(data), Some(weight)) = (self.data.clone(), self.weight.clone()) {
            return self.bare(data, weight, common, screen);
        }
        let study = study(common)?;
        match (self.beyond.export, self.script) {
            (Some(file), Some(program)) => {
                let text = study.script(&file, program.into(), screen.monitor())?;
                screen.print(text.trim_end());
                return Ok(());
            }
            (Some(file), None) => {
                let done = study.export(&file, screen.monitor())?;
                let table = exported(&done.value, screen.language());
                screen.show("export", &done, &[table], "");
                return Ok(());
            }
            (None, Some(_)) => {
                let (what, flag) = ("--script of a study", "export");
                return Err(Error::Lacks { what, flag }.into());
            }
            (None, None) => {}
        }
        let done = study.estimate(screen.monitor())?;
        let settings = study.settings();
        let estimates = &done.value.estimates;
        let mut tables = vec![estimates_table(
            estimates,
            study.discretion(),
            screen.language(),
        )];
        for compared in &done.value.comparisons {
            tables.extend(compared_tables(compared, screen.language()));
        }
        let shown = (study.discretion(), screen.language());
        for changed in &done.value.changes {
            tables.push(changes_table(&changed.told(), shown.0, shown.1));
        }
        for tabled in done.value.tables.iter().flat_map(|crossed| &crossed.tables) {
            tables.extend(crossed_tables(tabled, shown.0, shown.1));
        }
        for regressed in &done.value.regressions {
            tables.extend(regression_tables(&regressed.told(), shown.0, shown.1));
        }
        let next = if settings.index.is_some() {
            "canvass index"
        } else {
            "canvass report"
        };
        screen.show("estimates", &done, &tables, next);
        Ok(())
    }

    fn bare(
        self,
        data: PathBuf,
        weight: String,
        common: &Common,
        screen: &mut Screen,
    ) -> Result<(), canvass::Error> {
        let apart = |columns: &String| {
            columns
                .split(',')
                .map(|name| name.trim().to_owned())
                .collect()
        };
        let asked = Asked {
            data,
            choice: Choice {
                sheet: self.sheet.clone(),
                codes: self.labels == Labels::Codes,
            },
            weight,
            rule: self.rule.as_deref().map(rule).transpose()?,
            interval: self.interval.as_deref().map(way).transpose()?,
            nchs: self.standards.is_some(),
            strata: self.strata.iter().map(apart).collect(),
            figures: self.figures()?,
            filter: self.filter.as_deref().map(Filter::parse).transpose()?,
            clusters: self.psu,
            populations: self.fpc,
            drawn: self.chances.drawn()?,
            nest: self.nest,
            lonely: self.lonely.into(),
            by: self.by,
            compare: self.compare,
            confidence: self.confidence,
            deff: self.deff,
            replication: self.beyond.replication()?,
            seed: self.beyond.seed()?,
            further: self.beyond.further()?,
        };
        if let Some(out) = &self.out {
            Estimates::can_be_kept(out)?;
        }
        if let Some(program) = self.script {
            let script = script(&asked, program.into())?;
            screen.print(script.text.trim_end());
            screen.notices(&script.notices);
            return Ok(());
        }
        let mut done = estimate(&asked, screen.monitor())?;
        if let Some(out) = &self.out {
            done = Estimates::keep(done, out, screen.language())?;
        }
        let tables = match common.format {
            Format::Json => Vec::new(),
            format => shown::tables(&done.value, &asked, format, screen.language()),
        };
        screen.show("figures", &done, &tables, "");
        Ok(())
    }

    fn figures(&self) -> Result<Vec<Figure>, canvass::Error> {
        let each = |columns: &[String], figure: fn(String) -> Figure| -> Vec<Figure> {
            columns.iter().cloned().map(figure).collect()
        };
        let mut figures = each(&self.mean, Figure::Mean);
        figures.extend(each(&self.total, Figure::Total));
        figures.extend(each(&self.share, Figure::Share));
        for ratio in &self.ratio {
            figures.push(Figure::ratio(ratio)?);
        }
        for quantile in &self.quantile {
            figures.push(Figure::quantiles(quantile)?);
        }
        figures.extend(each(&self.variance, Figure::Variance));
        figures.extend(each(&self.sd, Figure::Spread));
        for pair in &self.correlation {
            figures.push(Figure::correlation(pair)?);
        }
        for function in &self.figure {
            figures.push(Figure::function(function)?);
        }
        Ok(figures)
    }
}

/// What is in the analysis file.
fn exported(exported: &Exported, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("column", "列")),
        Column::text(say("what it holds", "内容")),
    ];
    let (rows, interviews) = (exported.rows, exported.interviews);
    let caption = match language {
        Language::English => format!("{rows} units that were worked, {interviews} interviews"),
        Language::Chinese => format!("已执行单位{rows}个，完成访问{interviews}个"),
    };
    let mut table = Table::new("export", caption, columns);
    for column in &exported.columns {
        table.push(vec![Value::text(&column.name), Value::text(&column.says)]);
    }
    if !exported.untold.is_empty() {
        let steps = exported.untold.join(", ");
        table.push(vec![
            Value::text("!"),
            Value::text(match language {
                Language::English => format!(
                    "standard errors from this file know nothing of the steps {steps}; replicate weights would: \
                     [estimate] variance = \"jkn\""
                ),
                Language::Chinese => format!(
                    "由本文件直接计算的标准误不反映以下加权步骤：{steps}；重复权数可以反映：\
                     [estimate] variance = \"jkn\""
                ),
            }),
        ]);
    }
    table
}

/// The rule for quantiles of that word.
fn rule(given: &str) -> Result<quantile::Rule, canvass::Error> {
    let known = quantile::Rule::ALL.map(quantile::Rule::word);
    let known = known.into_iter().chain(["math", "school"]);
    quantile::Rule::named(given).ok_or_else(|| no_word("rule", given, known))
}

/// The interval of shares of that word.
fn way(given: &str) -> Result<ShareInterval, canvass::Error> {
    let known = ShareInterval::ALL.map(ShareInterval::word);
    let known = known.into_iter().chain(["xlogit"]);
    ShareInterval::named(given).ok_or_else(|| no_word("interval", given, known))
}

fn no_word(
    what: &'static str,
    given: &str,
    known: impl Iterator<Item = &'static str>,
) -> canvass::Error {
    let known = known.map(str::to_owned).collect();
    let given = given.to_owned();
    Error::NoWord { what, given, known }.into()
}
