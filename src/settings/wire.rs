//! What may be written in `survey.toml`, field by field.
//!
//! Every field is optional here, because every field may be missing or wrong; whether the whole
//! makes sense is asked in [`sense`](super::sense). A field read with `need` must stand in the file
//! or in `config/default.toml`.

use jiff::civil::Date;

use super::change::Change;
use super::compared::Compare;
use super::kinds::{
    any_number, count, date, labels, length, list, method, names, number, positive, share, text,
    word, words, yes_or_no,
};
use super::origin::At;
use super::regression::Regression;
use super::section::Section;
use super::settings::Length;
use super::shared::{Calls, Round};
use super::staging::{Stage, take};
use super::steps::{Compose, Counts, Instruments, Propensity, Tree};
use super::table::Table;
use super::variance::Estimating;
use super::words::{
    AllocationWord, CallEncoding, CallFormat, CapWord, DistanceWord, ExcessWord, KindWord,
    ListEncoding, Standards, StatisticWord, StepWord, TurningWord,
};
use crate::draw::Method;
use crate::draw::balance::lands::Lands;
use crate::draw::stages::StageTake;
use crate::draw::walk::Turn;
use crate::estimate::ShareInterval;
use crate::estimate::compare::Corrected;
use crate::estimate::quantile::Rule;
use crate::language::Language;

/// A value as written, unless it is missing or wrong.
type Maybe<T> = Option<At<T>>;

/// A list of values as written.
type Many<T> = Option<At<Vec<At<T>>>>;

/// Where a rule holds, as written: columns with their places, and labels.
pub(super) type Where = Option<At<Vec<(At<String>, String)>>>;

/// The whole file.
pub(super) struct Wire {
    pub survey: Maybe<String>,
    pub seed: Maybe<String>,
    pub language: Maybe<Language>,
    pub list: List,
    pub plan: Plan,
    pub targets: Vec<TargetRule>,
    pub funnels: Vec<FunnelRule>,
    pub draw: Draw,
    pub field: Field,
    pub weigh: Weigh,
    pub estimate: Estimating,
    pub figures: Vec<Figure>,
    pub compares: Vec<Compare>,
    pub changes: Vec<Change>,
    pub tables: Vec<Table>,
    pub regressions: Vec<Regression>,
    pub index: Option<Index>,
    pub report: Report,
}

impl Wire {
    pub fn read(file: &mut Section<'_, '_>) -> Wire {
        Wire {
            survey: file.need("survey", text),
            seed: file.need("seed", text),
            language: file.need("language", word),
            list: file.table("list", List::read),
            plan: file.table("plan", Plan::read),
            targets: file.tables("target", TargetRule::read),
            funnels: file.tables("funnel", FunnelRule::read),
            draw: file.table("draw", Draw::read),
            field: file.table("field", Field::read),
            weigh: file.table("weigh", Weigh::read),
            estimate: file.table("estimate", Estimating::read),
            figures: file.tables("figure", Figure::read),
            compares: file.tables("compare", Compare::read),
            changes: file.tables("change", Change::read),
            tables: file.tables("table", Table::read),
            regressions: file.tables("regression", Regression::read),
            index: file.table_if_any("index", Index::read),
            report: file.table("report", Report::read),
        }
    }
}

/// `[list]`
pub(super) struct List {
    pub at: At<()>,
    pub kind: Maybe<KindWord>,
    pub file: Maybe<String>,
    pub unit: Maybe<String>,
    pub phone: Maybe<String>,
    pub block: Maybe<String>,
    pub strata: Many<String>,
    pub cells: Many<String>,
    pub carry: Many<String>,
    pub encoding: Maybe<ListEncoding>,
    pub fictional: Maybe<bool>,
    pub exclude: Vec<Exclude>,
}

impl List {
    fn read(list: &mut Section<'_, '_>) -> List {
        List {
            at: list.at(),
            kind: list.need("kind", word),
            file: list.need("file", text),
            unit: list.may("unit", text),
            phone: list.may("phone", text),
            block: list.may("block", text),
            strata: list.need("strata", names),
            cells: list.need("cells", names),
            carry: list.need("carry", names),
            encoding: list.need("encoding", word),
            fictional: list.need("fictional", yes_or_no),
            exclude: list.tables("exclude", Exclude::read),
        }
    }
}

/// `[[list.exclude]]`
pub(super) struct Exclude {
    pub at: At<()>,
    pub prefixes: Many<String>,
    pub reason: Maybe<String>,
}

impl Exclude {
    fn read(entry: &mut Section<'_, '_>) -> Exclude {
        Exclude {
            at: entry.at(),
            prefixes: entry.need("prefixes", names),
            reason: entry.need("reason", text),
        }
    }
}

/// `[plan]`
pub(super) struct Plan {
    pub at: At<()>,
    pub confidence: Maybe<f64>,
    pub allocate: Maybe<AllocationWord>,
    pub power: Maybe<f64>,
    pub minimum: Maybe<u64>,
    pub pool: Maybe<u64>,
    pub exact_pool: Maybe<bool>,
    pub round: Option<Round>,
}

