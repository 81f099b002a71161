//! What a message must not cost: an allocation where it is borrowed, an encoding for each receiver.

use multitools::{
    BROADCAST, Context, Error, LISTENERS, Message, RunError, Target, agent, message, run,
};
use multitools_tests::{PATIENCE, over_sockets, serve};
use serde::{Deserialize, Serialize, Serializer};
use std::sync::atomic::{AtomicUsize, Ordering};

#[message]
struct Chunk<'a> {
    data: &'a [u8],
}

/// Asks whether what was sent before has been taken.
#[message(reply = ())]
struct Taken;

/// Borrows, and counts what allocations each message has cost, its handler included.
#[agent(name = "borrower", resident, manual)]
#[derive(Default)]
struct Borrower {
    bytes: usize,
}
#[agent]
impl Borrower {
    #[handle]
    fn on_chunk(&mut self, chunk: &Chunk<'_>) {
        self.bytes += chunk.data.len();
    }

    #[handle]
    fn on_taken(&mut self, _: &Taken) {}

    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u64>, Error> {
        let mut counts = Vec::new();
        for _ in 0..SIZES.len() * ROUNDS {
            let mut received = Ok(());
            let counted = allocation_counter::measure(|| received = ctx.receive(self).map(drop));
            received?;
            counts.push(counted.count_total);
            ctx.receive(self)?;
        }
        serve(self, ctx)?;
        Ok(counts)
    }
}

const SIZES: [usize; 5] = [16, 1_000, 60_000, 70_000, 1_000_000];
const ROUNDS: usize = 40;
/// Each slot that a sender uses for the first time takes some memory, once, and how soon it uses another depends
/// on when it looks whether the one before is free again.
const SLOTS: usize = 8;

#[agent(name = "lender", manual)]
struct Lender;
#[agent]
impl Lender {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for size in SIZES {
            let data = &vec![7; size];
            for _ in 0..ROUNDS {
                ctx.send("borrower", &Chunk { data })?;
                ctx.ask("borrower", &Taken, PATIENCE)?;
            }
        }
        Ok(())
    }
}

#[multitools::test]
fn what_a_handler_borrows_is_received_without_an_allocation() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    let (counts, ()) = run!(Borrower::default(), Lender)?;
    for (size, counts) in SIZES.iter().zip(counts.chunks(ROUNDS)) {
        let none = counts.iter().filter(|count| **count == 0).count();
        assert!(none >= ROUNDS - SLOTS, "{size} bytes: {counts:?}");
    }
    Ok(())
}

static ENCODED: AtomicUsize = AtomicUsize::new(0);

/// Counts how often it is encoded.
#[derive(Deserialize, Debug)]
struct Counted(Vec<u8>);
impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ENCODED.fetch_add(1, Ordering::Relaxed);
        self.0.serialize(serializer)
    }
}

#[message]
struct Told {
    counted: Counted,
}

#[agent(name = "listener", resident, listen_to(Told), manual)]
#[derive(Default)]
struct Listener {
    heard: usize,
}
#[agent]
impl Listener {
    #[handle]
    fn on_told(&mut self, told: &Told) {
        self.heard += told.counted.0.len();
    }

    #[handle]
    fn on_taken(&mut self, _: &Taken) {}

    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        serve(self, ctx)?;
        Ok(self.heard)
    }
}

#[agent(name = "teller", manual)]
struct Teller;
#[agent]
impl Teller {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<usize>, Error> {
        let mut counts = Vec::new();
        for size in TOLD {
            let counted = Counted(vec![1; size]);
            let told = Told { counted };
            // One that is longer than those before may be written twice.
            ctx.send("listener", &told)?;
            counts.push(encodings(|| reach(ctx, LISTENERS, &told, 4))?);
            counts.push(encodings(|| reach(ctx, BROADCAST, &told, 5))?);
            ctx.next_message(PATIENCE)?;
        }
        Ok(counts)
    }
}

const TOLD: [usize; 3] = [10, 10_000, 200_000];

fn reach<M: Message>(
    ctx: &mut Context,
    whom: Target<'_>,
    message: &M,
    all: usize,
) -> Result<(), Error> {
    let reached = ctx.send(whom, message)?.reached;
    let others = || Error::Handler(format!("{reached} were reached"));
    (reached == all).then_some(()).ok_or_else(others)
}

fn encodings(send: impl FnOnce() -> Result<(), Error>) -> Result<usize, Error> {
    let before = ENCODED.load(Ordering::Relaxed);
    send()?;
    Ok(ENCODED.load(Ordering::Relaxed) - before)
}

#[multitools::test]
fn what_is_for_many_is_encoded_once() -> Result<(), RunError> {
    let listener = Listener::default;
    let (one, two, three, four, counts) =
        run!(listener(), listener(), listener(), listener(), Teller)?;
    assert_eq!(counts, [1; 2 * TOLD.len()]);
    let all: usize = TOLD.iter().sum();
    assert_eq!([one, two, three, four], [3 * all; 4]);
    Ok(())
}
