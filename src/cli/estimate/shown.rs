//! Figures as tables: one for what a person compares at a glance.

use canvass::bare::estimate::{Added, Asked, Estimates, Row, Taken};
use canvass::estimate::variance::replicate::Centre;
use canvass::language::{Language, Words};
use canvass::notice::Notice;
use canvass::report::{Column, Table, Value};

use super::super::Format;
use super::{crossed, models};

/// What some rows are of; all others are figures.
pub(super) const CELLS: [&str; 4] = ["people", "cell_share", "row_share", "column_share"];
const MODELS: [&str; 5] = ["coefficient", "wald", "dispersion", "deviance", "explained"];

/// The tables; as CSV one of all rows, whose columns have the names that JSON gives them.
pub(super) fn tables(
    estimates: &Estimates,
    asked: &Asked,
    format: Format,
    language: Language,
) -> Vec<Table> {
    let rows: Vec<&Row> = estimates.rows.iter().collect();
    if format == Format::Csv {
        return vec![
            Figures {
                asked,
                plain: true,
                language,
                rows,
            }
            .table(),
        ];
    }
    let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<&Row> {
        let rows = rows.iter().filter(|row| wanted(&row.statistic));
        rows.copied().collect()
    };
    let is_test = |row: &str| {
        row.starts_with("rao-scott")
            || row.starts_with("likelihood")
            || ["wald-table", "adjusted-wald"].contains(&row)
    };
    let is_figure = |row: &str| {
        !(CELLS.contains(&row) || MODELS.contains(&row) || row == "fit" || is_test(row))
    };
    let mut tables = Vec::new();
    let figures = of(&is_figure);
    if !figures.is_empty() || !asked.figures.is_empty() {
        let rows = figures;
        tables.push(
            Figures {
                asked,
                plain: false,
                language,
                rows,
            }
            .table(),
        );
    }
    tables.extend(stated(estimates, language));
    if !estimates.families.is_empty() {
        tables.push(families(estimates, language));
    }
    for rows in apart(of(&|row| CELLS.contains(&row))) {
        tables.push(crossed::cells(&rows, language));
    }
    for rows in apart(of(&|row| row == "fit")) {
        tables.push(crossed::fit(&rows, language));
    }
    let tests = of(&is_test);
    if !tests.is_empty() {
        tables.push(crossed::tests(&tests, language));
    }
    for rows in apart(of(&|row| MODELS.contains(&row))) {
        tables.extend(models::model(&rows, language));
    }
    tables
}

/// What was taken from the file beside replicate weights, where nothing else was asked for.
fn stated(estimates: &Estimates, language: Language) -> Option<Table> {
    let told = estimates.replicates.as_ref()?;
    let stated = told
        .stated
        .as_ref()
        .filter(|stated| !stated.taken.is_empty())?;
    let say = |en, zh| Words::new(en, zh).say(language);
    let caption = match language {
        Language::English => format!("The replicates, as {} states", stated.path),
        Language::Chinese => format!("重复权数：按{}所述", stated.path),
    };
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("as stated", "所述")),
    ];
    let mut table = Table::new("replicates", &caption, columns);
    for taken in &stated.taken {
        let (what, is) = match taken {
            Taken::Centre => (
                say("measured from", "偏差的基准"),
                match told.centre {
                    Centre::Full => say("the figure of the full sample", "全样本估计值").to_owned(),
                    Centre::Mean => say("their own mean", "各重复估计值的均值").to_owned(),
                },
            ),
            Taken::Combined => (
                say("columns are", "各列为"),
                match told.combined {
                    true => say("weights", "权数").to_owned(),
                    false => say("factors of the full weight", "主权数的因子").to_owned(),
                },
            ),
            Taken::Scale => (say("scale", "常数"), told.scale.to_string()),
        };
        table.push(vec![Value::text(what), Value::text(is)]);
    }
    Some(table)
}

/// Rows of one variable together, in their order.
fn apart(rows: Vec<&Row>) -> Vec<Vec<&Row>> {
    let mut parts: Vec<Vec<&Row>> = Vec::new();
    for row in rows {
        let same = |part: &&mut Vec<&Row>| part[0].variable == row.variable;
        match parts.iter_mut().find(same) {
            Some(part) => part.push(row),
            None => parts.push(vec![row]),
        }
    }
    parts
}

