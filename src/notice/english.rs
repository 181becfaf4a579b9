//! Notices in English.

use super::Notice;
use super::reasons::{doubt, unmade};
use crate::advice::list;

impl Notice {
    pub(super) fn english(&self) -> String {
        match self {
            Notice::CellTooSmall {
                cell,
                population,
                asked,
            } => format!(
                "'{cell}' has {population} units in its list, and the plan asks for {asked} numbers: all of them are taken"
            ),
            Notice::MalformedNumbers { count } => {
                format!(
                    "{count} numbers of the list are not well formed; they can be drawn but not dialled"
                )
            }
            Notice::SharedNumbers { numbers, units } => format!(
                "{numbers} numbers are shared by {units} units: one person may be drawn, and called, more than once"
            ),
            Notice::SharedOnce { numbers, units } => format!(
                "{numbers} numbers are shared by {units} units: each number that is drawn is called once"
            ),
            Notice::CalledOnce {
                numbers,
                passed_over,
            } => format!(
                "several drawn units share a number, for {numbers} numbers: each is called once, about a unit that chance chose; {passed_over} drawn units are not asked about, and weights allow for it"
            ),
            Notice::CalledForAll { numbers } => format!(
                "several drawn units share a number, for {numbers} numbers: each is called once, about all of them"
            ),
            Notice::PassedOver {
                units,
                numbers,
                by_mean,
            } => {
                let said = format!(
                    "about {units} of the {numbers} units to be drawn will share a number with another that is drawn, and not be asked about: the interviews to expect allow for it"
                );
                match by_mean {
                    0 => said,
                    _ => format!(
                        "{said}; of {by_mean} shared numbers the check keeps no strata, and the mean chance of all units stands for theirs"
                    ),
                }
            }
            Notice::TakenWhole { strata } => format!(
                "{} strata hold fewer units than are asked for, and are taken whole: {}",
                strata.len(),
                list(strata)
            ),
            Notice::DrawnWhole { column, count } => format!(
                "{count} strata or drawn clusters hold fewer of '{column}' than are asked for: all in them were taken"
            ),
            Notice::ClustersWhole { column, count } => format!(
                "{count} clusters or strata hold fewer of '{column}' than are asked for: where they are drawn, all in them are"
            ),
            Notice::LabelsAgain { column, count } => format!(
                "{count} labels of '{column}' stand in several strata or larger clusters: each is a cluster of its own there"
            ),
            Notice::EmptyStrata { strata } => {
                format!("{} strata have no units: {}", strata.len(), list(strata))
            }
            Notice::NothingDrawn { strata } => format!(
                "{} strata have no draw, and the sample says nothing of them: {}",
                strata.len(),
                list(strata)
            ),
            Notice::OneInEach { strata } => format!(
                "in {strata} strata, one unit is drawn in each cluster, which does not show how units within it differ: variances take the first stage for all, as if its list had no end, and are too large rather than too small"
            ),
            Notice::WithoutSize { count } => {
                format!(
                    "{count} units have size 0 and are never drawn: the sample says nothing of them"
                )
            }
            Notice::Resting { count, units } => format!(
                "{count} of {units} units rest and are not drawn: the sample speaks for the others, unless it is weighted to totals of all"
            ),
            Notice::Undialable { count } => format!(
                "{count} drawn units have a number that is not well formed; they are on the call list as they stand"
            ),
            Notice::WithoutNumber { count } => {
                format!("{count} drawn units have no telephone number: they are on no call list")
            }
            Notice::NothingSaid { item, domains } => format!(
                "'{item}' has no figure in {} domains, where nobody answered it: {}",
                domains.len(),
                list(domains)
            ),
            Notice::MissingAnswers { item, count } => format!(
                "{count} rows have no answer to '{item}': they are left out of its figures, and their clusters still count"
            ),
            Notice::NoDomain { columns, count } => format!(
                "{count} rows are in no domain, because {} is blank there",
                list(columns)
            ),
            Notice::LonelyStrata { strata } => format!(
                "no variance, because of {} strata with a single cluster: {}; say what they are to be taken for: certainty, adjust, average or collapse; or give the population (fpc), if they were taken whole",
                strata.len(),
                list(strata)
            ),
            Notice::LonelyTaken { strata, rule } => format!(
                "{} strata with a single cluster were treated by the rule '{rule}': {}",
                strata.len(),
                list(strata)
            ),
            Notice::SingleCluster { item, domains } => format!(
                "'{item}' has no variance in {} domains, where all answers are one, or from one cluster: {}",
                domains.len(),
                list(domains)
            ),
            Notice::OpenQuantile { item, domains } => format!(
                "a quantile of '{item}' has no standard error in {} domains, where its interval reaches beyond every answer: {}",
                domains.len(),
                list(domains)
            ),
            Notice::NotInReplicates {
                item,
                domains,
                undefined,
                replicates,
            } => format!(
                "'{item}' has no variance in {} domains, because it cannot be had in {undefined} of {replicates} replicates: {}",
                domains.len(),
                list(domains)
            ),
            Notice::NotWeighedAnew {
                item,
                failed,
                replicates,
                reason,
            } => format!(
                "'{item}' has no variance, because weighting fails in {failed} of {replicates} replicates: {reason}"
            ),
            Notice::FormulaFailed {
                item,
                domains,
                reason,
            } => format!(
                "'{item}' has no variance in {} domains, because {}: {}",
                domains.len(),
                unmade(reason).en,
                list(domains)
            ),
            Notice::OtherFormula {
                program,
                wanted,
                taken,
            } => format!("{program} has no {wanted}: its standard errors are those of {taken}"),
            Notice::NothingMoves { item, domains } => format!(
                "'{item}' has no variance in {} domains, because no replicate moves it there: {}",
                domains.len(),
                list(domains)
            ),
            Notice::NotTested {
                item, domain, why, ..
            } => format!("'{item}' is not tested in '{domain}': {why}"),
            Notice::NotFitted { item, domain, why } => {
                format!("'{item}' is not fitted in '{domain}': {why}")
            }
            Notice::NotCompared { item, domains } => format!(
                "the {item} is not compared in {} domains, which have no answers, no variance or no degrees of freedom: {}",
                domains.len(),
                list(domains)
            ),
            Notice::Doubted {
                item,
                domain,
                standards,
                verdict,
                doubts,
            } => {
                let verdict = match verdict.as_str() {
                    "suppress" => "is not to be published",
                    "review" => "needs a statistician's look before it is published",
                    _ => "needs a footnote",
                };
                let why: Vec<&str> = doubts.iter().map(|key| doubt(key).en).collect();
                format!(
                    "by the standards '{standards}' the share of '{item}' in '{domain}' {verdict}: {}",
                    why.join("; ")
                )
            }
            Notice::MissingWeights { count } => format!("{count} rows have no weight"),
            Notice::NegativeWeights { count } => {
                format!(
                    "{count} weights are below 0: totals of small domains may come out below 0 too"
                )
            }
            Notice::ChangesBounded { with, changes } => format!(
                "{changes} changes since '{with}' have the greatest variance there may be: what both waves share is not known in full"
            ),
            Notice::ZeroWeights {
                count,
                counted,
                not_eligible,
            } => {
                let counted = counted.as_ref().map(|column| {
                    format!("; if '{column}' says who is counted, add --counted {column}")
                });
                let apart = not_eligible.as_ref().filter(|_| counted.is_some()).map(|column| {
                    format!(
                        ", and --not-eligible {column} if '{column}' says who is not of the population"
                    )
                });
                format!(
                    "{count} weights are 0: these rows are part of no figure{}{}",
                    counted.unwrap_or_default(),
                    apart.unwrap_or_default()
                )
            }
            Notice::CountedWeighNothing { count, column } => {
                format!(
                    "{count} rows are counted ('{column}' is 1) and weigh 0: they are part of no figure"
                )
            }
            Notice::UncountedWeigh {
                count,
                column,
                not_eligible,
            } => {
                let apart = not_eligible.as_ref().map(|column| {
                    format!(
                        "; if '{column}' says who is not of the population, add --not-eligible {column}"
                    )
                });
                format!(
                    "{count} rows are not counted ('{column}' is 0) and have a weight: nobody has taken it over{}",
                    apart.unwrap_or_default()
                )
            }
            Notice::FactorsDiffer { count } => {
                format!("{count} weights are not the product of their factors")
            }
            Notice::ReplicatesDoubtful { doubts } => {
                format!("{doubts} things may be wrong with the replicate weights")
            }
            Notice::WeightsHeld { count } => {
                format!(
                    "{count} weights are held at a cap: figures vary less, and may be a little off"
                )
            }
            Notice::ExtremePropensities {
                count,
                least,
                smallest,
            } => format!(
                "{count} interviews have a propensity to answer below {least}, the smallest {smallest:.4}: their weights are large, and classes of propensities would be safer"
            ),
            Notice::CountsCapped { step, count, cap } => {
                format!("{step}: {count} counts are above the cap of {cap}, and were taken for it")
            }
            Notice::TotalsMissed { count, of } => {
                format!("{count} of {of} known totals are not met")
            }
            Notice::Dominated { rows, domains } => format!(
                "{rows} rows make up much of the weight of {} domains: {}",
                domains.len(),
                list(domains)
            ),
            Notice::WeightsDiffer { differing, apart } => {
                format!(
                    "the weights of {differing} records differ, and {apart} records stand in one file only"
                )
            }
            Notice::FieldFindings { lines, kinds } => format!(
                "{lines} lines of the telephone centre's files need a look, for {kinds} kinds of fault: see the findings"
            ),
            Notice::MarginsMissed { margins } => format!(
                "{} margins of the plan could not be kept when its numbers were rounded, because they go in too many directions: {}",
                margins.len(),
                list(margins)
            ),
            Notice::PoolBeyondList { pool, units } => {
                format!(
                    "the pool has {pool} numbers, and the list only {units} units: all are taken"
                )
            }
            Notice::PoolCut { asked, pool } => {
                format!("the targets call for {asked} numbers, and the pool has {pool}")
            }
        }
    }
}
