//! R8: every way in which asking can end.

use multitools::{
    AskError, BROADCAST, Context, Error, Notice, Report, RunError, SUPERVISOR, SendError, Value,
    agent, message, run,
};
use multitools_tests::{Bell, Gate, Never, PATIENCE, fill, hold_back, open_gate, serve};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::time::Duration;

#[message(reply = u64)]
struct Square(u64);

#[message(reply = u64)]
struct Root(u64);

#[message(reply = ())]
struct Unknown;

#[message(reply = Odd)]
struct GetOdd;

/// Is written as it is, and read only if it is odd.
#[derive(Serialize, Debug)]
struct Odd(u64);
impl<'de> Deserialize<'de> for Odd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            even if even % 2 == 0 => Err(de::Error::custom("not odd")),
            odd => Ok(Odd(odd)),
        }
    }
}

#[agent(name = "maths", resident, manual)]
struct Maths;
#[agent]
impl Maths {
    #[handle]
    fn on_square(&mut self, request: &Square) -> u64 {
        request.0 * request.0
    }
    #[handle]
    fn on_root(&mut self, request: &Root) -> Result<u64, String> {
        let root = request.0.isqrt();
        let exact = root * root == request.0;
        exact
            .then_some(root)
            .ok_or(format!("{} has no root", request.0))
    }
    #[handle]
    fn on_get_odd(&mut self, _: &GetOdd) -> Odd {
        Odd(4)
    }
}

fn said<T: std::fmt::Debug>(outcome: Result<T, AskError>) -> String {
    match outcome {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => error.to_string(),
    }
}

#[agent(name = "asks", manual)]
struct Asks;
#[agent]
impl Asks {
    #[handle]
    fn on_square(&mut self, _: &Square) -> u64 {
        0
    }
    fn op(&mut self, ctx: &mut Context) -> Vec<String> {
        let everybody = [ctx.ids("maths")[0], ctx.id()];
        vec![
            said(ctx.ask("maths", &Square(12), PATIENCE)),
            said(ctx.addr::<Maths>().ask(ctx, &Square(13))),
            said(ctx.addr::<Maths>().ask_timeout(ctx, &Root(49), PATIENCE)),
            said(ctx.ask("maths", &Root(50), PATIENCE)),
            said(ctx.ask("maths", &Unknown, PATIENCE)),
            said(ctx.ask("maths", &GetOdd, PATIENCE)),
            said(ctx.ask("asks", &Square(1), PATIENCE)),
            said(ctx.ask(ctx.id(), &Square(1), PATIENCE)),
            said(ctx.addr::<Asks>().ask(ctx, &Square(1))),
            said(ctx.ask(BROADCAST, &Square(1), PATIENCE)),
            said(ctx.ask(&everybody[..], &Square(1), PATIENCE)),
            said(ctx.ask("nobody", &Square(1), PATIENCE)),
            said(ctx.ask(SUPERVISOR, &Square(1), PATIENCE)),
            said(ctx.ask("maths", &Square(2), PATIENCE)),
        ]
    }
}

#[multitools::test]
fn r08_the_reply_and_what_comes_instead() -> Result<(), RunError> {
    let mut notices = Vec::new();
    let ((), said) = run!(
        Maths, Asks;
        on_notice = |notice: &Notice| notices.push(notice.clone()),
    )?;
    let here = module_path!();
    let oneself =
        format!("an agent cannot ask itself: it would wait for its own answer to `{here}::Square`");
    let one = |target: &str| {
        format!(
            "a request goes to exactly one agent, but 2 are {target}: pick one of their ids to ask `{here}::Square`"
        )
    };
    let nobody =
        |target: &str| format!("nobody to send `{here}::Square` to: no running agent is {target}");
    assert_eq!(
        said,
        [
            "144".to_owned(),
            "169".to_owned(),
            "7".to_owned(),
            format!("agent `maths` (#0) failed to answer `{here}::Root`: 50 has no root"),
            format!("agent `maths` (#0) has no handler that answers `{here}::Unknown`"),
            format!("these bytes are no `{here}::Odd`: not odd"),
            oneself.clone(),
            oneself.clone(),
            oneself,
            one("in this run"),
            one("in [#0, #1]"),
            nobody("named `nobody`"),
            nobody("the supervisor"),
            "4".to_owned(),
        ]
    );
    let unhandled = matches!(&notices[..], [Notice::Unhandled { message, .. }] if message.ends_with("::Unknown"));
    assert!(unhandled, "{notices:?}");
    Ok(())
}

/// Takes a request and ends without an answer.
#[agent(name = "leaver", manual)]
struct Leaver {
    end: u8,
}
#[agent]
impl Leaver {
    #[handle]
    fn on_never(&mut self, _: &Never) -> Result<(), String> {
        match self.end {
            0 => std::panic::resume_unwind(Box::new("at a request")),
            1 => std::process::exit(1),
            _ => std::process::abort(),
        }
    }
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        if self.end == 3 {
            return ctx.next_message(PATIENCE).map(drop).map_err(Error::from);
        }
        serve(self, ctx)
    }
}

