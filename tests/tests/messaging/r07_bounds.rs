//! R7: every mailbox is bounded; a full one makes `send` wait, and holds back nobody else.

use multitools::{
    BROADCAST, Context, Error, MissedReason, Notice, RunError, SendError, agent, run,
};
use multitools_tests::{
    Bell, Gate, Numbered, PATIENCE, fill, hold_back, insist, open_gate, take_numbers,
};
use std::time::Duration;

const SMALL: usize = 10_000;
const ITEM: usize = 40_000;

/// Takes so many messages, none before the gate is open.
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

/// How a sender insists.
#[derive(Clone, Copy, serde::Serialize, serde::Deserialize)]
enum Way {
    Send,
    TrySend,
}

/// Sends until nothing more is taken; what it is given back is sent again once the gate is open.
#[agent(manual)]
struct Fills {
    way: Way,
    total: u32,
}
#[agent]
impl Fills {
    fn op(&mut self, ctx: &mut Context) -> Result<(u32, String), Error> {
        for number in 0..self.total {
            let message = Numbered::new(number, ITEM);
            let sent = match self.way {
                Way::Send => ctx.send("reader", &message),
                Way::TrySend => ctx.try_send("reader", &message),
            };
            let error = match sent {
                Ok(_) => continue,
                Err(error) => error,
            };
            let text = error.to_string();
            let SendError::Full { id, message, .. } = error else {
                return Err(error.into());
            };
            if id != ctx.ids("reader")[0] || message.sender() != ctx.id() {
                return Err(Error::Handler(text));
            }
            open_gate(ctx)?;
            insist(ctx, "reader", &*message)?;
            for number in number + 1..self.total {
                insist(ctx, "reader", &Numbered::new(number, ITEM))?;
            }
            return Ok((message.decode::<Numbered>()?.number, text));
        }
        Err(Error::Handler("it was never full".into()))
    }
}

const FULL: &str =
    "the mailbox of agent `reader` (#0) is full; `multitools_tests::Numbered` was not sent to it";

#[multitools::test]
fn r07_a_full_mailbox_gives_the_message_back_after_the_send_timeout() -> Result<(), RunError> {
    let fills = Fills {
        way: Way::Send,
        total: 60,
    };
    let (numbers, (refused, text), ()) = run!(
        Reader { expected: 60 }, fills, Gate::default();
        mailbox_limit = SMALL,
        send_timeout = Duration::from_millis(50),
    )?;
    assert_eq!(numbers, (0..60).collect::<Vec<u32>>());
    assert!(
        (1..40).contains(&refused),
        "the bound is some hundred KiB, not {refused} messages"
    );
    assert_eq!(text, FULL);
    Ok(())
}

#[multitools::test]
fn r07_try_send_does_not_wait() -> Result<(), RunError> {
    let fills = Fills {
        way: Way::TrySend,
        total: 60,
    };
    // The reader waits no longer than `PATIENCE`, so a `try_send` that waits fails the test.
    let (numbers, (_, text), ()) = run!(
        Reader { expected: 60 }, fills, Gate::default();
        mailbox_limit = SMALL,
        send_timeout = PATIENCE * 100,
    )?;
    assert_eq!(numbers, (0..60).collect::<Vec<u32>>());
    assert_eq!(text, FULL);
    Ok(())
}

/// Opens the gate beforehand, and sends more than a mailbox holds.
#[agent(manual)]
struct SendsMuch {
    count: u32,
}
#[agent]
impl SendsMuch {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        open_gate(ctx)?;
        for number in 0..self.count {
            ctx.send("reader", &Numbered::new(number, ITEM))?;
        }
        Ok(())
    }
}

#[multitools::test]
fn r07_send_waits_until_there_is_room() -> Result<(), RunError> {
    let (numbers, (), ()) = run!(
        Reader { expected: 300 }, SendsMuch { count: 300 }, Gate::default();
        mailbox_limit = SMALL,
        send_timeout = PATIENCE,
    )?;
    assert_eq!(numbers, (0..300).collect::<Vec<u32>>());
    Ok(())
}

