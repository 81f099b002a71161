//! R8: what is late is dropped, what is nested keeps the outer deadline, and what is merely sent is a
//! message like any other.

use multitools::{
    AgentId, AskError, Context, EmptyMessage, Error, Flow, Notice, RecvError, Report, RunError,
    agent, message, run,
};
use multitools_tests::{Gate, Never, PATIENCE, hold_back, open_gate, serve};
use std::time::Duration;

#[message(reply = u64)]
struct Slow(u64);

#[message(reply = u64)]
struct Quick(u64);

#[message(extends = Quick)]
struct Special {
    base: Quick,
    more: u64,
}

/// Answers what is slow once it is told to go on.
#[agent(name = "server", resident, manual)]
#[derive(Default)]
struct Server {
    log: Vec<String>,
}
#[agent]
impl Server {
    #[handle]
    fn on_slow(&mut self, request: &Slow, ctx: &mut Context) -> Result<u64, RecvError> {
        self.log.push(format!("slow {}", request.0));
        ctx.next_message(PATIENCE)?;
        Ok(request.0)
    }
    #[handle]
    fn on_quick(&mut self, request: &Quick) -> u64 {
        self.log.push(format!("quick {}", request.0));
        request.0
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.log))
    }
}

/// Gives up on answers that then come too late.
#[agent(manual)]
struct GivesUp;
#[agent]
impl GivesUp {
    fn op(&mut self, ctx: &mut Context) -> Result<(Vec<u64>, Option<String>), Error> {
        let mut answers = Vec::new();
        for round in 0..20 {
            let said = match ctx.ask("server", &Slow(1000 + round), Duration::from_millis(2)) {
                Err(error @ AskError::Timeout { .. }) => error.to_string(),
                other => format!("{other:?}"),
            };
            if said
                != concat!(
                    "agent `server` (#0) did not answer `",
                    module_path!(),
                    "::Slow` within 2ms"
                )
            {
                return Err(Error::Handler(said));
            }
            ctx.send("server", &EmptyMessage)?;
            answers.push(ctx.ask("server", &Quick(round), PATIENCE)?);
        }
        let stray = match ctx.next_message(Duration::ZERO) {
            Err(RecvError::Timeout(_)) => None,
            other => Some(format!("{other:?}")),
        };
        Ok((answers, stray))
    }
}

#[multitools::test]
fn r08_a_late_reply_is_neither_a_message_nor_the_answer_to_another_request() -> Result<(), RunError>
{
    let (log, (answers, stray)) = run!(Server::default(), GivesUp)?;
    assert_eq!(answers, (0..20).collect::<Vec<u64>>());
    assert_eq!(stray, None);
    assert_eq!(log.len(), 40, "what was given up is handled all the same");
    Ok(())
}

