//! `[[figure]]` and `[index]`

use super::columns::Columns;
use super::whole::{all, blamed, need, refuse, value};
use crate::advice::Advise;
use crate::estimate::smooth;
use crate::settings::figures::{FigureSpec, IndexSpec, ServiceName, ShareTest, Statistic};
use crate::settings::problems::Problem;
use crate::settings::wire;
use crate::settings::words::StatisticWord;

/// The figures, in the file's order.
pub(super) fn figures(
    figures: &[wire::Figure],
    columns: &Columns,
    found: &mut Vec<Problem>,
) -> Option<Vec<FigureSpec>> {
    let specs: Vec<Option<FigureSpec>> = figures
        .iter()
        .map(|figure| {
            let by = figure.by.iter().flat_map(|by| &by.value);
            columns.know(by.chain(&figure.compare), found);
            compared(figure, found);
            let statistic = statistic(figure, found);
            Some(FigureSpec {
                statistic: statistic?,
                interval: value(&figure.interval).unwrap_or_default(),
                by: all(&figure.by)?,
                compare: value(&figure.compare),
            })
        })
        .collect();
    specs.into_iter().collect()
}

/// A column that is compared divides the domains already.
fn compared(figure: &wire::Figure, found: &mut Vec<Problem>) {
    let Some(compare) = &figure.compare else {
        return;
    };
    let mut by = figure.by.iter().flat_map(|by| &by.value);
    if let Some(twice) = by.find(|column| column.value == compare.value) {
        let message = format!("{} names '{}', which is compared", twice.key, twice.value);
        found.push(
            twice
                .problem(message)
                .hint("leave it out there: it divides domains anyway"),
        );
    }
}

/// What is estimated, with exactly what it needs.
fn statistic(figure: &wire::Figure, found: &mut Vec<Problem>) -> Option<Statistic> {
    let word = figure.statistic.as_ref()?.value;
    if word != StatisticWord::Share {
        for test in [&figure.at_least, &figure.at_most, &figure.equals] {
            refuse(test, "statistic = \"share\"", found);
        }
    }
    if word != StatisticWord::Quantile {
        refuse(&figure.shares, "statistic = \"quantile\"", found);
        refuse(&figure.rule, "statistic = \"quantile\"", found);
    }
    if !matches!(word, StatisticWord::Share | StatisticWord::Quantile) {
        refuse(&figure.interval, "shares and quantiles", found);
    }
    if word == StatisticWord::Function {
        return function(figure, found);
    }
    refuse(&figure.of, "statistic = \"function\"", found);
    if matches!(word, StatisticWord::Ratio | StatisticWord::Correlation) {
        let (only, what) = match word {
            StatisticWord::Ratio => ("a ratio has items = [above, below]", "a ratio"),
            _ => ("a correlation has items = [a, b]", "a correlation"),
        };
        refuse(&figure.item, &format!("a single item; {only}"), found);
        let (this, other) = two_items(figure, what, found)?;
        return Some(match word {
            StatisticWord::Ratio => Statistic::Ratio {
                numerator: this,
                denominator: other,
            },
            _ => Statistic::Correlation { this, other },
        });
    }
    refuse(&figure.items, "ratios and correlations", found);
    let test = if word == StatisticWord::Share {
        share_test(figure, found)
    } else {
        None
    };
    if let Some(shares) = figure.shares.as_ref().filter(|at| at.value.is_empty()) {
        let problem = shares.problem(format!("{} is empty", shares.key));
        found.push(problem.hint("write at = [0.5] for the median"));
    }
    let item = need(&figure.item, &figure.at, "item", found)?;
    match word {
        StatisticWord::Mean => Some(Statistic::Mean { item }),
        StatisticWord::Total => Some(Statistic::Total { item }),
        StatisticWord::Share => Some(Statistic::Share { item, test: test? }),
        StatisticWord::Variance => Some(Statistic::Variance { item }),
        StatisticWord::Spread => Some(Statistic::Spread { item }),
        StatisticWord::Quantile => Some(Statistic::Quantiles {
            item,
            at: all(&figure.shares).unwrap_or_else(|| vec![0.5]),
            rule: value(&figure.rule).unwrap_or_default(),
        }),
        StatisticWord::Ratio | StatisticWord::Correlation | StatisticWord::Function => None,
    }
}

