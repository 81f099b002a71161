//! R5: an empty set of addressees is an error at once, at the caller.

use multitools::{
    AgentId, AskError, BROADCAST, Context, Down, Error, Ids, LISTENERS, RunError, StringMessage,
    agent, message, run,
};
use multitools_tests::{PATIENCE, text};

#[message(extends = StringMessage)]
struct Special(StringMessage);

#[message(reply = ())]
struct Question;

/// Is of no run here.
#[agent(manual)]
struct Absent;
#[agent]
impl Absent {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
    #[handle]
    fn on_question(&mut self, _: &Question) {}
    fn op(&mut self) {}
}

fn said<T: std::fmt::Debug, E: std::fmt::Display>(result: Result<T, E>) -> String {
    match result {
        Ok(delivery) => format!("{delivery:?}"),
        Err(error) => error.to_string(),
    }
}

#[agent(manual)]
struct Lonely;
#[agent]
impl Lonely {
    fn op(&mut self, ctx: &mut Context) -> Vec<String> {
        let none: [AgentId; 0] = [];
        vec![
            said(ctx.send("nobody", &text("x"))),
            said(ctx.try_send("nobody", &text("x"))),
            said(ctx.send(Ids::default(), &text("x"))),
            said(ctx.send(&none[..], &text("x"))),
            said(ctx.send(ctx.ids("nobody"), &text("x"))),
            said(ctx.addr::<Absent>().send(ctx, &text("x"))),
            said(ctx.send(LISTENERS, &text("x"))),
            said(ctx.try_send(LISTENERS, &text("x"))),
            said(ctx.ask("nobody", &Question, PATIENCE)),
            said(ctx.addr::<Absent>().ask(ctx, &Question)),
        ]
    }
}

#[multitools::test]
fn r05_nobody_is_addressed_and_nobody_listens() -> Result<(), RunError> {
    let (said,) = run!(Lonely)?;
    let nobody = |target: &str| {
        format!("nobody to send `multitools.StringMessage` to: no running agent is {target}")
    };
    let absent = concat!("a `", module_path!(), "::Absent`");
    let question = concat!(module_path!(), "::Question");
    let no_listener =
        "no running agent listens to `multitools.StringMessage` or a supertype of it".to_owned();
    assert_eq!(
        said,
        [
            nobody("named `nobody`"),
            nobody("named `nobody`"),
            nobody("in []"),
            nobody("in []"),
            nobody("in []"),
            nobody(absent),
            no_listener.clone(),
            no_listener,
            format!("nobody to send `{question}` to: no running agent is named `nobody`"),
            format!("nobody to send `{question}` to: no running agent is {absent}"),
        ]
    );
    Ok(())
}

/// Listens to the supertype, and to a request.
#[agent(resident, manual, listen_to(StringMessage, Question))]
struct Listens;
#[agent]
impl Listens {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
    #[handle]
    fn on_question(&mut self, _: &Question) {}
}

/// Listens to the subtype alone.
#[agent(resident, manual, listen_to(Special))]
struct ListensToSpecial;
#[agent]
impl ListensToSpecial {
    #[handle]
    fn on_special(&mut self, _: &Special) {}
}

#[agent(manual)]
struct Speaks;
#[agent]
impl Speaks {
    fn op(&mut self, ctx: &mut Context) -> Vec<String> {
        let sent = [
            ctx.send(LISTENERS, &text("x")),
            ctx.send(LISTENERS, &Special(text("x"))),
        ];
        let mut said: Vec<String> = sent
            .into_iter()
            .map(|sent| said(sent.map(|delivery| delivery.reached)))
            .collect();
        said.push(match ctx.ask(LISTENERS, &Question, PATIENCE) {
            Err(AskError::Send(error)) => error.to_string(),
            other => format!("{other:?}"),
        });
        said
    }
}

