//! What is told of a draw from a bare file, and of two waves.

use canvass::bare::{self, StageBy, Stated};
use canvass::draw::waves::coordinate::Turn;
use canvass::language::{Language, Words};
use canvass::report::{Column, Table, Value};
use canvass::study::Shared;

/// What was drawn from each stratum.
pub(super) fn strata(drawn: &bare::Drawn, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let mut columns = vec![
        Column::text(say("stratum", "层")),
        Column::number(say("units", "单位数")),
        Column::number(say("drawn", "抽取数")),
        Column::number(say("certain", "必然入样")),
    ];
    let sized = drawn.size.is_some();
    if sized {
        columns.push(Column::number(say("size", "规模合计")));
    }
    if drawn.hits.is_some() {
        columns.push(Column::number(say("hits", "抽中次数")));
    }
    if !drawn.spread_by.is_empty() {
        columns.push(Column::number(say("spatial balance", "空间均衡度")));
    }
    let title = match drawn.chances {
        Stated::Exact => say(
            "The draw: chances are exact",
            "抽样结果（入样概率为精确值）",
        ),
        Stated::Approximate => say(
            "The draw: chances are approximate",
            "抽样结果（入样概率为近似值）",
        ),
    };
    let mut table = Table::new("draw", title, columns);
    let mut push =
        |name: String, counts: [u64; 3], [size, spread]: [Option<f64>; 2], hits: Option<u64>| {
            let mut row = vec![Value::text(name)];
            row.extend(counts.map(Value::Whole));
            if sized {
                row.push(Value::maybe(size, 0));
            }
            row.extend(hits.map(Value::Whole));
            if !drawn.spread_by.is_empty() {
                row.push(Value::maybe(spread, 4));
            }
            table.push(row);
        };
    for one in &drawn.strata {
        let counts = [one.units, one.drawn, one.certain];
        push(
            one.stratum.clone(),
            counts,
            [one.size, one.spread],
            one.hits,
        );
    }
    if drawn.strata.len() > 1 {
        let certain = drawn.strata.iter().map(|one| one.certain).sum();
        let size = drawn.strata.iter().map(|one| one.size).sum();
        push(
            say("all", "合计"),
            [drawn.units, drawn.drawn, certain],
            [size, None],
            drawn.hits,
        );
    }
    table
}

/// What the sample makes of the amounts it is balanced on, if it is.
pub(super) fn balance(drawn: &bare::Drawn, language: Language) -> Option<Table> {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("amount", "辅助变量")),
        Column::number(say("total", "总量")),
        Column::number(say("estimate", "估计值")),
        Column::number(say("off", "相对偏差")),
    ];
    let caption = say(
        "Known totals, and the sample's estimates of them",
        "已知总量与样本估计值",
    );
    let mut table = Table::new("balance", caption, columns);
    for one in &drawn.balance {
        let off = (one.total.abs() > 0.0).then(|| one.estimate / one.total - 1.0);
        table.push(vec![
            Value::text(&one.column),
            Value::number(one.total, 0),
            Value::number(one.estimate, 0),
            off.map_or(Value::Absent, |off| Value::share(off, 2)),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// What was drawn at each stage, if the draw is in stages.
pub(super) fn stages(drawn: &bare::Drawn, language: Language) -> Option<Table> {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("stage", "阶段")),
        Column::text(say("stratum", "层")),
        Column::text(say("method", "方法")),
        Column::text(say("in proportion to", "概率正比于")),
        Column::number(say("there", "总数")),
        Column::number(say("drawn", "抽取数")),
        Column::number(say("certain", "必然入样")),
    ];
    let caption = say(
        "The stages, from the largest clusters down",
        "各抽样阶段，由大群到小群",
    );
    let again = drawn.stages.first().map_or(0, |stage| stage.labels_again);
    let caption = match again {
        0 => caption,
        _ => {
            let more = say(
                "labels stand in several strata, and name a cluster in each",
                "个群标签见于多层，各层视为不同的群",
            );
            format!("{caption} ({again} {more})")
        }
    };
    let mut table = Table::new("stages", caption, columns);
    for stage in &drawn.stages {
        let method = match &stage.method {
            Some(method) => method.clone(),
            None => say("all are taken", "全部抽取"),
        };
        let by = match stage.by {
            StageBy::Count => say("nothing", "等概率"),
            StageBy::Units => say("units", "单位数"),
            StageBy::Size => drawn.size.clone().unwrap_or_default(),
        };
        for one in &stage.strata {
            let mut row = [&stage.column, &one.stratum, &method, &by]
                .map(Value::text)
                .to_vec();
            row.extend([one.there, one.drawn, one.certain].map(Value::Whole));
            table.push(row);
        }
    }
    (!table.rows.is_empty()).then_some(table)
}

/// A wave, and the one before that it was coordinated with.
pub(super) struct Waves<'a> {
    /// The one before, as it was named.
    pub with: &'a str,
    /// What was done to permanent numbers.
    pub turn: Turn,
    /// What both share.
    pub all: &'a Shared,
    /// The same by stratum.
    pub strata: &'a [Shared],
}

