//! Small surveys that several tests carry out, and how their calls end.

use std::fmt::Write;

use super::Bench;

/// A survey of one list, whose strata are its cells.
#[derive(Debug, Clone, Copy)]
pub struct Survey {
    pub name: &'static str,
    pub file: &'static str,
    pub unit: &'static str,
    pub phone: &'static str,
    /// The column with strata, and what figures are told by.
    pub by: &'static str,
    /// Columns that come along, as survey.toml has them; none if blank.
    pub carry: &'static str,
    pub margin: &'static str,
}

pub const CUSTOMERS: Survey = Survey {
    name: "Coffee 2025",
    file: "customers.csv",
    unit: "customer_id",
    phone: "mobile",
    by: "region",
    carry: "",
    margin: "4.0",
};

pub const FIRMS: Survey = Survey {
    name: "Firms 2025",
    file: "firms.csv",
    unit: "firm_id",
    phone: "telephone",
    by: "branch",
    carry: "",
    margin: "6.0",
};

pub const LINES: Survey = Survey {
    name: "Lines 2025",
    file: "lines.csv",
    unit: "line_id",
    phone: "telephone",
    by: "service",
    carry: "",
    margin: "4.0",
};

impl Survey {
    /// What survey.toml says up to the plan.
    pub fn planned(&self) -> String {
        let Survey {
            name,
            file,
            unit,
            phone,
            by,
            carry,
            margin,
        } = self;
        let carry = match *carry {
            "" => String::new(),
            columns => format!("carry     = {columns}\n"),
        };
        format!(
            r#"survey = "{name}"
seed   = "the evening draw of 1 March 2025"

[list]
file      = "{file}"
unit      = "{unit}"
phone     = "{phone}"
strata    = ["{by}"]
cells     = ["{by}"]
{carry}fictional = true

[[target]]
margin        = {margin}
spread        = 20.0
design_effect = 1.0

[[funnel]]
working  = 0.9
reached  = 0.8
eligible = 0.9
willing  = 0.5
source   = "assumption"
"#
        )
    }

    /// And up to the report: both steps for calls that failed, and the mean of one item.
    pub fn whole(&self) -> String {
        let (plan, by) = (self.planned(), self.by);
        format!(
            r#"{plan}
[weigh]
steps          = ["unknown", "nonresponse"]
unknown_by     = ["{by}"]
nonresponse_by = ["{by}"]

[[figure]]
statistic = "mean"
item      = "satisfaction"
by        = ["{by}"]

[report]
least = 5
"#
        )
    }
}

/// Puts the telephone centre's files there, attempts.csv and answers.csv: calls end with these codes in
/// turn, and interviews, "1.1", have an answer from 1 to 10.
pub fn call_everyone(bench: &Bench, codes: [&str; 3]) {
    let mut attempts = "case_id,attempt_no,started_at,talk_s,raw_code\n".to_owned();
    let mut answers = "case_id,started_at,satisfaction\n".to_owned();
    for (place, row) in bench.read("4-calls/calls.csv").lines().skip(1).enumerate() {
        let case = row.split(',').next().expect("a case id");
        let code = codes[place % 3];
        let at = "2025-03-04T10:00:00";
        writeln!(attempts, "{case},1,{at},300,{code}").expect("memory");
        if code == "1.1" {
            writeln!(answers, "{case},{at},{}", 1 + place % 10).expect("memory");
        }
    }
    bench.write("attempts.csv", &attempts);
    bench.write("answers.csv", &answers);
}

/// Brings those files into the study.
pub fn ingest(bench: &Bench) {
    bench.done(&[
        "ingest",
        "--attempts",
        "attempts.csv",
        "--answers",
        "answers.csv",
    ]);
}
