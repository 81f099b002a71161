//! R6: what was sent before the end of `op` is delivered; after a crash, complete messages are, and a
//! torn one is seen by nobody.

use multitools::{
    AskError, Context, Error, Notice, RecvError, Report, RunError, SendError, Supervisor, Value,
    agent, message, run,
};
use multitools_tests::{
    Bell, Gate, Numbered, Open, PATIENCE, Pass, await_end, fill, hold_back, open_gate, take_numbers,
};
use std::process::Command;
use std::time::Duration;

/// Sends a lot and returns at once.
#[agent(name = "leaver", manual)]
struct SendsAndReturns {
    count: u32,
    bytes: usize,
}
#[agent]
impl SendsAndReturns {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        for number in 0..self.count {
            match ctx.send("reader", &Numbered::new(number, self.bytes)) {
                Ok(_) => {}
                Err(SendError::Full { .. }) => {
                    open_gate(ctx)?;
                    return Ok(number);
                }
                Err(other) => return Err(other.into()),
            }
        }
        open_gate(ctx)?;
        Ok(self.count)
    }
}

/// Takes so many messages once the gate is open.
#[agent(name = "reader", manual)]
struct Reader {
    expected: usize,
}
#[agent]
impl Reader {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        hold_back(ctx)?;
        Ok(take_numbers(ctx, self.expected)?.len())
    }
}

#[multitools::test]
fn r06_what_was_sent_before_the_end_is_delivered() -> Result<(), RunError> {
    let (sent, received, ()) = run!(
        SendsAndReturns { count: 40, bytes: 1_000_000 },
        Reader { expected: 40 },
        Gate::default();
        mailbox_limit = 64_000_000,
    )?;
    assert_eq!((sent, received), (40, 40));
    Ok(())
}

/// Takes all there is until everybody else has ended.
#[agent(name = "reader", resident, manual)]
struct ResidentReader;
#[agent]
impl ResidentReader {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        // The gate is a resident too: it may have left where everything was out at once.
        match hold_back(ctx) {
            Ok(()) | Err(AskError::Dead { .. } | AskError::Send(SendError::NoTarget { .. })) => {}
            Err(other) => return Err(other.into()),
        }
        let mut next = 0;
        loop {
            let message = ctx.next_message(PATIENCE)?;
            let Ok(numbered) = message.decode::<Numbered>() else {
                return Ok(next);
            };
            if numbered.number != next || !numbered.is_intact() {
                return Err(Error::Handler(format!("{} for {next}", numbered.number)));
            }
            next += 1;
        }
    }
}

#[multitools::test]
fn r06_what_is_under_way_when_op_returns_outlives_the_send_timeout() -> Result<(), RunError> {
    for _ in 0..5 {
        let (sent, received, ()) = run!(
            SendsAndReturns { count: 1000, bytes: 3_000_000 },
            ResidentReader,
            Gate::default();
            mailbox_limit = 1000,
            send_timeout = Duration::ZERO,
        )?;
        assert!(
            (1..1000).contains(&sent),
            "{sent} were sent before it was full"
        );
        assert_eq!(sent, received);
    }
    Ok(())
}

#[message(reply = String)]
struct Tell {
    bytes: usize,
}

/// Answers one request and returns at once.
#[agent(name = "oracle", manual)]
struct AnswersAndReturns;
#[agent]
impl AnswersAndReturns {
    #[handle]
    fn on_tell(&mut self, request: &Tell) -> String {
        "x".repeat(request.bytes)
    }
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.receive(self).map(drop)
    }
}

#[agent(manual)]
struct AsksForMuch;
#[agent]
impl AsksForMuch {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, AskError> {
        let bytes = 12_000_000;
        Ok(ctx.ask("oracle", &Tell { bytes }, PATIENCE)?.len())
    }
}

#[multitools::test]
fn r06_an_answer_given_before_the_end_is_delivered() -> Result<(), RunError> {
    for _ in 0..5 {
        let ((), received) = run!(AnswersAndReturns, AsksForMuch)?;
        assert_eq!(received, 12_000_000);
    }
    Ok(())
}

/// Returns while a receiver that has ended has left something unread.
#[agent(manual)]
struct SendsToTheDead;
#[agent]
impl SendsToTheDead {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        while ctx.send("deaf", &Numbered::new(0, 500_000)).is_ok() {}
        open_gate(ctx)?;
        await_end(ctx, "deaf")
    }
}

#[agent(name = "deaf", manual)]
struct Deaf;
#[agent]
impl Deaf {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        Ok(hold_back(ctx)?)
    }
}

#[multitools::test]
fn r06_nobody_stays_for_a_receiver_that_has_ended() -> Result<(), RunError> {
    run!(
        SendsToTheDead, Deaf, Gate::default();
        on_notice = |_: &Notice| (),
        mailbox_limit = 1000,
        send_timeout = Duration::from_millis(20),
        ask_timeout = PATIENCE,
    )?;
    Ok(())
}

