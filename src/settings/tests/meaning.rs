//! What a good file means.

use jiff::civil::date;

use super::{LEAST, SAMPLE, complaints, read};
use crate::estimate::ShareInterval;
use crate::estimate::quantile::Rule;
use crate::language::Language;
use crate::settings::{
    Allocation, CallFormat, FigureSpec, ListKind, ServiceName, ShareTest, Standards, Statistic,
    WeighStep,
};

#[test]
fn the_sample_means_what_it_says() {
    let settings = read(SAMPLE);
    assert_eq!(settings.survey.language, Language::Chinese);
    assert_eq!(
        settings.list.kind,
        ListKind::Register {
            unit: "unit_id".into(),
            phone: Some("contact_number".into())
        }
    );
    assert_eq!(
        settings.list.columns(),
        ["service", "operator", "district", "area"]
    );
    assert_eq!(settings.plan.allocate, Allocation::Power { power: 0.5 });
    assert_eq!(settings.plan.pool, Some(290_000));
    let window = settings.field.window.expect("days of fieldwork");
    assert_eq!(
        (window.start, window.end),
        (date(2016, 1, 4), date(2016, 2, 29))
    );
    assert_eq!(settings.field.formats, [CallFormat::Csv]);
    let cells = vec!["service".to_string(), "operator".to_string()];
    assert_eq!(
        settings.weigh.steps[0],
        WeighStep::Unknown { by: cells.clone() }
    );
    assert_eq!(settings.weigh.steps.len(), 3);
    let mean = Statistic::Mean {
        item: "overall".into(),
    };
    assert_eq!(
        settings.figures,
        [FigureSpec {
            statistic: mean,
            interval: ShareInterval::Student,
            by: cells,
            compare: None
        }]
    );
    let index = settings.index.expect("an index");
    assert_eq!(index.service, ServiceName::Column("service".into()));
    assert_eq!(index.weights, Some(vec![1.0, 1.0, 1.0]));
}

#[test]
fn the_least_file_leaves_the_rest_to_the_defaults() {
    let settings = read(LEAST);
    assert_eq!(settings.survey.language, Language::English);
    assert_eq!(settings.plan.allocate, Allocation::Proportional);
    assert_eq!(settings.plan.pool, None);
    assert_eq!(settings.draw.replicates, 1);
    assert_eq!(settings.field.released, 1);
    assert_eq!(settings.field.window, None);
    assert_eq!(settings.index, None);
    assert_eq!(settings.report.least, 30);
}

#[test]
fn all_replicates_are_released_unless_fewer_are_asked_for() {
    assert_eq!(
        read(&format!("{LEAST}[draw]\nreplicates = 7\n"))
            .field
            .released,
        7
    );
    assert_eq!(
        read(&format!(
            "{LEAST}[draw]\nreplicates = 7\n[field]\nreleased = 3\n"
        ))
        .field
        .released,
        3
    );
}

#[test]
fn a_list_of_numbers_has_blocks_and_no_units() {
    let text = r#"
        survey = "s"
        seed = "a"
        [list]
        kind = "numbers"
        file = "blocks.csv"
        block = "block7"
        strata = ["operator"]
        [[list.exclude]]
        prefixes = ["140", "141"]
        reason = "data cards"
        [weigh]
        steps = []
        [index]
        items = ["overall"]
        low = 1
        high = 10
        firm = "operator"
        service_label = "移动电话"
    "#;
    let settings = read(text);
    let ListKind::Numbers { block, exclude } = settings.list.kind else {
        panic!("numbers")
    };
    assert_eq!(block, "block7");
    assert_eq!(exclude[0].prefixes, ["140", "141"]);
    let index = settings.index.expect("an index");
    assert_eq!(index.service, ServiceName::Label("移动电话".into()));
    assert_eq!(
        complaints(&text.replace("block = \"block7\"", "unit = \"id\"")).to_string(),
        "survey.toml:4:10: list.block is missing; write block = … under [list]\n\
         survey.toml:7:16: list.unit is only for lists with kind = \"register\"; leave it out"
    );
    assert_eq!(
        complaints(&text.replace("\"141\"", "\"0231\"")).to_string(),
        "survey.toml:10:28: list.exclude[1].prefixes[2] is '0231', with which no block of numbers \
         begins; write one to seven digits, the first of them 1"
    );
}

