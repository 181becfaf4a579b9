use jiff::civil::{DateTime, date};

use super::{Ingested, ingest};
use crate::field::{Answer, Answers, Attempt, Calendar, CaseKey, Class, FindingKind, Rules};
use crate::random::Seed;

/// Ten cases, of which the last was not released.
fn cases() -> Vec<String> {
    let key = CaseKey::new([3; 32]);
    (0..10).map(|unit| key.case_id(&unit.to_string())).collect()
}

fn at(day: i8, hour: i8, minute: i8) -> DateTime {
    date(2016, 1, day).at(hour, minute, 0, 0)
}

fn attempt(row: u64, case: usize, started: DateTime, code: &str) -> Attempt {
    Attempt {
        row,
        case: cases()[case].clone(),
        number: 1,
        started,
        ring_seconds: Some(10),
        talk_seconds: Some(if code.starts_with('1') { 300 } else { 0 }),
        interviewer: format!("i{case}"),
        code: code.into(),
    }
}

fn answer(row: u64, case: usize, values: [Option<f64>; 5]) -> Answer {
    Answer {
        row,
        case: cases()[case].clone(),
        interviewer: "i".into(),
        started: at(5, 10, 0),
        ended: Some(at(5, 10, 5)),
        values: values.into(),
    }
}

fn answers(rows: Vec<Answer>) -> Answers {
    Answers {
        items: ["a", "b", "c", "d", "e"].map(String::from).into(),
        rows,
    }
}

const FULL: [Option<f64>; 5] = [Some(7.0), Some(8.0), Some(9.0), Some(8.0), Some(7.0)];
const EMPTY: [Option<f64>; 5] = [None; 5];

fn run(attempts: &[Attempt], answers: &Answers) -> Ingested {
    let mut released = [true; 10];
    released[9] = false;
    let calendar = Calendar::open("Asia/Shanghai", date(2016, 1, 4), date(2016, 1, 31))
        .expect("a sound period");
    ingest(
        &cases(),
        &released,
        attempts,
        answers,
        &calendar,
        &Rules::usual(),
    )
}

/// What was found, as (kind, lines).
fn found(ingested: &Ingested) -> Vec<(FindingKind, Vec<u64>)> {
    ingested
        .findings
        .iter()
        .map(|found| (found.kind, found.rows.clone()))
        .collect()
}

