//! The message-flow graph of a program, printed instead of running it.
//!
//! Pure but for [`answer`]: a model is made of what the linker has collected, and written as text.

mod dot;
mod json;
mod mermaid;
mod model;
mod names;
mod request;
mod warnings;

#[cfg(test)]
mod tests;

use crate::catalog;
use model::Graph;
use request::{Format, HELP, Request};
use std::io::{self, Write};

/// The environment's way to ask.
const VARIABLE: &str = "MULTITOOLS";

/// If this process was asked about itself, answers and ends it; otherwise does nothing. Not for the
/// processes of agents.
pub(crate) fn answer() {
    // The name of a test comes first in the arguments of a test binary, and its end is a verdict.
    if catalog::test_entry().is_some() {
        return;
    }
    let arguments = std::env::args_os().skip(1);
    let arguments: Vec<String> = arguments
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let variable = std::env::var(VARIABLE).ok();
    let Some(request) = request::read(&arguments, variable.as_deref()) else {
        return;
    };
    let (text, remarks, status) = match request {
        Ok(Request::Help) => (HELP.to_owned(), Vec::new(), 0),
        Ok(Request::Graph(format)) => match graph(format) {
            Ok((text, warnings)) => (text, warnings, 0),
            Err(error) => (String::new(), vec![error], 1),
        },
        Err(error) => (String::new(), vec![error], 2),
    };
    // Who does not want to read it to the end need not.
    let _ = io::stdout().write_all(text.as_bytes());
    for remark in remarks {
        let _ = writeln!(io::stderr(), "{remark}");
    }
    std::process::exit(status)
}

/// The graph of this program, and the warnings.
fn graph(format: Format) -> Result<(String, Vec<String>), String> {
    let messages = catalog::messages().map_err(ToString::to_string)?;
    let agents = catalog::agents().map_err(ToString::to_string)?;
    let agents: Vec<_> = agents.values().copied().collect();
    let graph = Graph::new(&agents, messages.entries());
    let text = match format {
        Format::Mermaid => mermaid::write(&graph),
        Format::Dot => dot::write(&graph),
        Format::Json => json::write(&graph).map_err(|error| error.to_string())?,
    };
    let warning = |text: &String| format!("warning: {text}");
    let warnings = graph.warnings.iter().map(warning).collect();
    Ok((text, warnings))
}
