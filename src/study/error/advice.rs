//! Where a study's errors stand, and what to do about them.

use super::Error;
use crate::advice::Advise;

impl Advise for Error {
    fn place(&self) -> Option<String> {
        match self {
            Error::NoStudy { folder } => Some(format!("{folder}/survey.toml")),
            Error::NoSection { .. } | Error::NoPhone => Some("survey.toml".to_owned()),
            _ => None,
        }
    }

    fn hint(&self) -> Option<String> {
        use crate::advice::list;
        Some(match self {
            Error::NoStudy { .. } => "name a study's folder with -C, or make one: canvass init NAME".into(),
            Error::Exists { .. } => "choose another folder with -C, or go on there: canvass run".into(),
            Error::NoTemplate { known, .. } => format!("templates are {}", list(known)),
            Error::NoRehearsal { known, .. } => format!("templates that do are {}", list(known)),
            Error::NotInvented { .. } | Error::NotMade { .. } => {
                "rehearse in another folder: -C DIR; nothing was touched here".into()
            }
            Error::Missing { writer, .. } => format!("canvass {writer}"),
            Error::Stale { writer, .. } => format!("canvass {writer}, and the steps after it; or canvass run"),
            Error::Unfit { .. } => "mend these rows and run canvass check again".into(),
            Error::NoPhone => "name the column of telephone numbers: [list] phone".into(),
            Error::NoSection { section, .. } => format!("add {section} to survey.toml"),
            Error::NoEntropy { .. } => "write a seed into survey.toml yourself".into(),
            Error::Moved { .. } => {
                "the list was put into another order: run canvass draw again; the same units are drawn".into()
            }
            Error::WideTable { .. } => "cross questions with fewer answers".into(),
            Error::LargeShare { .. } => {
                "write [estimate] variance = \"taylor\", which knows both".into()
            }
            Error::NotReplicated { .. } => {
                "write [estimate] variance = \"taylor\", which knows every method".into()
            }
            Error::Senseless { hint, .. } | Error::NoReplicates { hint, .. } => return hint.clone(),
            Error::ManyReplicates { .. } => {
                "write [estimate] variance = \"bootstrap\" with replicates = 500".into()
            }
            Error::NoItem { known, .. } => format!("answers are {}", list(known)),
            Error::NoColumn { known, .. } => {
                format!("add it to [list] carry and draw again; columns that came along are {}", list(known))
            }
            Error::Differs { step, .. } => format!(
                "somebody changed it, or its inputs, by hand: run canvass {step} again to make it anew"
            ),
            Error::NoReturns => "canvass ingest --attempts FILE --answers FILE".into(),
            Error::NoMethod { known, .. } => format!("methods are {}", known.join(", ")),
            Error::NoControl { .. } => {
                "name it in [weigh] margins or amounts and give its total in the file; after \"multiplicity\" and \"household\" the list's own counts will not do".into()
            }
            Error::TotalTwice { .. } => "keep one of the lines".into(),
            Error::UncertainTotals { .. } => {
                "take the step \"calibrate\", or leave the column se out if the totals are counts".into()
            }
            Error::NotTwoLists { .. } => "set [weigh.compose] list to a column with two labels, and first to one of them".into(),
            Error::NoStratum { known, .. } => format!("strata are {}", list(known)),
            Error::NoCase { key: true, .. } => {
                "give a case id of the call lists or an id of the list; whoever was not drawn has no weight".into()
            }
            Error::NoCase { key: false, .. } => {
                "give a case id of the call lists; ids of the list need case.key beside survey.toml".into()
            }
            Error::NotInList { .. } => "write the id exactly as it stands in the list".into(),
            Error::OtherStratum { found, .. } => format!("--stratum '{found}', or leave it out"),
            Error::UnitDiffers { rank: Some(_), .. } => {
                "the sample or 3-draw.json was changed, or they are of two draws: canvass verify names the file".into()
            }
            Error::UnitDiffers { rank: None, .. } => {
                "look whether the unit stood in this stratum of the list; if it did, canvass verify names the file that was changed".into()
            }
            Error::Unrelease { released, .. } => format!("canvass field --first {released}, or more"),
            Error::NoReplicate { most, .. } => format!("canvass field --first K, with K from 1 to {most}"),
            Error::OverDetermined { .. } => {
                "leave draw.within or the take of a stage out: it then follows from the plan".into()
            }
            Error::Clusters { .. } => {
                "take other numbers at the stages, join small clusters in the list, or plan for fewer units"
                    .into()
            }
            Error::PoolOfClusters { least, .. } => {
                format!("write plan.pool = {least}, or take fewer units in each cluster")
            }
            Error::NeedsTheList { .. } => {
                "ask in the study's folder, with survey.toml and the list beside it: -C DIR".into()
            }
            Error::NoRest { .. } => {
                "name the folder of a study that was drawn, with its case.key; or list its units in a file: [draw.rest] file".into()
            }
            Error::NotProven { .. } => {
                "repeat it with another --seed and more --draws; if it fails again, use another method and tell us".into()
            }
            Error::BlankSeed => "write any text: a lottery number, a sentence read aloud".into(),
            Error::NoCalendar { .. } => "use china-2016, or the path of a calendar file".into(),
            Error::OwnFile { .. } => "choose another name: --export answers.csv".into(),
            Error::NotFitted { hint, .. } | Error::NoChange { hint, .. } => return hint.clone(),
            Error::Wave(error) => return error.hint(),
            Error::Commitment(error) => return error.hint(),
            Error::Signature(error) => return error.hint(),
            Error::FollowUp(error) => return error.hint(),
            Error::Stopped => return None,
        })
    }
}
