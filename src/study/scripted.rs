//! The figures of a study once more, by another program, from the analysis file.

use std::path::{Path, PathBuf};

use super::Study;
use super::export::{CASE, Exported, POPULATION, STRATUM, WEIGHT, passes};
use crate::bare::estimate::{
    Asked, By, Drawn, Error as Unfit, Figure, Filter, Further, GivenWeights, Model, Program,
    Replication, script,
};
use crate::estimate::quantile::Rule;
use crate::estimate::variance::replicate::Kind;
use crate::estimate::variance::{Formula, Lonely};
use crate::files::data::Choice;
use crate::progress::Monitor;
use crate::settings::{FigureSpec, Statistic};

impl Study {
    /// Writes the analysis file, and gives the text of a program that estimates the figures from it. A share is
    /// the mean of its column of zeros and ones. What is not repeated, and where standard errors differ, the
    /// text says first.
    ///
    /// # Errors
    ///
    /// As [`Study::export`]; [`Unscripted`](Unfit::Unscripted) if the program can repeat none of it.
    pub fn script(
        &self,
        path: &Path,
        program: Program,
        monitor: &dyn Monitor,
    ) -> Result<String, crate::Error> {
        let exported = self.export(path, monitor)?.value;
        let refused = |what: Vec<String>| Unfit::Unscripted {
            program: program.says(),
            what,
            others: Vec::new(),
        };
        if !exported.is_simple() && exported.stages.is_none() {
            let what = format!("variances by '{}'", exported.rule);
            return Err(refused(vec![what]).into());
        }
        let replication = replication(path, &exported)?;
        let mut not = self.not_scripted();
        let mut groups: Vec<Asked> = Vec::new();
        for asked in self.all_asked(path)? {
            let asked = match &replication {
                Some(replication) => by_replicates(asked, replication),
                None => in_stages(asked, &exported, program),
            };
            match script(&asked, program) {
                Ok(_) => {}
                Err(crate::Error::Figures(Unfit::Unscripted { what, .. })) => {
                    let new = what.into_iter().filter(|what| !not.contains(what));
                    not.extend(new.collect::<Vec<_>>());
                    continue;
                }
                Err(other) => return Err(other),
            }
            match groups.iter_mut().find(|known| is_like(known, &asked)) {
                Some(known) => join(known, asked),
                None => groups.push(asked),
            }
        }
        if groups.is_empty() {
            if not.is_empty() {
                not.push("a survey without figures".to_owned());
            }
            return Err(refused(not).into());
        }
        let mut text = head(&exported, &not, program);
        for asked in groups {
            text += "\n";
            text += &script(&asked, program)?.text;
        }
        Ok(text)
    }

    /// Figures, tables and regressions, each as it is asked of the file.
    fn all_asked(&self, path: &Path) -> Result<Vec<Asked>, crate::Error> {
        let settings = self.settings();
        let figures = settings.figures.iter();
        let mut all: Vec<Asked> = figures.map(|figure| self.asked_of(path, figure)).collect();
        for table in &settings.tables {
            let mut asked = self.nothing_of(path, table.by.clone());
            asked.further.tables = vec![format!("{} × {}", table.rows, table.columns)];
            all.push(asked);
        }
        for regression in &settings.regressions {
            let mut asked = self.nothing_of(path, regression.by.clone());
            let filter = regression.filter.as_deref();
            asked.filter = filter.map(Filter::parse).transpose()?;
            asked.further.models = vec![Model {
                formula: regression.formula.clone(),
                family: regression.family,
            }];
            all.push(asked);
        }
        Ok(all)
    }

    /// A figure as it is asked of the file.
    fn asked_of(&self, path: &Path, figure: &FigureSpec) -> Asked {
        let (figures, rule) = wanted(&figure.statistic);
        let by = figure.by.iter().chain(&figure.compare).cloned().collect();
        Asked {
            figures,
            rule,
            ..self.nothing_of(path, by)
        }
    }

    /// The file and its design, of which nothing is asked yet.
    fn nothing_of(&self, path: &Path, by: Vec<String>) -> Asked {
        Asked {
            data: path.to_owned(),
            choice: Choice::default(),
            weight: WEIGHT.to_owned(),
            strata: vec![vec![STRATUM.to_owned()]],
            clusters: Vec::new(),
            populations: vec![POPULATION.to_owned()],
            drawn: None,
            nest: false,
            lonely: Lonely::Fail,
            figures: Vec::new(),
            rule: None,
            interval: None,
            nchs: false,
            by,
            compare: None,
            filter: None,
            confidence: self.settings().plan.confidence,
            deff: false,
            replication: None,
            seed: None,
            further: Further::default(),
        }
    }

    /// What of survey.toml no program repeats.
    fn not_scripted(&self) -> Vec<String> {
        let settings = self.settings();
        let compared = |figure: &FigureSpec| figure.compare.is_some();
        let all = [
            (settings.figures.iter().any(compared), "differences"),
            (!settings.compares.is_empty(), "comparisons"),
            (!settings.changes.is_empty(), "changes"),
            (settings.index.is_some(), "the index"),
        ];
        let there = all.into_iter().filter(|(there, _)| *there);
        there.map(|(_, what)| what.to_owned()).collect()
    }
}

