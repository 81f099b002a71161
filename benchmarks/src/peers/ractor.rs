//! `ractor`: actors of one process, here on two threads. What is sent is moved, not encoded.

use super::kameo::runtime;
use crate::job::{Job, Outcome, Result, Span};
use crate::meter::Meter;
use crate::workloads::{Text, trips};
use ractor::rpc::CallResult;
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

/// Takes texts, counts them, and reports.
struct Receiver;

enum Message {
    Text(Text),
    Question(Text, RpcReplyPort<Text>),
}

struct State {
    meter: Meter,
    report: mpsc::UnboundedSender<Span>,
}

impl Actor for Receiver {
    type Msg = Message;
    type State = State;
    type Arguments = State;

    async fn pre_start(
        &self,
        _: ActorRef<Message>,
        state: State,
    ) -> Result<State, ActorProcessingErr> {
        Ok(state)
    }

    async fn handle(
        &self,
        _: ActorRef<Message>,
        message: Message,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Text(text) => {
                state.meter.on_message(text.seq)?;
                if let Some(span) = state.meter.span() {
                    state.report.send(span)?;
                }
            }
            Message::Question(text, port) => port.send(trips::reply(&text))?,
        }
        Ok(())
    }
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
    let mut actors = Vec::new();
    for _ in 0..job.workload.receivers() {
        let (meter, report) = (Meter::new(job.count), report.clone());
        actors.push(
            Actor::spawn(None, Receiver, State { meter, report })
                .await?
                .0,
        );
    }
    drop(report);
    let mut text = Text::of(job.workload.bytes());
    for seq in 0..=job.count {
        text.seq = seq;
        for actor in &actors {
            actor.send_message(Message::Text(text.clone()))?;
        }
    }
    let mut spans = Vec::new();
    for _ in &actors {
        spans.push(reports.recv().await.ok_or("an actor has failed")?);
    }
    Ok(Outcome::of_stream(job.workload, &spans))
}

fn ask(job: &Job, runtime: &Runtime) -> Result<Outcome> {
    let (report, _reports) = mpsc::unbounded_channel();
    let meter = Meter::new(0);
    let (actor, _) = runtime.block_on(Actor::spawn(None, Receiver, State { meter, report }))?;
    let _load = trips::load(job)?;
    let mut text = Text::of(job.workload.bytes());
    trips::measure(job, &mut || {
        let ask = |port| Message::Question(text.clone(), port);
        match runtime.block_on(actor.call(ask, None))? {
            CallResult::Success(answer) => text.seq = answer.seq,
            _ => return Err("no answer".into()),
        }
        Ok(())
    })
}
