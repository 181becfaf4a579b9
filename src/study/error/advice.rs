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
            Error::Late { .. } => {
                "commit in a new folder, with a seed that nobody has seen a draw of; canvass verify shows this draw".into()
            }
            Error::RoundedBySeed => {
                "commit to the seed that is in survey.toml: canvass commit; or leave out [plan] round".into()
            }
            Error::Broken { .. } => {
                "put back what was committed to; or canvass commit again before anybody is drawn, and publish that too".into()
            }
            Error::Unpromised { .. } => {
                "put the file back that was published; its SHA-256 is in the line that canvass commit printed".into()
            }
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
            Error::NoWave { .. } => {
                "name the folder of the earlier study, as seen from this one: [draw.coordinate] with".into()
            }
            Error::OtherSeed { seed: Some(seed), .. } => format!(
                "write that seed into survey.toml: seed = {seed:?}; turned numbers draw another sample all the same"
            ),
            Error::OtherSeed { seed: None, .. } => {
                "write the seed of the earlier study into survey.toml; turned numbers draw another sample all the same".into()
            }
            Error::OtherMethod { wanted, .. } => format!("write method = \"{wanted}\" under [draw]"),
            Error::OtherStrata { .. } => {
                "give both lists the same strata, and check and plan again; or leave [draw.coordinate] out".into()
            }
            Error::NoTurn { .. } => {
                "turn in the same way as the waves before, by the same share; or name an earlier wave that did not turn".into()
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
            Error::NotInStages { .. } => {
                "leave it out; [weigh] steps = [\"nonresponse\"] lets those who answered speak for the others".into()
            }
            Error::WaveInStages { .. } => {
                "leave [draw.coordinate] out, or name a study that drew its units at once".into()
            }
            Error::FollowedUp => {
                "its call lists are in 4-follow-up/; remove both only if nobody was called".into()
            }
            Error::NobodyFollowedUp => {
                "canvass follow-up --take M, or leave \"second-phase\" out of the steps".into()
            }
            Error::BadTake { silent: 0, .. } => "everybody answered: nobody is left to follow up".into(),
            Error::BadTake { silent, strata, .. } => {
                format!("canvass follow-up --take M, with M from {strata}, one in each stratum, to {silent}")
            }
            Error::NoSilence { .. } => {
                "say --of with partial, refusal, noncontact, other, unknown-number, unknown-person or unknown".into()
            }
            Error::NoRest { .. } => {
                "name the folder of a study that was drawn, with its case.key; or list its units in a file: [draw.rest] file".into()
            }
            Error::KeysExist { .. } => "choose another name with -o, and keep the old key".into(),
            Error::NoKey { secret: true, .. } => "give the .key file that canvass keys -o NAME made".into(),
            Error::NoKey { secret: false, .. } => {
                "give the .pub file that canvass keys -o NAME made, or its 64 hex digits".into()
            }
            Error::NotThatFile { .. } => "ask whoever signed for the file as it was; do not trust this one".into(),
            Error::NotSignedBy { .. } => {
                "compare the key with one that was published elsewhere; do not trust this file".into()
            }
            Error::NotProven { .. } => {
                "repeat it with another --seed and more --draws; if it fails again, use another method and tell us".into()
            }
            Error::BlankSeed => "write any text: a lottery number, a sentence read aloud".into(),
            Error::NoCalendar { .. } => "use china-2016, or the path of a calendar file".into(),
            Error::OwnFile { .. } => "choose another name: --export answers.csv".into(),
            Error::NotFitted { hint, .. } | Error::NoChange { hint, .. } => return hint.clone(),
            Error::Stopped => return None,
        })
    }
}