impl Plan {
    fn read(plan: &mut Section<'_, '_>) -> Plan {
        Plan {
            at: plan.at(),
            confidence: plan.need(
                "confidence",
                number("above 0 and below 1", |x| x > 0.0 && x < 1.0),
            ),
            allocate: plan.need("allocate", word),
            power: plan.may("power", number("from 0 to 1", |x| (0.0..=1.0).contains(&x))),
            minimum: plan.need("minimum", count),
            pool: plan.may("pool", count),
            exact_pool: plan.need("exact_pool", yes_or_no),
            round: plan.table_if_any("round", Round::read),
        }
    }
}

/// `[[target]]`
pub(super) struct TargetRule {
    pub at: At<()>,
    pub where_: Where,
    pub margin: Maybe<f64>,
    pub spread: Maybe<f64>,
    pub design_effect: Maybe<f64>,
}

impl TargetRule {
    fn read(rule: &mut Section<'_, '_>) -> TargetRule {
        TargetRule {
            at: rule.at(),
            where_: rule.may("where", labels),
            margin: rule.may("margin", positive),
            spread: rule.may("spread", positive),
            design_effect: rule.may("design_effect", positive),
        }
    }
}

/// `[[funnel]]`
pub(super) struct FunnelRule {
    pub at: At<()>,
    pub where_: Where,
    pub working: Maybe<f64>,
    pub reached: Maybe<f64>,
    pub eligible: Maybe<f64>,
    pub willing: Maybe<f64>,
    pub source: Maybe<String>,
}

impl FunnelRule {
    fn read(rule: &mut Section<'_, '_>) -> FunnelRule {
        FunnelRule {
            at: rule.at(),
            where_: rule.may("where", labels),
            working: rule.may("working", share),
            reached: rule.may("reached", share),
            eligible: rule.may("eligible", share),
            willing: rule.may("willing", share),
            source: rule.may("source", text),
        }
    }
}

/// `[draw]`
pub(super) struct Draw {
    pub at: At<()>,
    pub method: Maybe<&'static Method>,
    pub size: Maybe<String>,
    pub sort: Many<String>,
    pub turn: Maybe<Turn>,
    pub spread: Many<String>,
    pub balance: Many<String>,
    pub landing: Maybe<Lands>,
    pub stages: Vec<Stage>,
    pub within: Maybe<StageTake>,
    pub or_all: Maybe<bool>,
    pub self_weighting: Maybe<bool>,
    pub replicates: Maybe<u32>,
    pub calls: Calls,
    pub coordinate: Coordinate,
    pub rest: Rest,
}

impl Draw {
    fn read(draw: &mut Section<'_, '_>) -> Draw {
        Draw {
            at: draw.at(),
            method: draw.need("method", method),
            size: draw.may("size", text),
            sort: draw.may("sort", names),
            turn: draw.need("turn", word),
            spread: draw.may("spread", names),
            balance: draw.may("balance", names),
            landing: draw.may("landing", word),
            stages: draw.tables("stage", Stage::read),
            within: draw.may("within", take),
            or_all: draw.may("or_all", yes_or_no),
            self_weighting: draw.may("self_weighting", yes_or_no),
            replicates: draw.need("replicates", count),
            calls: draw.table("calls", Calls::read),
            coordinate: draw.table("coordinate", Coordinate::read),
            rest: draw.table("rest", Rest::read),
        }
    }
}

/// `[draw.coordinate]`
pub(super) struct Coordinate {
    pub at: At<()>,
    pub with: Maybe<String>,
    pub turn: Maybe<TurningWord>,
    pub share: Maybe<f64>,
}

impl Coordinate {
    fn read(coordinate: &mut Section<'_, '_>) -> Coordinate {
        Coordinate {
            at: coordinate.at(),
            with: coordinate.may("with", text),
            turn: coordinate.may("turn", word),
            share: coordinate.may("share", number("from 0 to 1", |x| (0.0..=1.0).contains(&x))),
        }
    }
}

/// `[draw.rest]`
pub(super) struct Rest {
    pub at: At<()>,
    pub file: Maybe<String>,
    pub with: Many<String>,
    pub length: Maybe<Length>,
    pub on: Maybe<Date>,
}

impl Rest {
    fn read(rest: &mut Section<'_, '_>) -> Rest {
        Rest {
            at: rest.at(),
            file: rest.may("file", text),
            with: rest.may("with", names),
            length: rest.may("for", length),
            on: rest.may("on", date),
        }
    }
}

/// `[field]`
pub(super) struct Field {
    pub at: At<()>,
    pub start: Maybe<Date>,
    pub end: Maybe<Date>,
    pub time_zone: Maybe<String>,
    pub calendar: Maybe<String>,
    pub released: Maybe<u32>,
    pub formats: Many<CallFormat>,
    pub encoding: Maybe<CallEncoding>,
}

