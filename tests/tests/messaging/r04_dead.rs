//! R4: an addressee that has ended gives the message back in the error.

use multitools::{
    AnyMessage, AskError, BROADCAST, Context, Error, MissedReason, RunError, SendError,
    StringMessage, agent, logger, run,
};
use multitools_tests::{Never, Numbered, PATIENCE, await_end, text};

/// Takes one message and ends.
#[agent(name = "short", manual)]
struct Short;
#[agent]
impl Short {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.next_message(PATIENCE)?;
        Ok(())
    }
}

#[agent(name = "heir", resident, manual)]
#[derive(Default)]
struct Heir {
    texts: Vec<String>,
}
#[agent]
impl Heir {
    #[handle]
    fn on_text(&mut self, message: &StringMessage) {
        self.texts.push(message.text.clone());
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        multitools_tests::serve(self, ctx)?;
        Ok(std::mem::take(&mut self.texts))
    }
}

/// Sends to an agent that has ended, and what comes back to another.
#[agent(manual)]
struct OutlivesOne;
#[agent]
impl OutlivesOne {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        let short = ctx.ids("short")[0];
        await_end(ctx, "short")?;
        let mut seen = Vec::new();
        for attempt in ["first", "second"] {
            let error = match ctx.send(short, &text(attempt)) {
                Err(error) => error,
                Ok(delivery) => return Err(Error::Handler(format!("{delivery:?}"))),
            };
            seen.push(error.to_string());
            if let SendError::Dead { id, message, .. } = error {
                seen.push(message.decode::<StringMessage>()?.text);
                seen.push((id == short && message.sender() == ctx.id()).to_string());
                ctx.send("heir", &*message)?;
            }
        }
        seen.push(match ctx.try_send(short, &text("third")) {
            Err(error) => error.to_string(),
            Ok(delivery) => format!("{delivery:?}"),
        });
        seen.push(match ctx.ask(short, &Never, PATIENCE) {
            Err(error @ AskError::Dead { .. }) => error.to_string(),
            other => format!("{other:?}"),
        });
        Ok(seen)
    }
}

const SEEN: [&str; 8] = [
    "agent `short` (#0) has ended; `multitools.StringMessage` was not sent to it",
    "first",
    "true",
    "agent `short` (#0) has ended; `multitools.StringMessage` was not sent to it",
    "second",
    "true",
    "agent `short` (#0) has ended; `multitools.StringMessage` was not sent to it",
    "agent `short` (#0) ended before it answered `multitools_tests::Never`",
];

#[multitools::test]
fn r04_an_agent_that_has_ended_gives_the_message_back() -> Result<(), RunError> {
    let ((), heir, seen) = run!(Short, Heir::default(), OutlivesOne)?;
    assert_eq!(seen, SEEN);
    assert_eq!(heir, ["first", "second"]);
    Ok(())
}

#[logger(manual, listen_to(AnyMessage))]
struct Log;
#[logger]
impl Log {
    fn log(&mut self, _: &AnyMessage) {}
}

#[multitools::test]
fn r04_it_gives_the_message_back_also_where_somebody_listens() -> Result<(), RunError> {
    let ((), heir, seen, ()) = run!(Short, Heir::default(), OutlivesOne, Log)?;
    assert_eq!(seen, SEEN);
    assert_eq!(heir, ["first", "second"]);
    Ok(())
}

/// Sends to a dead and a living one together.
#[agent(manual)]
struct SendsToBoth;
#[agent]
impl SendsToBoth {
    fn op(&mut self, ctx: &mut Context) -> Result<(usize, Vec<(u32, bool)>), Error> {
        let ids = vec![ctx.ids("short")[0], ctx.ids("heir")[0]];
        await_end(ctx, "short")?;
        let delivery = ctx.send(ids, &text("to both"))?;
        let missed = delivery.missed.iter();
        let missed = missed.map(|missed| (missed.id.slot(), missed.reason == MissedReason::Dead));
        Ok((delivery.reached, missed.collect()))
    }
}

#[multitools::test]
fn r04_where_some_addressees_have_ended_the_others_are_reached_and_they_are_named()
-> Result<(), RunError> {
    let ((), heir, (reached, missed)) = run!(Short, Heir::default(), SendsToBoth)?;
    assert_eq!((reached, missed), (1, vec![(0, true)]));
    assert_eq!(heir, ["to both"]);
    Ok(())
}

/// Waits with a message that finds no room until the addressee ends.
#[agent(manual)]
struct BlockedByTheDying;
#[agent]
impl BlockedByTheDying {
    fn op(&mut self, ctx: &mut Context) -> Result<(u32, u32), Error> {
        let dying = ctx.ids("dying")[0];
        for number in 0.. {
            match ctx.send(dying, &Numbered::new(number, 100_000)) {
                Ok(_) => {}
                Err(SendError::Dead { message, .. }) => {
                    return Ok((number, message.decode::<Numbered>()?.number));
                }
                Err(other) => return Err(other.into()),
            }
            if number == 0 {
                multitools_tests::open_gate(ctx)?;
            }
        }
        Ok((0, 0))
    }
}

/// Never looks at its mailbox.
#[agent(name = "dying", manual)]
struct Dying;
#[agent]
impl Dying {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        Ok(multitools_tests::hold_back(ctx)?)
    }
}

#[multitools::test]
fn r04_a_send_that_waits_for_room_ends_with_the_addressee() -> Result<(), RunError> {
    let mut unread = 0;
    let ((sent, refused), ..) = run!(
        BlockedByTheDying, Dying, multitools_tests::Gate::default();
        mailbox_limit = 1000,
        send_timeout = PATIENCE,
        on_notice = |notice: &multitools::Notice| {
            if let multitools::Notice::Undelivered { messages, .. } = notice {
                unread += messages.iter().map(|lost| lost.count).sum::<u64>();
            }
        },
    )?;
    assert_eq!(sent, refused);
    assert_eq!(
        u64::from(sent),
        unread,
        "all that were accepted are reported"
    );
    Ok(())
}

/// Addresses everybody after one has ended and is known to have ended.
#[agent(manual)]
struct BroadcastsLater;
#[agent]
impl BroadcastsLater {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        await_end(ctx, "short")?;
        let delivery = ctx.send(BROADCAST, &text("who is there"))?;
        ctx.next_message(PATIENCE)?;
        Ok(delivery.reached)
    }
}

#[multitools::test]
fn r04_a_broadcast_reaches_those_who_are_left() -> Result<(), RunError> {
    let ((), heir, reached) = run!(Short, Heir::default(), BroadcastsLater)?;
    assert_eq!(reached, 2);
    assert_eq!(heir, ["who is there"]);
    Ok(())
}
