//! R9: the most specific handler wins, a handler for a supertype covers its subtypes, and what nobody
//! handles is reported and ends nobody.

use multitools::{
    AnyMessage, AskError, Context, Error, Flow, Notice, Results, RunError, StringMessage,
    Supervisor, agent, message, run,
};
use multitools_tests::{PATIENCE, serve, text};
use serde::{Deserialize, Deserializer, Serialize, de};

#[message(extends = StringMessage)]
struct Child {
    base: StringMessage,
    n: u32,
}
#[message(extends = Child)]
struct Grandchild {
    base: Child,
    more: Vec<String>,
}
#[message(extends = Grandchild)]
struct GreatGrandchild(Grandchild);

#[message]
enum Telemetry {
    Reading(Reading),
    Alarm(Alarm),
    Heartbeat,
}
#[message(extends = Telemetry)]
struct Reading {
    value: f64,
}
#[message(extends = Telemetry)]
struct Alarm {
    text: String,
}
#[message]
struct Chunk<'a> {
    offset: u64,
    data: &'a [u8],
}
#[message]
struct Stranger;

fn child(text: &str, n: u32) -> Child {
    Child {
        base: StringMessage::new(text),
        n,
    }
}
fn grandchild(text: &str) -> Grandchild {
    Grandchild {
        base: child(text, 2),
        more: vec!["more".to_owned(); 20],
    }
}

/// Sends one of everything.
#[agent(name = "source", manual)]
struct Source;
#[agent]
impl Source {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.send("sink", &text("string"))?;
        ctx.send("sink", &child("child", 1))?;
        ctx.send("sink", &grandchild("grandchild"))?;
        ctx.send("sink", &GreatGrandchild(grandchild("great")))?;
        ctx.send("sink", &Reading { value: 0.5 })?;
        ctx.send("sink", &Telemetry::Reading(Reading { value: 1.5 }))?;
        let hot = Alarm { text: "hot".into() };
        ctx.send("sink", &hot)?;
        ctx.send("sink", &Telemetry::Alarm(hot))?;
        ctx.send("sink", &Telemetry::Heartbeat)?;
        let data = &b"bytes"[..];
        ctx.send("sink", &Chunk { offset: 3, data })?;
        ctx.send("sink", &Stranger)?;
        Ok(())
    }
}

/// Handles types at several levels.
#[agent(name = "sink", resident, manual)]
#[derive(Default)]
struct Levels {
    log: Vec<String>,
}
#[agent]
impl Levels {
    #[handle]
    fn on_text(&mut self, message: &StringMessage) {
        self.log.push(format!("string {}", message.text));
    }
    #[handle]
    fn on_grandchild(&mut self, message: &Grandchild) {
        let Grandchild { base, more } = message;
        self.log.push(format!(
            "grandchild {} {} {}",
            base.text,
            base.n,
            more.len()
        ));
    }
    #[handle]
    fn on_telemetry(&mut self, message: &Telemetry) {
        self.log.push(format!("telemetry {message:?}"));
    }
    #[handle]
    fn on_alarm(&mut self, message: &Alarm) {
        self.log.push(format!("alarm {}", message.text));
    }
    #[handle]
    fn on_chunk(&mut self, message: &Chunk<'_>) {
        self.log
            .push(format!("chunk {} {:?}", message.offset, message.data));
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.log))
    }
}

#[multitools::test]
fn r09_the_nearest_handler_takes_a_message_and_what_nobody_takes_is_reported()
-> Result<(), RunError> {
    let mut notices = Vec::new();
    let mut supervisor = Supervisor::new();
    let sink = supervisor.add(Levels::default()).output();
    supervisor.add(Source);
    supervisor.on_notice(|notice| notices.push(notice.clone()));
    let mut results: Results = supervisor.supervise()?;
    drop(supervisor);
    assert_eq!(
        results.take(sink)?,
        [
            "string string",
            "string child",
            "grandchild grandchild 2 20",
            "grandchild great 2 20",
            "telemetry Reading(Reading { value: 0.5 })",
            "telemetry Reading(Reading { value: 1.5 })",
            "alarm hot",
            "alarm hot",
            "telemetry Heartbeat",
            "chunk 3 [98, 121, 116, 101, 115]",
        ]
    );
    assert_eq!(results.unhandled(), 1);
    let [
        notice @ Notice::Unhandled {
            sent_at,
            reason: None,
            ..
        },
    ] = &notices[..]
    else {
        return Err(std::io::Error::other(format!("{notices:?}")).into());
    };
    let place = sent_at.as_deref().unwrap_or_default();
    assert!(
        place.starts_with("tests/tests/messaging/r09_dispatch.rs:"),
        "{place}"
    );
    assert_eq!(
        notice.to_string(),
        format!(
            "agent `sink` has no handler for `{}::Stranger` from `source`, sent at {place}",
            module_path!()
        )
    );
    Ok(())
}