#[test]
fn a_share_has_one_test_and_a_ratio_two_items() {
    let share = "[[figure]]\nstatistic = \"share\"\nitem = \"q\"\nat_least = 8\nby = []\n";
    let ratio = "[[figure]]\nstatistic = \"ratio\"\nitems = [\"a\", \"b\"]\nby = []\n";
    let settings = read(&format!("{LEAST}{share}{ratio}"));
    assert_eq!(
        settings.figures[0].statistic,
        Statistic::Share {
            item: "q".into(),
            test: ShareTest::AtLeast(8.0)
        }
    );
    assert_eq!(
        settings.figures[1].statistic,
        Statistic::Ratio {
            numerator: "a".into(),
            denominator: "b".into()
        }
    );
    let both = share.replace("at_least = 8", "at_least = 8\nequals = 9");
    assert_eq!(
        complaints(&format!("{LEAST}{both}")).to_string(),
        "survey.toml:9:1: figure[1] has 2 tests; a share has one; write one of at_least, at_most \
         and equals"
    );
    let three = ratio.replace("\"b\"", "\"b\", \"c\"");
    assert_eq!(
        complaints(&format!("{LEAST}{three}")).to_string(),
        "survey.toml:11:9: figure[1].items has 3 items; a ratio has two; write the item above the \
         line first"
    );
}

#[test]
fn a_file_from_another_editor_means_the_same() {
    let plain = read(SAMPLE);
    let marked = read(&format!("\u{feff}{}", SAMPLE.replace('\n', "\r\n")));
    assert_eq!(plain.list, marked.list);
    assert_eq!(plain.figures, marked.figures);
    assert_eq!(plain.values(), marked.values());
}

#[test]
fn figures_may_be_quantiles_have_ways_and_be_compared() {
    let more = r#"
[[figure]]
statistic = "quantile"
item = "minutes"
at = [0.25, 0.5]
rule = "hf7"
interval = "logit"
by = []

[[figure]]
statistic = "correlation"
items = ["minutes", "calls"]
by = []

[[figure]]
statistic = "share"
item = "minutes"
at_least = 8
interval = "wilson"
by = []
compare = "region"

[report]
standards = "nchs"
"#;
    let text = LEAST.replace("strata = []", "strata = [\"region\"]");
    let settings = read(&format!("{text}{more}"));
    assert_eq!(
        settings.figures[0].statistic,
        Statistic::Quantiles {
            item: "minutes".into(),
            at: vec![0.25, 0.5],
            rule: Rule::Hf7
        }
    );
    assert_eq!(settings.figures[0].interval, ShareInterval::Logit);
    assert_eq!(
        settings.figures[1].statistic,
        Statistic::Correlation {
            this: "minutes".into(),
            other: "calls".into()
        }
    );
    assert_eq!(settings.figures[2].compare.as_deref(), Some("region"));
    assert_eq!(settings.report.standards, Some(Standards::Nchs));
}

#[test]
fn what_figures_have_no_use_for_is_named_at_once() {
    let more = r#"
[[figure]]
statistic = "mean"
item = "minutes"
at = [0.5]
rule = "hf7"
interval = "logit"
by = ["region"]
compare = "region"

[[figure]]
statistic = "quantile"
item = "minutes"
at = []
by = []
compare = "area"
"#;
    let text = LEAST.replace("strata = []", "strata = [\"region\"]");
    let said = complaints(&format!("{text}{more}")).to_string();
    for part in [
        "figure[1].at is only for statistic = \"quantile\"",
        "figure[1].rule is only for statistic = \"quantile\"",
        "figure[1].interval is only for shares and quantiles",
        "figure[1].by[1] names 'region', which is compared",
        "figure[2].at is empty",
        "figure[2].compare names the column 'area'",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}
