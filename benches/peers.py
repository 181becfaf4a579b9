#!/usr/bin/env python3
"""Times canvass beside the programs that statisticians compare it with, in the same run, and prints one table.

    cargo build --release
    python3 benches/peers.py                 everything that can be run here
    python3 benches/peers.py draw            only tasks whose names begin so
    python3 benches/peers.py --scale 0.1     lists a tenth as long

Needs numpy and polars (pip) for the data; `svy` (pip) and R with `survey` and `sampling` where they are to be
compared. A peer that is not installed, or not able to do a task, is named as such and left out.

For canvass the clock runs over the whole command: start, reading the file, work, writing. For peers it runs over
the one call that does the work, after the data have been read; for draws by `svy` also over both, as `svy+file`;
and for canvass over the work alone in tasks called `weigh`. Otherwise what is printed favours the peers. The best of
three counts, or the only one where it takes more than a minute. Memory is the most that the process held.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
CANVASS = HERE / "target/release/canvass"
DATA = HERE / "target/bench/peers"
AT_MOST = 900  # seconds, after which a peer is stopped


def run(command, timed_inside):
    """Seconds and GB of a command; seconds are the last line it prints, if it keeps the time itself."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, text=True)
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() - began > AT_MOST:
                process.kill()
                os.wait4(process.pid, 0)
                return None, None, f"stopped after {AT_MOST} s"
            time.sleep(0.005)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            lines = err.read().strip().splitlines() or ["no message"]
            return None, None, f"failed: {lines[-1][:100]}"
        if timed_inside:
            seconds = float(out.read().strip().splitlines()[-1])
        return seconds, used.ru_maxrss / 1e6, None


def best(command, timed_inside):
    """The best of three, or the only one if it takes more than a minute."""
    found = run(command, timed_inside)
    for _ in range(2):
        if found[0] is None or found[0] > 60:
            break
        found = min(found, run(command, timed_inside), key=lambda one: one[0] or float("inf"))
    return found


def canvass(*words):
    return [str(CANVASS), *map(str, words)], False


def bench(*words):
    """A task of `benches/weigh.rs`, which keeps its own time over the work alone, as peers do."""
    return ["cargo", "bench", "--quiet", "--manifest-path", str(HERE / "Cargo.toml"), "--bench", "weigh", "--", *map(str, words)], True


def python(text):
    lines = ["import time, polars as pl, svy", *text.strip().splitlines()]
    return [sys.executable, "-c", "\n".join(line.strip() for line in lines)], True


def r(text):
    return ["Rscript", "-e", "options(survey.lonely.psu='fail'); suppressMessages({library(survey); library(sampling)});" + text], True


# ----------------------------------------------------------------------------------------------- data

def made(path, make):
    """The file, made by another process if it is not there: what this one holds would count as the peers'."""
    if not path.exists():
        one = multiprocessing.get_context("fork").Process(target=make)
        one.start()
        one.join()
        if one.exitcode != 0:
            sys.exit(f"{path} could not be made")
    return path


def list_of(rows, strata):
    """Units of a list in random strata, with sizes of a long tail, a place to sort by, and a position."""
    path = DATA / f"list-{rows}-{strata}.parquet"
    return made(path, lambda: write_list(path, rows, strata))


def write_list(path, rows, strata):
    import numpy as np
    import polars as pl
    chance = np.random.default_rng(1)
    pl.DataFrame({
        "id": pl.int_range(rows, eager=True).cast(pl.String).str.pad_start(10, "0"),
        "stratum": pl.Series(chance.integers(0, strata, rows).astype("int16")).cast(pl.String),
        "size": np.round(chance.lognormal(3.0, 1.0, rows), 2) + 1.0,
        "street": pl.Series(chance.integers(0, 1_000, rows).astype("int16")).cast(pl.String),
        "x": chance.random(rows),
        "y": chance.random(rows),
        **{f"b{k}": np.round(chance.lognormal(1.0, 0.5, rows), 3) for k in range(10 if rows <= 1_000_000 else 0)},
    }).write_parquet(path)
    return path


def answers(rows, strata, clusters, domains, items, name):
    """A survey of rows in clusters in strata, with weights, items, margins and numbers to calibrate on."""
    path = DATA / f"{name}-{rows}.parquet"
    return made(path, lambda: write_answers(path, rows, strata, clusters, domains, items))


