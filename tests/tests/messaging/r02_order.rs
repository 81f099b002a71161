//! R2: first in, first out for each pair, whatever the mix of addresses; control traffic is a channel
//! of its own.

use multitools::{
    BROADCAST, Context, Error, LISTENERS, Notice, RunError, Value, WaitError, agent, message, run,
};
use multitools_tests::{Bell, Numbered, PATIENCE};
use std::collections::BTreeMap;

const EACH: u32 = 3000;
const WRITERS: usize = 3;

/// Sends each message by another kind of address, in sizes from nothing to more than a socket holds.
#[agent(name = "writer", manual)]
struct Writer;
#[agent]
impl Writer {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let readers = ctx.ids("reader");
        for number in 0..EACH {
            let size = match number % 50 {
                7 => 300_000,
                n if n % 4 == 1 => 20_000,
                n => n as usize * 3,
            };
            let message = Numbered::new(number, size);
            match number % 5 {
                0 => ctx.send("reader", &message)?,
                1 => ctx.send(&readers, &message)?,
                2 => ctx.send(readers[0], &message)?,
                3 => ctx.send(LISTENERS, &message)?,
                _ => ctx.send(BROADCAST, &Numbered::new(number, 10))?,
            };
        }
        Ok(())
    }
}

/// Listens, so that it gets what is sent to the other reader alone, too.
#[agent(name = "reader", manual, listen_to(Numbered))]
struct Reader;
#[agent]
impl Reader {
    #[handle]
    fn on_numbered(&mut self, _: &Numbered) {}

    /// The first message that is out of order, if one is.
    fn op(&mut self, ctx: &mut Context) -> Result<Option<String>, Error> {
        let mut next = BTreeMap::new();
        for _ in 0..EACH as usize * WRITERS {
            let message = ctx.next_message(PATIENCE)?;
            let expected = next.entry(message.sender()).or_insert(0);
            let numbered = message.decode::<Numbered>()?;
            if numbered.number != *expected || !numbered.is_intact() {
                let found = numbered.number;
                return Ok(Some(format!("{found} instead of {expected}")));
            }
            *expected += 1;
        }
        Ok(None)
    }
}

#[multitools::test]
fn r02_each_pair_keeps_its_order_in_any_mix_of_addresses_and_sizes() -> Result<(), RunError> {
    let (first, second, ..) = run!(
        Reader, Reader, Writer, Writer, Writer;
        on_notice = |_: &Notice| (), // the writers leave the broadcasts unread
        send_timeout = PATIENCE,
    )?;
    assert_eq!(first, None);
    assert_eq!(second, None);
    Ok(())
}

/// Sends to itself by every kind of address.
#[agent(name = "hermit", manual, listen_to(Numbered))]
struct Hermit;
#[agent]
impl Hermit {
    #[handle]
    fn on_numbered(&mut self, _: &Numbered) {}

    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        for number in 0..300 {
            let message = Numbered::new(number, number as usize);
            match number % 3 {
                0 => ctx.send("hermit", &message)?,
                1 => ctx.send(ctx.id(), &message)?,
                _ => ctx.send(BROADCAST, &message)?,
            };
        }
        multitools_tests::take_numbers(ctx, 300)
    }
}

#[multitools::test]
fn r02_an_agent_gets_its_own_messages_in_order() -> Result<(), RunError> {
    let (numbers,) = run!(Hermit)?;
    assert_eq!(numbers, (0..300).collect::<Vec<u32>>());
    Ok(())
}

/// How many messages have come before.
#[message(reply = u32)]
struct Count;

#[agent(name = "counter", resident, manual)]
#[derive(Default)]
struct Counter {
    seen: u32,
}
#[agent]
impl Counter {
    #[handle]
    fn on_numbered(&mut self, _: &Numbered) {
        self.seen += 1;
    }
    #[handle]
    fn on_count(&mut self, _: &Count) -> u32 {
        self.seen
    }
}

#[agent(manual)]
struct SendsAndAsks;
#[agent]
impl SendsAndAsks {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        let mut counted = Vec::new();
        for round in 0..20 {
            for number in 0..round {
                ctx.send("counter", &Numbered::new(number, 1000))?;
            }
            counted.push(ctx.ask("counter", &Count, PATIENCE)?);
        }
        Ok(counted)
    }
}

#[multitools::test]
fn r02_a_request_takes_its_turn_among_the_messages() -> Result<(), RunError> {
    let ((), counted) = run!(Counter::default(), SendsAndAsks)?;
    let all: Vec<u32> = (0..20).map(|round| round * (round + 1) / 2).collect();
    assert_eq!(counted, all);
    Ok(())
}

/// Never looks at its mailbox, and says whether it was told to stop.
#[agent(name = "stuffed", manual)]
struct Stuffed {
    stopped: Value<bool>,
}
#[agent]
impl Stuffed {
    fn op(&mut self, ctx: &mut Context) {
        let waited = ctx.wait_for("somebody who never comes", PATIENCE);
        self.stopped.set(waited == Err(WaitError::Stopped));
    }
}

/// Fills a mailbox until nothing more goes into it, and fails.
#[agent(manual)]
struct Stuffs;
#[agent]
impl Stuffs {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        multitools_tests::fill(ctx, "stuffed", 5000)?;
        Err(Error::Handler("enough".into()))
    }
}

#[multitools::test]
fn r02_the_word_to_stop_passes_a_mailbox_that_is_full() {
    let stopped = Value::new(false).unwrap();
    let ended = run!(
        Stuffed { stopped }, Stuffs, Bell;
        mailbox_limit = 10_000,
        on_failure = |_: &multitools::Report| (),
    );
    assert!(matches!(ended, Err(RunError::Failed(_))));
    assert!(stopped.get());
}