/// The replicate weights of the file, where there are some; how a variance is made of them stands beside it.
fn replication(path: &Path, exported: &Exported) -> Result<Option<Replication>, crate::Error> {
    if exported.replicates == 0 {
        return Ok(None);
    }
    let beside = PathBuf::from(format!("{}.json", path.display()));
    Ok(Some(Replication::Given(GivenWeights {
        scales: Some(beside),
        ..GivenWeights::of("replicate_[0-9]+", Kind::Other)
    })))
}

/// The same by replicate weights, which know the design.
fn by_replicates(asked: Asked, replication: &Replication) -> Asked {
    Asked {
        strata: Vec::new(),
        populations: Vec::new(),
        replication: Some(replication.clone()),
        ..asked
    }
}

/// Whether two are asked of the same people in the same way.
fn is_like(this: &Asked, other: &Asked) -> bool {
    let rule = |asked: &Asked| match asked.figures[..] {
        [] => None,
        _ => Some(asked.rule),
    };
    let rules = rule(this).zip(rule(other));
    this.by == other.by && this.filter == other.filter && rules.is_none_or(|(one, two)| one == two)
}

/// All of the one, and then the other.
fn join(this: &mut Asked, other: Asked) {
    if this.figures.is_empty() {
        this.rule = other.rule;
    }
    this.figures.extend(other.figures);
    this.further.tables.extend(other.further.tables);
    this.further.models.extend(other.further.models);
}

/// The same of a file whose rows were drawn in stages, as the rule for variances goes by them.
fn in_stages(asked: Asked, exported: &Exported, program: Program) -> Asked {
    let Some(stages) = &exported.stages else {
        return asked;
    };
    let (mut clusters, mut populations) = (stages.clusters.clone(), stages.populations.clone());
    match program {
        // Ends of lists below the first it does not know, and that of the first alone would tell of too little.
        Program::Sas if populations.len() > 1 => populations.clear(),
        // It asks for the name of whatever has a population, of rows too.
        Program::Svy if populations.len() > clusters.len() => clusters.push(CASE.to_owned()),
        _ => {}
    }
    let drawn = (!stages.chances.is_empty()).then(|| Drawn {
        chances: stages.chances.clone(),
        by: By::Units(Formula::default()),
    });
    Asked {
        clusters,
        populations,
        drawn,
        nest: true,
        ..asked
    }
}

/// A statistic as a figure of columns.
fn wanted(statistic: &Statistic) -> (Vec<Figure>, Option<Rule>) {
    let figure = match statistic {
        Statistic::Mean { item } => Figure::Mean(item.clone()),
        Statistic::Total { item } => Figure::Total(item.clone()),
        Statistic::Share { item, test } => Figure::Mean(passes(item, *test)),
        Statistic::Ratio {
            numerator,
            denominator,
        } => Figure::Ratio(numerator.clone(), denominator.clone()),
        Statistic::Variance { item } => Figure::Variance(item.clone()),
        Statistic::Spread { item } => Figure::Spread(item.clone()),
        Statistic::Correlation { this, other } => Figure::Correlation(this.clone(), other.clone()),
        Statistic::Function { of } => Figure::Function(of.clone()),
        Statistic::Quantiles { item, at, rule } => {
            let figure = Figure::Quantiles(item.clone(), at.clone());
            return (vec![figure], Some(*rule));
        }
    };
    (vec![figure], None)
}

/// What a reader of the program must know first, as comments.
fn head(exported: &Exported, not: &[String], program: Program) -> String {
    let mut lines = vec!["Estimates are those of 7-estimates.json.".to_owned()];
    let stages = exported.stages.as_ref();
    let ends = stages.is_some_and(|stages| program == Program::Sas && stages.populations.len() > 1);
    let chances = stages.is_some_and(|stages| !stages.chances.is_empty());
    lines.push(match exported.untold.is_empty() {
        true if ends => {
            "Standard errors are those of clusters drawn with replacement: SAS knows no stage below the first."
                .to_owned()
        }
        true if chances => "Standard errors come near, by the formula that is named below.".to_owned(),
        true => "Standard errors are, too.".to_owned(),
        false => format!(
            "Standard errors are not: they take weights as they are, and know nothing of the steps {}.",
            exported.untold.join(", ")
        ),
    });
    if !exported.untold.is_empty() {
        let how = "With [estimate] variance = \"jkn\" in survey.toml the file has replicate weights that do.";
        lines.push(how.to_owned());
    }
    let mut not = not.to_vec();
    not.dedup();
    if !not.is_empty() {
        lines.push(format!("Not repeated here: {}.", not.join(", ")));
    }
    let comment = |line: String| match program {
        Program::R | Program::Svy => format!("# {line}\n"),
        Program::Stata => format!("* {line}\n"),
        Program::Sas => format!("/* {line} */\n"),
    };
    lines.into_iter().map(comment).collect()
}