/// Figures of columns, and differences between them.
struct Figures<'a> {
    asked: &'a Asked,
    /// Whether a program reads them.
    plain: bool,
    language: Language,
    rows: Vec<&'a Row>,
}

/// What a program reads of a row.
type Number = (&'static str, fn(&Added) -> Option<f64>);

/// What any row has, and so is a column.
struct Any {
    levels: bool,
    letters: bool,
    numbers: Vec<Number>,
    beside: Vec<Beside>,
}

/// What a figure is shown beside, and how.
type Beside = (
    &'static str,
    &'static str,
    &'static str,
    fn(&Added, bool) -> Value,
);

const BESIDE: [Beside; 6] = [
    ("p", "p", "p值", |added, _| p(added.p)),
    ("p_corrected", "corrected p", "校正p值", |added, _| {
        p(added.p_corrected)
    }),
    (
        "sim_low",
        "from, for all",
        "同时区间下限",
        |added, _| number(added.sim_low),
    ),
    (
        "sim_high",
        "to, for all",
        "同时区间上限",
        |added, _| number(added.sim_high),
    ),
    (
        "ranks",
        "rank (from–to)",
        "名次（范围）",
        |added, _| ranks(added),
    ),
    ("letters", "letters", "字母", |added, _| {
        Value::text(added.letters.as_deref().unwrap_or_default())
    }),
];

impl Figures<'_> {
    fn say(&self, name: &str, en: &'static str, zh: &'static str) -> String {
        match self.plain {
            true => name.to_owned(),
            false => Words::new(en, zh).say(self.language).to_owned(),
        }
    }

    fn table(&self) -> Table {
        let number = |name, en, zh| Column::number(self.say(name, en, zh));
        let text = |name, en, zh| Column::text(self.say(name, en, zh));
        let mut columns = vec![
            text("statistic", "statistic", "统计量"),
            text("variable", "of", "项目"),
        ];
        let any = self.any();
        if any.levels {
            columns.push(text("level", "level", "取值"));
        }
        columns.extend([
            text("domain", "for", "范围"),
            number("estimate", "estimate", "估计值"),
            number("se", "standard error", "标准误"),
            number("cv", "cv", "变异系数"),
            number("ci_low", "from", "区间下限"),
            number("ci_high", "to", "区间上限"),
            number("df", "df", "自由度"),
            number("n", "n", "样本量"),
        ]);
        if self.asked.deff {
            columns.push(number("deff", "design effect", "设计效应"));
        }
        if self.asked.nchs {
            columns.push(text("standards", "by the standards", "发布标准"));
        }
        if self.plain {
            let numbers = any.numbers.iter();
            columns.extend(numbers.map(|(name, _)| Column::number(*name)));
            columns.extend(any.letters.then(|| Column::text("letters")));
        } else {
            let beside = any.beside.iter();
            columns.extend(beside.map(|&(name, en, zh, _)| number(name, en, zh)));
        }
        let caption = self.say("figures", "Figures", "估计结果");
        let mut table = Table::new("figures", caption, columns);
        for row in &self.rows {
            table.push(self.cells(row, &any));
        }
        table
    }

    /// What any row has: all rows are looked at once, not for each row again.
    fn any(&self) -> Any {
        let any = |has: fn(&Row) -> bool| self.rows.iter().any(|row| has(row));
        Any {
            levels: self.plain || any(|row| row.level.is_some()),
            letters: any(|row| row.added.letters.is_some()),
            numbers: self.numbers().collect(),
            beside: self.beside().collect(),
        }
    }

    /// What any row has, for a program.
    fn numbers(&self) -> impl Iterator<Item = Number> {
        let all = Added::NUMBERS.into_iter();
        all.filter(|(_, of)| self.rows.iter().any(|row| of(&row.added).is_some()))
    }

    /// What any row has, for a person.
    fn beside(&self) -> impl Iterator<Item = Beside> {
        let has = |name: &str, added: &Added| match name {
            "p" => added.p.is_some(),
            "p_corrected" => added.p_corrected.is_some(),
            "sim_low" | "sim_high" => added.sim_low.is_some(),
            _ => added.rank.is_some(),
        };
        let any = move |name: &str| self.rows.iter().any(|row| has(name, &row.added));
        BESIDE.into_iter().filter(move |(name, ..)| any(name))
    }

    fn cells(&self, row: &Row, any: &Any) -> Vec<Value> {
        let plain = self.plain;
        let places = if plain {
            8
        } else {
            places(row.se.unwrap_or(row.estimate))
        };
        let mut cells = vec![Value::text(&row.statistic), Value::text(&row.variable)];
        if any.levels {
            cells.push(Value::text(row.level.as_deref().unwrap_or_default()));
        }
        cells.extend([
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
        ]);
        if self.asked.deff {
            cells.push(Value::maybe(row.deff, if plain { 8 } else { 3 }));
        }
        if self.asked.nchs {
            let language = if plain {
                Language::English
            } else {
                self.language
            };
            cells.push(Value::text(verdict(row, language)));
        }
        if plain {
            let numbers = any.numbers.iter();
            cells.extend(numbers.map(|(_, of)| in_full(of(&row.added))));
            let letters = row.added.letters.as_deref().unwrap_or_default();
            cells.extend(any.letters.then(|| Value::text(letters)));
        } else {
            let beside = any.beside.iter();
            cells.extend(beside.map(|(.., of)| of(&row.added, plain)));
        }
        cells
    }
}

