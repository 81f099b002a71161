//! `kameo`: actors of one process, here on two threads. What is sent is moved, not encoded.

use crate::job::{Job, Outcome, Result, Span, Workload};
use crate::machine::pin_thread;
use crate::meter::Meter;
use crate::workloads::{Text, trips};
use kameo::actor::Spawn;
use kameo::mailbox;
use kameo::message::{Context, Message};
use kameo::{Actor, Reply};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

/// Takes texts, counts them, and reports.
#[derive(Actor)]
struct Receiver {
    meter: Meter,
    report: mpsc::UnboundedSender<Result<Span, String>>,
}

impl Message<Text> for Receiver {
    type Reply = ();
    async fn handle(&mut self, text: Text, _: &mut Context<Self, ()>) {
        let noted = self.meter.on_message(text.seq);
        if let Some(outcome) = noted.err().map(Err).or(self.meter.span().map(Ok)) {
            let _ = self.report.send(outcome); // nobody waits for a second one
        }
    }
}

/// Asks for the same text with the next number.
struct Question(Text);

#[derive(Reply)]
struct Answer(Text);

impl Message<Question> for Receiver {
    type Reply = Answer;
    async fn handle(&mut self, question: Question, _: &mut Context<Self, Answer>) -> Answer {
        Answer(trips::reply(&question.0))
    }
}

/// Streams run on two threads that share the work as the runtime sees fit, which suits both libraries
/// better than any fixed placement. Trips are between two threads that are placed as the processes of
/// others are, or on one thread.
pub fn runtime(job: &Job) -> Result<Runtime> {
    if job.workload.is_stream() {
        return Ok(Builder::new_multi_thread().worker_threads(2).build()?);
    }
    let [near, far] = job.cores;
    pin_thread(near)?;
    if job.workload == Workload::TripOneCore {
        return Ok(Builder::new_current_thread().build()?);
    }
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).on_thread_start(move || {
        if let Err(error) = pin_thread(far) {
            eprintln!("not pinned: {error}");
        }
    });
    Ok(builder.build()?)
}

pub fn begin(job: &Job) -> Result<Outcome> {
    let runtime = runtime(job)?;
    match job.workload.is_stream() {
        true => runtime.block_on(runtime.spawn(stream(job.clone())))?,
        false => ask(job, &runtime),
    }
}

async fn stream(job: Job) -> Result<Outcome> {
    let (report, mut reports) = mpsc::unbounded_channel();
    let actors: Vec<_> = (0..job.workload.receivers())
        .map(|_| {
            let (meter, report) = (Meter::new(job.count), report.clone());
            // The usual mailbox holds 64 messages, and is slower for it.
            Receiver::spawn_with_mailbox(Receiver { meter, report }, mailbox::unbounded())
        })
        .collect();
    let mut text = Text::of(job.workload.bytes());
    for seq in 0..=job.count {
        text.seq = seq;
        for actor in &actors {
            actor.tell(text.clone()).await?;
        }
    }
    let mut spans = Vec::new();
    for _ in &actors {
        spans.push(reports.recv().await.ok_or("an actor has gone")??);
    }
    Ok(Outcome::of_stream(job.workload, &spans))
}

fn ask(job: &Job, runtime: &Runtime) -> Result<Outcome> {
    let (report, _reports) = mpsc::unbounded_channel();
    let meter = Meter::new(0);
    let _guard = runtime.enter();
    let actor = Receiver::spawn(Receiver { meter, report });
    let _load = trips::load(job)?;
    let mut text = Text::of(job.workload.bytes());
    trips::measure(job, &mut || {
        let answer = runtime.block_on(async { actor.ask(Question(text.clone())).await })?;
        text.seq = answer.0.seq;
        Ok(())
    })
}
