//! What a check and a draw cost, beside only reading and decoding the columns they need.
//!
//! ```text
//! cargo bench --bench draw              a tenth of the register of chongqing-2016: 5.7 million rows
//! cargo bench --bench draw -- 1         all of it: 57 million rows
//! cargo bench --bench draw -- list.parquet 290000
//!                                       a bare draw from a list with the columns id, stratum and size
//! ```
//!
//! The register is made once, under `target/`; `benches/peers.py` makes such lists as the last. Times are of whole runs, the best of three; memory is the
//! most that this process has held since it began, so it is printed before the reading beside it.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use canvass::bare::{self, Many, Request};
use canvass::design::Stratum;
use canvass::draw::{self, Share};
use canvass::files::{DiskScratch, lists, parquet, workers};
use canvass::frame::{self, Batch, Fingerprint, Frame, Numbering, Roles};
use canvass::plan::Allocation;
use canvass::plan::whole::{Divisors, whole};
use canvass::progress::Silent;
use canvass::random::{Numbers, Seed};
use canvass::rehearse::{Recipe, Register};
use polars::prelude::{ParallelStrategy, ParquetReader, SerReader};

/// The program's own.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RECIPE: &str = include_str!("../config/surveys/chongqing-2016.rehearsal.toml");
const POOL: u64 = 290_000;
const RUNS: u32 = 3;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = given.iter().position(|arg| arg.ends_with(".parquet")) {
        let take = given.get(at + 1).and_then(|take| take.parse().ok());
        return bare(Path::new(&given[at]), take.unwrap_or(POOL));
    }
    let scale = std::env::args()
        .skip(1)
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(0.1);
    let folder = PathBuf::from(format!("target/bench/register-{scale}"));
    let rows = list(&folder, scale);
    println!(
        "{rows} rows, {POOL} drawn, {} threads, best of {RUNS}",
        rayon::current_num_threads()
    );
    println!("{:<44} {:>9} {:>12}", "", "seconds", "peak memory");

    let frame = frame(&folder);
    let seed = Seed::new("bench").expect("not blank");
    let mut shares = Vec::new();
    let check = best(|| {
        let scratch = DiskScratch::new().expect("room for temporary files");
        let census = frame::check(&frame, &scratch, &Silent).expect("a list");
        shares = allocate(&census);
    });
    row("check: count, fingerprint, repeats, numbers", check);
    let drawing = best(|| {
        let sample = draw::simple(&frame, &shares, 20, &seed, &Silent).expect("a sample");
        assert_eq!(sample.len() as u64, POOL);
    });
    row("draw: hash every id, keep the smallest", drawing);
    let printed = best(|| fingerprint(&frame));
    row("only reading and hashing, columns of check", printed);
    let hashed = best(|| hash(&frame, &seed));
    row("only reading and hashing, columns of draw", hashed);
    let (of_check, of_draw) = (
        frame.roles().columns(),
        ["unit_id", "service", "operator", "district"],
    );
    let checked = best(|| read(&folder, &of_check));
    row("only reading and decoding, columns of check", checked);
    let drawn = best(|| read(&folder, &of_draw));
    row("only reading and decoding, columns of draw", drawn);
    let both = (check + drawing).as_secs_f64();
    let (reading, hashing) = (checked + drawn, printed + hashed);
    println!(
        "\ncheck and draw take {:.2} times as long as only reading what they need,",
        both / reading.as_secs_f64()
    );
    println!(
        "and {:.2} times as long as reading it and hashing rows and ids",
        both / hashing.as_secs_f64()
    );
}

/// Bare draws from a list with the columns id, stratum and size, beside reading it once – all columns, as the
/// sample has them all – with the hashing of every row and id.
fn bare(list: &Path, take: u64) {
    let rows = lists::open(list, None).expect("a list").list.rows();
    let threads = rayon::current_num_threads();
    let rows = rows.unwrap_or_default();
    println!("{rows} rows, {take} drawn, {threads} threads, best of {RUNS}");
    println!("{:<44} {:>9} {:>12}", "", "seconds", "peak memory");
    let seed = Seed::new("bench").expect("not blank");
    let drawn = |key: &str, size: Option<&str>| {
        let request = Request {
            strata: vec!["stratum".into()],
            size: size.map(str::to_owned),
            method: bare::method(key).expect("a method"),
            ..Request::new(list.to_owned(), "id", Many::All(take), seed.clone())
        };
        best(|| {
            let sample = bare::draw(&request, &Silent).expect("a sample");
            assert_eq!(sample.drawn.drawn, take);
        })
    };
    let (equal, sized) = (["id", "stratum"], ["id", "stratum", "size"]);
    for (key, size, columns) in [
        ("simple", None, &equal[..]),
        ("sequential-poisson", Some("size"), &sized[..]),
        ("pareto", Some("size"), &sized[..]),
    ] {
        let draw = drawn(key, size);
        row(&format!("{key}, 1 draw"), draw);
        let read = best(|| once(list, columns, None));
        row("only reading and decoding once", read);
        let hash = best(|| once(list, columns, Some(&seed)));
        row("the same, and hashing rows and ids", hash);
        let times = |yard: Duration| draw.as_secs_f64() / yard.as_secs_f64();
        println!(
            "{key} takes {:.2} times as long as reading, {:.2} with hashing\n",
            times(read),
            times(hash)
        );
    }
}

