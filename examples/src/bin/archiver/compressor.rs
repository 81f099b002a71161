//! The agents that compress.

use super::failure::Failure;
use super::messages::{Block, Member, Ready};
use multitools::{Context, Delivery, SendError, agent};
use multitools_examples::archiver::BlockCompressor;

/// Compresses whatever it gets, where it lies in the mailbox.
///
/// One that is killed is started again, and begins with the block that it had in hand. So the others may
/// hear of a block twice.
#[agent(
    resident,
    sends(Member<'_>, Ready),
    restart = on_failure,
    max = 100,
    within = "10s",
    backoff = "10ms..1s",
    retry = 2
)]
#[derive(Default)]
pub struct Compressor {
    #[serde(skip)]
    compressor: BlockCompressor,
}

#[agent]
impl Compressor {
    #[handle]
    fn on_block(&mut self, block: &Block<'_>, ctx: &mut Context<Self>) -> Result<(), Failure> {
        let sequence = block.sequence;
        let member = Member {
            sequence,
            data: self.compressor.member(block.data)?,
        };
        told(ctx.send("Writer", &member))?;
        told(ctx.send("Reader", &Ready { sequence }))
    }
}

/// Whoever has ended has heard all that it needs, of this block too.
fn told(sent: Result<Delivery, SendError>) -> Result<(), Failure> {
    match sent {
        Ok(_) | Err(SendError::Dead { .. } | SendError::NoTarget { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
