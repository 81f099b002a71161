//! What is odd about a graph.
//!
//! What an agent sends is only known where it says so. That a message is sent to nobody can be seen
//! all the same; that nobody sends one, only when every agent says what it sends.

use super::model::{Agent, Graph};

pub(super) fn of(graph: &Graph) -> Vec<String> {
    let mut warnings = unhandled(graph);
    if graph.agents.iter().all(|agent| agent.sends.is_some()) {
        for agent in &graph.agents {
            starving(graph, agent, &mut warnings);
        }
    }
    warnings
}

/// Messages that no handler takes. A supertype that is there for its subtypes needs none, unless some
/// agent says that it sends it.
fn unhandled(graph: &Graph) -> Vec<String> {
    let message = |place: usize| {
        let message = &graph.messages[place];
        let handled = graph.some_agent(|agent| takes(graph, agent, place));
        let base = graph.some_agent(|agent| {
            let mut handles = agent.handles.iter();
            handles.any(|handled| graph.is(*handled, place))
        });
        let sent = graph.some_agent(|agent| agent.outgoing().any(|sent| sent == place));
        let odd = !message.is_built_in() && !handled && (sent || !base);
        odd.then(|| {
            format!(
                "message `{}` has no handler in any agent: it can be sent to the supervisor only",
                message.label
            )
        })
    };
    (0..graph.messages.len()).filter_map(message).collect()
}

/// Whether a handler of the agent takes the message. A logger that hears everything was not meant for
/// this message, so it does not count.
fn takes(graph: &Graph, agent: &Agent, message: usize) -> bool {
    let catch_all = |handled: usize| graph.messages[handled].ancestry.depth() == 0;
    let mut handles = agent.handles.iter().copied();
    handles.any(|handled| graph.is(message, handled) && !(agent.logger && catch_all(handled)))
}

/// What an agent waits for in vain. What it hears it handles as well; one warning is enough.
fn starving(graph: &Graph, agent: &Agent, warnings: &mut Vec<String>) {
    let fed = |wanted: usize| {
        let built_in = graph.messages[wanted].is_built_in();
        // A declared supertype stands for its subtypes too.
        let feeds = |sent: usize| graph.is(sent, wanted) || graph.is(wanted, sent);
        built_in || graph.some_agent(|other| other.outgoing().any(feeds))
    };
    for place in agent.hears.iter().copied().filter(|place| !fed(*place)) {
        let (agent, message) = (&agent.label, &graph.messages[place].label);
        warnings.push(format!(
            "`{agent}` listens to `{message}`, which no agent sends"
        ));
    }
    let heard = |place: &usize| agent.hears.contains(place);
    for place in agent.handles.iter().copied() {
        if !fed(place) && !heard(&place) {
            let (agent, message) = (&agent.label, &graph.messages[place].label);
            warnings.push(format!(
                "`{agent}` has a handler for `{message}`, which no agent sends"
            ));
        }
    }
}
