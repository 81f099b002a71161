//! R13: an agent that fails with an error of the library is told with the line of the call.

use multitools::{
    Cause, Context, Error, Report, RunError, StringMessage, Supervisor, agent, message,
};
use multitools_tests::Never;
use multitools_tests::lifecycle::LONG;
use std::time::Duration;

#[message]
struct Nudge;

/// Takes nothing as long as the other runs.
#[agent(name = "Keeper", manual)]
struct Keeper;
#[agent]
impl Keeper {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.wait_for("nobody", LONG)?;
        Ok(())
    }
    #[handle]
    fn on_never(&mut self, _: &Never) {}
}

/// Fails in one of several ways, each in a line of its own.
#[agent(name = "Errs", manual)]
struct Errs {
    how: u32,
}

const BRIEFLY: Duration = Duration::from_millis(1);
const FIRST_LINE: u32 = line!() + 9;

#[agent]
impl Errs {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let text = StringMessage::new("hello");
        let spare = (self.how == 7).then(|| ctx.spawn(Keeper)).transpose()?;
        let packing = |error| Error::Handler(format!("while packing: {error}"));
        match self.how {
            0 => drop(ctx.send("keepr", &text)?),
            1 => ctx.ask("Keeper", &Never, BRIEFLY)?,
            2 => drop(ctx.wait_for("Kepeer", BRIEFLY)?),
            3 => drop(ctx.next_message(BRIEFLY)?),
            4 => drop(ctx.receive_timeout(self, BRIEFLY)?),
            5 => drop(ctx.try_send("nobody", &text).map_err(packing)?),
            6 => ctx.addr::<Keeper>().ask_timeout(ctx, &Never, BRIEFLY)?,
            7 => drop(spare.map(|spare| ctx.join(spare, BRIEFLY)).transpose()?),
            8 => drop(ctx.addr::<Errs>().send(ctx, &Nudge)?),
            _ => {
                let _ = ctx.send("nobody", &text);
                return Err(Error::Handler("of its own".to_owned()));
            }
        }
        // What it has sent to itself has its handler fail, with an error that arises there.
        ctx.receive(self).map(drop)
    }
    #[handle]
    fn on_nudge(&mut self, _: &Nudge, ctx: &mut Context) -> Result<(), Error> {
        ctx.ask("Errs", &Never, BRIEFLY)?;
        Ok(())
    }
}
const NUDGED_LINE: u32 = line!() - 4;

fn report_of(how: u32) -> Report {
    let mut supervisor = Supervisor::new();
    supervisor.add(Keeper);
    supervisor.add(Errs { how });
    supervisor.on_failure(|_| ());
    match supervisor.supervise() {
        Err(RunError::Failed(report)) => *report,
        other => panic!("{:?}", other.map(drop)),
    }
}

#[multitools::test]
fn r13_an_error_is_told_with_its_line_and_whom_it_was_about() {
    let never = "multitools_tests::Never";
    let unanswered = format!("agent `Keeper` (#0) did not answer `{never}` within 1ms");
    let nobody = "nobody to send `multitools.StringMessage` to: no running agent is named";
    let told = [
        format!("{nobody} `keepr`; did you mean `Keeper`?"),
        unanswered.clone(),
        "no agent named `Kepeer` came up within 1ms; did you mean `Keeper`?".to_owned(),
        "no message came within 1ms".to_owned(),
        "no message came within 1ms".to_owned(),
        format!("while packing: {nobody} `nobody`"),
        unanswered,
        "agent `Keeper` (#2) has not ended within 1ms".to_owned(),
    ];
    for (how, expected) in (0..).zip(told) {
        let report = report_of(how);
        let place = format!("{}:{}:", file!(), FIRST_LINE + how);
        check(&report, &expected, &place);
    }
    let oneself =
        format!("an agent cannot ask itself: it would wait for its own answer to `{never}`");
    check(
        &report_of(8),
        &oneself,
        &format!("{}:{NUDGED_LINE}:", file!()),
    );
}

fn check(report: &Report, expected: &str, place: &str) {
    let Cause::Error { text, location } = &report.cause else {
        panic!("{report}");
    };
    assert_eq!(text, expected);
    let location = location.as_deref().unwrap_or_default();
    assert!(location.starts_with(place), "{location} is not {place}");
    let first = format!("agent `Errs` failed at {location}: {expected}");
    assert_eq!(report.headline(), first);
    assert!(report.to_string().starts_with(&first), "{report}");
}

#[multitools::test]
fn r13_an_error_of_the_agents_own_has_no_line_of_another() {
    let cause = report_of(9).cause;
    let text = "of its own".to_owned();
    let location = None;
    assert_eq!(cause, Cause::Error { text, location });
}
