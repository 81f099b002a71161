//! The agent that writes.

use super::failure::Failure;
use super::messages::{Advance, Block, EndOfStream, Member, Progress, Written};
use multitools::{Context, LISTENERS, agent};
use multitools_examples::archiver::{
    BlockCompressor, Draft, DraftError, Job, OrderError, OrderedWriter, Summary, Target,
};
use std::time::Instant;

/// Puts the members into their order and into the file.
#[agent(sends(Written), announces(Progress))]
pub struct Writer {
    target: Target,
    block_size: usize,
    look_ahead: usize,
    #[serde(skip)]
    output: Option<OrderedWriter<Draft>>,
    /// For blocks that the compressors fail at.
    #[serde(skip)]
    compressor: BlockCompressor,
    #[serde(skip)]
    end: Option<EndOfStream>,
}

#[agent]
impl Writer {
    #[handle]
    fn on_member(&mut self, member: &Member<'_>, ctx: &mut Context<Self>) -> Result<(), Failure> {
        self.accept(member.sequence, member.data, ctx)
    }

    #[handle]
    fn on_block(&mut self, block: &Block<'_>, ctx: &mut Context<Self>) -> Result<(), Failure> {
        let mut compressor = std::mem::take(&mut self.compressor);
        let member = compressor.member(block.data)?;
        self.accept(block.sequence, member, ctx)?;
        self.compressor = compressor;
        Ok(())
    }

    #[handle]
    fn on_end(&mut self, end: &EndOfStream) {
        self.end = Some(EndOfStream { ..*end });
    }

    fn op(&mut self, ctx: &mut Context<Self>) -> Result<Summary, Failure> {
        let start = Instant::now();
        let end = self.receive_all(ctx)?;
        let output = self.take_output()?;
        let bytes_out = output.bytes();
        output
            .finish(end.blocks)
            .map_err(|error| Failure::Write {
                path: self.target.path(),
                error,
            })?
            .commit()?;
        ctx.send(LISTENERS, &Progress::Done)?;
        Ok(Summary {
            files: end.files,
            bytes_in: end.bytes,
            bytes_out,
            seconds: start.elapsed().as_secs_f64(),
            losses: end.losses,
        })
    }
}

impl Writer {
    /// A writer that lets at most `look_ahead` members wait for an earlier one.
    pub fn new(job: &Job, look_ahead: usize) -> Writer {
        Writer {
            target: job.target.clone(),
            block_size: job.block_size,
            look_ahead,
            output: None,
            compressor: BlockCompressor::default(),
            end: None,
        }
    }

    /// Takes a member, of which there may be a copy: a compressor that was killed handles its last block
    /// again.
    fn accept(
        &mut self,
        sequence: u64,
        member: &[u8],
        ctx: &mut Context<Self>,
    ) -> Result<(), Failure> {
        let path = self.target.path();
        let block_size = self.block_size as u64;
        let output = self.output()?;
        match output.accept(sequence, member) {
            Err(OrderError::Repeated { .. }) => return Ok(()),
            accepted => accepted.map_err(|error| Failure::Write { path, error })?,
        }
        let members = output.written();
        let advance = Advance {
            bytes_in: members * block_size,
            bytes_out: output.bytes(),
        };
        ctx.send("Reader", &Written { members })?;
        ctx.send(LISTENERS, &advance)?;
        Ok(())
    }

    /// Handles messages until the end of the stream is known and reached.
    fn receive_all(&mut self, ctx: &mut Context<Self>) -> Result<EndOfStream, Failure> {
        loop {
            let written = self.output.as_ref().map_or(0, OrderedWriter::written);
            match self.end.take_if(|end| end.blocks == written) {
                Some(end) => return Ok(end),
                None => ctx.receive(self)?,
            };
        }
    }

    /// The file, which is opened in the process that writes it.
    fn output(&mut self) -> Result<&mut OrderedWriter<Draft>, DraftError> {
        let output = self.take_output()?;
        Ok(self.output.insert(output))
    }

    fn take_output(&mut self) -> Result<OrderedWriter<Draft>, DraftError> {
        match self.output.take() {
            Some(output) => Ok(output),
            None => Ok(OrderedWriter::new(
                Draft::create(self.target.clone())?,
                self.look_ahead,
            )),
        }
    }
}
