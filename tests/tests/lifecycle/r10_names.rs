//! R10: names, ids, and who is known when.

use multitools::{
    AgentId, Context, Down, Error, Flow, RecvError, SendError, StringMessage, Supervisor,
    WaitError, agent, process, run,
};
use multitools_tests::lifecycle::LONG;
use std::time::Duration;

/// Tells what it knows as the first thing it does.
#[agent(name = "Looks", manual)]
struct Looks {
    names: Vec<String>,
}

#[agent]
impl Looks {
    fn op(&mut self, ctx: &mut Context) -> (AgentId, Option<String>, Vec<Vec<AgentId>>) {
        let ids = |name: &String| ctx.ids(name).as_slice().to_vec();
        let known = self.names.iter().map(ids).collect();
        (ctx.id(), ctx.name().map(str::to_owned), known)
    }
}

#[multitools::test]
fn r10_everybody_is_known_before_the_first_agent_runs() {
    let names = ["one", "many", "nobody", ""].map(str::to_owned);
    let mut supervisor = Supervisor::new();
    let bearers = [
        Some("many"),
        None,
        Some("one"),
        Some("many"),
        None,
        Some("many"),
    ];
    let outputs = bearers.map(|name| {
        let looks = Looks {
            names: names.to_vec(),
        };
        match name {
            Some(name) => supervisor.add_named(name, looks).output(),
            None => supervisor.add_unnamed(looks).output(),
        }
    });
    // One that stays, so that nobody sees the others' ends as the last one.
    let mut results = supervisor.supervise().unwrap();
    for (slot, (output, name)) in outputs.into_iter().zip(bearers).enumerate() {
        let (id, own, known) = results.take(output).unwrap();
        assert_eq!((id.slot() as usize, id.incarnation()), (slot, 0));
        assert_eq!(own.as_deref(), name);
        let slots: Vec<Vec<u32>> = known
            .iter()
            .map(|ids| ids.iter().map(|id| id.slot()).collect())
            .collect();
        // Who has ended already is known no more, but the order is that of the slots, and nobody is
        // missing who still runs: oneself at least.
        assert!(slots[0].iter().all(|slot| *slot == 2), "{slots:?}");
        assert!(slots[1].is_sorted() && slots[1].iter().all(|slot| [0, 3, 5].contains(slot)));
        assert!(slots[2].is_empty() && slots[3].is_empty(), "{slots:?}");
        let under_own_name = [&slots[1], &slots[0]][usize::from(name == Some("one"))];
        assert_eq!(under_own_name.contains(&id.slot()), name.is_some());
    }
}

/// Answers who it knows, and stays until it is told to go.
#[agent(name = "Stays", resident, manual)]
#[derive(Default)]
struct Stays;

#[agent]
impl Stays {
    #[handle]
    fn on_text(&mut self, _message: &StringMessage) -> Flow {
        Flow::Stop
    }
}

#[agent(name = "Watches", manual)]
struct Watches;

#[agent]
impl Watches {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let before = ctx.ids("Stays");
        let slots: Vec<u32> = before.iter().map(|id| id.slot()).collect();
        assert_eq!(slots, [0, 1, 3]);
        let [first, second, third] = before[..] else {
            panic!("{before:?}");
        };
        assert_eq!(ctx.name_of(second).as_deref(), Some("Stays"));
        ctx.send(second, &StringMessage::new("go"))?;
        // The change is pushed: it comes while this agent waits for something else.
        while ctx.ids("Stays").len() == 3 {
            let nothing = ctx.wait_for("nobody", Duration::from_millis(1));
            assert!(
                matches!(nothing, Err(WaitError::Timeout { .. })),
                "{nothing:?}"
            );
        }
        assert_eq!(ctx.ids("Stays")[..], [first, third]);
        assert_eq!(ctx.name_of(second).as_deref(), Some("Stays"));
        assert_eq!(ctx.name_of(first).as_deref(), Some("Stays"));
        let refused = ctx.send(second, &StringMessage::new("again"));
        assert!(
            matches!(&refused, Err(SendError::Dead { id, .. }) if *id == second),
            "{refused:?}"
        );
        // A set of ids kept from before names who was not reached; the others were.
        let sent = ctx.send(&before, &StringMessage::new("go too"))?;
        assert_eq!((sent.reached, sent.missed.len()), (2, 1));
        assert_eq!(sent.missed[0].id, second);
        Ok(())
    }
}

#[multitools::test]
fn r10_an_agent_that_has_ended_is_known_no_more() {
    run!(Stays, Stays, Watches, Stays).unwrap();
}

#[agent(name = "Waits", manual)]
struct Waits;

