//! R4: messages that an agent had accepted and not begun are reported with sender, type and count.

use multitools::{
    Context, Error, Notice, Report, RunError, SendError, StringMessage, Undelivered, agent, run,
};
use multitools_tests::{
    Gate, Never, Numbered, PATIENCE, await_end, hold_back, open_gate, take_numbers, text,
};

const NUMBERED: &str = "multitools_tests::Numbered";
const STRING: &str = "multitools.StringMessage";

fn lost(sender: &str, message: &str, count: u64) -> Undelivered {
    Undelivered {
        sender: sender.into(),
        message: message.into(),
        count,
    }
}

fn sorted(mut lost: Vec<Undelivered>) -> Vec<Undelivered> {
    lost.sort_by_key(|lost| (lost.sender.clone(), lost.message.clone()));
    lost
}

/// How an agent ends.
#[derive(serde::Serialize, serde::Deserialize, Clone, Copy, PartialEq, Eq)]
enum End {
    Return,
    Fail,
    Panic,
    Exit,
    Abort,
}

/// Begins some of its messages and ends.
#[agent(name = "leaver", manual)]
struct Leaver {
    takes: usize,
    end: End,
}
#[agent]
impl Leaver {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        hold_back(ctx)?;
        take_numbers(ctx, self.takes)?;
        match self.end {
            End::Return => Ok(()),
            End::Fail => Err(Error::Handler("on purpose".into())),
            End::Panic => std::panic::resume_unwind(Box::new("on purpose")),
            End::Exit => std::process::exit(3),
            End::Abort => std::process::abort(),
        }
    }
}

/// Sends numbers and texts, and has one that must be served last of all open the gate.
#[agent(name = "sender", manual)]
struct SendsAndStays {
    numbers: u32,
    texts: u32,
}
#[agent]
impl SendsAndStays {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for number in 0..self.numbers {
            ctx.send("leaver", &Numbered::new(number, 2000))?;
        }
        for _ in 0..self.texts {
            ctx.send("leaver", &text("unread"))?;
        }
        let leaver = ctx.ids("leaver");
        open_gate(ctx)?;
        // The end of the other is the end of this; the request itself is one more that is not begun.
        match ctx.ask(&leaver, &Never, PATIENCE) {
            Err(multitools::AskError::Dead { .. } | multitools::AskError::Stopped) => Ok(()),
            other => Err(Error::Handler(format!("{other:?}"))),
        }
    }
}

fn leave(end: End) -> (Result<(), RunError>, Vec<String>, Vec<Undelivered>) {
    let (mut notices, mut undelivered) = (Vec::new(), Vec::new());
    let mut reported = Vec::new();
    let sender = SendsAndStays {
        numbers: 5,
        texts: 3,
    };
    let ended = run!(
        Leaver { takes: 2, end }, sender, Gate::default();
        on_notice = |notice: &Notice| {
            notices.push(notice.to_string());
            if let Notice::Undelivered { messages, .. } = notice {
                undelivered.extend(messages.iter().cloned());
            }
        },
        on_failure = |report: &Report| reported.extend(report.undelivered.iter().cloned()),
    );
    undelivered.extend(reported);
    (ended.map(drop), notices, sorted(undelivered))
}

/// The request may have come before the end or not.
fn without_request(lost: &[Undelivered]) -> Vec<Undelivered> {
    let request = "multitools_tests::Never";
    let all = lost.iter().filter(|lost| lost.message != request);
    all.cloned().collect()
}

#[multitools::test]
fn r04_what_was_accepted_and_not_begun_is_a_notice_after_a_normal_end() {
    let (ended, notices, undelivered) = leave(End::Return);
    assert!(ended.is_ok());
    assert_eq!(notices.len(), 1);
    let expected = "agent `leaver` ended with unread messages: 3 x `multitools_tests::Numbered` from `sender`, 3 x `multitools.StringMessage` from `sender`";
    assert!(notices[0].starts_with(expected), "{}", notices[0]);
    let expected = [lost("sender", STRING, 3), lost("sender", NUMBERED, 3)];
    assert_eq!(without_request(&undelivered), expected);
}

#[multitools::test]
fn r04_what_was_accepted_and_not_begun_is_in_the_report_of_a_failure() {
    for end in [End::Fail, End::Panic, End::Exit, End::Abort] {
        let (ended, notices, undelivered) = leave(end);
        assert!(ended.is_err());
        assert_eq!(notices, [""; 0]);
        let expected = [lost("sender", STRING, 3), lost("sender", NUMBERED, 3)];
        assert_eq!(without_request(&undelivered), expected);
    }
}

/// Sends to one that outlives it, and ends when it is asked something.
#[agent(name = "early", manual)]
struct EndsEarly {
    count: u32,
}
#[agent]
impl EndsEarly {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for number in 0..self.count {
            ctx.send("heir", &Numbered::new(number, 10))?;
        }
        ctx.next_message(PATIENCE)?;
        Ok(())
    }
}