def write_answers(path, rows, strata, clusters, domains, items):
    import numpy as np
    import polars as pl
    chance = np.random.default_rng(2)
    row = np.arange(rows)
    stratum = row % strata
    cluster = (row // strata) % clusters
    pl.DataFrame({
        "h": pl.Series(stratum.astype("int16")).cast(pl.String),
        "psu": pl.Series((stratum * clusters + cluster).astype("int32")).cast(pl.String),
        "d": pl.Series(chance.integers(0, domains, rows).astype("int16")).cast(pl.String),
        "w": np.round(chance.lognormal(4.0, 0.4, rows), 4) + 1.0,
        **{f"m{k}": pl.Series(chance.integers(0, 4 + k, rows).astype("int8")).cast(pl.String) for k in range(5)},
        **{f"y{k}": np.round(chance.normal(50.0 + k, 10.0, rows) + cluster, 3) for k in range(items)},
    }).write_parquet(path)
    return path


def csv_of(path, columns):
    """The same as CSV, for R."""
    out = path.with_suffix(f".{len(columns)}.csv")

    def write():
        import polars as pl
        pl.read_parquet(path, columns=columns).write_csv(out)

    return made(out, write)


# ---------------------------------------------------------------------------------------------- tasks

def tasks(scale):
    """(task, who, command): the first of each task is ours."""
    rows = lambda n: max(1_000, int(n * scale))
    out = DATA / "out.parquet"
    draw = lambda path, *more: canvass("draw", "--data", path, "--id", "id", "--seed", "bench", "-o", out, *more)
    svy_draw = lambda path, columns, design, call: python(f"""
        s = svy.Sample(pl.read_parquet({str(path)!r}, columns={columns}), svy.Design({design}))
        t = time.perf_counter()
        s.sampling.{call}
        print(time.perf_counter() - t)""")
    # What our command does: the whole list read, the sample with all its columns written.
    svy_files = lambda path, design, call: python(f"""
        t = time.perf_counter()
        s = svy.Sample(pl.read_parquet({str(path)!r}), svy.Design({design}))
        s.sampling.{call}.data.write_parquet({str(out)!r})
        print(time.perf_counter() - t)""")

    long = list_of(rows(50_000_000), 500)
    n = max(1, int(290_000 * min(scale, 1.0))) // 500 * 500
    yield "draw simple, 500 strata, list of 50 M", "canvass", lambda: draw(long, "--strata", "stratum", "-n", n, "--method", "simple")
    yield "draw simple, 500 strata, list of 50 M", "svy", lambda: svy_draw(long, ["id", "stratum"], "", f"srs({n // 500}, by='stratum', rstate=1)")
    yield "draw simple, 500 strata, list of 50 M", "svy+files", lambda: svy_files(long, "", f"srs({n // 500}, by='stratum', rstate=1)")
    # About the longest list that svy holds in 24 GB; made only when it is asked for.
    longest = lambda: list_of(rows(110_000_000), 500)
    yield "draw simple, 500 strata, list of 110 M", "canvass", lambda: draw(longest(), "--strata", "stratum", "-n", n, "--method", "simple")
    yield "draw simple, 500 strata, list of 110 M", "svy+files", lambda: svy_files(longest(), "", f"srs({n // 500}, by='stratum', rstate=1)")
    yield "draw Pareto, 500 strata, list of 50 M", "canvass", lambda: draw(long, "--strata", "stratum", "--size", "size", "-n", n, "--method", "pareto")

    middle = list_of(rows(10_000_000), 500)
    m = max(500, int(100_000 * scale))
    yield "draw systematic, sorted, list of 10 M", "canvass", lambda: draw(middle, "--sort", "stratum,street", "-n", m, "--method", "systematic")
    yield "draw systematic, sorted, list of 10 M", "R", lambda: r(f"""
        d <- read.csv('{csv_of(middle, ["id", "stratum", "street"])}'); t <- proc.time()[3];
        o <- order(d$stratum, d$street, d$id); s <- o[UPsystematic(rep({m}/nrow(d), nrow(d))) == 1]; cat(proc.time()[3] - t)""")
    yield "draw PPS systematic, list of 10 M", "canvass", lambda: draw(middle, "--size", "size", "-n", m, "--method", "pps-systematic")
    yield "draw PPS systematic, list of 10 M", "svy", lambda: svy_draw(middle, ["id", "size"], "mos='size'", f"pps_sys({m}, rstate=1, certainty_threshold=1.0)")
    yield "draw PPS systematic, list of 10 M", "svy+files", lambda: svy_files(middle, "mos='size'", f"pps_sys({m}, rstate=1, certainty_threshold=1.0)")
    yield "draw PPS systematic, list of 10 M", "R", lambda: r(f"""
        d <- read.csv('{csv_of(middle, ["size"])}'); t <- proc.time()[3];
        s <- which(UPsystematic(inclusionprobabilities(d$size, {m})) == 1); cat(proc.time()[3] - t)""")
    # R reads no Parquet without more packages: both from CSV, R with the fastest reader it has.
    whole = csv_of(middle, ["id", "stratum", "size", "street", "x", "y"])
    yield "draw PPS systematic, list of 10 M, as CSV", "canvass", lambda: draw(whole, "--size", "size", "-n", m, "--method", "pps-systematic")
    yield "draw PPS systematic, list of 10 M, as CSV", "R+files", lambda: r(f"""
        t <- proc.time()[3]; d <- data.table::fread('{whole}', colClasses = list(character = 'id'));
        p <- inclusionprobabilities(d$size, {m}); s <- UPsystematic(p) == 1;
        data.table::fwrite(cbind(d[s, ], probability = p[s]), '{out.with_suffix(".csv")}'); cat(proc.time()[3] - t)""")
    yield "draw systematic, sorted, list of 10 M, as CSV", "canvass", lambda: draw(whole, "--sort", "stratum,street", "-n", m, "--method", "systematic")
    yield "draw systematic, sorted, list of 10 M, as CSV", "R+files", lambda: r(f"""
        t <- proc.time()[3]; d <- data.table::fread('{whole}', colClasses = list(character = 'id'));
        d <- d[order(d$stratum, d$street, d$id), ];
        s <- UPsystematic(rep({m} / nrow(d), nrow(d))) == 1; data.table::fwrite(d[s, ], '{out.with_suffix(".csv")}'); cat(proc.time()[3] - t)""")

    short = list_of(rows(1_000_000), 50)
    k = max(100, int(10_000 * scale))
    tenth = list_of(rows(20_000), 50)
    j = max(20, int(200 * scale))
    balance = ",".join(f"b{i}" for i in range(10))
    cube = lambda path, n: draw(path, "--balance", balance, "--size", "size", "-n", n, "--method", "cube")
    yield "draw local pivotal in 2-d, list of 1 M", "canvass", lambda: draw(short, "--spread", "x,y", "--size", "size", "-n", k, "--method", "local-pivotal")
    yield "draw cube, 10 amounts, list of 1 M", "canvass", lambda: cube(short, k)
    yield "draw cube, 10 amounts, list of 20 000", "canvass", lambda: cube(tenth, j)
    yield "draw cube, 10 amounts, list of 20 000", "R", lambda: r(f"""
        d <- read.csv('{csv_of(tenth, ["size"] + [f"b{i}" for i in range(10)])}'); t <- proc.time()[3];
        p <- inclusionprobabilities(d$size, {j}); s <- samplecube(cbind(p, as.matrix(d[, -1])), p, order = 2, comment = FALSE); cat(proc.time()[3] - t)""")
    hundred = list_of(rows(100_000), 50)
    i = max(50, int(5_000 * scale))
    for name, theirs in [("sampford", "UPsampford"), ("conditional", "UPmaxentropy")]:
        yield f"draw {name}, 5 000 of 100 000", "canvass", lambda name=name: draw(hundred, "--size", "size", "-n", i, "--method", name)
        yield f"draw {name}, 400 of 20 000", "canvass", lambda name=name: draw(tenth, "--size", "size", "-n", 2 * j, "--method", name)
        yield f"draw {name}, 400 of 20 000", "R", lambda theirs=theirs: r(f"""
            d <- read.csv('{csv_of(tenth, ["size"])}'); t <- proc.time()[3];
            s <- {theirs}(inclusionprobabilities(d$size, {2 * j})); cat(proc.time()[3] - t)""")

    survey = answers(rows(60_000), 500, 10, 200, 20, "survey")
    ys = [f"y{i}" for i in range(20)]
    design = "svy.Design(stratum='h', psu='psu', wgt='w')"
    svy_with = lambda path, work: python(f"""
        s = svy.Sample(pl.read_parquet({str(path)!r}), {design})
        t = time.perf_counter()
        {work}
        print(time.perf_counter() - t)""")
    r_with = lambda path, columns, work: r(f"""
        d <- read.csv('{csv_of(path, columns)}'); t <- proc.time()[3];
        s <- svydesign(~psu, strata = ~h, weights = ~w, data = d); {work}; cat(proc.time()[3] - t)""")
    formula = "~" + "+".join(ys)
    estimate = lambda path, *more: canvass("estimate", "--data", path, "--weight", "w", "--strata", "h", "--psu", "psu", "--format", "json", *more)
    few = ["h", "psu", "d", "w", *ys]
    yield "estimate 20 means in 200 domains, 60 000 rows", "canvass", lambda: estimate(survey, "--mean", ",".join(ys), "--by", "d")
    yield "estimate 20 means in 200 domains, 60 000 rows", "svy", lambda: svy_with(survey, f"s.estimation.mean({ys}, by='d')")
    yield "estimate 20 means in 200 domains, 60 000 rows", "R", lambda: r_with(survey, few, f"e <- svyby({formula}, ~d, s, svymean)")

    alone = "weigh: 20 means in 200 domains, the work alone"
    yield alone, "canvass", lambda: bench("domains", survey)
    yield alone, "svy", lambda: svy_with(survey, f"s.estimation.mean({ys}, by='d')")
    yield alone, "R", lambda: r_with(survey, few, f"e <- svyby({formula}, ~d, s, svymean)")

    margins = {f"m{i}": None for i in range(5)}
    shares = f"{{m: dict(zip(*[c.to_list() for c in s.data.group_by(m).agg(pl.col('w').sum() * 1.1)])) for m in {list(margins)}}}"
    yield "weigh: rake 5 margins to 1e-9, 20 means", "canvass", lambda: bench("rake", survey)
    yield "weigh: rake 5 margins to 1e-9, 20 means", "svy", lambda: svy_with(survey, f"c = {shares}; u = s.weighting.rake(controls=c, tol=1e-9, max_iter=1000); u.estimation.mean({ys})")
    yield "weigh: rake 5 margins to 1e-9, 20 means", "R", lambda: r_with(survey, [*few, *margins], f"""
        pop <- lapply(paste0('m', 0:4), function(m) {{ p <- aggregate(list(Freq = d$w * 1.1), d[m], sum); p }});
        u <- rake(s, lapply(paste0('~m', 0:4), as.formula), pop, control = list(maxit = 1000, epsilon = 1e-4)); e <- svymean({formula}, u)""")
    yield "weigh: 500 bootstrap replicates, re-raked, 20 means", "canvass", lambda: bench("bootstrap", survey)
    yield "weigh: 500 bootstrap replicates, re-raked, 20 means", "svy", lambda: svy_with(survey, f"""c = {shares}; u = s.weighting.create_bs_wgts(500, rstate=1); u = u.weighting.rake(controls=c, tol=1e-9, max_iter=1000); u.estimation.mean({ys}, method='replication')""")

    wide = answers(rows(300_000), 500, 10, 200, 300, "wide")
    yield "weigh: GREG with 300 columns, 300 000 rows", "canvass", lambda: bench("greg", wide)

    census = answers(rows(13_000_000), 500, 1000, 100, 10, "census")
    tens = ys[:10]
    yield "estimate 10 means in 100 domains, 13 M rows", "canvass", lambda: estimate(census, "--mean", ",".join(tens), "--by", "d")
    yield "estimate 10 means in 100 domains, 13 M rows", "svy", lambda: svy_with(census, f"s.estimation.mean({tens}, by='d')")


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("task", nargs="*", help="tasks whose names begin so")
    asked.add_argument("--scale", type=float, default=1.0)
    asked.add_argument("--json", type=Path, help="where to write the table as JSON too")
    asked = asked.parse_args()
    if not CANVASS.exists():
        sys.exit(f"{CANVASS} is not there: cargo build --release")
    DATA.mkdir(parents=True, exist_ok=True)
    there = {"canvass": True, "R": shutil.which("Rscript") is not None, "svy": True}
    print(f"| {'task':<52} | {'who':<9} | {'seconds':>8} | {'peak GB':>8} | {'times ours':>10} |")
    print(f"|{'-' * 54}|{'-' * 11}|{'-' * 9}:|{'-' * 9}:|{'-' * 11}:|")
    ours, table = {}, []
    for task, who, command in tasks(asked.scale):
        if asked.task and not any(task.startswith(name) for name in asked.task):
            continue
        seconds, memory, why = best(*command()) if there[who.partition("+")[0]] else (None, None, "not installed")
        if who == "canvass":
            ours[task] = seconds
        ratio = seconds / ours[task] if seconds and ours.get(task) else None
        cells = [f"{seconds:8.2f}" if seconds else f"{'–':>8}", f"{memory:8.2f}" if memory else f"{'–':>8}",
                 f"{ratio:10.1f}" if ratio else f"{'–':>10}"]
        print(f"| {task:<52} | {who:<9} | " + " | ".join(cells) + " |" + (f" {why}" if why else ""), flush=True)
        table.append({"task": task, "who": who, "seconds": seconds, "peak_gb": memory, "why": why})
    if asked.json:
        asked.json.write_text(json.dumps({"scale": asked.scale, "rows": table}, indent=1))


if __name__ == "__main__":
    main()
