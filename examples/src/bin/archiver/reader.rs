//! The agent that reads.

use super::DEPTH;
use super::failure::Failure;
use super::messages::{Block, EndOfStream, Ready, Remark, Written};
use multitools::{AgentId, Context, LISTENERS, PoisonMessage, agent};
use multitools_examples::archiver::{Job, Note, Sink, Window, pack};

/// Reads the tree and deals its blocks out.
#[agent(sends(Block<'_>, EndOfStream), announces(Remark))]
pub struct Reader {
    job: Job,
    #[serde(skip)]
    window: Window<AgentId>,
}

#[agent]
impl Reader {
    #[handle]
    fn on_ready(&mut self, ready: &Ready) {
        self.window.returned(ready.sequence);
    }

    /// A compressor has failed at a block too often: the writer compresses it itself.
    #[handle]
    fn on_poison(
        &mut self,
        poison: &PoisonMessage,
        ctx: &mut Context<Self>,
    ) -> Result<(), Failure> {
        let message = poison.message()?;
        let Block { sequence, data } = message.decode::<Block>()?;
        // It may have failed with the last step behind it.
        if self.window.returned(sequence) {
            ctx.send("Writer", &Block { sequence, data })?;
        }
        Ok(())
    }

    #[handle]
    fn on_written(&mut self, written: &Written) {
        self.window.written(written.members);
    }

    fn op(&mut self, ctx: &mut Context<Self>) -> Result<(), Failure> {
        self.window = Window::new(&ctx.ids("Compressor"), DEPTH);
        let job = self.job.clone();
        let packed = pack(&job, &mut Dealer { reader: self, ctx })?;
        let end = EndOfStream {
            blocks: packed.blocks,
            bytes: packed.bytes,
            files: packed.files,
            losses: packed.losses,
        };
        ctx.send("Writer", &end)?;
        self.settle(ctx)
    }
}

impl Reader {
    /// A reader with this job.
    pub fn new(job: Job) -> Reader {
        let window = Window::default();
        Reader { job, window }
    }

    /// Waits until everything is written and every credit has come back: nobody must be left to send one
    /// to a reader that has ended.
    fn settle(&mut self, ctx: &mut Context<Self>) -> Result<(), Failure> {
        while !self.window.is_settled() {
            ctx.receive(self)?;
        }
        Ok(())
    }
}

/// Gives each block to the compressor that has had room for the longest time.
struct Dealer<'r> {
    reader: &'r mut Reader,
    ctx: &'r mut Context<Reader>,
}

impl Sink for Dealer<'_> {
    type Error = Failure;

    fn block(&mut self, sequence: u64, data: &[u8]) -> Result<(), Failure> {
        let compressor = loop {
            match self.reader.window.give() {
                Some(compressor) => break compressor,
                None => self.ctx.receive(self.reader)?,
            };
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
