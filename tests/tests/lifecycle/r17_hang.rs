//! R17: a run in which everybody waits in vain is ended, and one in which somebody may go on is not.

use multitools::{
    AskError, Context, Error, Flow, Hang, Notice, RecvError, Restart, RunError, StringMessage,
    Supervisor, agent, message,
};
use multitools_tests::{Numbered, PATIENCE, over_sockets, text};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

/// Short, so that whatever suppresses it lasts far longer.
pub(super) const GRACE: Duration = Duration::from_millis(20);
pub(super) const LONG: Duration = Duration::from_millis(400);

/// Code that knows nothing of the library, and takes so long.
fn foreign(takes: Duration) {
    let (_keep, never) = mpsc::channel::<()>();
    assert!(never.recv_timeout(takes).is_err());
}

fn hang_of(supervisor: &mut Supervisor<'_>) -> Hang {
    supervisor.hang_grace(GRACE);
    match supervisor.supervise() {
        Err(RunError::Hung(hang)) => *hang,
        other => panic!("{other:?}"),
    }
}

/// Answers each text with one, as soon as it has had one.
#[agent(manual)]
struct Polite {
    other: String,
    begins: bool,
}
#[agent]
impl Polite {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        if self.begins {
            ctx.send(self.other.as_str(), &text("after you"))?;
        }
        ctx.next_message(None)?;
        ctx.next_message(None)?;
        ctx.send(self.other.as_str(), &text("thank you"))?;
        Ok(())
    }
}

fn polite(other: &str, begins: bool) -> Polite {
    Polite {
        other: other.to_owned(),
        begins,
    }
}

#[message(reply = ())]
struct Knock;

/// Answers, and waits for the next to ask.
#[agent(name = "Patient", manual)]
struct Patient;
#[agent]
impl Patient {
    #[handle]
    fn on_knock(&mut self, _: &Knock) {}

    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        while ctx.receive(self)? == Flow::Continue {}
        Ok(())
    }
}

/// Is answered, and ends.
#[agent(manual)]
struct Knocks;
#[agent]
impl Knocks {
    fn op(&mut self, ctx: &mut Context) -> Result<(), AskError> {
        ctx.ask("Patient", &Knock, PATIENCE)
    }
}

#[multitools::test]
fn r17_one_that_waits_when_all_that_others_had_sent_is_read_and_they_have_ended_hangs() {
    let (sender, hangs) = mpsc::channel();
    std::thread::spawn(move || {
        let mut supervisor = Supervisor::new();
        supervisor.add(Patient).add(Knocks).add(Knocks);
        let _ = sender.send(hang_of(supervisor.on_notice(|_| ())));
    });
    let hang = hangs.recv_timeout(PATIENCE).unwrap();
    assert_eq!(hang.agents.len(), 1);
}

/// Stays, and hears nothing.
#[agent(name = "porter", resident, manual)]
struct Porter;
#[agent]
impl Porter {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}

#[multitools::test]
fn r17_two_that_wait_for_each_other_are_told_of_with_where_and_after_what() {
    let mut notices = Vec::new();
    let mut supervisor = Supervisor::new();
    supervisor.add_named("one", polite("other", true));
    supervisor.add_named("other", polite("one", true));
    supervisor.add(Porter);
    supervisor.on_notice(|notice| notices.push(notice.clone()));
    let hang = hang_of(&mut supervisor);
    drop(supervisor);
    assert_eq!(notices, [Notice::Hung(hang.clone())]);
    assert_eq!(hang.lasted, GRACE);
    let names: Vec<_> = hang.agents.iter().map(|w| w.agent.as_str()).collect();
    assert_eq!(names, ["one", "other", "porter"]);
    for (waiting, other) in hang.agents.iter().zip(["other", "one"]) {
        assert!(!waiting.resident);
        let place = waiting.at.as_ref().unwrap();
        assert!(place.contains("r17_hang.rs:"), "{place}");
        let latest = waiting.latest.as_ref().unwrap();
        assert_eq!(latest.message, "multitools.StringMessage");
        assert_eq!(latest.sender, other);
        assert!(latest.sent_at.as_ref().unwrap().contains("r17_hang.rs:"));
    }
    let porter = &hang.agents[2];
    assert!(porter.resident && porter.at.is_none() && porter.latest.is_none());
    let shown = hang.to_string();
    assert!(shown.contains("\n  `one`, id #0, process "), "{shown}");
    assert!(shown.contains("; the latest was `multitools.StringMessage` from `other`, sent at "));
    assert!(shown.contains(" resident serves its mailbox; no message has come\n"));
    assert!(
        RunError::Hung(Box::new(hang.clone()))
            .to_string()
            .contains("`one` at ")
    );
    let data = serde_json::to_value(&hang).unwrap();
    assert_eq!(data["agents"][2]["agent"], "porter");
    assert_eq!(data["lasted"], 0.02);
}

#[multitools::test]
fn r17_one_that_waits_for_what_nobody_sends_hangs_by_itself() {
    let mut supervisor = Supervisor::new();
    supervisor.add(polite("nobody", false)).on_notice(|_| ());
    assert_eq!(hang_of(&mut supervisor).agents.len(), 1);
}

/// What keeps one of the run from hanging.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
enum Busy {
    Foreign,
    Deadline,
    Ask,
    Restart,
}

#[message(reply = ())]
struct Delay;

