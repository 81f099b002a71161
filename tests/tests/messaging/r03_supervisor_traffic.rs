//! R3: traffic between an agent and the supervisor is overheard only by a listener that names that
//! very type.

use multitools::{
    AnyMessage, Context, Error, ExceptionMessage, InputError, InputMessage, PrintMessage,
    QueryMessage, RunError, SUPERVISOR, StringMessage, agent, logger, message, run,
};
use multitools_tests::{Numbered, serve, text};
use std::time::Duration;

#[message(extends = StringMessage)]
struct Object(StringMessage);

/// Says something to the supervisor in every way there is.
#[agent(name = "talks", manual)]
struct TalksToTheSupervisor;
#[agent]
impl TalksToTheSupervisor {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        ctx.print("a line");
        match ctx.input_timeout("a prompt ", Duration::ZERO) {
            Ok(_) | Err(InputError::Timeout(_) | InputError::EndOfInput) => {}
            Err(other) => return Err(other.into()),
        }
        Ok(ctx.send(SUPERVISOR, &Object(text("an object")))?.reached)
    }
}

macro_rules! ear {
    ($name:ident listens to $($heard:path),+) => {
        #[agent(resident, manual, listen_to($($heard),+))]
        #[derive(Default)]
        struct $name { heard: Vec<String> }
        #[agent]
        impl $name {
            #[handle]
            fn on_any(&mut self, message: &AnyMessage) {
                self.heard.push(format!("{message:?}"));
            }
            fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
                serve(self, ctx)?;
                Ok(std::mem::take(&mut self.heard))
            }
        }
    };
}
ear!(Everything listens to AnyMessage);
ear!(Supertypes listens to StringMessage, QueryMessage);
ear!(Exactly listens to PrintMessage, InputMessage, Object);

#[logger(manual, listen_to(AnyMessage))]
struct Log;
#[logger]
impl Log {
    fn log(&mut self, message: &AnyMessage) -> Result<(), String> {
        Err(format!("a logger heard {message:?}"))
    }
}

#[multitools::test]
fn r03_supervisor_traffic_is_overheard_only_where_that_very_type_is_named() -> Result<(), RunError>
{
    let (mut lines, mut objects) = (Vec::new(), Vec::new());
    let (reached, everything, supertypes, exactly, ()) = run!(
        TalksToTheSupervisor, Everything::default(), Supertypes::default(), Exactly::default(), Log;
        on_print = |line: &str| lines.push(line.to_owned()),
        on_object = |object: &AnyMessage| objects.push(format!("{object:?}")),
    )?;
    assert_eq!(reached, 1);
    assert_eq!(lines, ["a line"]);
    assert_eq!(objects, [r#"Object(StringMessage { text: "an object" })"#]);
    assert_eq!(everything, [""; 0]);
    assert_eq!(supertypes, [""; 0]);
    assert_eq!(
        exactly,
        [
            r#"PrintMessage(StringMessage { text: "a line" })"#,
            r#"InputMessage { base: QueryMessage { source: #0 }, prompt: "a prompt " }"#,
            r#"Object(StringMessage { text: "an object" })"#,
        ]
    );
    Ok(())
}

/// Sends as a message what elsewhere is traffic with the supervisor.
#[agent(manual)]
struct SendsAPrintMessage;
#[agent]
impl SendsAPrintMessage {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        let sent = ctx
            .addr::<Exactly>()
            .send(ctx, &PrintMessage::new("a message"))?;
        Ok(sent.overheard)
    }
}

#[multitools::test]
fn r03_a_print_message_between_agents_is_a_message_like_any_other() -> Result<(), RunError> {
    let (overheard, everything, exactly) = run!(
        SendsAPrintMessage,
        Everything::default(),
        Exactly::default()
    )?;
    assert_eq!(overheard, 1);
    assert_eq!(
        everything,
        [r#"PrintMessage(StringMessage { text: "a message" })"#]
    );
    assert_eq!(everything, exactly);
    Ok(())
}

/// Prints what it overhears of other agents' failures.
#[agent(resident, manual, listen_to(ExceptionMessage))]
struct HearsFailures;
#[agent]
impl HearsFailures {
    #[handle]
    fn on_failure(&mut self, failure: &ExceptionMessage, ctx: &mut Context) {
        ctx.print(&failure.error);
    }
}

/// Fails once it knows that whoever listens to failures is there.
#[agent(manual)]
struct Fails;
#[agent]
impl Fails {
    fn op(&mut self) -> Result<(), String> {
        Err("as it should".into())
    }
}

#[multitools::test]
fn r03_a_failure_ends_the_run_also_where_somebody_overhears_it() {
    let ended = run!(
        Fails, HearsFailures;
        on_print = |line: &str| assert_eq!(line, "as it should"),
        on_failure = |_: &multitools::Report| (),
    );
    assert!(matches!(ended, Err(RunError::Failed(_))));
}

/// Listens to the objects and holds back, so that there is no room for them.
#[agent(name = "full ear", manual, listen_to(Numbered))]
struct FullEar;
#[agent]
impl FullEar {
    #[handle]
    fn on_numbered(&mut self, _: &Numbered) {}

    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        Ok(multitools_tests::hold_back(ctx)?)
    }
}

#[agent(manual)]
struct SendsObjects;
#[agent]
impl SendsObjects {
    /// How many objects it has sent when the listener misses one.
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        let mut sent = 0;
        loop {
            let delivery = ctx.send(SUPERVISOR, &Numbered::new(0, 50_000))?;
            sent += delivery.reached;
            if !delivery.missed.is_empty() {
                multitools_tests::open_gate(ctx)?;
                return Ok(sent);
            }
        }
    }
}

