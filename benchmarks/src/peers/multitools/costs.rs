//! What agents cost that wait, that are many, and that talk.

use super::failed;
use crate::job::{Job, Outcome, Result};
use crate::machine::{children, memory, parent, peak_memory, processor_time};
use crate::workloads::Text;
use multitools::{
    AnyMessage, Context, EmptyMessage, RecvError, SUPERVISOR, Supervisor, agent, message,
};
use std::time::{Duration, Instant};

/// How long agents have to settle after their start.
const SETTLING: Duration = Duration::from_millis(500);
/// Starting a thousand processes may take long on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
const IDLERS: u64 = 100;

/// Says how many texts have come.
#[message(reply = u64)]
struct Count;

/// Waits, takes texts, and answers.
#[agent(name = "Waiter", resident, manual)]
#[derive(Default)]
struct Waiter {
    texts: u64,
}
#[agent]
impl Waiter {
    #[handle]
    fn on_text(&mut self, _: &Text) {
        self.texts += 1;
    }

    #[handle]
    fn on_count(&mut self, _: &Count) -> u64 {
        self.texts
    }
}

/// Waits; nobody is to send to it.
fn pass(ctx: &mut Context, time: Duration) -> Result<()> {
    match ctx.next_message(time) {
        Err(RecvError::Timeout { .. }) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => Err("somebody has sent something".into()),
    }
}

/// Looks at all processes of the run but its own, which is busy looking.
#[agent(manual)]
struct Observer {
    job: Job,
}
#[agent]
impl Observer {
    fn op(&mut self, ctx: &mut Context) -> Result<Outcome> {
        let supervisor = parent()?;
        let mut all = children(supervisor)?;
        all.retain(|&process| process != std::process::id());
        all.push(supervisor);
        let ran = || {
            all.iter()
                .map(|&process| processor_time(process))
                .sum::<Result<u64>>()
        };
        pass(ctx, SETTLING)?;
        let (before, begun) = (ran()?, Instant::now());
        pass(ctx, Duration::from_millis(self.job.count))?;
        let (after, seconds) = (ran()?, begun.elapsed().as_secs_f64());
        let percent = (after - before) as f64 / 1e9 / seconds * 100.0;
        Ok(Outcome::new(seconds, [("percent", percent)]))
    }
}

/// The processor time that 100 agents and their supervisor use for as many milliseconds as the job says.
pub fn idle(job: &Job) -> Result<Outcome> {
    let mut supervisor = Supervisor::new();
    supervisor.start_timeout(PATIENCE);
    for _ in 0..IDLERS {
        supervisor.add(Waiter::default());
    }
    let outcome = supervisor.add(Observer { job: job.clone() }).output();
    supervisor
        .supervise()
        .and_then(|mut results| results.take(outcome))
        .map_err(failed)
}

/// Sends every waiter a text, sees that all have got it, and says so.
#[agent(manual)]
struct Greeter {
    job: Job,
}
#[agent]
impl Greeter {
    fn op(&mut self, ctx: &mut Context) -> Result<()> {
        let delivery = ctx.send("Waiter", &Text::of(16))?;
        if delivery.reached as u64 != self.job.count {
            return Err(format!("only {} were reached", delivery.reached).into());
        }
        for waiter in &ctx.ids("Waiter") {
            if ctx.ask(*waiter, &Count, PATIENCE)? != 1 {
                return Err("an agent has not got its message".into());
            }
        }
        ctx.send(SUPERVISOR, &EmptyMessage)?;
        Ok(())
    }
}

/// As many agents as the job says: each is started, sent a message, and stopped.
pub fn thousand(job: &Job) -> Result<Outcome> {
    let mut seen = None;
    let mut supervisor = Supervisor::new();
    supervisor
        .start_timeout(PATIENCE)
        .leave_grace(PATIENCE)
        .send_timeout(PATIENCE);
    for _ in 0..job.count {
        supervisor.add(Waiter::default());
    }
    supervisor.add(Greeter { job: job.clone() });
    let begun = Instant::now();
    supervisor
        .on_object(|_: &AnyMessage| {
            let looking = Instant::now();
            let figures = sizes();
            seen = Some((figures, looking.elapsed().as_secs_f64()));
        })
        .supervise()
        .map_err(failed)?;
    drop(supervisor);
    let seconds = begun.elapsed().as_secs_f64();
    let (sizes, looking) = seen.ok_or("the messages have not all come")?;
    let [resident, proportional, each] = sizes?;
    let seconds = seconds - looking;
    let figures = [
        ("seconds", seconds),
        ("resident", resident),
        ("peak", peak_memory()? / 1024.0),
        ("proportional", proportional),
        ("each", each),
    ];
    Ok(Outcome::new(seconds, figures))
}

/// What this process has in memory, what of that is its own share, and the mean share of its children:
/// in MiB, MiB and KiB.
fn sizes() -> Result<[f64; 3]> {
    let this = std::process::id();
    let children = children(this)?;
    // Whoever has said that all is done may have ended meanwhile.
    let shares = children.iter().flat_map(|&child| memory(child, &["Pss"]));
    let shares: Vec<f64> = shares.collect();
    let each = shares.iter().sum::<f64>() / shares.len() as f64;
    Ok([
        memory(this, &["Rss"])? / 1024.0,
        memory(this, &["Pss"])? / 1024.0,
        each,
    ])
}

/// Talks to the one waiter there is, and looks at what that has cost.
#[agent(manual)]
struct Talker {
    job: Job,
}
#[agent]
impl Talker {
    fn op(&mut self, ctx: &mut Context) -> Result<Outcome> {
        let supervisor = parent()?;
        let mut all = children(supervisor)?;
        all.push(supervisor);
        // The memory they have written to, shared memory included; not the program they share.
        let lines = ["Pss_Anon", "Pss_Shmem"];
        let held = || {
            all.iter()
                .map(|&process| memory(process, &lines))
                .sum::<Result<f64>>()
        };
        pass(ctx, SETTLING)?;
        held()?; // looking costs memory itself, the first time
        let (before, begun) = (held()?, Instant::now());
        let waiter = ctx.addr::<Waiter>();
        let text = Text::of(16);
        for _ in 0..self.job.count {
            waiter.send(ctx, &text)?;
        }
        if waiter.ask(ctx, &Count)? != self.job.count {
            return Err("not all messages have come".into());
        }
        let seconds = begun.elapsed().as_secs_f64();
        Ok(Outcome::new(seconds, [("kibibytes", held()? - before)]))
    }
}

/// What two agents, between which nothing has been sent, have more in memory when as many texts have
/// been as the job says.
pub fn pair(job: &Job) -> Result<Outcome> {
    let mut supervisor = Supervisor::new();
    supervisor.add(Waiter::default());
    let outcome = supervisor.add(Talker { job: job.clone() }).output();
    supervisor
        .supervise()
        .and_then(|mut results| results.take(outcome))
        .map_err(failed)
}