/// Asks another in order to answer, as if there were no hurry.
#[agent(name = "middle", manual)]
#[derive(Default)]
struct Middle {
    waited: Option<Duration>,
}
#[agent]
impl Middle {
    #[handle]
    fn on_slow(&mut self, request: &Slow, ctx: &mut Context) -> Result<u64, AskError> {
        let answer = ctx.ask("silent", &Never, PATIENCE * 1000);
        if let Err(AskError::Timeout { waited, .. }) = answer {
            self.waited = Some(waited);
        }
        answer.map(|()| request.0)
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Option<Duration>, Error> {
        ctx.receive(self)?;
        open_gate(ctx)?;
        Ok(self.waited)
    }
}

/// Does not look at what it is asked.
#[agent(name = "silent", manual)]
struct Silent;
#[agent]
impl Silent {
    fn op(&mut self, ctx: &mut Context) -> Result<(), AskError> {
        hold_back(ctx)
    }
}

#[agent(manual)]
struct Hurries;
#[agent]
impl Hurries {
    fn op(&mut self, ctx: &mut Context) -> bool {
        is_too_late(&ctx.ask("middle", &Slow(1), HURRY))
    }
}

const HURRY: Duration = Duration::from_millis(100);

/// Both deadlines pass at almost the same time: the failure of the nested request may come before this
/// one looks at the clock.
fn is_too_late<T>(outcome: &Result<T, AskError>) -> bool {
    matches!(
        outcome,
        Err(AskError::Timeout { .. } | AskError::Failed { .. })
    )
}

#[multitools::test]
fn r08_a_nested_request_does_not_outlive_the_one_that_is_served() -> Result<(), RunError> {
    let (late, waited, ..) = run!(
        Hurries, Middle::default(), Silent, Gate::default();
        on_notice = |_: &Notice| (), // the silent one leaves the request unread
    )?;
    assert!(waited.is_some_and(|waited| waited <= HURRY), "{waited:?}");
    assert!(late);
    Ok(())
}

/// Takes a request when nobody waits for its answer any more, and asks in order to answer.
#[agent(name = "dozing", manual)]
#[derive(Default)]
struct Dozing {
    waited: Option<Duration>,
}
#[agent]
impl Dozing {
    #[handle]
    fn on_slow(&mut self, request: &Slow, ctx: &mut Context) -> Result<u64, Error> {
        let answer = ctx.ask("impatient", &Never, PATIENCE * 1000);
        if let Err(AskError::Timeout { waited, .. }) = answer {
            self.waited = Some(waited);
        }
        ctx.send("impatient", &EmptyMessage)?;
        Ok(request.0)
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Option<Duration>, Error> {
        hold_back(ctx)?;
        ctx.receive(self)?;
        Ok(self.waited)
    }
}

#[agent(name = "impatient", manual)]
struct Impatient;
#[agent]
impl Impatient {
    fn op(&mut self, ctx: &mut Context) -> Result<bool, Error> {
        let late = is_too_late(&ctx.ask("dozing", &Slow(1), HURRY));
        open_gate(ctx)?;
        while ctx.next_message(PATIENCE)?.is::<Never>() {}
        Ok(late)
    }
}

#[multitools::test]
fn r08_the_time_for_a_request_passes_while_it_is_unread() -> Result<(), RunError> {
    let (waited, late, _) = run!(Dozing::default(), Impatient, Gate::default())?;
    assert_eq!(waited, Some(Duration::ZERO));
    assert!(late);
    Ok(())
}

/// Asks somebody of whom no word will come, as if there were no hurry.
#[agent(name = "trusting", resident, manual)]
struct Trusting {
    stranger: AgentId,
}
#[agent]
impl Trusting {
    #[handle]
    fn on_slow(&mut self, request: &Slow, ctx: &mut Context) -> Result<u64, AskError> {
        let answer = ctx.ask(self.stranger, &Never, PATIENCE * 1000);
        answer.map(|()| request.0)
    }
    #[handle]
    fn on_quick(&mut self, request: &Quick) -> u64 {
        request.0
    }
}

#[agent(manual)]
struct AsksAgain;
#[agent]
impl AsksAgain {
    fn op(&mut self, ctx: &mut Context) -> Result<u64, AskError> {
        if let Ok(answer) = ctx.ask("trusting", &Slow(1), HURRY) {
            return Ok(answer);
        }
        ctx.ask("trusting", &Quick(2), PATIENCE)
    }
}

#[multitools::test]
fn r08_a_nested_request_to_an_unknown_id_does_not_outlive_the_one_that_is_served()
-> Result<(), RunError> {
    let stranger = r#"{"node":0,"incarnation":0,"slot":60000}"#;
    let stranger = serde_json::from_str(stranger).unwrap();
    let ((), answer) = run!(Trusting { stranger }, AsksAgain)?;
    assert_eq!(answer, 2);
    Ok(())
}

#[agent(manual)]
struct MerelySends;
#[agent]
impl MerelySends {
    fn op(&mut self, ctx: &mut Context) -> Result<(u64, Option<String>), Error> {
        ctx.send("server", &Quick(1))?;
        let special = Special {
            base: Quick(2),
            more: 9,
        };
        ctx.send("server", &special)?;
        let answer = ctx.ask(
            "server",
            &Special {
                base: Quick(3),
                ..special
            },
            PATIENCE,
        )?;
        let stray = match ctx.next_message(Duration::ZERO) {
            Err(RecvError::Timeout(_)) => None,
            other => Some(format!("{other:?}")),
        };
        Ok((answer, stray))
    }
}

#[multitools::test]
fn r08_a_request_that_is_merely_sent_is_handled_and_its_value_dropped() -> Result<(), RunError> {
    let (log, (answer, stray)) = run!(Server::default(), MerelySends)?;
    assert_eq!(log, ["quick 1", "quick 2", "quick 3"]);
    assert_eq!((answer, stray), (3, None));
    Ok(())
}

/// Fails at every request.
#[agent(name = "fails", resident, manual)]
struct Fails;
#[agent]
impl Fails {
    #[handle]
    fn on_quick(&mut self, request: &Quick) -> Result<u64, String> {
        Err(format!("cannot {}", request.0))
    }
}

#[agent(manual)]
struct AsksThenSends {
    sends: bool,
}
#[agent]
impl AsksThenSends {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        let mut failures = 0;
        for n in 0..3 {
            if let Err(AskError::Failed { reason, .. }) = ctx.ask("fails", &Quick(n), PATIENCE) {
                failures += usize::from(reason == format!("cannot {n}"));
            }
        }
        if self.sends {
            ctx.send("fails", &Quick(7))?;
        }
        Ok(failures)
    }
}

#[multitools::test]
fn r08_an_error_belongs_to_whoever_asked_and_to_the_agent_itself_where_nobody_did()
-> Result<(), RunError> {
    let ((), failures) = run!(Fails, AsksThenSends { sends: false })?;
    assert_eq!(failures, 3);
    let mut headline = String::new();
    let ended = run!(
        Fails, AsksThenSends { sends: true };
        on_failure = |report: &Report| headline = report.headline(),
    );
    assert!(ended.is_err());
    assert_eq!(headline, "agent `fails` failed: cannot 7");
    Ok(())
}

/// Asks while it is asked: the two wait for each other, and neither for ever.
#[agent(manual)]
struct AsksBack {
    other: String,
    begins: bool,
}
#[agent]
impl AsksBack {
    #[handle]
    fn on_slow(&mut self, request: &Slow, ctx: &mut Context) -> Result<u64, AskError> {
        ctx.ask(&self.other, &Quick(request.0), PATIENCE * 1000)
    }
    #[handle]
    fn on_quick(&mut self, request: &Quick) -> u64 {
        request.0
    }
    fn op(&mut self, ctx: &mut Context) -> Result<bool, Error> {
        if self.begins {
            let late = is_too_late(&ctx.ask(&self.other, &Slow(1), HURRY));
            // The request that came meanwhile is still there, and its answer too late.
            return Ok(late && ctx.receive(self)? == Flow::Continue);
        }
        Ok(ctx.receive(self)? == Flow::Continue)
    }
}

#[multitools::test]
fn r08_two_that_ask_each_other_both_get_an_error() -> Result<(), RunError> {
    let asks = |other: &str, begins| AsksBack {
        other: other.to_owned(),
        begins,
    };
    let mut supervisor = multitools::Supervisor::new();
    let one = supervisor.add_named("one", asks("two", true)).output();
    let two = supervisor.add_named("two", asks("one", false)).output();
    let mut results = supervisor.supervise()?;
    assert!(results.take(one)?);
    assert!(results.take(two)?);
    Ok(())
}
