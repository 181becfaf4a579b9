//! Why there is no test, and what speaks against a share, in both languages.

use crate::language::Words;

/// Why there is no test, by its key.
pub(super) fn untested(key: &str) -> Words {
    match key {
        "one_category" => Words::new(
            "fewer than two categories have answers",
            "有回答的类别不足两个",
        ),
        "no_degrees" => Words::new("there are no degrees of freedom", "没有自由度"),
        "nothing_varies" => Words::new(
            "what would be tested does not vary",
            "待检验的内容没有变动，或单元格为空",
        ),
        "shares" => Words::new(
            "not every category is expected to have a share",
            "并非每个类别都给出了大于零的预期比例",
        ),
        _ => Words::new("a cell has no variance", "某单元格没有方差"),
    }
}

/// Why the formula for a design gives no variance, by its key.
pub(super) fn unmade(key: &str) -> Words {
    match key {
        "negative" => Words::new(
            "the formula over pairs comes out below 0, as it may in a small sample",
            "成对公式的结果小于0（小样本中可能出现）",
        ),
        "pair_impossible" => Words::new(
            "by their chances two of those drawn are never drawn together",
            "按给定概率，入样单位中有两个不可能同时入样",
        ),
        _ => Words::new(
            "a stratum has fewer drawn units than the formula compares",
            "某层的入样单位少于公式所需",
        ),
    }
}

/// What speaks against a share, by its key.
pub(super) fn doubt(key: &str) -> Words {
    match key {
        "few_answers" => Words::new("fewer than 30 answered", "回答不足30个"),
        "few_effective" => Words::new(
            "the answers are worth fewer than 30 of a simple sample",
            "有效样本量不足30",
        ),
        "no_variance" => Words::new("its variance is unknown", "方差未知"),
        "no_interval" => Words::new("there are no degrees of freedom", "没有自由度"),
        "wide" => Words::new(
            "its interval is 30 points wide or wider",
            "置信区间宽度达30个百分点",
        ),
        "wide_beside" => Words::new(
            "its interval is wider than 130 % of it",
            "置信区间宽度超过比例本身的130%",
        ),
        "alike" => Words::new("everybody answered alike", "全部回答相同"),
        "few_degrees" => Words::new("there are fewer than 8 degrees of freedom", "自由度不足8"),
        "complement" => Words::new(
            "the share of the others is less sure",
            "其余部分的比例精度不足",
        ),
        _ => Words::new("there is a doubt about it", "存在疑问"),
    }
}