/// Floods the other with more than it has room for, and takes what the other sends only where it is
/// refused, and in the end.
#[agent(manual)]
struct Floods {
    other: String,
    count: u32,
}
#[agent]
impl Floods {
    fn op(&mut self, ctx: &mut Context) -> Result<(usize, Vec<u32>), Error> {
        let (mut refusals, mut taken) = (0, Vec::new());
        for number in 0..self.count {
            let message = Numbered::new(number, ITEM);
            while let Err(error) = ctx.send(&self.other, &message) {
                let SendError::Full { .. } = error else {
                    return Err(error.into());
                };
                refusals += 1;
                if taken.len() < self.count as usize {
                    taken.extend(take_numbers(ctx, 1)?);
                }
            }
        }
        let rest = self.count as usize - taken.len();
        taken.extend(take_numbers(ctx, rest)?);
        Ok((refusals, taken))
    }
}

type Flooded = (usize, Vec<u32>);

fn flood(limit: usize, timeout: Duration, count: u32) -> Result<[Flooded; 2], RunError> {
    let flood = |other: &str| Floods {
        other: other.to_owned(),
        count,
    };
    let mut supervisor = multitools::Supervisor::new();
    let one = supervisor.add_named("one", flood("two")).output();
    let two = supervisor.add_named("two", flood("one")).output();
    supervisor.mailbox_limit(limit).send_timeout(timeout);
    let mut results = supervisor.supervise()?;
    Ok([results.take(one)?, results.take(two)?])
}

#[multitools::test]
fn r07_a_sender_that_waits_goes_on_accepting() -> Result<(), RunError> {
    // Far more than the sockets hold, and less than the mailboxes: nobody need ever look.
    for (refusals, taken) in flood(64 << 20, PATIENCE, 300)? {
        assert_eq!(refusals, 0);
        assert_eq!(taken, (0..300).collect::<Vec<u32>>());
    }
    Ok(())
}

#[multitools::test]
fn r07_two_that_flood_each_other_do_not_lock_up() -> Result<(), RunError> {
    // More than there is room for: both are told that they are full, and may look what has come.
    let [one, two] = flood(SMALL, Duration::from_millis(10), 100)?;
    assert!(one.0 + two.0 > 0);
    assert_eq!(one.1, (0..100).collect::<Vec<u32>>());
    assert_eq!(two.1, (0..100).collect::<Vec<u32>>());
    Ok(())
}

/// The number of the last message.
const LAST: u32 = u32::MAX;

/// Opens the gate for the slow one when it has the broadcast.
#[agent(name = "quick", manual)]
struct Quick;
#[agent]
impl Quick {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        let numbers = take_numbers(ctx, 1)?;
        open_gate(ctx)?;
        Ok(numbers)
    }
}

/// Fills the slow one to the brim, and then broadcasts once: only the quick one can get the slow one to
/// look, and only when it has the broadcast already.
#[agent(manual)]
struct BroadcastsToTheFull;
#[agent]
impl BroadcastsToTheFull {
    fn op(&mut self, ctx: &mut Context) -> Result<(usize, usize), Error> {
        fill(ctx, "reader", ITEM)?;
        let sent = ctx.send(BROADCAST, &Numbered::new(LAST, ITEM))?;
        Ok((sent.reached, sent.missed.len()))
    }
}

/// Reads until the broadcast.
#[agent(name = "reader", manual)]
struct Slow;
#[agent]
impl Slow {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        hold_back(ctx)?;
        while take_numbers(ctx, 1)?[0] != LAST {}
        Ok(())
    }
}

#[multitools::test]
fn r07_a_slow_receiver_of_a_broadcast_does_not_hold_back_the_others() -> Result<(), RunError> {
    let ((), (reached, missed), read, ..) = run!(
        Slow, BroadcastsToTheFull, Quick, Gate::default(), Bell;
        on_notice = |_: &Notice| (), // not everybody reads broadcasts
        mailbox_limit = SMALL,
        send_timeout = PATIENCE,
    )?;
    assert_eq!((reached, missed), (5, 0));
    assert_eq!(read, [LAST]);
    Ok(())
}