/// Reads a list once; with a seed, hashes these columns of every row for the fingerprint and every id for its
/// number.
fn once(list: &Path, columns: &[&str], seed: Option<&Seed>) {
    let list = lists::open_with_numbers(list, &["id", "stratum"])
        .expect("a list")
        .list;
    let all = list.columns().expect("a list");
    let mut further: Vec<&str> = all.iter().map(String::as_str).collect();
    further.retain(|column| !columns.contains(column));
    let numbers = seed.map(Numbers::new);
    let scanned = list.scan_beside(columns, &further, &|batch, _| {
        let Some(numbers) = &numbers else {
            std::hint::black_box(batch.rows());
            return Ok(());
        };
        let mut print = Fingerprint::default();
        print.add(batch.columns);
        std::hint::black_box((print, heads(numbers, batch)));
        Ok(())
    });
    scanned.expect("no reading fails");
}

/// Hashes the ids of a batch, which stand in its first column.
fn heads(numbers: &Numbers, batch: &Batch<'_>) -> u64 {
    let ids = batch.columns[0].iter().flatten();
    let mut heads = Vec::new();
    numbers.heads(ids.copied(), &mut heads);
    heads.into_iter().fold(0, u64::wrapping_add)
}

/// Makes the list if it is not there, and counts its rows.
fn list(folder: &Path, scale: f64) -> u64 {
    let recipe = Recipe::read(RECIPE).expect("the recipe ships");
    let seed = Seed::new("bench").expect("not blank");
    let register = Register::new(&recipe, scale, &seed).expect("a register");
    if !folder.exists() {
        let chunks: Vec<u64> = (0..register.chunks()).collect();
        workers::each(&chunks, |&chunk| {
            parquet::write(
                &folder.join(format!("{chunk:03}.parquet")),
                &register.chunk(chunk),
            )
        })
        .expect("room for a list");
    }
    register.rows()
}

fn frame(folder: &Path) -> Frame {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let roles = Roles {
        unit: "unit_id".into(),
        phone: Some("contact_number".into()),
        strata: names(&["service", "operator", "district"]),
        cells: names(&["service", "operator"]),
        carry: vec![],
    };
    let opened = lists::open(folder, None).expect("a list");
    Frame::new(opened.list, roles, Numbering::Fictional).expect("all columns are there")
}

/// The pool shared out in proportion to the strata's units.
fn allocate(census: &frame::Census) -> Vec<Share> {
    let strata: Vec<Stratum> = census
        .strata
        .iter()
        .map(|s| Stratum::new(s.label(), s.population))
        .collect();
    let pulls = Allocation::Proportional.pulls(&strata).expect("units");
    let limits: Vec<(u64, u64)> = census.strata.iter().map(|s| (0, s.population)).collect();
    let takes = whole(POOL, &pulls, &limits, Divisors::Webster).expect("enough units");
    census
        .strata
        .iter()
        .zip(takes)
        .map(|(s, take)| Share {
            labels: s.labels.clone(),
            population: s.population,
            take,
        })
        .collect()
}

/// Reads columns with polars and drops them: as many files at once as there are threads.
fn read(folder: &Path, columns: &[&str]) {
    let files = lists::parquet_files(folder).expect("a list");
    let columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
    workers::each(&files, |path| {
        let table = ParquetReader::new(File::open(path).expect("a file"))
            .with_columns(Some(columns.clone()))
            .read_parallel(ParallelStrategy::None)
            .finish()
            .expect("a table");
        std::hint::black_box(table.height());
        Ok::<(), ()>(())
    })
    .expect("no reading fails");
}

/// Reads the columns of a check, and takes the fingerprint of every row.
fn fingerprint(frame: &Frame) {
    let scanned = frame.list().scan(&frame.roles().columns(), &|batch| {
        let mut print = Fingerprint::default();
        print.add(batch.columns);
        std::hint::black_box(print);
        Ok(())
    });
    scanned.expect("no reading fails");
}

/// Reads the ids and strata, and hashes every id: what no draw by permanent numbers can do without.
fn hash(frame: &Frame, seed: &Seed) {
    let numbers = Numbers::new(seed);
    let columns = ["unit_id", "service", "operator", "district"];
    let scanned = frame.list().scan(&columns, &|batch| {
        std::hint::black_box(heads(&numbers, batch));
        Ok(())
    });
    scanned.expect("no reading fails");
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn best(mut work: impl FnMut()) -> Duration {
    let time = |()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..RUNS)
        .map(|_| ())
        .map(time)
        .min()
        .expect("at least one run")
}

fn row(what: &str, took: Duration) {
    println!("{what:<44} {:>9.2} {:>12}", took.as_secs_f64(), peak());
}

/// The most memory this process has held, where the system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.map_or_else(|| "unknown".to_owned(), |kb| format!("{} MB", kb / 1024))
}
