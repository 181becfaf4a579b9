//! One unit of a draw, for whoever asks about it.

use canvass::language::Words;
use canvass::report::{Column, Table, Value};
use canvass::study::UnitShown;

use super::Screen;

/// The unit's number and place, then what the draw of its stratum, or of each, makes of it; of a draw in stages
/// also what became of its clusters.
pub fn tables(shown: &UnitShown, screen: &Screen) -> Vec<Table> {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("what", "项目")),
        Column::text(say("value", "值")),
    ];
    let mut unit = Table::new("unit", say("The unit", "单位"), columns);
    let place = shown.place.as_ref();
    let absent = if shown.drawn.is_some() {
        Value::Absent
    } else {
        Value::Unknown
    };
    let whole = |of: Option<u64>| of.map_or(absent.clone(), Value::Whole);
    let rows = [
        (
            say("id in the list", "名单中的标识"),
            Value::text(&shown.unit),
        ),
        (say("seed's key", "种子密钥"), Value::text(&shown.seed_key)),
        (say("number", "永久随机数"), Value::text(&shown.digest)),
        (
            say("the same from 0 to 1", "折合0至1之间"),
            Value::number(shown.u, 8),
        ),
        (
            say("in the sample", "是否在样本中"),
            yes(shown.drawn, screen),
        ),
        (
            say("rank", "层内次序"),
            whole(place.map(|place| place.rank)),
        ),
        (
            say("replicate", "子样本"),
            whole(place.map(|place| place.replicate)),
        ),
    ];
    for (what, value) in rows {
        unit.push(vec![Value::text(what), value]);
    }
    if let Some(asked) = place.and_then(|place| place.asked) {
        let what = say("asked about", "是否询问");
        unit.push(vec![Value::text(what), yes(Some(asked), screen)]);
    }
    if let Some(turn) = shown.turn {
        let what = say("turned in this wave", "本期变换");
        unit.push(vec![Value::text(what), Value::text(turn.formula())]);
    }
    if shown.redrawn {
        let what = say("drawn again from the list", "由名单重新抽取");
        unit.push(vec![Value::text(what), yes(Some(true), screen)]);
    }
    let mut tables = vec![unit, strata(shown, screen)];
    tables.extend((!shown.stages.is_empty()).then(|| stages(shown, screen)));
    tables
}

/// Its clusters, and itself: number, rank and how far the draw went.
fn stages(shown: &UnitShown, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let columns = vec![
        Column::text(say("stage", "阶段")),
        Column::text(say("cluster or unit", "群或单位")),
        Column::text(say("number", "永久随机数")),
        Column::number(say("rank", "次序")),
        Column::number(say("of", "总数")),
        Column::number(say("taken", "抽取数")),
        Column::text(say("last number taken", "最后抽中的随机数")),
        Column::text(say("drawn", "是否抽中")),
    ];
    let caption = say("Its clusters, and itself", "所在的群及该单位");
    let mut table = Table::new("stages", caption, columns);
    for stage in &shown.stages {
        table.push(vec![
            Value::text(&stage.column),
            Value::text(&stage.label),
            Value::text(&stage.digest),
            stage.rank.map_or(Value::Absent, Value::Whole),
            Value::Whole(stage.there),
            match stage.take {
                Some(take) => Value::Whole(take),
                None => Value::text(say("all", "全部")),
            },
            stage.last.as_ref().map_or(Value::Absent, Value::text),
            yes(Some(stage.drawn), screen),
        ]);
    }
    table
}

fn strata(shown: &UnitShown, screen: &Screen) -> Table {
    let say = |en, zh| Words::new(en, zh).say(screen.language()).to_owned();
    let mut columns = vec![
        Column::text(say("stratum", "层")),
        Column::number(say("units", "单位数")),
        Column::number(say("drawn", "抽取数")),
        Column::text(say("last number drawn", "最后抽中的随机数")),
        Column::text(match shown.redrawn {
            true => say("draws this unit", "该单位是否抽中"),
            false => say("draws this number", "该随机数是否抽中"),
        }),
    ];
    if shown.turn.is_some() {
        columns.push(Column::text(say("its number, turned", "变换后的随机数")));
    }
    let caption = match shown.strata.as_slice() {
        [_] => say("Its stratum", "所在层"),
        _ => say("If it stood in …", "若在下列各层"),
    };
    let mut table = Table::new("strata", caption, columns);
    for one in &shown.strata {
        let stratum = &one.stratum;
        let last = match &stratum.last {
            _ if stratum.whole => Value::text(say("all were taken", "全部抽取")),
            Some(last) => Value::text(last),
            // Where numbers do not decide, none is the last.
            None if stratum.drawn == 0 || shown.redrawn => Value::Absent,
            None => Value::Unknown,
        };
        let mut row = vec![
            Value::text(&stratum.stratum),
            Value::Whole(stratum.population),
            Value::Whole(stratum.drawn),
            last,
            yes(one.takes, screen),
        ];
        let turned = one.turned.as_ref().map(|turned| turned.digest.as_str());
        row.extend(
            shown
                .turn
                .map(|_| turned.map_or(Value::Unknown, Value::text)),
        );
        table.push(row);
    }
    table
}

fn yes(is: Option<bool>, screen: &Screen) -> Value {
    let say = |en, zh| Value::text(Words::new(en, zh).say(screen.language()));
    match is {
        Some(true) => say("yes", "是"),
        Some(false) => say("no", "否"),
        None => Value::Unknown,
    }
}

/// The line for a shell that finds the same number.
pub fn shell(shown: &UnitShown) -> String {
    let Some(last) = shown.stages.last() else {
        let message = format!("canvass1:{}:{}", shown.seed_key, shown.unit).replace('\'', r"'\''");
        return format!("printf %s '{message}' | sha256sum");
    };
    // Its clusters stand before it, with a character between them that nobody can type.
    let name = last.name.replace('\\', r"\\").replace('\'', r"'\''");
    let name = name.replace('\u{1f}', r"\0037");
    format!("printf %b 'canvass1:{}:{name}' | sha256sum", shown.seed_key)
}