/// How the differences of each family were told apart.
fn families(estimates: &Estimates, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language);
    let columns = vec![
        Column::text(say("figure", "统计量")),
        Column::text(say("compared", "参与比较")),
        Column::text(say("p corrected by", "p值校正")),
        Column::number(say("df", "自由度")),
        Column::number(say("critical value", "临界值")),
        Column::number(say("its error", "模拟误差")),
        Column::number(say("directions drawn", "模拟方向数")),
    ];
    let caption = say("How figures were compared", "比较方法");
    let mut table = Table::new("families", caption, columns);
    for family in &estimates.families {
        table.push(vec![
            Value::text(&family.figure),
            Value::text(family.compared.join(", ")),
            family
                .correction
                .as_ref()
                .map_or(Value::Absent, Value::text),
            Value::Whole(family.df),
            family
                .critical
                .map_or(Value::Absent, |x| Value::number(x, 4)),
            family
                .critical_error
                .map_or(Value::Absent, |x| Value::number(x, 5)),
            family.draws.map_or(Value::Absent, Value::Whole),
        ]);
    }
    table
}

/// A p value; a very small one as a bound.
pub(super) fn p(p: Option<f64>) -> Value {
    match p {
        Some(p) if p < 0.0001 => Value::text("<0.0001"),
        Some(p) => Value::number(p, 4),
        None => Value::text(""),
    }
}

fn number(x: Option<f64>) -> Value {
    x.map_or(Value::text(""), |x| Value::number(x, places(x)))
}

/// All digits of a number: those of a small p are far behind the point.
fn in_full(x: Option<f64>) -> Value {
    Value::text(x.map_or_else(String::new, |x| x.to_string()))
}

/// "1 (1–2)".
fn ranks(added: &Added) -> Value {
    match (added.rank, added.rank_best, added.rank_worst) {
        (Some(rank), Some(best), Some(worst)) => Value::text(format!("{rank} ({best}–{worst})")),
        _ => Value::text(""),
    }
}

/// Degrees of freedom, which need not be whole; blank where there are none.
pub(super) fn degrees(df: Option<f64>) -> Value {
    match df {
        Some(df) if df.fract().abs() <= 0.0 => Value::number(df, 0),
        Some(df) => Value::number(df, 2),
        None => Value::text(""),
    }
}

/// What is to become of a share; blank for other figures.
fn verdict(row: &Row, language: Language) -> &'static str {
    let doubted = row.notices.iter().find_map(|notice| match notice {
        Notice::Doubted { verdict, .. } => Some(verdict.as_str()),
        _ => None,
    });
    let words = match doubted {
        _ if row.statistic != "share" => return "",
        Some("suppress") => Words::new("suppress", "不发布"),
        Some("review") => Words::new("review", "审核"),
        Some(_) => Words::new("footnote", "加注"),
        None => Words::new("publish", "可发布"),
    };
    words.say(language)
}

/// Decimals that show four digits of a standard error, and six at the most.
pub(super) fn places(error: f64) -> u8 {
    let size = error.abs().log10().floor();
    if size.is_finite() {
        (3.0 - size).clamp(0.0, 6.0) as u8
    } else {
        2
    }
}