/// A function of totals and means, if it can be read. Whether its columns are there is known once there are
/// answers.
fn function(figure: &wire::Figure, found: &mut Vec<Problem>) -> Option<Statistic> {
    refuse(
        &figure.item,
        "a single item; a function names its own",
        found,
    );
    refuse(&figure.items, "ratios and correlations", found);
    let of = need(&figure.of, &figure.at, "of", found)?;
    if let (Err(why), Some(at)) = (smooth::columns(&of), &figure.of) {
        let problem = at.problem(format!("{}: {why}", at.key));
        found.push(match why.hint() {
            Some(hint) => problem.hint(hint),
            None => problem,
        });
    }
    Some(Statistic::Function { of })
}

/// The two items of a ratio or a correlation.
fn two_items(
    figure: &wire::Figure,
    what: &str,
    found: &mut Vec<Problem>,
) -> Option<(String, String)> {
    need(&figure.items, &figure.at, "items", found)?;
    let items = figure.items.as_ref()?;
    match items.value.as_slice() {
        [this, other] => Some((this.value.clone(), other.value.clone())),
        others => {
            let message = format!("{} has {} items; {what} has two", items.key, others.len());
            let problem = items.problem(message);
            found.push(match what {
                "a ratio" => problem.hint("write the item above the line first"),
                _ => problem,
            });
            None
        }
    }
}

fn share_test(figure: &wire::Figure, found: &mut Vec<Problem>) -> Option<ShareTest> {
    let tests = ["at_least", "at_most", "equals"];
    if tests.iter().any(|key| blamed(&figure.at, key, found)) {
        return None;
    }
    let (least, most, equals) = (&figure.at_least, &figure.at_most, &figure.equals);
    match (value(least), value(most), value(equals)) {
        (Some(least), None, None) => Some(ShareTest::AtLeast(least)),
        (None, Some(most), None) => Some(ShareTest::AtMost(most)),
        (None, None, Some(equals)) => Some(ShareTest::Equals(equals)),
        others => {
            let count = [others.0, others.1, others.2].iter().flatten().count();
            let message = format!("{} has {count} tests; a share has one", figure.at.key);
            let problem = figure.at.problem(message);
            found.push(problem.hint("write one of at_least, at_most and equals"));
            None
        }
    }
}

/// Satisfaction in one figure.
pub(super) fn index(
    index: &wire::Index,
    columns: &Columns,
    found: &mut Vec<Problem>,
) -> Option<IndexSpec> {
    columns.know(index.firm.iter().chain(&index.service), found);
    let service = service(index, found);
    if let (Some(low), Some(high)) = (&index.low, &index.high)
        && low.value >= high.value
    {
        let message = format!(
            "index.high is {}, not above index.low, {}",
            high.value, low.value
        );
        found.push(high.problem(message));
    }
    if let Some(items) = index.items.as_ref().filter(|items| items.value.is_empty()) {
        found.push(items.problem("index.items is empty"));
    }
    fit_weights(index, found);
    Some(IndexSpec {
        items: all(&index.items)?,
        low: value(&index.low)?,
        high: value(&index.high)?,
        weights: all(&index.weights),
        firm: value(&index.firm)?,
        service: service?,
        compare: value(&index.compare),
    })
}

/// Exactly one of a column and a fixed label.
fn service(index: &wire::Index, found: &mut Vec<Problem>) -> Option<ServiceName> {
    match (value(&index.service), value(&index.service_label)) {
        (Some(column), None) => Some(ServiceName::Column(column)),
        (None, Some(label)) => Some(ServiceName::Label(label)),
        (None, None) => {
            need(&index.service, &index.at, "service", found);
            None
        }
        (Some(_), Some(_)) => {
            let at = index.service_label.as_ref()?;
            let message = "index.service and index.service_label are both given";
            found.push(
                at.problem(message)
                    .hint("keep the column, or the one label for all"),
            );
            None
        }
    }
}

/// One weight per item, and not all of them nothing.
fn fit_weights(index: &wire::Index, found: &mut Vec<Problem>) {
    let (Some(items), Some(weights)) = (&index.items, &index.weights) else {
        return;
    };
    let (items, count) = (items.value.len(), weights.value.len());
    if items != count {
        let message = format!("index.weights has {count} weights for {items} items");
        found.push(
            weights
                .problem(message)
                .hint("leave it out for equal weights"),
        );
    } else if weights.value.iter().all(|weight| weight.value <= 0.0) {
        let message = "index.weights are all 0";
        found.push(
            weights
                .problem(message)
                .hint("leave it out for equal weights"),
        );
    }
}