/// Waits until it is let go.
#[agent(name = "waiter", manual)]
struct Waiter;
#[agent]
impl Waiter {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        while ctx.receive(self)? == Flow::Continue {}
        Ok(())
    }
    #[handle]
    fn on_text(&mut self, _: &StringMessage) -> Flow {
        Flow::Stop
    }
    #[handle]
    fn on_delay(&mut self, _: &Delay, ctx: &mut Context) -> Result<(), Error> {
        // The answer comes too late, and so nobody waits for it.
        ctx.next_message(None)?;
        ctx.send(ctx.id(), &text("go"))?;
        Ok(())
    }
}

/// Is busy for long, and then lets the waiter go.
#[agent(manual)]
struct Helper {
    busy: Busy,
}
#[agent]
impl Helper {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        match self.busy {
            Busy::Foreign => foreign(LONG),
            Busy::Deadline => {
                let nothing = ctx.next_message(LONG).err();
                assert_eq!(nothing, Some(RecvError::Timeout(LONG)));
            }
            Busy::Ask => {
                let late = ctx.ask("waiter", &Delay, LONG);
                assert!(matches!(late, Err(AskError::Timeout { .. })), "{late:?}");
            }
            Busy::Restart if ctx.id().incarnation() == 0 => {
                return Err(Error::Handler("for the first time".into()));
            }
            Busy::Restart => {}
        }
        ctx.send("waiter", &text("go"))?;
        Ok(())
    }
}

#[multitools::test]
fn r17_whoever_may_go_on_keeps_the_run_from_hanging() -> Result<(), RunError> {
    for busy in [Busy::Foreign, Busy::Deadline, Busy::Ask, Busy::Restart] {
        let mut supervisor = Supervisor::new();
        supervisor.add(Waiter);
        supervisor.add(Porter);
        let policy = Restart::on_failure().backoff(LONG, LONG);
        supervisor.add(Helper { busy }).restart(policy);
        supervisor.hang_grace(GRACE).on_notice(|notice| {
            let expected = matches!(notice, Notice::Restarting { .. } | Notice::Restarted { .. });
            assert!(expected, "{busy:?}: {notice}");
        });
        supervisor.supervise()?;
    }
    Ok(())
}

#[multitools::test]
fn r17_a_command_that_runs_keeps_the_run_from_hanging_and_then_no_longer() {
    let done = tempfile::NamedTempFile::new().unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", "sleep 0.4; echo done > \"$0\""]);
    command.arg(done.path());
    let mut supervisor = Supervisor::new();
    supervisor.warn_of_commands(false);
    supervisor.add_command(command);
    supervisor.add(Waiter).on_notice(|_| ());
    assert_eq!(hang_of(&mut supervisor).agents.len(), 1);
    assert_eq!(std::fs::read_to_string(done.path()).unwrap(), "done\n");
}

/// The members of a ring hand tokens on, with pauses about as long as the grace. At the end each token is
/// swallowed.
#[agent(manual)]
struct Hand {
    place: u32,
    next: u32,
    tokens: u32,
    hops: u32,
    fails_at: Vec<u32>,
}
#[agent]
impl Hand {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let next = format!("hand {}", self.next);
        for _ in 0..std::mem::take(&mut self.tokens) {
            ctx.send(next.as_str(), &Numbered::new(0, 10))?;
        }
        let mut random = self.place + 1;
        loop {
            let number = ctx.next_message(None)?.decode::<Numbered>()?.number;
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            foreign(Duration::from_micros(u64::from(random >> 16) % 2_500));
            if number >= self.hops {
                ctx.print("swallowed");
                continue;
            }
            let fails = self.fails_at.contains(&number);
            ctx.send(next.as_str(), &Numbered::new(number + 1, 10))?;
            if fails {
                return Err(Error::Handler("as it was told to".into()));
            }
        }
    }
}

const HANDS: u32 = 5;

/// Runs until nobody has a token any more, which is a hang, and no sooner.
fn pass_on(tokens: u32, hops: u32, fails: bool) {
    let mut swallowed = 0;
    let mut restarts = 0;
    let mut supervisor = Supervisor::new();
    for place in 0..HANDS {
        let fails_at = match fails && place == 3 {
            true => (0..hops).filter(|number| number % 50 == 7).collect(),
            false => Vec::new(),
        };
        let quick = Duration::from_millis(1);
        let policy = Restart::on_failure().max(50).backoff(quick, quick);
        let hand = Hand {
            place,
            next: (place + 1) % HANDS,
            tokens: if place == 0 { tokens } else { 0 },
            hops,
            fails_at,
        };
        let added = supervisor.add_named(format!("hand {place}"), hand);
        added.restart(policy);
    }
    supervisor.on_print(|_| swallowed += 1).on_notice(|notice| {
        restarts += u32::from(matches!(notice, Notice::Restarted { .. }));
    });
    supervisor.hang_grace(Duration::from_millis(2));
    let ended = supervisor.supervise();
    drop(supervisor);
    let Err(RunError::Hung(hang)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(swallowed, tokens);
    assert_eq!(hang.agents.len(), HANDS as usize);
    assert_eq!(restarts > 0, fails);
}

#[multitools::test]
fn r17_a_run_hangs_when_its_last_message_has_been_taken_and_no_sooner() {
    for tokens in [1, 2, 7] {
        pass_on(tokens, 400, false);
    }
}

#[multitools::test]
fn r17_also_while_some_are_started_again() {
    // Over sockets, what is under way is not known once an agent has been started again.
    if !over_sockets() {
        pass_on(1, 300, true);
        pass_on(3, 200, true);
    }
}
