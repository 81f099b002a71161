//! A picture of the medians: for each row with a target that compares, bars on a logarithmic scale.

use super::{called, figure};
use crate::machine::describe;
use crate::peers::OURS;
use crate::results::{Results, Series};
use crate::rows::{ROWS, Row, TARGETS};
use std::fmt::Write;

const WIDTH: f64 = 860.0;
/// Where the bars begin, and how long the longest is.
const LEFT: f64 = 280.0;
const LONGEST: f64 = 460.0;
const BAR: f64 = 18.0;
const PANEL_HEAD: f64 = 44.0;
const PANEL_FOOT: f64 = 22.0;

const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#24292f}\
.title{font-size:14px;font-weight:600}.small{font-size:11px;fill:#57606a}\
.grid{stroke:#d8dee4}.bar{fill:#9aa7b4}.thread{fill:#d0d7de}.ours{fill:#d9622b}";

/// One bar.
struct Bar<'a> {
    series: &'a Series,
    median: f64,
}

/// The drawing.
pub fn draw(results: &Results) -> String {
    let mut body = String::new();
    let mut y = 56.0;
    let wanted = |row: &&Row| TARGETS.iter().any(|target| target.row == row.id);
    for row in ROWS.iter().filter(wanted) {
        let bars = bars(results, row);
        if bars.len() > 1 && bars.iter().any(|bar| bar.series.peer == OURS) {
            panel(&mut body, row, &bars, y);
            y += PANEL_HEAD + BAR * bars.len() as f64 + PANEL_FOOT;
        }
    }
    let machine = escape(&describe());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {y}\" width=\"{WIDTH}\" height=\"{y}\">\n\
         <style>{STYLE}</style>\n<rect width=\"{WIDTH}\" height=\"{y}\" fill=\"#fff\"/>\n\
         <text class=\"title\" x=\"16\" y=\"24\">multitools beside its peers: medians of one run, logarithmic scales</text>\n\
         <text class=\"small\" x=\"16\" y=\"42\">{machine}; pale bars are threads of one process, all others two processes</text>\n\
         {body}</svg>\n"
    )
}

/// The best first.
fn bars<'a>(results: &'a Results, row: &'a Row) -> Vec<Bar<'a>> {
    let bar = |series: &'a Series| series.median().map(|median| Bar { series, median });
    let mut bars: Vec<Bar<'a>> = results.in_row(row).filter_map(bar).collect();
    bars.retain(|bar| bar.median > 0.0);
    bars.sort_by(|one, other| match row.more_is_better {
        true => other.median.total_cmp(&one.median),
        false => one.median.total_cmp(&other.median),
    });
    bars
}

fn panel(body: &mut String, row: &Row, bars: &[Bar<'_>], y: f64) {
    let better = if row.more_is_better {
        "longer"
    } else {
        "shorter"
    };
    let title = escape(row.title);
    let top = y + PANEL_HEAD - 10.0;
    let bottom = top + BAR * bars.len() as f64;
    // Writing to a string cannot fail.
    let _ = writeln!(
        body,
        "<text class=\"title\" x=\"16\" y=\"{}\">{title} <tspan class=\"small\">({better} is better)</tspan></text>",
        y + 20.0
    );
    let scale = Scale::of(bars);
    for decade in scale.decades() {
        let (x, label) = (scale.x(decade), escape(&figure(decade, row.unit)));
        let _ = writeln!(
            body,
            "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{top}\" y2=\"{bottom}\"/>\
             <text class=\"small\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
            bottom + 13.0
        );
    }
    for (bar, i) in bars.iter().zip(0_u32..) {
        draw_bar(body, row, bar, &scale, top + BAR * f64::from(i));
    }
}

fn draw_bar(body: &mut String, row: &Row, bar: &Bar<'_>, scale: &Scale, y: f64) {
    let name = called(bar.series.peer);
    let class = match bar.series.peer {
        OURS => "ours",
        _ if name.ends_with("process") => "thread",
        _ => "bar",
    };
    let name = escape(name.trim_end_matches(", threads of one process"));
    let end = scale.x(bar.median);
    let _ = writeln!(
        body,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{name}</text>\
         <rect class=\"{class}\" x=\"{LEFT}\" y=\"{}\" width=\"{:.1}\" height=\"{}\"/>\
         <text x=\"{:.1}\" y=\"{}\">{}</text>",
        LEFT - 8.0,
        y + 13.0,
        y + 2.0,
        end - LEFT,
        BAR - 4.0,
        end + 6.0,
        y + 13.0,
        escape(&figure(bar.median, row.unit)),
    );
}

/// From figures to places: the decade below the smallest is where the bars begin.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn of(bars: &[Bar<'_>]) -> Scale {
        let all = || bars.iter().map(|bar| bar.median.log10());
        Scale {
            low: (all().fold(f64::INFINITY, f64::min) - 0.15).floor(),
            high: all().fold(f64::NEG_INFINITY, f64::max),
        }
    }

    fn x(&self, figure: f64) -> f64 {
        let span = (self.high - self.low).max(1.0);
        LEFT + (figure.log10() - self.low) / span * LONGEST
    }

    /// The powers of ten that it shows.
    fn decades(&self) -> impl Iterator<Item = f64> {
        let (first, last) = (self.low as i32, (self.low + 1.0).max(self.high) as i32);
        (first..=last).map(|power| 10_f64.powi(power))
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
