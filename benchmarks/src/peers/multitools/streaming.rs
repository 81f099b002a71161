//! One way: an agent that sends, and residents that handle.

use super::failed;
use crate::job::{Job, Outcome, Result, Span};
use crate::machine::pin_process;
use crate::meter::Meter;
use crate::workloads::Text;
use crate::workloads::streams::on_bytes;
use multitools::{Agent, Behaviour, Context, Flow, LISTENERS, Supervisor, agent, message};
use std::hint::black_box;

/// Bytes that a handler borrows; the number stands in the first eight.
#[message]
struct Chunk<'a> {
    data: &'a [u8],
}

/// A text that a handler borrows.
#[message]
struct BorrowedText<'a> {
    seq: u64,
    text: &'a str,
}

/// Takes what is sent to it.
#[agent(resident, manual)]
struct Receiver {
    job: Job,
    meter: Meter,
}
#[agent]
impl Receiver {
    #[handle]
    fn on_text(&mut self, text: &Text) -> Result<(), String> {
        self.meter.on_message(text.seq)
    }

    #[handle]
    fn on_borrowed_text(&mut self, text: &BorrowedText<'_>) -> Result<(), String> {
        black_box(text.text);
        self.meter.on_message(text.seq)
    }

    #[handle]
    fn on_chunk(&mut self, chunk: &Chunk<'_>) -> Result<()> {
        on_bytes(&mut self.meter, chunk.data)
    }

    fn op(&mut self, ctx: &mut Context) -> Result<Span> {
        pin_process(self.job.far_core())?;
        while ctx.receive(self)? == Flow::Continue {}
        self.meter.span().ok_or_else(|| "not all has come".into())
    }
}

/// Takes what is sent to whoever is interested.
#[agent(resident, manual, listen_to(Text))]
struct Listener {
    meter: Meter,
}
#[agent]
impl Listener {
    #[handle]
    fn on_text(&mut self, text: &Text) -> Result<(), String> {
        self.meter.on_message(text.seq)
    }

    fn op(&mut self, ctx: &mut Context) -> Result<Span> {
        while ctx.receive(self)? == Flow::Continue {}
        self.meter.span().ok_or_else(|| "not all has come".into())
    }
}

#[agent(manual)]
struct TextSender {
    job: Job,
}
#[agent]
impl TextSender {
    fn op(&mut self, ctx: &mut Context) -> Result<()> {
        pin_process(self.job.near_core())?;
        let receiver = ctx.addr::<Receiver>();
        let mut text = Text::of(self.job.workload.bytes());
        for seq in 0..=self.job.count {
            text.seq = seq;
            receiver.send(ctx, &text)?;
        }
        Ok(())
    }
}

#[agent(manual)]
struct BorrowedTextSender {
    job: Job,
}
#[agent]
impl BorrowedTextSender {
    fn op(&mut self, ctx: &mut Context) -> Result<()> {
        pin_process(self.job.near_core())?;
        let receiver = ctx.addr::<Receiver>();
        let Text { text, .. } = Text::of(self.job.workload.bytes());
        for seq in 0..=self.job.count {
            receiver.send(ctx, &BorrowedText { seq, text: &text })?;
        }
        Ok(())
    }
}

#[agent(manual)]
struct ChunkSender {
    job: Job,
}
#[agent]
impl ChunkSender {
    fn op(&mut self, ctx: &mut Context) -> Result<()> {
        pin_process(self.job.near_core())?;
        let receiver = ctx.addr::<Receiver>();
        let mut data = vec![1; self.job.workload.bytes()];
        for seq in 0..=self.job.count {
            data[..8].copy_from_slice(&seq.to_le_bytes());
            receiver.send(ctx, &Chunk { data: &data })?;
        }
        Ok(())
    }
}

#[agent(manual)]
struct Announcer {
    job: Job,
}
#[agent]
impl Announcer {
    fn op(&mut self, ctx: &mut Context) -> Result<()> {
        let mut text = Text::of(self.job.workload.bytes());
        for seq in 0..=self.job.count {
            text.seq = seq;
            ctx.send(LISTENERS, &text)?;
        }
        Ok(())
    }
}

fn receiver(job: &Job) -> Receiver {
    Receiver {
        job: job.clone(),
        meter: Meter::new(job.count),
    }
}

/// Texts from one to one.
pub fn texts(job: &Job) -> Result<Outcome> {
    one_to_one(job, TextSender { job: job.clone() })
}

/// The same, which the receiver borrows.
pub fn borrowed_texts(job: &Job) -> Result<Outcome> {
    one_to_one(job, BorrowedTextSender { job: job.clone() })
}

/// Chunks from one to one.
pub fn chunks(job: &Job) -> Result<Outcome> {
    one_to_one(job, ChunkSender { job: job.clone() })
}

fn one_to_one(job: &Job, sender: impl Agent + Behaviour) -> Result<Outcome> {
    let mut supervisor = Supervisor::new();
    let span = supervisor.add(receiver(job)).output();
    supervisor.add(sender);
    let span = supervisor
        .supervise()
        .and_then(|mut results| results.take(span))
        .map_err(failed)?;
    Ok(Outcome::of_stream(job.workload, &[span]))
}

/// Texts from one to all that listen.
pub fn fan_out(job: &Job) -> Result<Outcome> {
    let mut supervisor = Supervisor::new();
    let mut outputs = Vec::new();
    for _ in 0..job.workload.receivers() {
        let meter = Meter::new(job.count);
        outputs.push(supervisor.add(Listener { meter }).output());
    }
    supervisor.add(Announcer { job: job.clone() });
    let mut results = supervisor.supervise().map_err(failed)?;
    let mut spans = Vec::new();
    for output in outputs {
        spans.push(results.take(output).map_err(failed)?);
    }
    Ok(Outcome::of_stream(job.workload, &spans))
}