#[multitools::test]
fn r05_a_listener_to_a_supertype_is_one_and_a_listener_to_a_subtype_is_none() -> Result<(), RunError>
{
    let (said, ()) = run!(Speaks, Listens)?;
    assert_eq!(said, ["1", "1", "Ok(())"]);
    let (said, ()) = run!(Speaks, ListensToSpecial)?;
    let question = concat!(module_path!(), "::Question");
    assert_eq!(
        said,
        [
            "no running agent listens to `multitools.StringMessage` or a supertype of it"
                .to_owned(),
            "1".to_owned(),
            format!("no running agent listens to `{question}` or a supertype of it"),
        ]
    );
    Ok(())
}

/// Hears two texts and leaves.
#[agent(manual, listen_to(StringMessage))]
struct HearsTwo;
#[agent]
impl HearsTwo {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.next_message(PATIENCE)?;
        ctx.next_message(PATIENCE)?;
        Ok(())
    }
}

/// Finds that nobody listens, twice, and then has somebody come and go.
#[agent(manual, spawns(HearsTwo))]
struct SpeaksTooSoon;
#[agent]
impl SpeaksTooSoon {
    fn op(&mut self, ctx: &mut Context) -> Result<[bool; 5], Error> {
        let heard = |ctx: &mut Context| ctx.send(LISTENERS, &text("x")).is_ok();
        let (first, second) = (heard(ctx), heard(ctx));
        let listens = ctx.spawn(HearsTwo)?;
        let (third, fourth) = (heard(ctx), heard(ctx));
        ctx.join(listens, PATIENCE)?;
        Ok([first, second, third, fourth, heard(ctx)])
    }
}

#[multitools::test]
fn r05_whoever_comes_to_listen_is_found_where_nobody_was() -> Result<(), RunError> {
    let (heard,) = run!(SpeaksTooSoon)?;
    assert_eq!(heard, [false, false, true, true, false]);
    Ok(())
}

/// Is the only one who listens to what it says.
#[agent(manual, listen_to(StringMessage))]
struct ListensToItself;
#[agent]
impl ListensToItself {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
    fn op(&mut self, ctx: &mut Context) -> Result<(String, usize), Error> {
        let alone = said(ctx.send(LISTENERS, &text("x")));
        let reached = ctx.send(BROADCAST, &text("x"))?.reached;
        ctx.next_message(PATIENCE)?;
        Ok((alone, reached))
    }
}

#[multitools::test]
fn r05_the_sender_itself_is_no_listener_but_never_nobody_in_a_broadcast() -> Result<(), RunError> {
    let ((alone, reached),) = run!(ListensToItself)?;
    let expected = "no running agent listens to `multitools.StringMessage` or a supertype of it";
    assert_eq!((alone.as_str(), reached), (expected, 1));
    Ok(())
}

/// Takes one message and ends.
#[agent(name = "mortal", manual)]
struct Mortal;
#[agent]
impl Mortal {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.next_message(PATIENCE)?;
        Ok(())
    }
}

/// Sends by name to one that it knows to have ended, and by a name much like it.
#[agent(manual)]
struct SendsAfterTheEnd;
#[agent]
impl SendsAfterTheEnd {
    fn op(&mut self, ctx: &mut Context) -> Result<[String; 3], Error> {
        let mortal = ctx.ids("mortal")[0];
        ctx.monitor(mortal);
        ctx.send(mortal, &text("the last"))?;
        while !ctx.next_message(PATIENCE)?.is::<Down>() {}
        Ok([
            said(ctx.send("mortal", &text("x"))),
            said(ctx.ask("mortal", &Question, PATIENCE)),
            said(ctx.send("mortals", &text("x"))),
        ])
    }
}

#[multitools::test]
fn r05_that_who_bore_a_name_has_ended_is_said_of_that_name_alone() -> Result<(), RunError> {
    let ((), said) = run!(Mortal, SendsAfterTheEnd)?;
    let nobody = |message: &str, rest: &str| {
        format!("nobody to send `{message}` to: no running agent is named {rest}")
    };
    let ended = "`mortal`; an agent of that name has ended";
    assert_eq!(
        said,
        [
            nobody("multitools.StringMessage", ended),
            nobody(concat!(module_path!(), "::Question"), ended),
            nobody("multitools.StringMessage", "`mortals`"),
        ]
    );
    Ok(())
}
