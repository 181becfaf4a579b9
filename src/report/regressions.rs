//! What an answer goes together with.

use super::discretion::{self, Discretion};
use super::document::{Block, Column, Table, Value};
use super::{phrases, results, words};
use crate::estimate::regress::{Coefficient, Fit, Formula};
use crate::language::{Language, Words};

/// A model, as it was fitted in some domains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model<'a> {
    /// One per domain.
    pub fits: &'a [Fit],
    /// The columns whose combinations are the domains; none for everybody.
    pub by: &'a [String],
    /// Who was meant, as it was written; none for everybody.
    pub filter: Option<&'a str>,
}

/// The chapter's tables and remarks.
pub(super) fn chapter(
    models: &[Model<'_>],
    discretion: Discretion,
    language: Language,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (place, model) in models.iter().enumerate() {
        let tables = model.tables(&format!("regression-{}", place + 1), discretion, language);
        blocks.extend(tables.into_iter().map(Block::Table));
        blocks.extend(remarks(model, language).into_iter().map(Block::Note));
    }
    if !blocks.is_empty() {
        blocks.push(Block::Note(legend(models, language)));
    }
    let few = |fit: &&Fit| discretion::withholds(fit.n, discretion.least);
    if models
        .iter()
        .flat_map(|model| model.fits)
        .any(|fit| few(&fit))
    {
        blocks.push(Block::Note(discretion::rule(discretion.least, language)));
    }
    blocks
}

/// Gives the coefficients, the tests of terms of several coefficients if there are such, and the whole model.
#[must_use]
pub fn tables(
    model: &Model<'_>,
    discretion: impl Into<Discretion>,
    language: Language,
) -> Vec<Table> {
    model.tables("regression", discretion.into(), language)
}

impl Model<'_> {
    fn tables(&self, name: &str, discretion: Discretion, language: Language) -> Vec<Table> {
        let mut tables = vec![self.coefficients(name, discretion, language)];
        let terms = self.terms(name, discretion, language);
        tables.extend((!terms.rows.is_empty()).then_some(terms));
        tables.push(self.whole(name, language));
        tables
    }

    /// "overall ~ age + C(region), linear model".
    fn title(&self, language: Language) -> String {
        let Some(fit) = self.fits.first() else {
            return String::new();
        };
        let family = family(&fit.family, language);
        let filter = self.filter.filter(|_| !self.by.is_empty());
        match (language, filter) {
            (Language::English, None) => format!("{}, {family}", fit.formula),
            (Language::English, Some(filter)) => {
                format!("{}, {family}, where {filter}", fit.formula)
            }
            (Language::Chinese, None) => format!("{}（{family}）", fit.formula),
            (Language::Chinese, Some(filter)) => {
                format!("{}（{family}，限于{filter}）", fit.formula)
            }
        }
    }

    /// Domains are a column of their own only if there may be several.
    fn is_whole(&self) -> bool {
        self.by.is_empty() && self.filter.is_none()
    }

    fn domain(&self, language: Language) -> Option<Column> {
        let title = match self.by.is_empty() {
            true => Words::new("for", "范围").say(language).to_owned(),
            false => phrases::names(self.by, language),
        };
        (!self.is_whole()).then(|| Column::text(title))
    }

    fn row(&self, fit: &Fit, language: Language) -> Vec<Value> {
        let domain = (!self.is_whole()).then(|| Value::text(words::cell(&fit.domain, language)));
        domain.into_iter().collect()
    }

    fn coefficients(&self, name: &str, discretion: Discretion, language: Language) -> Table {
        let say = |en, zh| Words::new(en, zh).say(language);
        let mut all = self.fits.iter().flat_map(|fit| &fit.coefficients);
        let ratios = all.any(|found| found.ratio.is_some());
        let mut columns: Vec<Column> = self.domain(language).into_iter().collect();
        columns.extend([
            Column::text(say("coefficient", "系数")),
            Column::number(say("estimate", "估计值")),
            Column::number(say("standard error", "标准误")),
            Column::number(say("t", "t值")),
            Column::number(say("p", "p值")),
            Column::number(say("from", "区间下限")),
            Column::number(say("to", "区间上限")),
        ]);
        if ratios {
            columns.extend([
                Column::number(say("ratio", "比值")),
                Column::number(say("ratio from", "比值下限")),
                Column::number(say("ratio to", "比值上限")),
            ]);
        }
        let mut table = Table::new(
            format!("{name}-coefficients"),
            self.title(language),
            columns,
        );
        for fit in self.fits {
            let few = discretion::withholds(fit.n, discretion.least);
            for found in &fit.coefficients {
                let mut row = self.row(fit, language);
                row.push(Value::text(named(&found.name, language)));
                row.extend(match few {
                    true => too_few(if ratios { 9 } else { 6 }, language),
                    false => figures(found, ratios),
                });
                table.push(row);
            }
        }
        table
    }

    /// Tests of terms; blank where every term has one coefficient, whose t says the same.
    fn terms(&self, name: &str, discretion: Discretion, language: Language) -> Table {
        let say = |en, zh| Words::new(en, zh).say(language);
        let mut columns: Vec<Column> = self.domain(language).into_iter().collect();
        columns.extend([
            Column::text(say("term", "项")),
            Column::number(say("F", "F值")),
            Column::number(say("df", "分子自由度")),
            Column::number(say("and df", "分母自由度")),
            Column::number(say("p", "p值")),
        ]);
        let caption = format!(
            "{}{}",
            self.title(language),
            say(": tests of terms", "：各项的检验")
        );
        let mut table = Table::new(format!("{name}-terms"), caption, columns);
        let told = |fit: &&Fit| !discretion::withholds(fit.n, discretion.least);
        for fit in self.fits.iter().filter(told) {
            for test in fit.tests.iter().filter(|test| test.above > 1) {
                let mut row = self.row(fit, language);
                row.extend([
                    Value::text(test.terms.join(" + ")),
                    Value::maybe(test.f, 3),
                    Value::Whole(test.above),
                    Value::Whole(test.below),
                    p(test.p),
                ]);
                table.push(row);
            }
        }
        table
    }

    fn whole(&self, name: &str, language: Language) -> Table {
        let say = |en, zh| Words::new(en, zh).say(language);
        // A row needs a name, also if it is of everybody.
        let all = || Column::text(say("for", "范围"));
        let mut columns = vec![self.domain(language).unwrap_or_else(all)];
        columns.extend([
            Column::number(say("completes n", "样本量")),
            Column::number(say("left out", "未计入")),
            Column::number(say("df", "自由度")),
            Column::number(say("explained", "解释比例")),
        ]);
        let caption = format!(
            "{}{}",
            self.title(language),
            say(": the whole model", "：模型整体")
        );
        let mut table = Table::new(format!("{name}-model"), caption, columns);
        for fit in self.fits {
            let mut row = vec![Value::text(words::cell(&fit.domain, language))];
            row.extend([
                Value::Whole(fit.n),
                Value::Whole(fit.left_out),
                Value::Whole(fit.df),
                fit.explained
                    .map_or(Value::Absent, |share| Value::share(share, 1)),
            ]);
            table.push(row);
        }
        table
    }
}