/// What two waves share, stratum by stratum: what is to be expected and, once it is drawn, what was found.
pub(super) fn overlap(wave: &Waves<'_>, language: Language) -> Table {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let drawn = wave.all.found.is_some();
    let mut columns = vec![
        Column::text(say("stratum", "层")),
        Column::number(say("expected", "期望重合数")),
        Column::text(say("exact", "是否精确")),
        Column::number(say("if by chance", "独立抽样时")),
    ];
    columns.extend(drawn.then(|| Column::number(say("found", "实际重合数"))));
    let caption = match drawn {
        true => say("Units shared with", "实际重合："),
        false => say("Units to be shared with", "预计重合："),
    };
    let caption = format!("{caption} {} ({})", wave.with, wave.turn.formula());
    let mut table = Table::new("overlap", caption, columns);
    let number = |value: Option<f64>| value.map_or(Value::Unknown, |value| Value::number(value, 1));
    let all = (wave.strata.len() > 1).then_some(wave.all);
    for one in wave.strata.iter().chain(all) {
        let stratum = match one == wave.all {
            true => say("all", "合计"),
            false => one.stratum.clone(),
        };
        let exact = match (one.expected, one.exact) {
            (None, _) => Value::Unknown,
            (_, true) => Value::text(say("yes", "是")),
            (_, false) => Value::text(say("nearly", "近似")),
        };
        let mut row = vec![
            Value::text(stratum),
            number(one.expected),
            exact,
            number(one.by_chance),
        ];
        row.extend(drawn.then(|| one.found.map_or(Value::Unknown, Value::Whole)));
        table.push(row);
    }
    table
}

/// Who rested, and how pairs are known, if that was asked for.
pub(super) fn beside(drawn: &bare::Drawn, language: Language) -> Option<Table> {
    let say = |en, zh| Words::new(en, zh).say(language).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "值")),
    ];
    let mut table = Table::new("beside", say("Beside the draw", "其他"), columns);
    let mut rows = Vec::new();
    if let Some(landing) = drawn.landing {
        rows.push((say("landing", "落地方式"), Value::text(landing.word())));
    }
    if let Some(rest) = &drawn.rest {
        rows.extend([
            (
                say("units that rest", "休息单位数"),
                Value::Whole(rest.resting),
            ),
            (
                say("named, and not in the list", "休息名单中不在名单内的单位数"),
                Value::Whole(rest.elsewhere),
            ),
        ]);
    }
    if let Some(calls) = &drawn.one_call {
        rows.extend([
            (
                say("numbers to call", "拨打号码数"),
                Value::Whole(calls.numbers),
            ),
            (
                say("drawn, not asked about", "入样而不询问的单位数"),
                Value::Whole(calls.passed_over),
            ),
        ]);
    }
    for one in drawn.pairs.iter().flat_map(|pairs| &pairs.strata) {
        let what = say("chances of pairs, stratum", "二阶入样概率，层");
        let exact = match one.exact {
            true => say("exact", "精确"),
            false => say("approximate", "近似"),
        };
        rows.push((
            format!("{what} {}", one.stratum),
            Value::text(format!("{exact} ({})", one.formula)),
        ));
    }
    for (what, value) in rows {
        table.push(vec![Value::text(what), value]);
    }
    (!table.rows.is_empty()).then_some(table)
}
