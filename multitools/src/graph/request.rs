//! What was asked of the program instead of running.

/// How the graph is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Mermaid,
    Dot,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    Graph(Format),
    Help,
}

/// What can be asked.
pub(super) const HELP: &str = "\
--multitools graph [mermaid|dot|json]  prints who handles, hears and sends what
--multitools help                      prints this
Programs with arguments of their own are asked by the environment: MULTITOOLS=graph:dot
";

/// What the first argument or the variable asks for; `None` when they ask for nothing.
///
/// Only the first argument counts: the others may belong to the program whatever they look like.
pub(super) fn read(
    arguments: &[String],
    variable: Option<&str>,
) -> Option<Result<Request, String>> {
    let first = arguments.first().map_or("", String::as_str);
    let words: Vec<&str> = match first.strip_prefix("--multitools") {
        Some("") => arguments[1..].iter().map(String::as_str).collect(),
        Some(rest) if rest.starts_with('=') => {
            let others = arguments[1..].iter().map(String::as_str);
            std::iter::once(&rest[1..]).chain(others).collect()
        }
        _ => vec![variable.filter(|value| !value.is_empty())?],
    };
    let words: Vec<&str> = words.iter().flat_map(|word| word.split(':')).collect();
    Some(understand(&words))
}

fn understand(words: &[&str]) -> Result<Request, String> {
    match words {
        ["help"] => Ok(Request::Help),
        ["graph"] | ["graph", "mermaid"] => Ok(Request::Graph(Format::Mermaid)),
        ["graph", "dot"] => Ok(Request::Graph(Format::Dot)),
        ["graph", "json"] => Ok(Request::Graph(Format::Json)),
        [] => Err("--multitools: expected one of: graph, help".to_owned()),
        ["graph", other] => Err(format!(
            "--multitools graph: unknown format `{other}`; expected one of: mermaid, dot, json"
        )),
        ["graph", _, other, ..] | ["help", other, ..] => Err(format!(
            "--multitools: nothing can follow here, but `{other}` does"
        )),
        [other, ..] => Err(format!(
            "--multitools: unknown word `{other}`; expected one of: graph, help"
        )),
    }
}