/// The number of the message, how many have it, and who has not, because there was no room.
type Missing = (u32, usize, Vec<(u32, bool)>);

/// Sends to two until one is missed.
#[agent(manual)]
struct SendsUntilOneIsMissed;
#[agent]
impl SendsUntilOneIsMissed {
    fn op(&mut self, ctx: &mut Context) -> Result<Missing, Error> {
        for number in 0.. {
            let both = vec![ctx.ids("reader")[0], ctx.ids("quick")[0]];
            let delivery = ctx.send(both, &Numbered::new(number, ITEM))?;
            if !delivery.missed.is_empty() {
                let missed = delivery.missed.iter();
                let missed = missed.map(|m| (m.id.slot(), m.reason == MissedReason::Full));
                let missed = missed.collect();
                ctx.send("quick", &Numbered::new(LAST, 0))?;
                open_gate(ctx)?;
                return Ok((number, delivery.reached, missed));
            }
        }
        Ok((0, 0, Vec::new()))
    }
}

/// Counts until it gets the last number.
#[agent(name = "quick", manual)]
struct CountsAll;
#[agent]
impl CountsAll {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        let mut count = 0;
        while take_numbers(ctx, 1)?[0] != LAST {
            count += 1;
        }
        Ok(count)
    }
}

#[multitools::test]
fn r07_those_who_could_not_be_reached_are_named_and_the_others_have_it() -> Result<(), RunError> {
    let (_, (number, reached, missed), count, ()) = run!(
        Reader { expected: 0 }, SendsUntilOneIsMissed, CountsAll, Gate::default();
        on_notice = |_: &Notice| (),
        mailbox_limit = SMALL,
        send_timeout = Duration::from_secs(1),
    )?;
    assert_eq!((reached, missed), (1, vec![(0, true)]));
    assert_eq!(count, number + 1);
    Ok(())
}

/// Sends three times to two, of which one is full.
#[agent(name = "sender", manual)]
struct SendsThreeToTheFull;
#[agent]
impl SendsThreeToTheFull {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        fill(ctx, "reader", ITEM)?;
        for number in 0..3 {
            let both = vec![ctx.ids("reader")[0], ctx.ids("quick")[0]];
            let delivery = ctx.send(both, &Numbered::new(number, ITEM))?;
            if delivery.missed.len() != 1 {
                return Err(Error::Handler(format!("{delivery:?}")));
            }
        }
        ctx.send("quick", &Numbered::new(LAST, 0))?;
        open_gate(ctx)
    }
}

#[multitools::test]
fn r07_a_notice_tells_of_the_first_message_that_misses_a_receiver_and_one_of_the_others()
-> Result<(), RunError> {
    let mut missed = Vec::new();
    run!(
        Reader { expected: 0 }, SendsThreeToTheFull, CountsAll, Gate::default(), Bell;
        on_notice = |notice: &Notice| {
            // Others tell of what the reader has not read.
            if let Notice::Missed { .. } = notice {
                missed.push(notice.to_string());
            }
        },
        mailbox_limit = SMALL,
        send_timeout = Duration::from_secs(1),
    )?;
    let [first, others] = &missed[..] else {
        panic!("{missed:?}");
    };
    let told = "agent `reader` had no room for a `multitools_tests::Numbered` from `sender`, sent at tests/tests/messaging/r07_bounds.rs:";
    assert!(first.starts_with(told), "{first}");
    assert!(
        first.ends_with("; it has missed it (`Delivery::missed`)"),
        "{first}"
    );
    let told = "agent `reader` had no room for 2 messages from `sender`, the last a `multitools_tests::Numbered`, sent at ";
    assert!(others.starts_with(told), "{others}");
    Ok(())
}