/// Takes whatever nothing else takes.
#[agent(name = "sink", resident, manual)]
#[derive(Default)]
struct CatchAll {
    log: Vec<String>,
}
#[agent]
impl CatchAll {
    #[handle]
    fn on_child(&mut self, message: &Child) {
        self.log.push(format!("child {}", message.text));
    }
    #[handle]
    fn on_reading(&mut self, message: &Reading) {
        self.log.push(format!("reading {}", message.value));
    }
    #[handle]
    fn on_any(&mut self, message: &AnyMessage) {
        let name = message.name().rsplit("::").next().unwrap_or_default();
        self.log.push(format!("any {name}"));
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.log))
    }
}

#[multitools::test]
fn r09_a_catch_all_takes_what_no_other_handler_does() -> Result<(), RunError> {
    let (log, ()) = run!(CatchAll::default(), Source)?;
    assert_eq!(
        log,
        [
            "any multitools.StringMessage",
            "child child",
            "child grandchild",
            "child great",
            "reading 0.5",
            "reading 1.5",
            "any Alarm",
            "any Alarm",
            "any Telemetry",
            "any Chunk",
            "any Stranger",
        ]
    );
    Ok(())
}

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

#[message(reply = u64)]
struct Picky {
    odd: Odd,
}

#[message(extends = Picky)]
struct Pickier {
    base: Picky,
    n: u32,
}

#[agent(name = "reader", resident, manual)]
#[derive(Default)]
struct ReadsOdd {
    read: Vec<u64>,
}
#[agent]
impl ReadsOdd {
    #[handle]
    fn on_picky(&mut self, message: &Picky) -> u64 {
        self.read.push(message.odd.0);
        message.odd.0
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u64>, Error> {
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.read))
    }
}

fn picky(n: u64) -> Picky {
    Picky { odd: Odd(n) }
}

#[agent(name = "writer", manual)]
struct WritesAny;
#[agent]
impl WritesAny {
    fn op(&mut self, ctx: &mut Context) -> Result<String, Error> {
        for n in 1..5 {
            ctx.send("reader", &picky(n))?;
        }
        let base = picky(6);
        ctx.send("reader", &Pickier { base, n: 1 })?;
        let unread = ctx.ask("reader", &picky(8), PATIENCE);
        ctx.ask("reader", &picky(9), PATIENCE)?;
        Ok(match unread {
            Err(error @ AskError::Failed { .. }) => error.to_string(),
            other => format!("{other:?}"),
        })
    }
}

#[multitools::test]
fn r09_what_cannot_be_decoded_is_reported_and_ends_nobody() -> Result<(), RunError> {
    let mut notices = Vec::new();
    let (read, unread) = run!(
        ReadsOdd::default(), WritesAny;
        on_notice = |notice: &Notice| notices.push(notice.to_string()),
    )?;
    assert_eq!(read, [1, 3, 9]);
    assert_eq!(notices.len(), 4);
    let here = module_path!();
    let told = format!(
        "agent `reader` (#0) failed to answer `{here}::Picky`: it cannot be read (these bytes are no `{here}::Picky`: not odd)"
    );
    assert_eq!(unread, told);
    for (notice, name) in notices.iter().zip(["Picky", "Picky", "Pickier", "Picky"]) {
        let expected = format!(
            "agent `reader` cannot read a `{here}::{name}` (these bytes are no `{here}::Picky`: not odd) from `writer`, sent at tests/tests/messaging/r09_dispatch.rs:"
        );
        assert!(notice.starts_with(&expected), "{notice}");
    }
    Ok(())
}

#[message(reply = u32)]
struct Request;

/// Takes every message, but answers none.
#[agent(name = "taciturn", manual)]
struct Taciturn;
#[agent]
impl Taciturn {
    #[handle]
    fn on_any(&mut self, _: &AnyMessage) -> Flow {
        Flow::Stop
    }
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        let mut received = 1;
        while ctx.receive(self)? == Flow::Continue {
            received += 1;
        }
        Ok(received)
    }
}

#[agent(manual)]
struct AsksThenSends;
#[agent]
impl AsksThenSends {
    fn op(&mut self, ctx: &mut Context) -> Result<bool, Error> {
        let unhandled = ctx.ask("taciturn", &Request, PATIENCE);
        ctx.send("taciturn", &Request)?;
        Ok(matches!(unhandled, Err(AskError::Unhandled { .. })))
    }
}

#[multitools::test]
fn r09_a_handler_that_does_not_answer_takes_requests_that_are_merely_sent() -> Result<(), RunError>
{
    let mut notices = 0;
    let (received, unhandled) = run!(
        Taciturn, AsksThenSends;
        on_notice = |notice: &Notice| notices += usize::from(matches!(notice, Notice::Unhandled { .. })),
    )?;
    assert!(unhandled);
    assert_eq!((received, notices), (2, 1));
    Ok(())
}