#[test]
fn a_clean_file_leaves_nothing_to_say() {
    let attempts = [
        attempt(2, 0, at(5, 10, 0), "1.1"),
        attempt(3, 1, at(5, 10, 0), "3.13"),
        attempt(4, 1, at(6, 19, 0), "2.111"),
    ];
    let ingested = run(&attempts, &answers(vec![answer(2, 0, FULL)]));
    assert_eq!(found(&ingested), []);
    assert_eq!(ingested.notices(), []);
    let outcomes = &ingested.outcomes;
    assert_eq!(outcomes.tally(), [1, 0, 1, 0, 0, 7, 0, 0, 1]);
    assert_eq!(outcomes.attempts, [1, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
    let codes: Vec<Option<&str>> = outcomes.code.iter().map(Option::as_deref).collect();
    assert_eq!(codes[..3], [Some("1.1"), Some("2.111"), Some("3.11")]);
    assert_eq!(codes[9], None);
    let item = outcomes.item("c").expect("an item");
    assert_eq!(item.values.len(), 10);
    assert_eq!(item.values[..2], [Some(9.0), None]);
    assert_eq!(
        ingested.rule[..3],
        ["only-call", "weightiest-call", "not-attempted"]
    );
}

#[test]
fn a_line_of_another_survey_is_left_out_and_counted() {
    let mut unknown = attempt(2, 0, at(5, 10, 0), "1.1");
    unknown.case = CaseKey::new([4; 32]).case_id("0");
    let mut malformed = attempt(3, 0, at(5, 11, 0), "1.1");
    malformed.case.replace_range(
        ..1,
        if malformed.case.starts_with('7') {
            "8"
        } else {
            "7"
        },
    );
    let unreleased = attempt(4, 9, at(5, 12, 0), "1.1");
    let ingested = run(&[unknown, malformed, unreleased], &answers(Vec::new()));
    let expected = [
        (FindingKind::MalformedCase, vec![3]),
        (FindingKind::UnknownCase, vec![2]),
        (FindingKind::Unreleased, vec![4]),
    ];
    assert_eq!(found(&ingested), expected);
    assert_eq!(ingested.outcomes.tally(), [0, 0, 0, 0, 0, 9, 0, 0, 1]);
    assert_eq!(ingested.notices().len(), 1);
}

#[test]
fn answers_of_another_survey_are_left_out_and_counted() {
    let mut unknown = answer(2, 0, FULL);
    unknown.case = CaseKey::new([4; 32]).case_id("0");
    let mut malformed = answer(3, 0, FULL);
    malformed.case.pop();
    let ingested = run(&[], &answers(vec![unknown, malformed]));
    let expected = [
        (FindingKind::AnswerMalformedCase, vec![3]),
        (FindingKind::AnswerUnknownCase, vec![2]),
    ];
    assert_eq!(found(&ingested), expected);
}

#[test]
fn an_id_in_lower_case_is_the_same_case() {
    let mut call = attempt(2, 0, at(5, 10, 0), "2.112");
    call.case = format!(" {}", call.case.to_lowercase().replace('0', "o"));
    let ingested = run(&[call], &answers(Vec::new()));
    assert_eq!(found(&ingested), []);
    assert_eq!(ingested.outcomes.class[0], Class::Refusal);
}

#[test]
fn a_copy_is_counted_once_and_a_contradiction_resolved_by_weight() {
    let attempts = [
        attempt(2, 0, at(5, 10, 0), "3.13"),
        attempt(3, 0, at(5, 10, 0), "3.13"),
        attempt(4, 1, at(5, 10, 0), "3.13"),
        attempt(5, 1, at(5, 10, 0), "2.111"),
        attempt(6, 1, at(5, 10, 0), "3.13"),
    ];
    let ingested = run(&attempts, &answers(Vec::new()));
    // Of case 1 the refusal stays; the call that rang out contradicts it, and has a copy.
    let expected = [
        (FindingKind::DuplicateAttempt, vec![3, 6]),
        (FindingKind::ConflictingAttempt, vec![4]),
    ];
    assert_eq!(found(&ingested), expected);
    assert_eq!(ingested.outcomes.attempts[..2], [1, 1]);
    assert_eq!(ingested.outcomes.class[1], Class::Refusal);
}

#[test]
fn an_unknown_code_is_a_call_that_tells_nothing() {
    let ingested = run(&[attempt(2, 0, at(5, 10, 0), "NA")], &answers(Vec::new()));
    assert_eq!(found(&ingested), [(FindingKind::UnknownCode, vec![2])]);
    assert_eq!(ingested.outcomes.code[0].as_deref(), Some("3.10"));
    assert_eq!(ingested.outcomes.attempts[0], 1);
    let known_too = [
        attempt(2, 0, at(5, 10, 0), "NA"),
        attempt(3, 0, at(4, 10, 0), "3.13"),
    ];
    let ingested = run(&known_too, &answers(Vec::new()));
    assert_eq!(ingested.outcomes.code[0].as_deref(), Some("3.13"));
}

#[test]
fn calls_after_the_end_and_after_a_hard_refusal_are_kept_and_said() {
    let attempts = [
        attempt(2, 0, at(3, 10, 0), "3.13"),
        attempt(3, 0, at(5, 10, 0), "2.112"),
        attempt(4, 0, at(6, 10, 0), "3.13"),
        attempt(5, 0, date(2016, 2, 1).at(10, 0, 0, 0), "3.13"),
    ];
    let ingested = run(&attempts, &answers(Vec::new()));
    let expected = [
        (
            FindingKind::Untimely(crate::field::Outside::Before),
            vec![2],
        ),
        (FindingKind::Untimely(crate::field::Outside::After), vec![5]),
        (FindingKind::AfterFinal, vec![4, 5]),
    ];
    assert_eq!(found(&ingested), expected);
    assert_eq!(ingested.outcomes.attempts[0], 4);
    assert_eq!(ingested.rule[0], "refusal-stands");
}

#[test]
fn nobody_talks_on_two_lines_at_once() {
    let talk = |row, case, minute, seconds| Attempt {
        interviewer: "one".into(),
        talk_seconds: Some(seconds),
        ..attempt(row, case, at(5, 10, minute), "2.111")
    };
    // 10:00 to 10:05, 10:03 to 10:04, 10:04:30 is still within the first, 10:06 is free again. A
    // call that nobody answered may overlap, and so may another person's.
    let mut late = talk(4, 2, 4, 10);
    late.started = date(2016, 1, 5).at(10, 4, 30, 0);
    let other = Attempt {
        interviewer: "two".into(),
        ..talk(6, 4, 1, 60)
    };
    let attempts = [
        talk(2, 0, 0, 300),
        talk(3, 1, 3, 60),
        late,
        talk(5, 3, 6, 10),
        other,
        talk(7, 5, 2, 0),
    ];
    let ingested = run(&attempts, &answers(Vec::new()));
    assert_eq!(found(&ingested), [(FindingKind::TwoAtOnce, vec![3, 4])]);
}

#[test]
fn a_complete_interview_takes_its_time() {
    let hasty = Attempt {
        talk_seconds: Some(59),
        ..attempt(2, 0, at(5, 10, 0), "1.1")
    };
    let unknown = Attempt {
        talk_seconds: None,
        ..attempt(3, 1, at(5, 10, 0), "1.1")
    };
    let ingested = run(
        &[hasty, unknown],
        &answers(vec![answer(2, 0, FULL), answer(3, 1, FULL)]),
    );
    assert_eq!(found(&ingested), [(FindingKind::ShortTalk, vec![2])]);
    assert_eq!(ingested.outcomes.tally()[0], 2);
}

#[test]
fn answers_decide_whether_there_was_an_interview() {
    let four = [Some(1.0), Some(1.0), None, Some(1.0), Some(1.0)];
    let three = [Some(1.0), Some(1.0), None, None, Some(1.0)];
    let two = [Some(1.0), Some(1.0), None, None, None];
    let attempts: Vec<Attempt> = (0..7)
        .map(|case| attempt(case as u64 + 2, case, at(5, 10, 0), "1.1"))
        .collect();
    let given = [FULL, four, three, two, EMPTY];
    let mut rows: Vec<Answer> = given
        .iter()
        .enumerate()
        .map(|(case, &values)| answer(case as u64 + 2, case, values))
        .collect();
    rows.push(answer(7, 5, FULL));
    let ingested = run(&attempts, &answers(rows));
    let codes: Vec<&str> = ingested
        .outcomes
        .code
        .iter()
        .flatten()
        .map(String::as_str)
        .collect();
    assert_eq!(
        codes[..7],
        ["1.1", "1.1", "1.2", "2.12", "2.36", "1.1", "2.36"]
    );
    let expected = [
        (FindingKind::CompleteWithoutAnswers, vec![6, 8]),
        (FindingKind::Reclassified, vec![4, 5]),
    ];
    assert_eq!(found(&ingested), expected);
    assert_eq!(
        ingested.rule[2..5],
        ["answers-decide", "answers-decide", "no-answers"]
    );
    // The partial keeps its answers, the break-off does not.
    let first = ingested.outcomes.item("a").expect("an item");
    assert_eq!(first.values[2..5], [Some(1.0), None, None]);
}

#[test]
fn answers_need_a_call_that_reports_an_interview() {
    let attempts = [attempt(2, 0, at(5, 10, 0), "3.13")];
    let ingested = run(
        &attempts,
        &answers(vec![answer(2, 0, FULL), answer(3, 1, FULL)]),
    );
    assert_eq!(
        found(&ingested),
        [(FindingKind::AnswerWithoutComplete, vec![2, 3])]
    );
    assert_eq!(ingested.outcomes.tally()[0], 0);
    assert!(
        ingested
            .outcomes
            .items
            .iter()
            .all(|item| item.values.iter().all(Option::is_none))
    );
}

#[test]
fn of_two_answers_the_first_is_kept() {
    let attempts = [attempt(2, 0, at(5, 10, 0), "1.1")];
    let later = Answer {
        started: at(5, 11, 0),
        ..answer(4, 0, [Some(1.0); 5])
    };
    let rows = vec![later, answer(3, 0, FULL), answer(2, 0, FULL)];
    let ingested = run(&attempts, &answers(rows));
    let expected = [
        (FindingKind::DuplicateAnswer, vec![3]),
        (FindingKind::ConflictingAnswer, vec![4]),
    ];
    assert_eq!(found(&ingested), expected);
    assert_eq!(
        ingested.outcomes.item("a").expect("an item").values[0],
        Some(7.0)
    );
}

#[test]
fn a_value_that_is_no_number_is_no_answer() {
    let attempts = [attempt(2, 0, at(5, 10, 0), "1.1")];
    let mut values = FULL;
    values[0] = Some(f64::NAN);
    values[1] = Some(f64::INFINITY);
    let ingested = run(&attempts, &answers(vec![answer(2, 0, values)]));
    let kinds: Vec<(FindingKind, u64)> = ingested
        .findings
        .iter()
        .map(|found| (found.kind, found.count))
        .collect();
    // Three of five are left: a partial interview.
    assert_eq!(
        kinds,
        [(FindingKind::Reclassified, 1), (FindingKind::NotFinite, 2)]
    );
    assert_eq!(ingested.outcomes.class[0], Class::Partial);
    assert_eq!(
        ingested.outcomes.item("a").expect("an item").values[0],
        None
    );
}

#[test]
fn quotas_and_contradictions_are_said() {
    let attempts = [
        attempt(2, 0, at(5, 10, 0), "4.80"),
        attempt(3, 1, at(5, 10, 0), "4.31"),
        attempt(4, 1, at(6, 10, 0), "3.21"),
    ];
    let ingested = run(&attempts, &answers(Vec::new()));
    let expected = [
        (FindingKind::QuotaFilled, vec![2]),
        (FindingKind::MixedSignals, vec![4]),
    ];
    assert_eq!(found(&ingested), expected);
    assert_eq!(ingested.rule[1], "mixed-signals");
}

/// Calls and answers of ten cases at random, with copies and contradictions among them.
fn random_files(seed: &str) -> (Vec<Attempt>, Answers) {
    let codes = [
        "1.1", "1.2", "2.111", "2.12", "2.21", "3.13", "3.21", "4.31", "4.33", "4.70", "nonsense",
    ];
    let mut stream = Seed::new(seed).expect("not blank").stream("files");
    let attempts = (2..60)
        .map(|row| {
            let mut pick = |n: u64| stream.below(n);
            let started = at(4 + pick(4) as i8, 9 + pick(3) as i8, 0);
            let code = codes[pick(codes.len() as u64) as usize];
            let talk_seconds = Some(pick(3) as u32);
            Attempt {
                talk_seconds,
                ..attempt(row, pick(10) as usize, started, code)
            }
        })
        .collect();
    let rows = (2..14)
        .map(|row| {
            let values =
                [(); 5].map(|()| (stream.below(4) > 0).then(|| 1.0 + stream.below(2) as f64));
            answer(row, stream.below(10) as usize, values)
        })
        .collect();
    (attempts, answers(rows))
}

#[test]
fn shuffling_the_files_changes_nothing() {
    for seed in (0..300).map(|seed| seed.to_string()) {
        let (mut attempts, mut given) = random_files(&seed);
        let before = run(&attempts, &given);
        let mut stream = Seed::new(&*seed).expect("not blank").stream("shuffle");
        stream.shuffle(&mut attempts);
        stream.shuffle(&mut given.rows);
        assert_eq!(run(&attempts, &given), before, "seed {seed}");
        // Other lines for the same calls: the outcomes do not look at lines.
        for (row, attempt) in (2..).zip(&mut attempts) {
            attempt.row = row;
        }
        let renumbered = run(&attempts, &given);
        assert_eq!(renumbered.outcomes, before.outcomes, "seed {seed}");
        assert_eq!(renumbered.rule, before.rule, "seed {seed}");
    }
}

#[test]
fn ingesting_a_file_twice_is_ingesting_it_once() {
    for seed in (0..300).map(|seed| seed.to_string()) {
        let (mut attempts, mut given) = random_files(&seed);
        let once = run(&attempts, &given);
        let again: Vec<Attempt> = attempts
            .iter()
            .map(|attempt| Attempt {
                row: attempt.row + 1000,
                ..attempt.clone()
            })
            .collect();
        attempts.extend(again);
        given.rows.extend(given.rows.clone());
        let twice = run(&attempts, &given);
        assert_eq!(twice.outcomes, once.outcomes, "seed {seed}");
        assert_eq!(twice.rule, once.rule, "seed {seed}");
    }
}

#[test]
fn every_released_case_has_a_code_and_the_classes_add_up() {
    for seed in (0..300).map(|seed| seed.to_string()) {
        let (attempts, given) = random_files(&seed);
        let outcomes = run(&attempts, &given).outcomes;
        assert_eq!(outcomes.tally().iter().sum::<u64>(), 10);
        assert_eq!(outcomes.tally()[Class::NotReleased as usize], 1);
        assert_eq!(outcomes.code.iter().flatten().count(), 9);
        for item in &outcomes.items {
            for (value, class) in item.values.iter().zip(&outcomes.class) {
                let interviewed = matches!(class, Class::Interview | Class::Partial);
                assert!(
                    interviewed || value.is_none(),
                    "seed {seed}: {class:?} has an answer"
                );
            }
        }
    }
}