/// "too few", and nothing else.
fn too_few(count: usize, language: Language) -> Vec<Value> {
    let mut values = vec![Value::text(discretion::instead(language))];
    values.resize(count, Value::Unknown);
    values
}

/// The numbers of a coefficient: decimals follow its standard error.
fn figures(found: &Coefficient, ratios: bool) -> Vec<Value> {
    let places = places(found.se.unwrap_or(found.value));
    let (low, high) = found.interval.unzip();
    let mut row = vec![
        Value::number(found.value, places),
        Value::maybe(found.se, places),
        Value::maybe(found.t, 2),
        p(found.p),
        Value::maybe(low, places),
        Value::maybe(high, places),
    ];
    if ratios {
        let (low, high) = found.ratio_interval.unzip();
        row.extend([found.ratio, low, high].map(|ratio| Value::maybe(ratio, 3)));
    }
    row
}

/// Decimals that show three digits of a standard error, and six at the most.
fn places(error: f64) -> u8 {
    let size = error.abs().log10().floor();
    if size.is_finite() {
        (2.0 - size).clamp(0.0, 6.0) as u8
    } else {
        2
    }
}

/// A p value; a very small one as a bound.
fn p(p: Option<f64>) -> Value {
    match p {
        Some(p) if p < 0.0001 => Value::text("<0.0001"),
        p => Value::maybe(p, 4),
    }
}

fn named(name: &str, language: Language) -> String {
    match name {
        "(intercept)" => Words::new("(intercept)", "（截距）")
            .say(language)
            .to_owned(),
        other => other.to_owned(),
    }
}

/// What a person calls a model of this family.
fn family(family: &str, language: Language) -> String {
    let words = match family {
        "gaussian" => Words::new("linear model", "线性模型"),
        "binomial" => Words::new("logistic model", "Logistic 模型"),
        "poisson" => Words::new("Poisson model", "泊松模型"),
        "gamma" => Words::new("gamma model", "伽马模型"),
        other => return other.to_owned(),
    };
    words.say(language).to_owned()
}

/// Why there are no standard errors, once for each reason.
fn remarks(model: &Model<'_>, language: Language) -> Vec<String> {
    let mut remarks = Vec::new();
    for why in model.fits.iter().filter_map(|fit| fit.unknown.as_ref()) {
        let said = results::unknown(why, language);
        if !remarks.contains(&said) {
            remarks.push(said);
        }
    }
    remarks
}

