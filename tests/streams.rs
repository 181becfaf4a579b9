//! Seeds to exact units: a change here means that the same seed draws other people, and is news for
//! the change log under "Draws changed".

use canvass::draw::{self, Share};
use canvass::frame::{Frame, Numbering, Roles, Rows};
use canvass::progress::Silent;
use canvass::random::{Numbers, Seed};

fn seed(text: &str) -> Seed {
    Seed::new(text).expect("not blank")
}

/// Another implementation of ChaCha12 (in Python, from the paper), keyed with SHA-256 of
/// "canvass\nfrozen", gives the same words.
#[test]
fn a_stream_gives_these_words() {
    let mut stream = seed("canvass").stream("frozen");
    let words: Vec<String> = (0..3).map(|_| format!("{:016x}", stream.word())).collect();
    insta::assert_snapshot!(words.join(" "), @"2e21f59166d0c804 8df6e67a5c535305 a2cba5efa4a465f9");
}

#[test]
fn numbers_below_ten_and_a_shuffle_are_these() {
    let mut stream = seed("canvass").stream("frozen");
    let below: Vec<u64> = (0..10).map(|_| stream.below(10)).collect();
    let mut items: Vec<u32> = (0..8).collect();
    stream.shuffle(&mut items);
    insta::assert_snapshot!(format!("{below:?} {items:?} {:.17}", stream.unit()), @"[1, 5, 6, 8, 1, 2, 2, 8, 0, 9] [3, 4, 6, 7, 5, 2, 0, 1] 0.89792417989688966");
}

/// Python's hashlib gives the same heads.
#[test]
fn permanent_numbers_are_these() {
    let numbers = Numbers::new(&seed("canvass"));
    let heads: Vec<String> = ["A-17", "渝中区-1", "0"]
        .iter()
        .map(|id| format!("{:016x}", numbers.of(id).head()))
        .collect();
    insta::assert_snapshot!(heads.join(" "), @"35846886a48b307d eaf1136a1e451847 e5cfcd9b85d5cfa3");
}

#[test]
fn a_draw_takes_these_units() {
    let rows: Vec<[String; 2]> = (0..200)
        .map(|i| {
            [
                format!("unit-{i:03}"),
                if i % 4 == 0 { "coast" } else { "town" }.to_owned(),
            ]
        })
        .collect();
    let roles = Roles {
        unit: "id".into(),
        strata: vec!["side".into()],
        cells: vec!["side".into()],
        ..Roles::default()
    };
    let list = Box::new(Rows::new("town", &["id", "side"], &rows));
    let frame = Frame::new(list, roles, Numbering::Chinese).expect("all columns are there");
    let share = |label: &str, population, take| Share {
        labels: vec![label.to_owned()],
        population,
        take,
    };
    let shares = [share("town", 150, 5), share("coast", 50, 3)];
    let sample = draw::simple(&frame, &shares, 2, &seed("canvass"), &Silent).expect("possible");
    let said: Vec<String> = sample
        .id
        .iter()
        .zip(&sample.replicate)
        .map(|(id, r)| format!("{id}/{r}"))
        .collect();
    insta::assert_snapshot!(said.join(" "), @"unit-160/2 unit-184/1 unit-072/2 unit-123/1 unit-039/2 unit-146/1 unit-113/2 unit-154/1");
}
