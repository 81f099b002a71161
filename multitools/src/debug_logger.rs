//! A logger that is ready to use.

use crate::agent::Context;
use crate::logger;
use crate::message::AnyMessage;

/// Prints every message of the run, with its sender: for looking on while a program is being written.
///
/// A line is the sender's name, or its id where it bears none, and the message as its `Debug` writes
/// it. The lines go through [`Context::print`], so an `on_print` handler gets them too. What passes
/// between an agent and the supervisor is not among them (rule R3). `run!()` does not start it: pass it
/// to `run!(..)`, or write `Supervisor::registered().add(DebugLogger).supervise()` in a
/// `#[multitools::main]`.
///
/// ```
/// use multitools::{Context, DebugLogger, LISTENERS, RunError, SendError, StringMessage, process};
///
/// #[process(name = "Greeter")]
/// fn greet(ctx: &mut Context) -> Result<(), SendError> {
///     ctx.send(LISTENERS, &StringMessage::new("hello")).map(drop)
/// }
///
/// fn main() -> Result<(), RunError> {
///     let mut lines = Vec::new();
///     multitools::run!(greet::with(), DebugLogger; on_print = |line| lines.push(line.to_owned()))?;
///     assert_eq!(lines, [r#"Greeter: StringMessage { text: "hello" }"#]);
///     Ok(())
/// }
/// ```
#[logger(crate = crate, name = "Debug logger", listen_to(AnyMessage), manual)]
#[derive(Clone, Copy, Debug, Default)]
pub struct DebugLogger;

#[logger(crate = crate)]
impl DebugLogger {
    fn log(&mut self, message: &AnyMessage, ctx: &mut Context) {
        match ctx.name_of(message.sender()) {
            Some(name) => ctx.print(format_args!("{name}: {message:?}")),
            None => ctx.print(format_args!("{}: {message:?}", message.sender())),
        }
    }
}