/// How to read the tables.
fn legend(models: &[Model<'_>], language: Language) -> String {
    let confidence = models.iter().flat_map(|model| model.fits).next();
    let confidence = phrases::confidence(confidence.map_or(0.95, |fit| fit.confidence));
    let others = references(models, language);
    match language {
        Language::English => format!(
            "A coefficient is the difference that goes with one unit of its column, or with a label in place \
             of the first{others}, while all other terms are held fixed. Standard errors are those of the sample's \
             design; intervals are at {confidence}."
        ),
        Language::Chinese => format!(
            "系数表示其他项不变时，该列每增加一个单位（或该标签相对于首个标签{others}）所对应的差异。\
             标准误按抽样设计计算，区间的置信水平为{confidence}。"
        ),
    }
}

/// The labels that models name to compare others with, each once: " (or of 'north' for region)".
fn references(models: &[Model<'_>], language: Language) -> String {
    let mut named: Vec<String> = Vec::new();
    for fit in models.iter().filter_map(|model| model.fits.first()) {
        let Ok(formula) = Formula::parse(&fit.formula) else {
            continue;
        };
        for (column, label) in formula.references() {
            let said = match language {
                Language::English => format!("of '{label}' for {column}"),
                Language::Chinese => format!("{column}相对于“{label}”"),
            };
            if !named.contains(&said) {
                named.push(said);
            }
        }
    }
    match (language, named.is_empty()) {
        (_, true) => String::new(),
        (Language::English, false) => format!(" (or {})", named.join(", ")),
        (Language::Chinese, false) => format!("，其中{}", named.join("、")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Model, chapter, tables};
    use crate::estimate::expression::Table;
    use crate::estimate::regress::{Family, Fit, Formula, Regression};
    use crate::estimate::variance::{Clusters, Design};
    use crate::estimate::{Domain, Estimator};
    use crate::language::Language::{Chinese, English};
    use crate::report::Block;
    use crate::report::discretion::Discretion;
    use crate::weigh::Ledger;

    fn fit(formula: &str, family: Family) -> Fit {
        let region = ["n", "n", "s", "s", "w", "w", "w", "n"].map(|x| Some(x.to_owned()));
        let table = Table::default()
            .with_numbers(
                "said",
                [1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0].map(Some).to_vec(),
            )
            .with_numbers(
                "age",
                [20.0, 30.0, 40.0, 55.0, 50.0, 61.0, 34.0, 42.0]
                    .map(Some)
                    .to_vec(),
            )
            .with_labels("region", region.to_vec());
        let ledger = Ledger::given(vec![10.0; 8]).expect("weights");
        let rule = Clusters::of(&Design::of(ledger.weights())).expect("a design");
        let estimator = Estimator::by(Box::new(rule), &ledger, 0.95);
        let formula = Formula::parse(formula).expect("a formula");
        let model = Regression::of(&formula, &table, family);
        model.fit(&estimator, &Domain::all()).expect("answers")
    }

    #[test]
    fn coefficients_terms_and_the_model_are_tables() {
        let fits = [fit("said ~ age + region", Family::GAUSSIAN)];
        let model = Model {
            fits: &fits,
            by: &[],
            filter: None,
        };
        let shown = tables(&model, 2, English);
        assert_eq!(shown.len(), 3);
        assert_eq!(shown[0].caption, "said ~ age + region, linear model");
        let names: Vec<String> = shown[0]
            .rows
            .iter()
            .map(|row| row[0].say(English))
            .collect();
        assert_eq!(names, ["(intercept)", "age", "region[s]", "region[w]"]);
        // Age has one coefficient, whose t says what its F would.
        assert_eq!(shown[1].rows.len(), 1);
        assert_eq!(shown[1].rows[0][0].say(English), "region");
        assert_eq!(
            tables(&model, 2, Chinese)[0].rows[0][0].say(Chinese),
            "（截距）"
        );
        let blocks = chapter(&[model], Discretion::from(2), English);
        assert!(matches!(blocks.last(), Some(Block::Note(text)) if text.contains("95%")));
    }

    #[test]
    fn the_label_that_others_are_compared_with_is_named() {
        let fits = [fit("said ~ age + C(region, ref = s)", Family::GAUSSIAN)];
        let model = Model {
            fits: &fits,
            by: &[],
            filter: None,
        };
        let said = |language| match chapter(&[model, model], Discretion::from(2), language).pop() {
            Some(Block::Note(text)) => text,
            other => panic!("{other:?}"),
        };
        let (en, zh) = (said(English), said(Chinese));
        assert!(
            en.contains("in place of the first (or of 's' for region), while"),
            "{en}"
        );
        assert!(
            zh.contains("（或该标签相对于首个标签，其中region相对于“s”）"),
            "{zh}"
        );
    }

    #[test]
    fn a_model_of_shares_has_ratios_and_a_model_of_few_has_nothing() {
        let fits = [fit(
            "said ~ age",
            Family::named("binomial").expect("a family"),
        )];
        let model = Model {
            fits: &fits,
            by: &[],
            filter: Some("age > 18"),
        };
        let shown = tables(&model, 2, English);
        assert_eq!((shown.len(), shown[0].columns.len()), (2, 11));
        let few = tables(&model, 30, English);
        assert_eq!(few[0].rows[0][2].say(English), "too few");
        assert!(
            few[0]
                .rows
                .iter()
                .all(|row| row[3..].iter().all(|x| x.say(English) == "—"))
        );
    }
}
