//! What the population says, and how sure we are.

use std::path::PathBuf;

use canvass::bare::estimate::{Asked, Estimates, Figure, Filter, Row, estimate};
use canvass::estimate::variance::Lonely;
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value, estimates_table};
use clap::{Args, ValueEnum};

use super::{Common, Format, Screen, study};

/// What the population says, and how sure we are: of a study, or of a bare file.
///
/// Reads survey.toml, 3-sample.parquet, 5-outcomes.parquet and 6-weights.parquet; writes
/// 7-estimates.json: each [[figure]] of survey.toml with its standard error, interval and completes.
/// A figure from too few completes is not printed.
///
/// With --data, no study is needed, and nothing is written. Reads that table, CSV or Parquet, whose
/// weights and clusters came with it. No row is ever dropped: one without an answer, or that --where
/// does not mean, still counts in its cluster. Blanks are no answers, nor are NA, NaN, null and a
/// single point in columns of numbers.
///
/// Next: canvass index, where survey.toml has one; canvass report
#[derive(Debug, Args)]
pub struct Estimate {
    /// A table to estimate from without a study: CSV, Parquet, or a folder of Parquet files.
    #[arg(long, value_name = "FILE", requires = "weight")]
    data: Option<PathBuf>,

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
    #[arg(long, value_name = "F1,F2", value_delimiter = ',', requires = "data")]
    fpc: Vec<String>,

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

    /// The columns whose combinations are the domains.
    #[arg(long, value_name = "D1,D2", value_delimiter = ',', requires = "data")]
    by: Vec<String>,

    /// The rows that are meant: "age >= 18 and not (region = north)".
    #[arg(long = "where", value_name = "EXPR", requires = "data")]
    filter: Option<String>,

    /// Show design effects.
    #[arg(long, requires = "data")]
    deff: bool,

    /// The confidence of intervals.
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, requires = "data")]
    confidence: f64,
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
        let done = study.estimate(screen.monitor())?;
        let settings = study.settings();
        let least = settings.report.least;
        let table = estimates_table(&done.value.estimates, least, screen.language());
        let next = if settings.index.is_some() {
            "canvass index"
        } else {
            "canvass report"
        };
        screen.show("estimates", &done, &[table], next);
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
            weight,
            strata: self.strata.iter().map(apart).collect(),
            figures: self.figures()?,
            filter: self.filter.as_deref().map(Filter::parse).transpose()?,
            clusters: self.psu,
            populations: self.fpc,
            nest: self.nest,
            lonely: self.lonely.into(),
            by: self.by,
            confidence: self.confidence,
            deff: self.deff,
        };
        let done = estimate(&asked, screen.monitor())?;
        let table = table(&done.value, asked.deff, common.format, screen.language());
        screen.show("figures", &done, &[table], "");
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
        Ok(figures)
    }
}

/// The rows; as CSV, columns have the names that JSON gives them.
fn table(estimates: &Estimates, deff: bool, format: Format, language: Language) -> Table {
    let plain = format == Format::Csv;
    let say = |name: &str, en, zh| match plain {
        true => name.to_owned(),
        false => Words::new(en, zh).say(language).to_owned(),
    };
    let mut columns = vec![
        Column::text(say("statistic", "statistic", "统计量")),
        Column::text(say("variable", "of", "项目")),
        Column::text(say("level", "level", "取值")),
        Column::text(say("domain", "for", "范围")),
        Column::number(say("estimate", "estimate", "估计值")),
        Column::number(say("se", "standard error", "标准误")),
        Column::number(say("cv", "cv", "变异系数")),
        Column::number(say("ci_low", "from", "区间下限")),
        Column::number(say("ci_high", "to", "区间上限")),
        Column::number(say("df", "df", "自由度")),
        Column::number(say("n", "n", "样本量")),
    ];
    if deff {
        columns.push(Column::number(say("deff", "design effect", "设计效应")));
    }
    let has_levels = plain || estimates.rows.iter().any(|row| row.level.is_some());
    let shown = |place: &usize| has_levels || *place != 2;
    let chosen = (0..columns.len())
        .filter(shown)
        .map(|place| columns[place].clone())
        .collect();
    let mut table = Table::new("figures", say("figures", "Figures", "估计结果"), chosen);
    for row in &estimates.rows {
        let cells = cells(row, deff, plain);
        table.push(
            (0..cells.len())
                .filter(shown)
                .map(|place| cells[place].clone())
                .collect(),
        );
    }
    table
}

fn cells(row: &Row, deff: bool, plain: bool) -> Vec<Value> {
    let places = if plain {
        8
    } else {
        places(row.se.unwrap_or(row.estimate))
    };
    let mut cells = vec![
        Value::text(&row.statistic),
        Value::text(&row.variable),
        Value::text(row.level.as_deref().unwrap_or_default()),
        Value::text(&row.domain),
        Value::number(row.estimate, places),
        Value::maybe(row.se, places),
        if plain {
            Value::maybe(row.cv, 8)
        } else {
            Value::maybe_share(row.cv, 1)
        },
        Value::maybe(row.ci_low, places),
        Value::maybe(row.ci_high, places),
        Value::Whole(row.df),
        Value::Whole(row.n),
    ];
    if deff {
        cells.push(Value::maybe(row.deff, if plain { 8 } else { 3 }));
    }
    cells
}

/// Decimals that show four digits of a standard error, and six at the most.
fn places(error: f64) -> u8 {
    let size = error.abs().log10().floor();
    if size.is_finite() {
        (3.0 - size).clamp(0.0, 6.0) as u8
    } else {
        2
    }
}
