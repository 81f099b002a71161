//! Generated code passes what a strict crate demands of its own, clippy included.
#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_docs,
    unused_qualifications,
    elided_lifetimes_in_paths,
    unreachable_pub,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    missing_debug_implementations,
    unnameable_types,
    unused_results,
    unused_lifetimes,
    let_underscore_drop,
    variant_size_differences
)]
#![deny(clippy::all, clippy::pedantic, clippy::cargo)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::absolute_paths,
    clippy::missing_docs_in_private_items,
    clippy::missing_inline_in_public_items,
    clippy::exhaustive_structs,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::implicit_return,
    clippy::min_ident_chars,
    clippy::single_call_fn,
    clippy::pub_use,
    clippy::str_to_string,
    clippy::module_name_repetitions
)]
#![allow(
    clippy::implicit_return,
    clippy::exhaustive_structs,
    clippy::missing_inline_in_public_items,
    clippy::cargo,
    clippy::single_call_fn,
    reason = "the program's own style"
)]
use multitools::{
    AnyMessage, AskError, Context, Flow, LISTENERS, Recipients, SendError, StringMessage, agent,
    logger, message, process,
};
use std::num::ParseIntError;

/// A subtype.
#[message(extends = StringMessage)]
pub struct Sub {
    /// Its supertype.
    pub base: StringMessage,
    /// A number.
    pub seq: u32,
}
/// An enum.
#[message]
pub enum Event {
    /// A subtype.
    Sub(Inner),
    /// Two numbers.
    Numbers {
        /// One.
        one: u8,
        /// Two.
        two: u8,
    },
}
/// A variant.
#[message(extends = Event)]
pub struct Inner;
/// Borrows.
#[message]
pub struct Chunk<'a> {
    /// From the mailbox.
    pub data: &'a [u8],
}
/// A request.
#[message(reply = u64)]
pub struct Square(pub u64);

/// Multiplies.
#[process]
#[must_use]
pub const fn mul(left: i32, right: i32) -> i32 {
    left.wrapping_mul(right)
}
/// Parses.
///
/// # Errors
/// When it is no number.
#[process(name = "parser", restart = always, within = "24h")]
pub fn parse(_ctx: &mut Context, number: String) -> Result<u64, ParseIntError> {
    number.parse()
}

/// Serves.
#[agent(name = "server", resident, listen_to(StringMessage))]
#[derive(Debug, Default)]
pub struct Server {
    /// How many.
    seen: u64,
}
#[agent]
impl Server {
    #[handle]
    fn on_text(&mut self, message: &StringMessage, _ctx: &mut Context) -> Flow {
        self.seen = self.seen.saturating_add(1);
        if message.text.is_empty() {
            Flow::Stop
        } else {
            Flow::Continue
        }
    }
    #[handle]
    fn on_chunk(&mut self, chunk: &Chunk<'_>) -> Result<(), String> {
        self.seen = u64::try_from(chunk.data.len()).map_err(|error| error.to_string())?;
        Ok(())
    }
    #[handle]
    fn on_event(&mut self, event: &Event) {
        if let Event::Numbers { one, .. } = event {
            self.seen = u64::from(*one);
        }
    }
    #[handle]
    fn on_square(&mut self, square: &Square) -> Result<u64, String> {
        square
            .0
            .checked_pow(2)
            .ok_or_else(|| "too large".to_owned())
    }
}

/// Sends what it declares.
#[agent(sends(StringMessage, Chunk<'_>), announces(Event))]
#[derive(Debug)]
pub struct Sender {
    /// To whom.
    #[serde(skip)]
    texts: Recipients<StringMessage>,
}
#[agent]
impl Sender {
    #[handle]
    fn on_text(
        &mut self,
        message: &StringMessage,
        ctx: &mut Context<Self>,
    ) -> Result<(), SendError> {
        self.texts = Recipients::of(ctx.addr::<Server>());
        self.texts.send(ctx, message).map(drop)
    }
    fn op(&mut self, ctx: &mut Context<Self>) -> Result<u64, AskError> {
        let _delivery = ctx.send(LISTENERS, &Event::Numbers { one: 1, two: 2 })?;
        Ok(u64::from(ctx.id().slot()))
    }
}

/// Runs.
#[agent(unnamed, restart = on_failure, max = 3, within = "60s", backoff = "100ms..5s")]
#[derive(Debug)]
pub struct Runner(pub String);
#[agent]
impl Runner {
    fn op(&mut self, _ctx: &mut Context) -> Result<usize, multitools::Error> {
        Ok(self.0.len())
    }
}

/// Logs.
#[logger(listen_to(AnyMessage))]
#[derive(Debug, Default)]
pub struct Log {
    /// How many.
    seen: u64,
}
#[logger]
impl Log {
    fn log(&mut self, _message: &AnyMessage) {
        self.seen = self.seen.saturating_add(1);
    }
}

/// Starts.
///
/// # Errors
/// When the run fails.
pub fn start() -> Result<(u64, (), ()), multitools::RunError> {
    let texts = Recipients::default();
    multitools::run!(Sender { texts }, Server::default(), Log::default())
}

#[test]
fn processes_are_functions() {
    assert_eq!(mul(2, 3), 6);
}
