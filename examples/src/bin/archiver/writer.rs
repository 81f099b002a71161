//! The agent that writes.

use super::failure::Failure;
use super::messages::{Advance, EndOfStream, Member, Progress, Written};
use multitools::{Context, LISTENERS, agent};
use multitools_examples::archiver::{
    BLOCK_SIZE, Draft, DraftError, OrderedWriter, Summary, Target,
};
use std::time::Instant;

/// Puts the members into their order and into the file.
#[agent(sends(Written), announces(Progress))]
pub struct Writer {
    target: Target,
    look_ahead: usize,
    #[serde(skip)]
    output: Option<OrderedWriter<Draft>>,
    #[serde(skip)]
    end: Option<EndOfStream>,
}

#[agent]
impl Writer {
    #[handle]
    fn on_member(&mut self, member: &Member<'_>, ctx: &mut Context<Self>) -> Result<(), Failure> {
        let path = self.target.path();
        let output = self.output()?;
        output
            .accept(member.sequence, member.data)
            .map_err(|error| Failure::Write { path, error })?;
        let members = output.written();
        let advance = Advance {
            bytes_in: members * BLOCK_SIZE as u64,
            bytes_out: output.bytes(),
        };
        ctx.send("Reader", &Written { members })?;
        ctx.send(LISTENERS, &advance)?;
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
    pub fn new(target: Target, look_ahead: usize) -> Writer {
        Writer {
            target,
            look_ahead,
            output: None,
            end: None,
        }
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