/// The number of the process that sends.
#[message]
struct Process(u32);

/// Sends for ever.
#[agent(name = "stream", manual)]
struct Stream;
#[agent]
impl Stream {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.send("killer", &Process(std::process::id()))?;
        for number in 0.. {
            ctx.send("killer", &Numbered::new(number, 400_000))?;
        }
        Ok(())
    }
}

/// Kills whoever sends to it after some messages, and looks at what comes all the same.
#[agent(name = "killer", manual)]
struct Killer {
    after: u32,
    intact: Value<u32>,
    wrong: Value<bool>,
}
#[agent]
impl Killer {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let Process(victim) = ctx.next_message(PATIENCE)?.decode::<Process>()?;
        for number in 0.. {
            let message = match ctx.next_message(PATIENCE) {
                Ok(message) => message,
                Err(RecvError::Stopped) => break,
                Err(other) => return Err(other.into()),
            };
            match message.decode::<Numbered>() {
                Ok(numbered) if numbered.number == number && numbered.is_intact() => {
                    self.intact.update(|count| count + 1);
                }
                _ => self.wrong.set(true),
            }
            if number == self.after {
                let killed = Command::new("kill")
                    .args(["-9", &victim.to_string()])
                    .status();
                self.wrong.update(|wrong| wrong || killed.is_err());
            }
        }
        Ok(())
    }
}

#[multitools::test]
fn r06_of_a_sender_that_is_killed_complete_messages_arrive_and_torn_ones_never() {
    for after in 0..40 {
        let intact = Value::new(0).unwrap();
        let wrong = Value::new(false).unwrap();
        let mut cause = String::new();
        let mut supervisor = Supervisor::new();
        supervisor.add(Stream);
        supervisor.add(Killer {
            after,
            intact,
            wrong,
        });
        supervisor.on_failure(|report: &Report| cause = report.headline());
        assert!(matches!(supervisor.supervise(), Err(RunError::Failed(_))));
        drop(supervisor);
        assert_eq!(cause, "agent `stream` was killed by SIGKILL (signal 9)");
        assert!(!wrong.get(), "after {after} messages");
        assert!(intact.get() > after);
    }
}

/// Fails with its last messages on their way.
#[agent(name = "fails", manual)]
struct SendsAndFails;
#[agent]
impl SendsAndFails {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for number in 0..20 {
            ctx.send("witness", &Numbered::new(number, 200_000))?;
        }
        Err(Error::Handler("after the last message".into()))
    }
}

/// Counts what comes until it is told to stop.
#[agent(name = "witness", manual)]
struct Witness {
    seen: Value<u32>,
}
#[agent]
impl Witness {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        while let Ok(message) = ctx.next_message(PATIENCE) {
            let number = message.decode::<Numbered>()?.number;
            self.seen.set(number + 1);
        }
        Ok(())
    }
}

#[multitools::test]
fn r06_what_was_sent_before_a_failure_leaves_the_process() {
    let seen = Value::new(0).unwrap();
    let ended = run!(
        SendsAndFails, Witness { seen };
        mailbox_limit = 1000,
        on_failure = |_: &Report| (),
    );
    assert!(matches!(ended, Err(RunError::Failed(_))));
    let seen = seen.get();
    assert!(
        seen >= 15,
        "only what a socket holds can be unread, but {seen} were seen"
    );
}

/// Fills the mailbox of the other and returns, part of the last message still in hand.
#[agent(manual)]
struct Fills {
    other: String,
}
#[agent]
impl Fills {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        let sent = fill(ctx, &self.other, 1_000_000)?;
        ctx.send(format!("the gate of {}", self.other).as_str(), &Open)?;
        let name = ctx.name().unwrap_or_default();
        ctx.ask(format!("the gate of {name}").as_str(), &Pass, PATIENCE)?;
        Ok(sent)
    }
}

#[multitools::test]
fn r06_two_that_leave_each_other_full_mailboxes_end() -> Result<(), RunError> {
    let mut lost = Vec::new();
    let mut supervisor = Supervisor::new();
    supervisor.mailbox_limit(100_000);
    supervisor.on_notice(|notice| {
        if let Notice::Undelivered { messages, .. } = notice {
            lost.extend(messages.iter().map(|message| message.count));
        }
    });
    supervisor.add(Bell);
    let [one, two] = [("one", "two"), ("two", "one")].map(|(name, other)| {
        let other = other.to_owned();
        supervisor.add_named(format!("the gate of {name}"), Gate::default());
        supervisor
            .add_named(name.to_owned(), Fills { other })
            .output()
    });
    let mut results = supervisor.supervise()?;
    drop(supervisor);
    let mut sent = [results.take(one)?, results.take(two)?].map(u64::from);
    sent.sort_unstable();
    lost.sort_unstable();
    assert_eq!(lost, sent);
    Ok(())
}
