//! The measurement, inside the process of an agent.

use multitools::__private::{Anything, Dispatch};
use multitools::{AnyMessage, Behaviour, Context, Error};
use multitools_benchmarks::table::median;
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::time::Instant;

/// Of each figure, the median is taken of so many samples.
const SAMPLES: usize = 31;
/// How many steps a sample has.
const STEPS: usize = 100_000;

/// A message type that is measured.
pub struct Type {
    /// Sends one to the agent itself.
    pub to_self: fn(&mut Context) -> Result<(), multitools::SendError>,
    /// Sends one to whoever listens to it, which is nobody: all there is to do is to find that out.
    pub to_listeners: fn(&mut Context) -> bool,
    /// The same by a call of its own, but for a message that is the same for all.
    pub one_to_listeners: fn(&mut Context) -> bool,
}

/// Nanoseconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Figures {
    /// Finding the handler.
    pub lookup: f64,
    /// Finding the handler, decoding the message for it, and calling it.
    pub call: f64,
    /// Decoding such a message, by itself.
    pub decode: f64,
    /// Finding that nobody listens, through `Context::send`.
    pub listeners: f64,
    /// The same for one type, from as many places in the source as there are types: what the calls
    /// themselves cost, of which each is code that must be fetched.
    pub one_listeners: f64,
}

/// What is decoded where there is no dispatch to measure.
#[derive(Serialize, Deserialize)]
struct Fields {
    seq: u64,
    text: String,
}

/// Measures an agent that handles these types.
pub fn measure<A: Behaviour<Scope = Anything>>(
    agent: &mut A,
    types: &[Type],
    ctx: &mut Context,
) -> Result<Figures, Error> {
    let mut messages: Vec<AnyMessage> = Vec::new();
    for ty in types {
        (ty.to_self)(ctx)?;
        messages.push(ctx.next_message(None)?);
    }
    let table: &Dispatch<A> = A::dispatch();
    let rounds = STEPS.div_ceil(types.len());
    Ok(Figures {
        lookup: sample(rounds, &messages, |message| {
            black_box(table.takes(black_box(message)));
        }),
        call: sample(rounds, &messages, |message| {
            let _ = black_box(table.call(agent, black_box(message), ctx));
        }),
        decode: decoding(rounds, types.len()),
        listeners: sample(rounds, types, |ty| {
            black_box((ty.to_listeners)(ctx));
        }),
        one_listeners: sample(rounds, types, |ty| {
            black_box((ty.one_to_listeners)(ctx));
        }),
    })
}

fn decoding(rounds: usize, types: usize) -> f64 {
    let mut bodies: Vec<Vec<u8>> = Vec::new();
    for i in 0..types {
        let text = "sixteen letters!".to_owned();
        let fields = Fields {
            seq: i as u64,
            text,
        };
        if let Ok(body) = multitools::__private::encode(&fields) {
            bodies.push(body);
        }
    }
    sample(rounds, &bodies, |body| {
        let _ = black_box(multitools::__private::decode::<Fields>(black_box(body)));
    })
}

/// The median of the samples, for one step.
fn sample<T>(rounds: usize, things: &[T], mut step: impl FnMut(&T)) -> f64 {
    let mut one = || {
        let begun = Instant::now();
        for _ in 0..rounds {
            for thing in things {
                step(thing);
            }
        }
        begun.elapsed().as_nanos() as f64 / (rounds * things.len()) as f64
    };
    one(); // the first time fills caches
    median((0..SAMPLES).map(|_| one()).collect())
}
