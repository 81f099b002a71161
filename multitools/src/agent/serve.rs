//! What runs around an agent's own code.

use super::panics::{self, LastWords};
use super::{Agent, Behaviour, Context, Ended, Failure, Flow};
use crate::error::{Error, RecvError};
use crate::protocol::Panic;
use crate::wire::codec;

/// Runs an agent: decodes its arguments, runs its `op` or serves its mailbox, encodes its result.
pub fn serve<A: Agent + Behaviour>(
    arguments: &[u8],
    ctx: Context,
    last_words: LastWords,
) -> (Result<Ended, Panic>, Context) {
    let mut ctx = ctx.scoped();
    let ended = panics::catch(|| live::<A>(arguments, &mut ctx), last_words);
    (ended, ctx.scoped())
}

fn live<A: Agent + Behaviour>(arguments: &[u8], ctx: &mut Context<A::Scope>) -> Ended {
    let agent: A = codec::decode(arguments).map_err(Failure::of)?;
    let output = agent.run_op(ctx)?;
    codec::encode(&output).map_err(Failure::of)
}

/// The `op` of an agent that has none: handle messages until told to leave.
///
/// # Errors
/// What a handler returned.
pub fn serve_mailbox<A: Behaviour>(
    agent: &mut A,
    ctx: &mut Context<A::Scope>,
) -> Result<(), Failure> {
    loop {
        let error = match ctx.serve_next(agent) {
            Ok(Flow::Continue) => continue,
            Ok(Flow::Stop) => return Ok(()),
            Err(error) => *error,
        };
        return match error {
            Error::Receive(RecvError::Stopped) => Ok(()),
            Error::Handler(text) => Err(Failure(text.into())),
            error => Err(Failure::of(error)),
        };
    }
}
