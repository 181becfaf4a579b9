//! What is said of values that do not fit together.

use super::said_of;

#[test]
fn values_that_do_not_fit_together_are_named() {
    for (good, bad, said) in [
        (
            "cells  = [\"service\", \"operator\"]",
            "cells  = [\"service\", \"area\"]",
            "11:22: list.cells[2] names the column 'area', which is not in list.strata",
        ),
        (
            "carry  = [\"area\"]",
            "carry  = [\"operator\"]",
            "12:11: list.carry[1] names 'operator', which is a stratum; strata come along anyway; \
             leave it out",
        ),
        (
            "allocate = \"power\"",
            "allocate = \"neyman\"",
            "19:12: plan.power is only for allocate = \"power\"; leave it out",
        ),
        (
            "power    = 0.5\n",
            "",
            "16:2: plan.power is missing; write power = … under [plan]",
        ),
        (
            "margin = 1.5",
            "",
            "29:1: target[2] gives no value; leave it out",
        ),
        (
            "where = { service = \"fixed phone\" }\n",
            "",
            "29:1: target[2] has no where, so it overrides the rules before it; put the rule for \
             every cell first",
        ),
        (
            "released = 20",
            "released = 21",
            "49:12: field.released is 21, and draw.replicates is 20; leave it out to release all \
             of them",
        ),
        (
            "end   = 2016-02-29",
            "end   = 2016-01-03",
            "46:9: field.end is 2016-01-03, before field.start, 2016-01-04",
        ),
        (
            "time_zone = \"Asia/Shanghai\"\n",
            "",
            "44:2: field.time_zone is missing; write time_zone = … under [field]",
        ),
        (
            "formats = [\"csv\"]",
            "formats = []",
            "50:11: field.formats is empty, so no call list would be written; write formats = \
             [\"csv\"]",
        ),
        (
            "steps = [\"unknown\", \"nonresponse\", \"rake\"]",
            "steps = [\"unknown\", \"rake\", \"nonresponse\"]",
            "54:29: weigh.steps are not in the order in which weights can be corrected; the order \
             is second-phase and unknown, either first, then nonresponse, propensity or tree, compose, \
             multiplicity, household, then poststratify, rake, calibrate or instruments, then trim",
        ),
        (
            "steps = [\"unknown\", \"nonresponse\", \"rake\"]",
            "steps = [\"unknown\", \"rake\"]",
            "56:18: weigh.nonresponse_by is only for the step \"nonresponse\", which weigh.steps \
             leaves out; leave it out",
        ),
        (
            "margins = [[\"service\", \"operator\"], [\"service\", \"district\"]]\n",
            "",
            "53:2: weigh.margins is missing; write margins = … under [weigh]",
        ),
        (
            "margins = [[\"service\", \"operator\"], [\"service\", \"district\"]]",
            "margins = [[\"service\", \"oprator\"], []]",
            "57:24: weigh.margins[1][2] names the column 'oprator', which is neither in \
             list.strata nor in list.carry; did you mean 'operator'?\n\
             survey.toml:57:36: weigh.margins[2] names no column",
        ),
        (
            "\nby = [\"service\", \"operator\"]",
            "\nby = [\"sex\"]",
            "64:7: figure[1].by[1] names the column 'sex', which is neither in list.strata nor in \
             list.carry",
        ),
        (
            "item = \"overall\"",
            "items = [\"overall\"]",
            "61:1: figure[1].item is missing; write item = … there\n\
             survey.toml:63:9: figure[1].items is only for ratios and correlations; leave it out",
        ),
        (
            "weights = [1, 1, 1]",
            "weights = [1, 1]",
            "70:11: index.weights has 2 weights for 3 items; leave it out for equal weights",
        ),
        (
            "weights = [1, 1, 1]",
            "weights = [1, -1, 1]",
            "70:15: index.weights[2] is -1; it must be at least 0",
        ),
        (
            "high = 10",
            "high = 1",
            "69:8: index.high is 1, not above index.low, 1",
        ),
        (
            "service = \"service\"",
            "service = \"service\"\nservice_label = \"all\"",
            "73:17: index.service and index.service_label are both given; keep the column, or the \
             one label for all",
        ),
    ] {
        assert_eq!(said_of(good, bad), format!("survey.toml:{said}"));
    }
}
