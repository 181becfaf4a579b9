//! `[draw]`: a method, and what it goes by.

use super::{LEAST, complaints, read};
use crate::draw::METHODS;
use crate::draw::walk::Turn;

fn with(draw: &str) -> String {
    format!("{LEAST}[draw]\n{draw}")
}

#[test]
fn a_method_comes_with_the_columns_that_it_goes_by() {
    let settings = read(&with(
        "method = \"pps-systematic\"\nsize = \"turnover\"\nsort = [\"street\", \"turnover\"]\nturn = \"serpentine\"\n",
    ));
    let how = &settings.draw.how;
    assert_eq!(how.method.card.key, "pps-systematic");
    assert_eq!(how.turn, Turn::Serpentine);
    assert_eq!(how.columns(), ["turnover", "street"]);
    assert_eq!(settings.carried(), ["turnover", "street"]);
    assert_eq!(read(LEAST).draw.how.method.card.key, "simple");
    assert!(read(LEAST).carried().is_empty());
}

#[test]
fn every_method_can_be_written() {
    for method in METHODS {
        let key = method.card.key;
        let all = [
            ("size", "size = \"a\"\n"),
            ("spread", "spread = [\"x\", \"y\"]\n"),
            ("balance", "balance = [\"b\"]\n"),
        ];
        // What is missing is added, one after another, as the complaints ask for it.
        let mut text = with(&format!("method = \"{key}\"\n"));
        for (name, line) in all {
            let needs = crate::settings::Settings::read(&text, "survey.toml")
                .err()
                .is_some_and(|said| {
                    said.to_string()
                        .contains(&format!("draw.{name} is missing"))
                });
            if needs {
                text.push_str(line);
            }
        }
        assert_eq!(read(&text).draw.how.method.card.key, key);
    }
}

#[test]
fn a_method_that_is_not_known_is_shown_the_nearest_or_all() {
    assert_eq!(
        complaints(&with("method = \"samford\"\n")).to_string(),
        "survey.toml:10:10: draw.method is 'samford', and no drawing method is called so; did you mean \
         'sampford'?"
    );
    let said = complaints(&with("method = \"by hand\"\n")).to_string();
    assert!(
        said.contains("it must be simple, systematic, bernoulli,"),
        "{said}"
    );
}

#[test]
fn all_that_does_not_fit_is_said_at_once_with_a_remedy() {
    assert_eq!(
        complaints(&with(
            "method = \"bernoulli\"\nsize = \"a\"\nsort = [\"b\"]\n"
        ))
        .list
        .len(),
        2
    );
    let said = complaints(&with("method = \"cube\"\nspread = [\"x\"]\n")).to_string();
    assert_eq!(
        said,
        "survey.toml:9:2: 'cube' needs amounts to balance on, and draw.balance is missing; write balance = … \
         under [draw]\n\
         survey.toml:11:10: draw.spread is given, and 'cube' has no use for it: it does not spread its \
         sample; leave it out, or take local-pivotal, correlated-poisson, local-cube"
    );
}

#[test]
fn a_value_that_is_wrong_in_itself_is_said_once() {
    let said = complaints(&with("method = \"pareto\"\nsize = 3\n")).to_string();
    assert_eq!(
        said,
        "survey.toml:11:8: draw.size must be a text in quotes, not a whole number"
    );
}

#[test]
fn ids_and_numbers_stay_in_the_list() {
    let said = complaints(&with("method = \"systematic\"\nsort = [\"id\"]\n")).to_string();
    assert_eq!(
        said,
        "survey.toml:11:9: draw.sort[1] names 'id', which stays in the list and is in no file of the sample; \
         leave it out; the id decides last anyway"
    );
}
