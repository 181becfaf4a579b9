//! Step 8: satisfaction in one figure, by firm and service.

use serde::{Deserialize, Serialize};

use super::compared::{self, Wish};
use super::estimate::{COMPARE, READS, figures, replicated, variance_cards};
use super::folder::INDICES;
use super::weigh::{Answered, classes};
use super::{Done, Error, Study};
use crate::draw::Sample;
use crate::estimate::compare::{Compared, Order};
use crate::estimate::variance::replicate::Replicated;
use crate::estimate::{self, Mean};
use crate::field::Item;
use crate::frame::Codes;
use crate::index::{self, Composite, IndexCell, IndexTable, Scale, Scored};
use crate::method::Card;
use crate::notice::Notice;
use crate::progress::Monitor;
use crate::settings::{IndexSpec, ServiceName};

/// The index of a survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Indexed {
    /// The figures by firm and service.
    pub table: IndexTable,
    /// Interviews with all items answered.
    pub whole: u64,
    /// Interviews with a score although items are missing.
    pub part: u64,
    /// Interviews with too few items for a score.
    pub without: u64,
    /// The firms of each service, compared with one another, if survey.toml wishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
}

/// What the index is called among items.
const ITEM: &str = "index";

impl Study {
    /// Makes the index of every firm and service.
    ///
    /// # Errors
    ///
    /// [`Error::NoSection`] if survey.toml has no index; if an item was not asked or has answers off
    /// its scale.
    pub fn index(&self, monitor: &dyn Monitor) -> Result<Done<Indexed>, crate::Error> {
        let spec = self.index_spec("index")?;
        let answered = self.answered("index", monitor)?;
        let composite = composite(spec)?;
        let Scored {
            score,
            whole,
            part,
            without,
        } = composite.score(ITEM, &answered.outcomes)?;
        let places = Places::of(spec, &answered.sample)?;
        let confidence = self.settings().plan.confidence;
        let replicates = self.replicates(&answered)?;
        let replicated = replicated(&answered, replicates.as_ref(), confidence);
        let sure = (&answered, replicated.as_ref());
        let (found, silent) =
            figures(sure, &Mean::of(&score), &places.column, confidence, monitor)?;
        let cells: Vec<IndexCell> = found
            .into_iter()
            .map(|estimate| {
                let (firm, service) = places.of_label(&estimate.domain);
                IndexCell::of(firm, service, estimate)
            })
            .collect::<Result<_, _>>()?;
        let silent_places: Vec<(String, String)> =
            silent.iter().map(|label| places.of_label(label)).collect();
        let notices = if silent.is_empty() {
            Vec::new()
        } else {
            vec![Notice::NothingSaid {
                item: ITEM.to_owned(),
                domains: silent,
            }]
        };
        let table = IndexTable::of(cells, &silent_places, self.settings().report.least)?;
        let compared = self.compared(spec, sure, (&score, &places), monitor)?;
        let mut cards = cards(variance_cards(&answered, replicates.as_ref()));
        cards.extend(
            spec.compare
                .iter()
                .flat_map(|&correct| compared::cards(correct, true)),
        );
        let indexed = Indexed {
            table,
            whole,
            part,
            without,
            compared,
        };
        self.write(INDICES, "indices", &cards, &notices, &indexed)?;
        self.done("index", READS, &cards, notices, indexed)
    }

    /// The firms of each service beside one another.
    fn compared(
        &self,
        spec: &IndexSpec,
        sure: (&Answered, Option<&Replicated<'_>>),
        (score, places): (&Item, &Places),
        monitor: &dyn Monitor,
    ) -> Result<Option<Compared>, Error> {
        let Some(correct) = spec.compare else {
            return Ok(None);
        };
        let within: Vec<String> = match &spec.service {
            ServiceName::Column(column) => vec![column.clone()],
            ServiceName::Label(_) => Vec::new(),
        };
        let wish = Wish {
            within: &within,
            among: &spec.firm,
            codes: [&places.service, &places.firm],
            correct,
            first: Some(Order::LargestFirst),
            confidence: self.settings().plan.confidence,
            discretion: self.discretion(),
            seed: &self.seed().purpose(COMPARE),
        };
        compared::compared(sure, &Mean::of(score), &wish, monitor).map(Some)
    }

    /// The index that survey.toml describes.
    pub(super) fn index_spec(&self, step: &str) -> Result<&IndexSpec, Error> {
        self.settings()
            .index
            .as_ref()
            .ok_or_else(|| Error::NoSection {
                section: "[index]".to_owned(),
                step: step.to_owned(),
            })
    }
}

/// What the index is made of.
pub(super) fn composite(spec: &IndexSpec) -> Result<Composite, index::Error> {
    let scale = Scale::new(spec.low, spec.high)?;
    Composite::on(&spec.items, scale, spec.weights.as_deref())
}

fn cards(variance: Vec<&'static Card>) -> Vec<&'static Card> {
    let certain: [&'static Card; 2] = [&estimate::interval::CARD, &estimate::effect::CARD];
    let all = index::CARDS.iter().copied().chain(variance);
    all.chain(certain).collect()
}

/// The firm and service of every drawn unit.
struct Places {
    firm: Codes,
    service: Codes,
    /// Both.
    column: Codes,
    /// Firm and service of each label of `column`.
    parts: Vec<(String, String)>,
}

impl Places {
    fn of(spec: &IndexSpec, sample: &Sample) -> Result<Places, Error> {
        let firm = classes(sample, std::slice::from_ref(&spec.firm))?;
        let service = match &spec.service {
            ServiceName::Column(column) => classes(sample, std::slice::from_ref(column))?,
            ServiceName::Label(label) => Codes::new(vec![label.clone()], vec![0; sample.len()]),
        };
        let column = Codes::crossed(&[&service, &firm]);
        let mut parts = vec![(String::new(), String::new()); column.labels().len()];
        for unit in 0..column.len() {
            let (firm, service) = (firm.label(unit), service.label(unit));
            let part = &mut parts[column.code(unit)];
            if part.0.is_empty() {
                *part = (firm.to_owned(), service.to_owned());
            }
        }
        Ok(Places {
            firm,
            service,
            column,
            parts,
        })
    }

    fn of_label(&self, label: &str) -> (String, String) {
        let code = self
            .column
            .find(label)
            .expect("estimates are of these domains");
        self.parts[code].clone()
    }
}