/// Takes its first messages when their senders have ended, and leaves the others.
#[agent(name = "heir", manual)]
struct Heir {
    takes: usize,
}
#[agent]
impl Heir {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        await_end(ctx, "early")?;
        await_end(ctx, "other")?;
        take_numbers(ctx, self.takes)?;
        Ok(())
    }
}

#[multitools::test]
fn r04_the_count_is_exact_also_where_the_senders_ended_first() -> Result<(), RunError> {
    let mut notices = Vec::new();
    let mut supervisor = multitools::Supervisor::new();
    supervisor.add(Heir { takes: 0 });
    supervisor.add(EndsEarly { count: 4 });
    supervisor.add_named("other", EndsEarly { count: 11 });
    supervisor.on_notice(|notice| notices.push(notice.clone()));
    supervisor.supervise()?;
    drop(supervisor);
    let messages = match &notices[..] {
        [Notice::Undelivered { agent, messages }] if agent == "heir" => sorted(messages.clone()),
        other => {
            return Err(RunError::System(std::io::Error::other(format!(
                "{other:?}"
            ))));
        }
    };
    let expected = [lost("early", NUMBERED, 4), lost("other", NUMBERED, 11)];
    assert_eq!(messages, expected);
    Ok(())
}

#[multitools::test]
fn r04_nothing_is_reported_where_everything_was_begun() -> Result<(), RunError> {
    let mut notices = Vec::new();
    let mut supervisor = multitools::Supervisor::new();
    supervisor.add(Heir { takes: 15 });
    supervisor.add(EndsEarly { count: 4 });
    supervisor.add_named("other", EndsEarly { count: 11 });
    supervisor.on_notice(|notice| notices.push(notice.to_string()));
    supervisor.supervise()?;
    drop(supervisor);
    assert_eq!(notices, [""; 0]);
    Ok(())
}

/// Sends what does not go into a mailbox and its socket, and says how much was accepted.
#[agent(name = "pump", manual)]
struct Pump;
#[agent]
impl Pump {
    fn op(&mut self, ctx: &mut Context) -> Result<u64, Error> {
        let mut accepted = 0;
        loop {
            match ctx.try_send("leaver", &Numbered::new(0, 900_000)) {
                Ok(_) => accepted += 1,
                Err(SendError::Full { .. }) => break,
                Err(other) => return Err(other.into()),
            }
        }
        open_gate(ctx)?;
        Ok(accepted)
    }
}

#[multitools::test]
fn r04_messages_under_way_when_the_receiver_ends_are_counted() -> Result<(), RunError> {
    let mut undelivered = Vec::new();
    let leaver = Leaver {
        takes: 0,
        end: End::Return,
    };
    let ((), accepted, ()) = run!(
        leaver, Pump, Gate::default();
        mailbox_limit = 1000,
        on_notice = |notice: &Notice| {
            if let Notice::Undelivered { messages, .. } = notice {
                undelivered.extend(messages.iter().cloned());
            }
        },
    )?;
    assert_eq!(undelivered, [lost("pump", NUMBERED, accepted)]);
    Ok(())
}

#[agent(name = "monologue", manual)]
struct Monologue;
#[agent]
impl Monologue {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for number in 0..3 {
            ctx.send(ctx.id(), &Numbered::new(number, 1))?;
        }
        ctx.next_message(PATIENCE)?;
        Ok(())
    }
}

#[multitools::test]
fn r04_what_an_agent_leaves_unread_of_itself_is_reported() -> Result<(), RunError> {
    let mut notices = Vec::new();
    run!(Monologue; on_notice = |notice: &Notice| notices.push(notice.to_string()))?;
    assert_eq!(
        notices,
        [
            "agent `monologue` ended with unread messages: 2 x `multitools_tests::Numbered` from `monologue`"
        ]
    );
    Ok(())
}

/// Sends types in turn, more than anybody keeps apart in memory.
#[agent(name = "mixed", manual)]
struct Mixed;
#[agent]
impl Mixed {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for number in 0..2000 {
            ctx.send("leaver", &Numbered::new(number, 1))?;
            ctx.send("leaver", &StringMessage::new("x"))?;
        }
        open_gate(ctx)
    }
}

#[multitools::test]
fn r04_types_in_turn_are_counted_by_type() -> Result<(), RunError> {
    let mut undelivered = Vec::new();
    let leaver = Leaver {
        takes: 1,
        end: End::Return,
    };
    run!(
        leaver, Mixed, Gate::default();
        on_notice = |notice: &Notice| {
            if let Notice::Undelivered { messages, .. } = notice {
                undelivered.extend(messages.iter().cloned());
            }
        },
    )?;
    let expected = [lost("mixed", STRING, 2000), lost("mixed", NUMBERED, 1999)];
    assert_eq!(sorted(undelivered), expected);
    Ok(())
}