/// What became of asking, for a run that has no results.
#[agent(manual)]
struct AsksTheLeaver {
    dead: Value<bool>,
    stopped: Value<bool>,
}
#[agent]
impl AsksTheLeaver {
    fn op(&mut self, ctx: &mut Context) {
        match ctx.ask("leaver", &Never, PATIENCE) {
            Err(AskError::Dead { .. }) => self.dead.set(true),
            Err(AskError::Stopped) => self.stopped.set(true),
            _ => {}
        }
    }
}

#[multitools::test]
fn r08_the_end_of_the_other_ends_the_wait() {
    for end in 0..4 {
        let dead = Value::new(false).unwrap();
        let stopped = Value::new(false).unwrap();
        let asks = AsksTheLeaver { dead, stopped };
        let ended = run!(Leaver { end }, asks; on_failure = |_: &Report| ());
        assert_eq!(ended.is_ok(), end == 3);
        assert!(dead.get(), "the end {end} was not seen");
        assert!(!stopped.get());
    }
}

/// Fails once somebody waits.
#[agent(manual)]
struct FailsLater;
#[agent]
impl FailsLater {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.next_message(PATIENCE)?;
        Err(Error::Handler("on purpose".into()))
    }
}

/// Neither answers nor obeys, so that it has to be killed.
#[agent(name = "stone", manual)]
struct Stone;
#[agent]
impl Stone {
    fn op(&mut self) {
        loop {
            std::thread::park();
        }
    }
}

/// Waits for one that never answers while another fails.
#[agent(manual)]
struct WaitsAtTheEnd {
    stopped: Value<bool>,
}
#[agent]
impl WaitsAtTheEnd {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        let others = ctx.addr::<FailsLater>().ids(ctx);
        ctx.send(&others, &multitools::EmptyMessage)?;
        let outcome = ctx.ask("stone", &Never, PATIENCE);
        self.stopped.set(matches!(outcome, Err(AskError::Stopped)));
        Ok(())
    }
}

#[multitools::test]
fn r08_the_end_of_the_run_ends_the_wait() {
    let stopped = Value::new(false).unwrap();
    let ended = run!(
        WaitsAtTheEnd { stopped }, FailsLater, Stone;
        on_failure = |_: &Report| (),
    );
    assert!(ended.is_err());
    assert!(stopped.get());
}

/// Looks at nothing before the gate is open.
#[agent(name = "full", manual)]
struct Full;
#[agent]
impl Full {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        hold_back(ctx)?;
        Ok(())
    }
}

#[agent(manual)]
struct AsksTheFull;
#[agent]
impl AsksTheFull {
    fn op(&mut self, ctx: &mut Context) -> Result<String, Error> {
        let outcome = loop {
            fill(ctx, "full", 10_000)?;
            match ctx.ask("full", &Square(3), Duration::from_millis(50)) {
                Err(AskError::Send(SendError::Full { message, .. })) => {
                    break format!("{:?}", message.decode::<Square>()?);
                }
                // Over sockets there may have come to be room in between; not for ever.
                Err(AskError::Timeout { .. }) => {}
                other => break format!("{other:?}"),
            }
        };
        open_gate(ctx)?;
        Ok(outcome)
    }
}

#[multitools::test]
fn r08_a_request_that_finds_no_room_is_given_back() -> Result<(), RunError> {
    let (outcome, ..) = run!(
        AsksTheFull, Full, Gate::default(), Bell;
        mailbox_limit = 1000,
        on_notice = |_: &Notice| (),
    )?;
    assert_eq!(outcome, "Square(3)");
    Ok(())
}

/// Fails with more words than a message may have.
#[agent(name = "wordy", resident, manual)]
struct Wordy;
#[agent]
impl Wordy {
    #[handle]
    fn on_square(&mut self, _: &Square) -> Result<u64, String> {
        Err("words ".repeat(1000))
    }
}

#[agent(manual)]
struct AsksTheWordy;
#[agent]
impl AsksTheWordy {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<bool>, Error> {
        let mut failed = Vec::new();
        for _ in 0..2 {
            failed.push(match ctx.ask("wordy", &Square(1), PATIENCE) {
                Err(AskError::Failed { reason, .. }) => reason.starts_with("words words "),
                other => return Err(Error::Handler(format!("{other:?}"))),
            });
        }
        Ok(failed)
    }
}

#[multitools::test]
fn r08_a_reason_longer_than_a_message_is_cut() -> Result<(), RunError> {
    let ((), failed) = run!(Wordy, AsksTheWordy; message_limit = 100)?;
    assert_eq!(failed, [true, true]);
    Ok(())
}
