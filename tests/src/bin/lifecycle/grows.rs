//! An agent that is started again and again, and what that costs those who stay.

use multitools::{AskError, Context, Error, Restart, RunError, Supervisor, agent, message};
use multitools_tests::PATIENCE;
use std::time::Duration;

/// `restarts <count>`: prints `<who> <restarts> <descriptors> <KiB>` of the supervisor and of an agent that
/// talks to the one that is started again, at the beginning and ten times on the way.
pub(crate) fn restarts(arguments: &[String]) -> Result<(), RunError> {
    multitools::init();
    let count = arguments.first().and_then(|count| count.parse().ok());
    let count = count.unwrap_or(10);
    let mut supervisor = Supervisor::new();
    let policy = Restart::on_failure().max(u32::MAX);
    let policy = policy.backoff(Duration::ZERO, Duration::ZERO);
    supervisor.add(Dies).restart(policy);
    supervisor.add(Talks { count });
    supervisor.on_notice(|_| ());
    supervisor.on_print(|line| {
        println!("{line}");
        let after = line.split(' ').nth(1).and_then(|after| after.parse().ok());
        println!("{}", size("supervisor", after.unwrap_or_default()));
    });
    supervisor.supervise().map(drop)
}

fn size(who: &str, restarts: u32) -> String {
    let descriptors = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| {
        let line = line.strip_prefix("RssAnon:")?;
        line.trim().strip_suffix(" kB").map(str::to_owned)
    });
    let resident = resident.unwrap_or_default();
    format!("{who} {restarts} {descriptors} {resident}")
}

/// Ends its process unless it has been started again so often.
#[message(reply = ())]
struct Die {
    until: u32,
}

#[agent(name = "Dies", resident, manual)]
struct Dies;

#[agent]
impl Dies {
    #[handle]
    fn on_die(&mut self, die: &Die, ctx: &mut Context) {
        if u32::from(ctx.id().incarnation()) < die.until {
            std::process::exit(3);
        }
    }
}

#[agent(name = "Talks", manual)]
struct Talks {
    count: u32,
}

#[agent]
impl Talks {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let die = Die { until: self.count };
        let mut measured_at = 0;
        loop {
            let ids = ctx.wait_for("Dies", PATIENCE)?;
            let restarts = ids.iter().map(|id| u32::from(id.incarnation())).max();
            let restarts = restarts.unwrap_or_default();
            if restarts >= measured_at {
                ctx.print(size("talks", restarts));
                measured_at += (self.count / 10).max(1);
            }
            match ctx.ask("Dies", &die, PATIENCE) {
                Ok(()) => {
                    ctx.print(size("talks", self.count));
                    return Ok(());
                }
                // It has died, or is just away.
                Err(AskError::Dead { .. } | AskError::Send(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
    }
}
