//! Notices in Chinese.

use super::Notice;
use super::reasons::{doubt, unmade, untested};

impl Notice {
    pub(super) fn chinese(&self) -> String {
        match self {
            Notice::CellTooSmall {
                cell,
                population,
                asked,
            } => format!("“{cell}”的名单只有{population}个单位，计划需要{asked}个号码：全部抽取"),
            Notice::MalformedNumbers { count } => {
                format!("名单中有{count}个号码格式有误：可以抽取，但无法拨打")
            }
            Notice::SharedNumbers { numbers, units } => {
                format!("{numbers}个号码由{units}个单位共用：同一用户可能被重复抽取和拨打")
            }
            Notice::SharedOnce { numbers, units } => {
                format!("{numbers}个号码由{units}个单位共用：抽中的号码只拨打一次")
            }
            Notice::CalledOnce {
                numbers,
                passed_over,
            } => format!(
                "有{numbers}个号码由多个入样单位共用：每个号码只拨打一次，随机选取其中一个单位询问；{passed_over}个入样单位不予询问，权数已作相应调整"
            ),
            Notice::CalledForAll { numbers } => {
                format!("有{numbers}个号码由多个入样单位共用：每个号码只拨打一次，逐一询问这些单位")
            }
            Notice::PassedOver {
                units,
                numbers,
                by_mean,
            } => {
                let said = format!(
                    "计划抽取的{numbers}个单位中，约有{units}个因与其他入样单位共用号码而不予询问：期望完成数已扣除"
                );
                match by_mean {
                    0 => said,
                    _ => format!(
                        "{said}；名单中有{by_mean}个共用号码未记录其持有单位所在的层，按全部单位的平均入样概率近似"
                    ),
                }
            }
            Notice::TakenWhole { strata } => format!(
                "{}个抽样层的单位数少于应抽数，全部抽取：{}",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::DrawnWhole { column, count } => {
                format!("有{count}个层或抽中的群，所含“{column}”少于应抽数，均已全部抽取")
            }
            Notice::ClustersWhole { column, count } => {
                format!("有{count}个层或群，所含“{column}”少于应抽数：一经抽中，即全部抽取")
            }
            Notice::LabelsAgain { column, count } => {
                format!("“{column}”的{count}个标签见于多个层或上级群：在各处视为不同的群")
            }
            Notice::EmptyStrata { strata } => format!(
                "{}个抽样层没有单位：{}",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::NothingDrawn { strata } => format!(
                "{}个抽样层未分配样本，样本不能代表这些层：{}",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::OneInEach { strata } => format!(
                "{strata}个层的每个群内只抽一个单位，无法反映群内差异：方差只按第一阶段估计，且不作有限总体校正，结果偏大"
            ),
            Notice::WithoutSize { count } => {
                format!("{count}个单位的规模为0，不可能入样：样本不能代表这些单位")
            }
            Notice::Resting { count, units } => format!(
                "{units}个单位中有{count}个处于休息期，不参加抽样：除非按总体总量加权，样本只代表其余单位"
            ),
            Notice::Undialable { count } => {
                format!("抽中的单位中有{count}个号码格式有误，按原样列入拨打名单")
            }
            Notice::WithoutNumber { count } => {
                format!("抽中的单位中有{count}个没有电话号码，未列入任何拨打名单")
            }
            Notice::NothingSaid { item, domains } => format!(
                "“{item}”在{}个范围内无人作答，没有估计值：{}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::MissingAnswers { item, count } => {
                format!("{count}行没有“{item}”的回答：不计入其估计值，所在的群仍计入设计")
            }
            Notice::NoDomain { columns, count } => {
                format!(
                    "{count}行不属于任何范围：{}为空",
                    crate::advice::list(columns)
                )
            }
            Notice::LonelyStrata { strata } => format!(
                "有{}个层只抽中一个群，无法估计方差：{}；请指明处理方法：certainty、adjust、average 或 collapse；若该层已全部抽取，请给出总体数（fpc）",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::LonelyTaken { strata, rule } => format!(
                "有{}个层只抽中一个群，按规则“{rule}”处理：{}",
                strata.len(),
                crate::advice::list(strata)
            ),
            Notice::SingleCluster { item, domains } => format!(
                "“{item}”在{}个范围内只有一个回答或全部来自同一个群，无法估计方差：{}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::OpenQuantile { item, domains } => format!(
                "“{item}”的分位数在{}个范围内没有标准误，因其区间超出全部回答：{}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::NotInReplicates {
                item,
                domains,
                undefined,
                replicates,
            } => format!(
                "“{item}”在{}个范围内没有方差：{replicates}组重复权数中有{undefined}组无法计算：{}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::NotWeighedAnew {
                item,
                failed,
                replicates,
                reason,
            } => {
                format!("“{item}”没有方差：{replicates}组重复权数中有{failed}组加权失败：{reason}")
            }
            Notice::FormulaFailed {
                item,
                domains,
                reason,
            } => format!(
                "“{item}”在{}个范围内没有方差，因为{}：{}",
                domains.len(),
                unmade(reason).zh,
                crate::advice::list(domains)
            ),
            Notice::OtherFormula {
                program,
                wanted,
                taken,
            } => format!("{program}没有所需的方差公式（{wanted}）：其标准误按{taken}计算"),
            Notice::NothingMoves { item, domains } => format!(
                "“{item}”在{}个范围内没有方差，各组重复权数均不改变其值：{}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::NotTested {
                item,
                domain,
                reason,
                ..
            } => format!("“{item}”在“{domain}”未作检验：{}", untested(reason).zh),
            Notice::NotFitted { item, domain, why } => {
                format!("模型“{item}”在“{domain}”无法拟合：{why}")
            }
            Notice::NotCompared { item, domains } => format!(
                "“{item}”在{}个范围内未参与比较（无人作答、没有方差或没有自由度）：{}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::Doubted {
                item,
                domain,
                standards,
                verdict,
                doubts,
            } => {
                let verdict = match verdict.as_str() {
                    "suppress" => "不得发布",
                    "review" => "须经统计人员审核后发布",
                    _ => "发布时须加注",
                };
                let why: Vec<&str> = doubts.iter().map(|key| doubt(key).zh).collect();
                format!(
                    "按发布标准“{standards}”，“{item}”在“{domain}”的比例{verdict}：{}",
                    why.join("；")
                )
            }
            Notice::MissingWeights { count } => format!("{count}行没有权数"),
            Notice::NegativeWeights { count } => {
                format!("{count}个权数为负：较小范围的总量也可能为负")
            }
            Notice::ChangesBounded { with, changes } => format!(
                "与“{with}”相比的{changes}项变化取方差的最大可能值：两期共有部分未能完全得知"
            ),
            Notice::ZeroWeights {
                count,
                counted,
                not_eligible,
            } => {
                let counted = counted
                    .as_ref()
                    .map(|column| format!("；如“{column}”表示计入与否，请加--counted {column}"));
                let apart = not_eligible.as_ref().filter(|_| counted.is_some());
                let apart = apart.map(|column| {
                    format!("，如“{column}”表示不属于调查总体，请加--not-eligible {column}")
                });
                format!(
                    "{count}个权数为零：相应各行不计入任何估计值{}{}",
                    counted.unwrap_or_default(),
                    apart.unwrap_or_default()
                )
            }
            Notice::CountedWeighNothing { count, column } => {
                format!("{count}行应计入（“{column}”为1）而权数为零：不计入任何估计值")
            }
            Notice::UncountedWeigh {
                count,
                column,
                not_eligible,
            } => {
                let apart = not_eligible.as_ref().map(|column| {
                    format!("；如“{column}”表示不属于调查总体，请加--not-eligible {column}")
                });
                format!(
                    "{count}行不计入（“{column}”为0）而有权数：其权数未转给他人{}",
                    apart.unwrap_or_default()
                )
            }
            Notice::FactorsDiffer { count } => format!("{count}个权数不等于各因子之积"),
            Notice::ReplicatesDoubtful { doubts } => format!("重复权数有{doubts}处疑点"),
            Notice::WeightsHeld { count } => {
                format!("{count}个权数取上限值：估计量的方差减小，但可能有少许偏差")
            }
            Notice::ExtremePropensities {
                count,
                least,
                smallest,
            } => format!(
                "有{count}个访问的应答倾向得分低于{least}，最小为{smallest:.4}：其权数很大，按倾向得分分组更稳妥"
            ),
            Notice::CountsCapped { step, count, cap } => {
                format!("{step}：有{count}个计数超过上限{cap}，按上限计")
            }
            Notice::TotalsMissed { count, of } => format!("{of}个已知总量中有{count}个未满足"),
            Notice::Dominated { rows, domains } => format!(
                "有{rows}行在{}个范围内占权数的很大比例：{}",
                domains.len(),
                crate::advice::list(domains)
            ),
            Notice::WeightsDiffer { differing, apart } => {
                format!("{differing}条记录的权数不一致，{apart}条记录只出现在其中一个文件中")
            }
            Notice::FieldFindings { lines, kinds } => {
                format!("电话中心返回的文件有{lines}行需要核查，涉及{kinds}类问题：详见核查结果")
            }
            Notice::MarginsMissed { margins } => format!(
                "取整后有{}个边际与最优分配的差达到1或以上（边际方向过多，无法同时满足）：{}",
                margins.len(),
                crate::advice::list(margins)
            ),
            Notice::PoolBeyondList { pool, units } => {
                format!("号码总量限定为{pool}个，而名单只有{units}个单位：全部抽取")
            }
            Notice::PoolCut { asked, pool } => {
                format!("按精度目标需要{asked}个号码，号码总量限定为{pool}个")
            }
        }
    }
}