impl Field {
    fn read(field: &mut Section<'_, '_>) -> Field {
        Field {
            at: field.at(),
            start: field.may("start", date),
            end: field.may("end", date),
            time_zone: field.may("time_zone", text),
            calendar: field.may("calendar", text),
            released: field.may("released", count),
            formats: field.need("formats", words),
            encoding: field.need("encoding", word),
        }
    }
}

/// `[weigh]`
pub(super) struct Weigh {
    pub at: At<()>,
    pub steps: Many<StepWord>,
    pub unknown_by: Many<String>,
    pub nonresponse_by: Many<String>,
    pub margins: Many<Vec<At<String>>>,
    pub amounts: Many<String>,
    pub method: Maybe<DistanceWord>,
    pub bounds: Many<f64>,
    pub limits: Many<f64>,
    pub cap: Maybe<f64>,
    pub rule: Maybe<CapWord>,
    pub excess: Maybe<ExcessWord>,
    pub tolerance: Maybe<f64>,
    pub rounds: Maybe<u32>,
    pub controls: Maybe<String>,
    pub covariance: Maybe<String>,
    pub propensity: Propensity,
    pub tree: Tree,
    pub multiplicity: Counts,
    pub household: Counts,
    pub compose: Compose,
    pub instruments: Instruments,
}

impl Weigh {
    fn read(weigh: &mut Section<'_, '_>) -> Weigh {
        Weigh {
            at: weigh.at(),
            steps: weigh.need("steps", words),
            unknown_by: weigh.may("unknown_by", names),
            nonresponse_by: weigh.may("nonresponse_by", names),
            margins: weigh.may("margins", list(names)),
            amounts: weigh.may("amounts", names),
            method: weigh.may("method", word),
            bounds: weigh.may("bounds", list(number("at least 0", |x| x >= 0.0))),
            limits: weigh.may("limits", list(number("at least 0", |x| x >= 0.0))),
            cap: weigh.may("cap", positive),
            rule: weigh.may("rule", word),
            excess: weigh.need("excess", word),
            tolerance: weigh.need(
                "tolerance",
                number("above 0 and below 0.1", |x| x > 0.0 && x < 0.1),
            ),
            rounds: weigh.need("rounds", count),
            controls: weigh.may("controls", text),
            covariance: weigh.may("covariance", text),
            propensity: weigh.table("propensity", Propensity::read),
            tree: weigh.table("tree", Tree::read),
            multiplicity: weigh.table("multiplicity", Counts::read),
            household: weigh.table("household", Counts::read),
            compose: weigh.table("compose", Compose::read),
            instruments: weigh.table("instruments", Instruments::read),
        }
    }
}

/// `[[figure]]`
pub(super) struct Figure {
    pub at: At<()>,
    pub statistic: Maybe<StatisticWord>,
    pub item: Maybe<String>,
    pub items: Many<String>,
    pub of: Maybe<String>,
    pub at_least: Maybe<f64>,
    pub at_most: Maybe<f64>,
    pub equals: Maybe<f64>,
    pub shares: Many<f64>,
    pub rule: Maybe<Rule>,
    pub interval: Maybe<ShareInterval>,
    pub by: Many<String>,
    pub compare: Maybe<String>,
}

impl Figure {
    fn read(figure: &mut Section<'_, '_>) -> Figure {
        Figure {
            at: figure.at(),
            statistic: figure.need("statistic", word),
            item: figure.may("item", text),
            items: figure.may("items", list(text)),
            of: figure.may("of", text),
            at_least: figure.may("at_least", any_number),
            at_most: figure.may("at_most", any_number),
            equals: figure.may("equals", any_number),
            shares: figure.may(
                "at",
                list(number("above 0 and below 1", |x| x > 0.0 && x < 1.0)),
            ),
            rule: figure.may("rule", word),
            interval: figure.may("interval", word),
            by: figure.need("by", names),
            compare: figure.may("compare", text),
        }
    }
}

/// `[index]`
pub(super) struct Index {
    pub at: At<()>,
    pub items: Many<String>,
    pub low: Maybe<f64>,
    pub high: Maybe<f64>,
    pub weights: Many<f64>,
    pub firm: Maybe<String>,
    pub service: Maybe<String>,
    pub service_label: Maybe<String>,
    pub compare: Maybe<Corrected>,
}

impl Index {
    fn read(index: &mut Section<'_, '_>) -> Index {
        Index {
            at: index.at(),
            items: index.need("items", names),
            low: index.need("low", any_number),
            high: index.need("high", any_number),
            weights: index.may("weights", list(number("at least 0", |x| x >= 0.0))),
            firm: index.need("firm", text),
            service: index.may("service", text),
            service_label: index.may("service_label", text),
            compare: index.may("compare", word),
        }
    }
}

/// `[report]`
pub(super) struct Report {
    pub least: Maybe<u64>,
    pub standards: Maybe<Standards>,
}

impl Report {
    fn read(report: &mut Section<'_, '_>) -> Report {
        Report {
            least: report.need("least", count),
            standards: report.may("standards", word),
        }
    }
}
