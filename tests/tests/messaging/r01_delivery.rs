//! R1: at most once for each addressee; `send` returns when the message is in the mailbox, and says
//! how many addressees it reached.

use multitools::{BROADCAST, Context, Delivery, Error, RunError, SendError, agent, run};
use multitools_tests::{Gate, Numbered, PATIENCE, hold_back, open_gate, serve, take_numbers, text};
use std::time::Duration;

/// Takes nothing before the gate is open.
#[agent(name = "reader", manual)]
struct Reader {
    expected: usize,
}
#[agent]
impl Reader {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        hold_back(ctx)?;
        take_numbers(ctx, self.expected)
    }
}

/// Opens the gate only once all its messages are sent.
#[agent(manual)]
struct SendsThenOpens;
#[agent]
impl SendsThenOpens {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<usize>, Error> {
        let mut reached = Vec::new();
        for number in 0..3 {
            reached.push(ctx.send("reader", &Numbered::new(number, 10))?.reached);
        }
        open_gate(ctx)?;
        Ok(reached)
    }
}

#[multitools::test]
fn r01_send_returns_when_the_message_is_in_the_mailbox_not_when_it_is_handled()
-> Result<(), RunError> {
    let reader = Reader { expected: 3 };
    let (numbers, reached, ()) = run!(reader, SendsThenOpens, Gate::default())?;
    assert_eq!(numbers, [0, 1, 2]);
    assert_eq!(reached, [1, 1, 1]);
    Ok(())
}

/// One of several that bear a name; gives the first text it gets.
#[agent(name = "crowd", resident, manual)]
struct OneOfTheCrowd;
#[agent]
impl OneOfTheCrowd {
    #[handle]
    fn on_text(&mut self, _: &multitools::StringMessage) {}

    fn op(&mut self, ctx: &mut Context) -> Result<String, Error> {
        let first = ctx.next_message(PATIENCE)?;
        serve(self, ctx)?;
        Ok(first.decode::<multitools::StringMessage>()?.text)
    }
}

#[agent(manual)]
struct Counts;
#[agent]
impl Counts {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<usize>, Error> {
        let ids = ctx.ids("crowd");
        let sent: Vec<Delivery> = vec![
            ctx.send("crowd", &text("by name"))?,
            ctx.send(&ids, &text("by ids"))?,
            ctx.send(&ids[1..], &text("by some ids"))?,
            ctx.send(vec![ids[0], ids[0]], &text("by one id twice"))?,
            ctx.send(ids[2], &text("by id"))?,
            ctx.addr::<OneOfTheCrowd>().send(ctx, &text("by type"))?,
            ctx.send(BROADCAST, &text("to everybody"))?,
        ];
        Ok(sent.iter().map(|delivery| delivery.reached).collect())
    }
}

/// Bears the name, and is of another type.
#[agent(name = "crowd", resident, manual)]
struct OfAnotherType;
#[agent]
impl OfAnotherType {
    #[handle]
    fn on_text(&mut self, _: &multitools::StringMessage) {}
}

#[multitools::test]
fn r01_send_says_how_many_addressees_it_reached() -> Result<(), RunError> {
    let (counts, first, ..) = run!(
        Counts, OneOfTheCrowd, OneOfTheCrowd, OfAnotherType;
        on_notice = |_: &multitools::Notice| (), // the sender leaves its own broadcast unread
    )?;
    assert_eq!(counts, [3, 3, 2, 1, 1, 2, 4]);
    assert_eq!(first, "by name");
    Ok(())
}

/// Sends everything again that did not find room, with the message that it is given back.
#[agent(manual)]
struct Insists {
    count: u32,
}
#[agent]
impl Insists {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        let mut refusals = 0;
        for number in 0..self.count {
            let mut sent = ctx.send("reader", &Numbered::new(number, 5000));
            while let Err(SendError::Full { message, .. }) = sent {
                if refusals == 0 {
                    open_gate(ctx)?;
                }
                refusals += 1;
                sent = ctx.send("reader", &*message);
            }
            sent?;
        }
        Ok(refusals)
    }
}

#[multitools::test]
fn r01_each_message_arrives_once_also_where_it_was_refused_before() -> Result<(), RunError> {
    let reader = Reader { expected: 500 };
    let (numbers, refusals, ()) = run!(
        reader, Insists { count: 500 }, Gate::default();
        mailbox_limit = 20_000,
        send_timeout = Duration::from_millis(1),
    )?;
    assert_eq!(numbers, (0..500).collect::<Vec<u32>>());
    assert!(
        refusals > 0,
        "the reader held back, so its mailbox was full"
    );
    Ok(())
}
