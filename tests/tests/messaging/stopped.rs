//! Processes that are stopped at any moment, for a moment: nothing is lost, and nobody is left waiting.

use multitools::{
    AgentId, AnyMessage, Context, Error, Ids, RecvError, RunError, SendError, Supervisor, agent,
    message,
};
use multitools_tests::{Numbered, PATIENCE};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::HashMap;
use std::time::Duration;

/// How many talk to each other, and how many messages each sends to each other.
const AGENTS: usize = 4;
const EACH: u32 = 400;
/// How often somebody is stopped.
const STOPS: u32 = 150;

/// The number of a process that may be stopped.
#[message]
struct Stoppable(u32);

/// Sends to all others and takes what they send, in whatever order that goes best.
#[agent(name = "talks", manual)]
struct Talks;
#[agent]
impl Talks {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.send("stops", &Stoppable(std::process::id()))?;
        let own = ctx.id();
        let others: Ids = ctx
            .ids("talks")
            .iter()
            .copied()
            .filter(|id| *id != own)
            .collect();
        let mut next = HashMap::new();
        let mut missing = others.len() as u32 * EACH;
        for number in 0..EACH {
            let message = Numbered::new(number, size(number));
            for other in others.iter() {
                // Who waits for room only, or for messages only, may wait for who does the same.
                while !is_sent(ctx, *other, &message)? {
                    missing -= take_what_is_there(ctx, &mut next)?;
                }
            }
        }
        for _ in 0..missing {
            check(&ctx.next_message(PATIENCE)?, &mut next)?;
        }
        Ok(())
    }
}

/// With a mailbox of 100 000 bytes, most find it full at some time.
fn size(number: u32) -> usize {
    match number % 20 {
        0 => 70_000,
        other => 100 * other as usize,
    }
}

fn is_sent(ctx: &mut Context, to: AgentId, message: &Numbered) -> Result<bool, Error> {
    match ctx.send(to, message) {
        Ok(_) => Ok(true),
        Err(SendError::Full { .. }) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

fn take_what_is_there(ctx: &mut Context, next: &mut HashMap<AgentId, u32>) -> Result<u32, Error> {
    let mut taken = 0;
    loop {
        match ctx.next_message(Duration::ZERO) {
            Ok(message) => check(&message, next)?,
            Err(RecvError::Timeout(_)) => return Ok(taken),
            Err(other) => return Err(other.into()),
        }
        taken += 1;
    }
}

fn check(message: &AnyMessage, next: &mut HashMap<AgentId, u32>) -> Result<(), Error> {
    let next = next.entry(message.sender()).or_default();
    let numbered = message.decode::<Numbered>()?;
    if numbered.number != *next || !numbered.is_intact() {
        let (sender, number) = (message.sender(), numbered.number);
        let text = format!("{number} instead of {next} from {sender}");
        return Err(Error::Handler(text));
    }
    *next += 1;
    Ok(())
}

/// Stops and continues the others at random.
#[agent(name = "stops", manual)]
struct Stops;
#[agent]
impl Stops {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let mut processes = Vec::new();
        for _ in 0..AGENTS {
            let Stoppable(process) = ctx.next_message(PATIENCE)?.decode::<Stoppable>()?;
            processes.extend(i32::try_from(process).ok().and_then(Pid::from_raw));
        }
        let mut random = std::process::id();
        for _ in 0..STOPS {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let process = processes[(random >> 16) as usize % AGENTS];
            // It may have ended by now.
            let _ = kill_process(process, Signal::STOP);
            for _ in 0..random >> 14 {
                std::hint::spin_loop();
            }
            let _ = kill_process(process, Signal::CONT);
        }
        Ok(())
    }
}

#[multitools::test]
fn r01_r02_whoever_is_stopped_for_a_while_loses_and_delays_nothing_for_good() -> Result<(), RunError>
{
    for _ in 0..3 {
        let mut supervisor = Supervisor::new();
        supervisor.mailbox_limit(100_000);
        supervisor.send_timeout(Duration::from_millis(20));
        supervisor.add(Stops);
        for _ in 0..AGENTS {
            supervisor.add(Talks);
        }
        supervisor.supervise()?;
    }
    Ok(())
}
