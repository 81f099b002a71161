//! R15: whoever watches one that is killed is told of it, whatever either of them is doing.

use multitools::{
    AgentId, AnyMessage, AskError, Context, Down, DownReason, Error, Notice, Restart, RunError,
    SendError, Supervisor, agent, message,
};
use multitools_tests::{Bell, Never, Numbered, PATIENCE, Ping, fill, insist, serve};
use std::time::Duration;

#[message]
struct Pid {
    pid: u32,
}

/// The last incarnation is there.
#[message(reply = ())]
struct Last;

fn quickly(policy: Restart) -> Restart {
    policy.backoff(Duration::from_millis(1), Duration::from_millis(5))
}

fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

/// The next message, which is the word of an end.
fn next_down(ctx: &mut Context) -> Result<Down, Error> {
    Ok(ctx.next_message(PATIENCE)?.decode::<Down>()?)
}

const LIVES: u16 = 6;

/// Sends numbers without an end, small and large, until it is killed; its last incarnation ends well.
#[agent(name = "flooder", manual)]
struct Flooder;
#[agent]
impl Flooder {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        if ctx.id().incarnation() + 1 == LIVES {
            ctx.ask("watcher", &Last, PATIENCE)?;
            return Ok(());
        }
        ctx.send(
            "watcher",
            &Pid {
                pid: std::process::id(),
            },
        )?;
        for number in 0.. {
            let bytes = if number % 17 == 5 { 100_000 } else { 300 };
            insist(ctx, "watcher", &Numbered::new(number, bytes))?;
        }
        Ok(())
    }
}

/// Kills the flooder after so many of its messages, again and again, and writes down what comes.
#[agent(name = "watcher", resident, manual)]
#[derive(Default)]
struct Watcher {
    downs: Vec<(u16, bool)>,
    pid: u32,
    flooder: Option<AgentId>,
    monitors: usize,
    /// How many messages of each incarnation have come.
    heard: [u32; LIVES as usize],
}
#[agent]
impl Watcher {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<(u16, bool)>, Error> {
        self.watch(ctx);
        serve(self, ctx)?;
        assert_eq!(self.downs.len(), self.monitors);
        Ok(std::mem::take(&mut self.downs))
    }
    #[handle]
    fn on_pid(&mut self, pid: &Pid) {
        self.pid = pid.pid;
    }
    #[handle]
    fn on_last(&mut self, _: &Last, ctx: &mut Context) {
        // An earlier monitor may have been too late for this one.
        self.watch(ctx);
    }
    #[handle]
    fn on_any(&mut self, message: &AnyMessage) -> Result<(), Error> {
        let incarnation = message.sender().incarnation();
        let heard = &mut self.heard[usize::from(incarnation)];
        let number = message.decode::<Numbered>()?;
        assert_eq!(number.number, *heard);
        *heard += 1;
        assert!(number.is_intact());
        assert!(self.downs.iter().all(|(down, _)| *down != incarnation));
        if number.number == 40 {
            kill(self.pid);
        }
        Ok(())
    }
    #[handle]
    fn on_down(&mut self, down: &Down, ctx: &mut Context) {
        let killed = "was killed by SIGKILL (signal 9)".to_owned();
        match &down.reason {
            DownReason::Failed { text } => assert_eq!(*text, killed),
            reason => assert_eq!(*reason, DownReason::Finished),
        }
        self.downs.push((down.id.incarnation(), down.restarting));
        if down.restarting {
            self.watch(ctx);
        }
    }
}
impl Watcher {
    fn watch(&mut self, ctx: &mut Context) {
        let flooder = *self.flooder.get_or_insert_with(|| ctx.ids("flooder")[0]);
        ctx.monitor(flooder);
        self.monitors += 1;
    }
}

#[multitools::test]
fn r15_who_is_killed_in_a_flood_is_down_once_and_after_all_that_it_had_sent() -> Result<(), RunError>
{
    let mut supervisor = Supervisor::new();
    let policy = Restart::on_failure().max(LIVES.into());
    supervisor.add(Flooder).restart(quickly(policy));
    let downs = supervisor.add(Watcher::default()).output();
    supervisor.on_notice(|notice| {
        if let Notice::Restarting { report, .. } = notice {
            let cause = report.as_ref().unwrap().cause.to_string();
            assert!(cause.contains("SIGKILL"), "{cause}");
        }
    });
    let downs = supervisor.supervise()?.take(downs)?;
    // Two of its lives may be over before the end of the first is told.
    assert!(downs.is_sorted(), "{downs:?}");
    assert_eq!(downs.first(), Some(&(0, true)));
    let last = (LIVES - 1, false);
    assert!(downs.iter().all(|down| down.1 || *down == last));
    let tail = downs.iter().filter(|down| **down == last).count();
    assert!(tail > 0);
    let mut lives = downs.clone();
    lives.dedup();
    assert_eq!(lives.len(), downs.len() - (tail - 1));
    Ok(())
}

/// Is killed by another when that says so.
#[agent(name = "victim", manual)]
struct Victim;
#[agent]
impl Victim {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        if ctx.id().incarnation() > 0 {
            return Ok(());
        }
        let pid = std::process::id();
        ctx.send("blocked", &Pid { pid })?;
        ctx.send("killer", &Pid { pid })?;
        std::thread::park();
        Ok(())
    }
}

/// Kills as soon as it is told to.
#[agent(name = "killer", manual)]
struct Killer;
#[agent]
impl Killer {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let (one, other) = (ctx.next_message(PATIENCE)?, ctx.next_message(PATIENCE)?);
        let pid = one.decode::<Pid>().or_else(|_| other.decode::<Pid>())?;
        kill(pid.pid);
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
enum In {
    NextMessage,
    Ask,
    Send,
}

/// Is in the midst of something when the victim is killed.
#[agent(name = "blocked", manual)]
struct Blocked {
    r#in: In,
}
#[agent]
impl Blocked {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.next_message(PATIENCE)?.decode::<Pid>()?;
        let victim = ctx.ids("victim")[0];
        ctx.monitor(victim);
        if let In::Send = self.r#in {
            fill(ctx, "victim", 10_000)?;
        }
        ctx.send("killer", &Ping)?;
        match self.r#in {
            In::NextMessage => {}
            In::Ask => match ctx.ask(victim, &Never, PATIENCE) {
                Err(AskError::Dead { .. }) => {}
                other => panic!("{other:?}"),
            },
            // Over shared memory the mailbox outlives the victim.
            In::Send => match ctx.send(victim, &Numbered::new(0, 10_000)) {
                Ok(_) | Err(SendError::Dead { .. } | SendError::Full { .. }) => {}
                other => panic!("{other:?}"),
            },
        }
        let down = next_down(ctx)?;
        assert_eq!((down.id, down.restarting), (victim, true));
        Ok(())
    }
}

#[multitools::test]
fn r15_whoever_is_blocked_in_something_is_told() -> Result<(), RunError> {
    for r#in in [In::NextMessage, In::Ask, In::Send] {
        let mut supervisor = Supervisor::new();
        supervisor
            .add(Victim)
            .restart(quickly(Restart::on_failure()));
        supervisor.add(Killer);
        supervisor.add(Bell);
        supervisor.add(Blocked { r#in });
        supervisor.on_notice(|_| ());
        supervisor.supervise()?;
    }
    Ok(())
}
