//! The agent that reads.

use super::DEPTH;
use super::failure::Failure;
use super::messages::{Block, EndOfStream, Ready, Remark, Written};
use multitools::{AgentId, Context, LISTENERS, agent};
use multitools_examples::archiver::{Job, Note, Sink, Window, pack};

/// Reads the tree and deals its blocks out.
#[agent]
pub struct Reader {
    pub job: Job,
}

#[agent]
impl Reader {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Failure> {
        let compressors = ctx.ids("Compressor");
        let mut dealer = Dealer {
            window: Window::new(&compressors, DEPTH),
            ctx,
        };
        let packed = pack(&self.job, &mut dealer)?;
        dealer.ctx.send(
            "Writer",
            &EndOfStream {
                blocks: packed.blocks,
                bytes: packed.bytes,
                files: packed.files,
                losses: packed.losses,
            },
        )?;
        dealer.settle()
    }
}

/// Gives each block to the compressor that has had room for the longest time.
struct Dealer<'c> {
    ctx: &'c mut Context,
    window: Window<AgentId>,
}

impl Dealer<'_> {
    /// Waits until everything is written and every credit has come back: nobody must be left to send one
    /// to a reader that has ended.
    fn settle(mut self) -> Result<(), Failure> {
        while !self.window.is_settled() {
            self.take_credit()?;
        }
        Ok(())
    }

    fn take_credit(&mut self) -> Result<(), Failure> {
        let message = self.ctx.next_message(None)?;
        if message.is::<Ready>() {
            self.window.returned(message.sender());
        } else if let Ok(written) = message.decode::<Written>() {
            self.window.written(written.members);
        }
        Ok(())
    }
}

impl Sink for Dealer<'_> {
    type Error = Failure;

    fn block(&mut self, sequence: u64, data: &[u8]) -> Result<(), Failure> {
        let compressor = loop {
            match self.window.give() {
                Some(compressor) => break compressor,
                None => self.take_credit()?,
            }
        };
        self.ctx.send(compressor, &Block { sequence, data })?;
        Ok(())
    }

    fn note(&mut self, note: Note) -> Result<(), Failure> {
        let text = note.to_string();
        self.ctx.send(LISTENERS, &Remark { text })?;
        Ok(())
    }
}
