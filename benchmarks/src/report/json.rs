//! Every figure of every round.

use crate::job::Result;
use crate::machine::describe;
use crate::peers::{OURS, Peer};
use crate::results::{Results, Series};
use crate::rows::{Demand, TARGETS};
use serde_json::{Value, json};

/// The document.
pub fn write(results: &Results) -> Result<String> {
    let rows: Vec<Value> = results
        .0
        .iter()
        .map(|series| one(results, series))
        .collect();
    let targets: Vec<Value> = TARGETS
        .iter()
        .filter(|target| results.of(target.row, OURS).is_some())
        .map(|target| {
            let (demand, bound, peer) = match target.demand {
                Demand::TimesAtLeast(least, peer) => ("times at least", least, Some(peer)),
                Demand::TimesAtMost(most, peer) => ("times at most", most, Some(peer)),
                Demand::AtMost(most) => ("at most", most, None),
            };
            let judged = results.judge(target);
            json!({
                "row": target.row,
                "demand": demand,
                "bound": bound,
                "peer": peer,
                "measured": judged.map(|it| it.0),
                "met": judged.map(|it| it.1),
            })
        })
        .collect();
    let document = json!({ "machine": describe(), "figures": rows, "targets": targets });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn one(results: &Results, series: &Series) -> Value {
    let row = series.row;
    let peer = Peer::named(series.peer).ok();
    let ours = results.of(row.id, OURS).filter(|_| series.peer != OURS);
    json!({
        "row": row.id,
        "title": row.title,
        "unit": row.unit,
        "more_is_better": row.more_is_better,
        "peer": series.peer,
        "version": peer.and_then(Peer::version),
        "one_process": peer.is_some_and(|peer| peer.one_process),
        "median": series.median(),
        "rounds": series.rounds, // `null` where a round failed
        "trouble": series.trouble,
        "multitools_to_it": ours.and_then(|ours| Series::ratio(ours, series)),
    })
}
