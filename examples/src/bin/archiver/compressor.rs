//! The agents that compress.

use super::failure::Failure;
use super::messages::{Block, Member, Ready};
use multitools::{Context, agent};
use multitools_examples::archiver::BlockCompressor;

/// Compresses whatever it gets, where it lies in the mailbox.
#[agent(resident, sends(Member<'_>, Ready))]
#[derive(Default)]
pub struct Compressor {
    #[serde(skip)]
    compressor: BlockCompressor,
}

#[agent]
impl Compressor {
    #[handle]
    fn on_block(&mut self, block: &Block<'_>, ctx: &mut Context<Self>) -> Result<(), Failure> {
        let member = Member {
            sequence: block.sequence,
            data: self.compressor.member(block.data)?,
        };
        ctx.send("Writer", &member)?;
        let compressor = ctx.id();
        ctx.send("Reader", &Ready { compressor })?;
        Ok(())
    }
}
