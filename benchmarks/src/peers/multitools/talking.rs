//! There and back: a request and its reply.

use super::failed;
use crate::job::{Job, Outcome, Result};
use crate::machine::pin_process;
use crate::workloads::{Text, trips};
use multitools::{Context, Error, Flow, Supervisor, agent, message};

/// Asks for the same text with the next number.
#[message(reply = Text)]
struct Question {
    text: Text,
}

#[agent(resident, manual)]
struct Answerer {
    job: Job,
}
#[agent]
impl Answerer {
    #[handle]
    fn on_question(&mut self, question: &Question) -> Text {
        trips::reply(&question.text)
    }

    fn op(&mut self, ctx: &mut Context) -> Result<()> {
        pin_process(self.job.far_core())?;
        while ctx.receive(self)? == Flow::Continue {}
        Ok(())
    }
}

#[agent(manual)]
struct Asker {
    job: Job,
}
#[agent]
impl Asker {
    fn op(&mut self, ctx: &mut Context) -> Result<Outcome> {
        pin_process(self.job.near_core())?;
        let answerer = ctx.addr::<Answerer>();
        let text = Text::of(self.job.workload.bytes());
        let mut question = Question { text };
        trips::measure(&self.job, &mut || {
            let answer = answerer.ask(ctx, &question).map_err(Error::from)?;
            if answer.seq != question.text.seq + 1 {
                return Err("this is no answer to the last message".into());
            }
            question.text.seq = answer.seq;
            Ok(())
        })
    }
}

/// Makes the trips, beside what the job wants there to be.
pub fn trips(job: &Job) -> Result<Outcome> {
    let _load = trips::load(job)?;
    let mut supervisor = Supervisor::new();
    supervisor.add(Answerer { job: job.clone() });
    let outcome = supervisor.add(Asker { job: job.clone() }).output();
    supervisor
        .supervise()
        .and_then(|mut results| results.take(outcome))
        .map_err(failed)
}
