//! R10: how many agents there may be, at once and one after the other.

use multitools::{
    Context, Error, Flow, Limits, RunError, Supervisor, agent, message, process, run,
};
use multitools_tests::PATIENCE;
use rustix::process::{Resource, getrlimit};

#[process]
fn nothing() {}

#[process]
fn doubles(number: u32) -> u32 {
    2 * number
}

#[multitools::test]
fn r10_a_run_that_begins_with_too_many_agents_does_not_begin() {
    let mut supervisor = Supervisor::new();
    for _ in 0..=1 << 16 {
        supervisor.add(nothing::with());
    }
    let ended = supervisor.supervise();
    let Err(error @ RunError::TooMany(65_537)) = ended else {
        panic!("{ended:?}");
    };
    let text = "65537 agents are more than the 65,536 that a run may have";
    assert_eq!(error.to_string(), text);
}

/// Spawns wave after wave, and joins all of each.
#[agent(manual)]
struct Waves {
    waves: u32,
    each: u32,
}
#[agent]
impl Waves {
    fn op(&mut self, ctx: &mut Context) -> Result<(u64, u32), Error> {
        let (mut sum, mut highest) = (0, 0);
        for wave in 0..self.waves {
            let mut spawned = Vec::new();
            for number in 0..self.each {
                let one = ctx.spawn(doubles::with(wave * self.each + number))?;
                highest = highest.max(one.id().slot());
                spawned.push(one);
            }
            for one in spawned {
                sum += u64::from(ctx.join(one, PATIENCE)?);
            }
        }
        Ok((sum, highest))
    }
}

/// More than there are numbers of incarnations that are kept apart by their memory or their accounts.
#[multitools::test]
fn r10_a_hundred_agents_are_spawned_in_few_slots() -> Result<(), RunError> {
    spawn_in_waves(20, 5)
}

#[multitools::test]
#[ignore = "takes a while"]
fn r10_a_thousand_agents_are_spawned_in_few_slots() -> Result<(), RunError> {
    spawn_in_waves(20, 50)
}

fn spawn_in_waves(waves: u32, each: u32) -> Result<(), RunError> {
    let ((sum, highest),) = run!(Waves { waves, each })?;
    let all = u64::from(waves * each);
    assert_eq!(sum, all * (all - 1));
    // Over sockets some slots wait for the accounts of what was sent there.
    assert!(highest <= 4 * each, "{all} agents have had {highest} slots");
    Ok(())
}

#[process(files = 100)]
fn files() -> Option<u64> {
    getrlimit(Resource::Nofile).maximum
}

/// Spawns one that keeps to what it declares, and one with a limit of its own.
#[agent(manual)]
struct Limiting;
#[agent]
impl Limiting {
    fn op(&mut self, ctx: &mut Context) -> Result<[Option<u64>; 2], Error> {
        let declared = ctx.prepare(files::with()).spawn()?;
        let limits = Limits::none().files(77);
        let other = ctx.prepare(files::with()).limits(limits).spawn()?;
        Ok([ctx.join(declared, PATIENCE)?, ctx.join(other, PATIENCE)?])
    }
}

#[multitools::test]
fn r13_a_spawned_agent_has_the_limits_that_it_was_prepared_with() {
    let (files,) = run!(Limiting).unwrap();
    assert_eq!(files, [Some(100), Some(77)]);
}

/// Asks a [`Sleeper`] how many idlers it knows, and how often its other threads have slept: one of them hears
/// its supervisor.
#[message(reply = (usize, u64))]
struct Look;

#[message]
struct Wake;

#[agent(name = "sleeper", resident, manual)]
struct Sleeper;
#[agent]
impl Sleeper {
    #[handle]
    fn on_look(&mut self, _: &Look, ctx: &mut Context) -> Result<(usize, u64), std::io::Error> {
        Ok((ctx.ids("idler").len(), sleeps_of_others()?))
    }
}

/// How often the threads of this process have slept, apart from the one that asks.
fn sleeps_of_others() -> std::io::Result<u64> {
    let own = std::fs::canonicalize("/proc/thread-self")?;
    let mut sum = 0;
    for thread in std::fs::read_dir("/proc/self/task")? {
        let thread = thread?.path();
        if thread.file_name() == own.file_name() {
            continue;
        }
        let status = std::fs::read_to_string(thread.join("status"))?;
        let mut lines = status.lines();
        let sleeps = lines.find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        sum += sleeps
            .map_or(Ok(0), |sleeps| sleeps.trim().parse())
            .map_err(std::io::Error::other)?;
    }
    Ok(sum)
}

#[agent(name = "idler", manual)]
struct Idler;
#[agent]
impl Idler {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        while ctx.receive(self)? == Flow::Continue {}
        Ok(())
    }
    #[handle]
    fn on_wake(&mut self, _: &Wake) -> Flow {
        Flow::Stop
    }
}

/// Spawns so many idlers, and looks what a sleeper has had of it.
#[agent(manual)]
struct Nursery {
    idlers: usize,
}
#[agent]
impl Nursery {
    fn op(&mut self, ctx: &mut Context) -> Result<(usize, u64), Error> {
        let (known, before) = ctx.ask("sleeper", &Look, PATIENCE)?;
        assert_eq!(known, 0);
        for _ in 0..self.idlers {
            drop(ctx.spawn(Idler)?);
        }
        let (known, after) = ctx.ask("sleeper", &Look, PATIENCE)?;
        ctx.send("idler", &Wake)?;
        Ok((known, after - before))
    }
}

#[multitools::test]
fn r10_who_sleeps_is_not_woken_by_those_who_join_and_knows_them_when_it_wakes() {
    let idlers = 16;
    let ((known, woken), ()) = run!(Nursery { idlers }, Sleeper).unwrap();
    assert_eq!(known, idlers);
    assert!(
        woken < 8,
        "it was woken {woken} times by {idlers} who joined"
    );
}
