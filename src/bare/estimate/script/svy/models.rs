//! Models in the words of Python's `svy`.

use super::super::super::{Asked, Model};
use super::super::models::{Ready, Said, doubled, early};
use super::super::{Text, There, quoted};
use super::replicates;
use crate::estimate::expression::Column;
use crate::estimate::regress::{Law, Link, Tongue};

/// What each model gives.
const FITTED: &str = r#"def fitted(y, x, needs, tests, part, **how):
    for name in needs:
        part = part & pl.col(name).is_not_null()
    model = sample.glm.fit(y=y, x=x, where=part, tol=1e-16, **how)
    print(model.to_polars())
    for term in tests:
        test = model.term_test(term)
        print(f"wald {term} {test.value!r} {test.df_num!r} {test.df_den!r} {test.p_value!r}")"#;

struct Words;

impl Tongue for Words {
    fn column(&self, column: &str, _: bool) -> String {
        format!("pl.col({})", quoted(column))
    }

    fn label(&self, text: &str) -> String {
        quoted(text)
    }

    /// As an expression, of which functions may be taken.
    fn number(&self, number: f64) -> String {
        format!("pl.lit({number:?})")
    }

    fn call(&self, function: &str, of: &str) -> String {
        format!("({of}).{function}()")
    }

    fn power(&self, left: &str, right: &str) -> String {
        format!("({left} ** {right})")
    }

    fn compares(&self, left: &str, sign: &str, right: &str) -> String {
        let sign = doubled(sign);
        format!("({left} {sign} {right}).cast(pl.Float64)")
    }
}

/// A model whose computed columns have names.
pub(super) struct Named {
    ready: Ready,
    /// Names and expressions.
    computed: Vec<(String, String)>,
    place: usize,
}

/// The models, and columns that they compute, before the sample is told of.
pub(super) fn computed(asked: &Asked, there: &There, text: &mut Text) -> Vec<Named> {
    let mut all = Vec::new();
    for (place, model) in asked.further.models.iter().enumerate() {
        let Some(ready) = Ready::of(model, there, &Words, text) else {
            continue;
        };
        ready.check(2, text);
        let mut named = Named {
            ready,
            computed: Vec::new(),
            place: place + 1,
        };
        let said = named.ready.sides();
        let said: Vec<String> = said
            .filter_map(|said| match said {
                Said::Computed(_, said) => Some(said.clone()),
                _ => None,
            })
            .collect();
        for said in said {
            named.name(said);
        }
        if !named.ready.offsets.is_empty() {
            let sum = named.ready.offsets.join(" + ");
            named.name(sum);
        }
        for (name, said) in &named.computed {
            text.line(format!(
                "data = data.with_columns(({said}).alias({}))",
                quoted(name)
            ));
        }
        all.push(named);
    }
    all
}

impl Named {
    fn name(&mut self, said: String) {
        if !self.computed.iter().any(|(_, known)| *known == said) {
            let name = format!("computed_{}_{}", self.place, self.computed.len() + 1);
            self.computed.push((name, said));
        }
    }

    fn of(&self, said: &str) -> String {
        let found = self.computed.iter().find(|(_, known)| known == said);
        found.map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// The column of what is added with the coefficient 1.
    fn offset(&self) -> Option<String> {
        let there = !self.ready.offsets.is_empty();
        there.then(|| self.of(&self.ready.offsets.join(" + ")))
    }

    fn column(&self, said: &Said) -> String {
        match said {
            Said::Number(column) | Said::Labels(column, _) => column.clone(),
            Said::Computed(_, said) => self.of(said),
        }
    }
}

pub(super) fn models(asked: &Asked, there: &There, all: &[Named], text: &mut Text) {
    if all.is_empty() {
        return;
    }
    let method = there.replicates.as_ref();
    let method = method.map_or("", |set| replicates::centred(set, "models", text));
    text.line("# There is no test of terms together, and the scale is the deviance over n − p.");
    early(asked, text);
    text.lines(FITTED);
    for named in all {
        let model = &asked.further.models[named.place - 1];
        let family = family(model, text);
        text.line(format!("# {}", model.formula.text()));
        text.line("for name, part in parts:");
        text.line("    print(name)");
        text.line(format!(
            "    fitted({}, part, {family}{}{method})",
            said(named, there),
            how(asked, named)
        ));
    }
}

/// The response, the terms, the columns that rows must have, and the terms that are tested.
fn said(named: &Named, there: &There) -> String {
    let ready = &named.ready;
    let feature = |place: &usize| feature(named, &ready.variables[*place], there);
    let term = |term: &Vec<usize>| match &term[..] {
        [one] => feature(one),
        several => {
            let parts: Vec<String> = several.iter().map(feature).collect();
            format!("svy.Cross({})", parts.join(", "))
        }
    };
    let terms: Vec<String> = ready.terms.iter().map(term).collect();
    let alone = ready.terms.iter().filter(|term| term.len() == 1);
    let tests: Vec<String> = alone.map(term).collect();
    let sides = ready.sides().map(|said| named.column(said));
    let needs: Vec<String> = sides
        .chain(named.offset())
        .map(|name| quoted(&name))
        .collect();
    format!(
        "{}, [{}], [{}], [{}]",
        quoted(&named.column(&ready.response)),
        terms.join(", "),
        needs.join(", "),
        tests.join(", ")
    )
}

/// What is not usual.
fn how(asked: &Asked, named: &Named) -> String {
    let mut how = String::new();
    if !named.ready.intercept {
        how += ", intercept=False";
    }
    if let Some(offset) = named.offset() {
        how += &format!(", offset={}", quoted(&offset));
    }
    if let Some(alpha) = super::alpha(asked) {
        how += &format!(", alpha={alpha}");
    }
    how
}

fn feature(named: &Named, said: &Said, there: &There) -> String {
    let column = quoted(&named.column(said));
    match said {
        Said::Number(_) | Said::Computed(..) => column,
        Said::Labels(_, None) => format!("svy.Cat({column})"),
        Said::Labels(name, Some(reference)) => {
            let is_number = matches!(there.column(name), Some(Column::Numbers(_)));
            match reference.parse::<f64>() {
                Ok(number) if is_number => format!("svy.Cat({column}, ref={number})"),
                _ => format!("svy.Cat({column}, ref={})", quoted(reference)),
            }
        }
    }
}

fn family(model: &Model, text: &mut Text) -> String {
    let (law, link) = (model.family.law, model.family.link);
    if (law, link) == (Law::Poisson, Link::Inverse) {
        text.cannot(format!("the family '{}'", model.family));
    }
    format!("family=\"{}\", link=\"{}\"", law.word(), link.word())
}
