//! Two tables: the figures, and the targets.

use super::{called, digits, figure, range};
use crate::machine::describe;
use crate::peers::OURS;
use crate::results::{Results, Series};
use crate::rows::{Demand, ROWS, Row, TARGETS, Target};
use crate::table::Table;

/// Prints both.
pub fn print(results: &Results) {
    println!("{}\n", describe());
    let mut table = Table::new(["", "median", "range", "multitools / it"]);
    for row in ROWS {
        section(&mut table, results, row);
    }
    table.print();
    let targets: Vec<_> = TARGETS
        .iter()
        .filter(|it| results.of(it.row, OURS).is_some())
        .collect();
    if targets.is_empty() {
        return;
    }
    let mut table = Table::new(["target", "wanted", "measured", ""]);
    for target in &targets {
        demand(&mut table, results, target);
    }
    println!();
    table.print();
    let met = targets
        .iter()
        .filter(|it| results.judge(it).is_some_and(|(_, met)| met));
    println!("\n{} of {} targets met", met.count(), targets.len());
}

/// The peers at one workload.
fn section(table: &mut Table, results: &Results, row: &Row) {
    let mut all = results.in_row(row).peekable();
    if all.peek().is_none() {
        return;
    }
    table.row([
        row.title.to_owned(),
        String::new(),
        String::new(),
        String::new(),
    ]);
    let ours = results.of(row.id, OURS);
    for series in all {
        let ratio = ours.filter(|_| series.peer != OURS);
        let ratio = ratio.and_then(|ours| Series::ratio(ours, series));
        let Some((median, ends)) = series.median().zip(series.range()) else {
            let trouble = series.trouble.as_deref().unwrap_or("not measured");
            let name = format!("  {}: {trouble}", called(series.peer));
            table.row([name, "-".into(), "-".into(), "-".into()]);
            continue;
        };
        let trouble = series.trouble.as_deref();
        let failed = trouble
            .map(|it| format!(", until: {it}"))
            .unwrap_or_default();
        table.row([
            format!("  {}{failed}", called(series.peer)),
            figure(median, row.unit),
            range(ends, row.unit),
            ratio
                .map(|ratio| format!("{}x", digits(ratio)))
                .unwrap_or_default(),
        ]);
    }
}

fn demand(table: &mut Table, results: &Results, target: &Target) {
    let Some(row) = ROWS.iter().find(|row| row.id == target.row) else {
        return;
    };
    let (wanted, unit, against) = match target.demand {
        Demand::TimesAtLeast(least, peer) => (format!(">= {least}x"), "x", Some(peer)),
        Demand::TimesAtMost(most, peer) => (format!("<= {most}x"), "x", Some(peer)),
        Demand::AtMost(most) => (format!("<= {most} {}", row.unit), row.unit, None),
    };
    let (measured, verdict) = match results.judge(target) {
        Some((value, true)) => (value, "met"),
        Some((value, false)) => (value, "MISSED"),
        None => (f64::NAN, "not measured"),
    };
    let measured = match unit {
        _ if measured.is_nan() => "-".to_owned(),
        "x" => format!("{}x", digits(measured)),
        unit => figure(measured, unit),
    };
    let against = against
        .map(|peer| format!(", against {peer}"))
        .unwrap_or_default();
    table.row([
        format!("{}{against}", row.title),
        wanted,
        measured,
        verdict.to_owned(),
    ]);
}