#[multitools::test]
fn r03_the_supervisor_is_reached_though_a_listener_is_not() -> Result<(), RunError> {
    let mut objects = 0;
    let (sent, ..) = run!(
        SendsObjects, FullEar, multitools_tests::Gate::default();
        on_object = |_: &AnyMessage| objects += 1,
        on_notice = |_: &multitools::Notice| (),
        mailbox_limit = 1000,
        send_timeout = Duration::from_millis(20),
    )?;
    assert_eq!(sent, objects);
    Ok(())
}

#[message(reply = ())]
struct Weigh {
    load: String,
}

#[agent(resident, manual, name = "scales")]
struct Scales;
#[agent]
impl Scales {
    #[handle]
    fn on_weigh(&mut self, _: &Weigh) {}
}

/// Listens to what is printed and asked, and holds back, so that there is no room for it.
#[agent(name = "full ear", manual, listen_to(PrintMessage, Weigh))]
struct Deaf;
#[agent]
impl Deaf {
    #[handle]
    fn on_print(&mut self, _: &PrintMessage) {}
    #[handle]
    fn on_weigh(&mut self, _: &Weigh) {}

    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        Ok(multitools_tests::hold_back(ctx)?)
    }
}

#[agent(manual, name = "loud")]
struct Loud;
#[agent]
impl Loud {
    /// Prints and asks more than there is room for.
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let load = "x".repeat(50_000);
        for _ in 0..40 {
            ctx.print(&load);
        }
        for _ in 0..5 {
            let load = load.clone();
            ctx.ask("scales", &Weigh { load }, multitools_tests::PATIENCE)?;
        }
        multitools_tests::open_gate(ctx)
    }
}

#[multitools::test]
fn r07_of_a_listener_that_misses_what_is_printed_and_asked_a_notice_tells() -> Result<(), RunError>
{
    let mut missed = Vec::new();
    run!(
        Loud, Deaf, Scales, multitools_tests::Gate::default();
        on_print = |_: &str| (),
        on_notice = |notice: &multitools::Notice| {
            if let multitools::Notice::Missed { agent, message, sender, count, .. } = notice {
                missed.push((format!("{agent} {sender} {message}"), *count));
            }
        },
        mailbox_limit = 1000,
        send_timeout = Duration::from_millis(1),
    )?;
    let [(first, 1), (rest, count)] = &missed[..] else {
        panic!("{missed:?}");
    };
    assert_eq!(first, "full ear loud multitools.PrintMessage");
    assert_eq!(*rest, concat!("full ear loud ", module_path!(), "::Weigh"));
    assert!(*count > 5, "{count}");
    Ok(())
}