#[agent]
impl Waits {
    fn op(&mut self, ctx: &mut Context) -> Result<(usize, Vec<String>), Error> {
        let found = ctx.wait_for("Stays", LONG)?.len();
        let late = ["nobody", "Stay"].map(|name| {
            let late = ctx.wait_for(name, Duration::from_millis(20));
            late.map_or_else(|error| error.to_string(), |ids| format!("{ids:?}"))
        });
        let message = ctx.next_message(Duration::ZERO);
        assert!(matches!(message, Err(RecvError::Timeout(Duration::ZERO))));
        Ok((found, late.to_vec()))
    }
}

#[multitools::test]
fn r10_waiting_for_a_name_ends_at_once_or_with_the_timeout() {
    let ((found, late), (), ()) = run!(Waits, Stays, Stays).unwrap();
    assert_eq!(found, 2);
    let nobody = "no agent named `nobody` came up within 20ms";
    let nearly = "no agent named `Stay` came up within 20ms; did you mean `Stays`?";
    assert_eq!(late, [nobody, nearly]);
}

#[process(name = "plain")]
fn ends_at_once() {}

/// Waits for an agent that ended before, whatever its name: it is nobody.
#[agent(name = "Late", manual)]
struct Late;

#[agent]
impl Late {
    fn op(&mut self, ctx: &mut Context) -> Vec<usize> {
        while !ctx.ids("plain").is_empty() {
            let _ = ctx.wait_for("nobody", Duration::from_millis(1));
        }
        let by_name = ctx.send("plain", &StringMessage::new("")).is_err();
        vec![ctx.ids("plain").len(), usize::from(by_name)]
    }
}

#[multitools::test]
fn r10_a_name_whose_only_bearer_has_ended_is_the_empty_set() {
    let (late, ()) = run!(Late, ends_at_once::with()).unwrap();
    assert_eq!(late, [0, 1]);
}

#[agent(manual)]
struct WithoutName;

#[agent]
impl WithoutName {
    fn op(&mut self, ctx: &mut Context) -> (Option<String>, usize, bool) {
        let own = ctx.id();
        let reached = ctx.send(own, &StringMessage::new("to myself"));
        let received = ctx.next_message(LONG).is_ok();
        (
            ctx.name().map(str::to_owned),
            reached.map_or(0, |sent| sent.reached),
            received,
        )
    }
}

#[multitools::test]
fn r10_an_agent_without_a_name_is_reached_by_its_id() {
    let mut supervisor = Supervisor::new();
    let output = supervisor.add_unnamed(WithoutName).output();
    let result = supervisor.supervise().unwrap().take(output).unwrap();
    assert_eq!(result, (None, 1, true));
}

/// Tells the names that the system has for the threads of its process, that of the process first.
#[agent(manual)]
struct Shown;

#[agent]
impl Shown {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, String> {
        // The thread that brings word of an end has a name by then.
        for ends in &ctx.ids("Ends") {
            ctx.monitor(*ends);
            let ended = ctx.next_message(LONG).map_err(|error| error.to_string())?;
            assert!(ended.is::<Down>());
        }
        names_of_threads().map_err(|error| error.to_string())
    }
}

fn names_of_threads() -> std::io::Result<Vec<String>> {
    let mut names = vec![std::fs::read_to_string("/proc/self/comm")?];
    for thread in std::fs::read_dir("/proc/self/task")? {
        names.push(std::fs::read_to_string(thread?.path().join("comm"))?);
    }
    Ok(names)
}

#[process(name = "Ends")]
fn ends() {}

#[multitools::test]
fn r10_the_list_of_processes_shows_the_names_of_the_agents() {
    let mut supervisor = Supervisor::new();
    let shown = [
        (Some("Parser"), "Parser"),
        (Some("Übersetzer der Zeilen"), "Übersetzer der"),
        (Some("a\nb\0c"), "a?b?c"),
        (Some("Straßenbahnwaängen"), "Straßenbahnwa"),
        (None, "Shown"),
    ];
    let outputs = shown.map(|(name, _)| match name {
        Some(name) => supervisor.add_named(name, Shown).output(),
        None => supervisor.add(Shown).output(),
    });
    supervisor.add(ends::with());
    let mut results = supervisor.supervise().unwrap();
    for (output, (_, expected)) in outputs.into_iter().zip(shown) {
        let names = results.take(output).unwrap();
        let (process, threads) = names.split_first().unwrap();
        assert_eq!(process.trim_end(), expected);
        assert!(threads.contains(process), "{names:?}");
        let control = "multitools-cont\n".to_owned();
        assert!(threads.contains(&control), "{names:?}");
    }
}
