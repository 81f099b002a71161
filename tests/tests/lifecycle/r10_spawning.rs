//! R10, R11: agents that are started by others while the run is going on.

use multitools::{
    AgentId, Context, Error, JoinError, ProcessList, Recipients, ResidentTermMessage, SendError,
    SpawnError, Supervisor, agent, message, process, run,
};
use multitools_tests::lifecycle::{LONG, Program};
use multitools_tests::{Numbered, PATIENCE, serve};
use std::process::Command;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_spawning");

/// Asks a [`Worker`] for what it has taken.
#[message(reply = Vec<u32>)]
struct Tell;

/// Takes numbers until it has so many, and returns them.
#[agent(name = "worker", manual)]
struct Worker {
    until: usize,
    taken: Vec<u32>,
}
impl Worker {
    fn new(until: usize) -> Worker {
        Worker {
            until,
            taken: Vec::new(),
        }
    }
}
#[agent]
impl Worker {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        while self.taken.len() < self.until {
            ctx.receive(self)?;
        }
        Ok(std::mem::take(&mut self.taken))
    }
    #[handle]
    fn on_number(&mut self, m: &Numbered) {
        assert!(m.is_intact());
        self.taken.push(m.number);
    }
    #[handle]
    fn on_tell(&mut self, _: &Tell) -> Vec<u32> {
        self.taken.clone()
    }
}

/// Sends to a spawned agent in every way, from the first moment on.
#[agent(manual)]
struct Foreman;
#[agent]
impl Foreman {
    fn op(&mut self, ctx: &mut Context) -> Result<(Vec<u32>, AgentId), Error> {
        let worker = ctx.spawn(Worker::new(6))?;
        assert_eq!(ctx.ids("worker").as_slice(), [worker.id()]);
        ctx.send(worker.id(), &Numbered::new(0, 10))?;
        worker.addr().send(ctx, &Numbered::new(1, 100_000))?;
        ctx.send("worker", &Numbered::new(2, 0))?;
        // Who has waited for the name may have sent something as well.
        let mut known = worker.addr().ask(ctx, &Tell)?;
        known.retain(|number| *number != 7);
        assert_eq!(known, [0, 1, 2]);
        // Another of its type is not meant by its address.
        let other = ctx.prepare(Worker::new(1)).unnamed().spawn()?;
        Recipients::<Numbered>::of(worker.addr()).send(ctx, &Numbered::new(3, 0))?;
        ctx.send("worker", &Numbered::new(4, 0))?;
        let Err(JoinError::Timeout { claim, id, .. }) = ctx.join(other, Duration::ZERO) else {
            return Err(Error::Handler("it has ended".into()));
        };
        assert_eq!((claim.id(), claim.addr().ids(ctx).len()), (id, 1));
        claim.addr().send(ctx, &Numbered::new(9, 0))?;
        assert_eq!(ctx.join(claim, PATIENCE)?, [9]);
        let id = worker.id();
        Ok((ctx.join(worker, PATIENCE)?, id))
    }
}

/// Knows the name of what another will spawn.
#[agent(manual)]
struct Waits;
#[agent]
impl Waits {
    fn op(&mut self, ctx: &mut Context) -> Result<AgentId, Error> {
        let worker = ctx.wait_for("worker", PATIENCE)?[0];
        ctx.send(worker, &Numbered::new(7, 0))?;
        Ok(worker)
    }
}

#[multitools::test]
fn r10_a_spawned_agent_is_known_to_all_and_loses_nothing_from_the_first_moment_on() {
    let ((mut taken, id), known) = run!(Foreman, Waits).unwrap();
    assert_eq!(id, known);
    taken.retain(|number| *number != 7);
    assert_eq!(taken, [0, 1, 2, 3, 4]);
}

/// Spawns one after the other, and remembers who was there.
#[agent(manual)]
struct Many {
    rounds: u32,
}
#[agent]
impl Many {
    fn op(&mut self, ctx: &mut Context) -> Result<(u32, Vec<AgentId>), Error> {
        let mut ids = Vec::new();
        for round in 0..self.rounds {
            let worker = ctx.prepare(Worker::new(3)).named(format!("worker {round}"));
            let worker = worker.spawn()?;
            assert!(!ids.contains(&worker.id()), "no id is given twice");
            for (number, bytes) in [(round, 10), (round + 1, 100_000), (round + 2, 0)] {
                worker.addr().send(ctx, &Numbered::new(number, bytes))?;
            }
            // What had the slot before is not there under its old id.
            if let Some(former) = ids.last() {
                let sent = ctx.send(*former, &Numbered::new(77, 0));
                assert!(matches!(sent, Err(SendError::Dead { .. })), "{sent:?}");
                let name = format!("worker {}", round - 1);
                assert_eq!(ctx.name_of(*former), Some(name));
            }
            ids.push(worker.id());
            let taken = ctx.join(worker, PATIENCE)?;
            assert_eq!(taken, [round, round + 1, round + 2]);
        }
        Ok((ids.iter().map(|id| id.slot()).max().unwrap_or(0), ids))
    }
}

#[multitools::test]
fn r10_the_slots_of_spawned_agents_that_have_ended_are_used_again() {
    let ((most, ids),) = run!(Many { rounds: 60 }).unwrap();
    assert!(most < 6, "slot {most}");
    assert_eq!(ids.len(), 60);
}

/// Answers each number to its sender, whom it has perhaps not heard of.
#[agent(name = "echo", resident, manual)]
struct Echo;
#[agent]
impl Echo {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        loop {
            let message = ctx.next_message(None)?;
            if message.is::<ResidentTermMessage>() {
                return Ok(());
            }
            let number = message.decode::<Numbered>()?;
            ctx.send(message.sender(), &number)?;
        }
    }
}

/// Sends as the first thing it does, and waits for the answer.
#[agent(unnamed, manual)]
struct Caller;
#[agent]
impl Caller {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        ctx.send("echo", &Numbered::new(5, 0))?;
        multitools_tests::take_numbers(ctx, 1)
    }
}

/// Spawns one caller after the other.
#[agent(manual)]
struct Exchange;
#[agent]
impl Exchange {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for _ in 0..40 {
            let caller = ctx.spawn(Caller)?;
            assert_eq!(ctx.join(caller, PATIENCE)?, [5]);
        }
        Ok(())
    }
}

#[multitools::test]
fn r10_a_spawned_agent_is_answered_by_who_has_its_message_before_the_word_of_it() {
    run!(Exchange, Echo).unwrap();
}

/// Spawns its like, as deep as it goes, in a handler.
#[agent(unnamed, manual)]
#[derive(Clone)]
struct Deep {
    left: u32,
    sum: u32,
}
#[agent]
impl Deep {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        let id = ctx.id();
        ctx.send(id, &Numbered::new(self.left, 0))?;
        ctx.receive(self)?;
        Ok(self.sum)
    }
    #[handle]
    fn on_number(&mut self, m: &Numbered, ctx: &mut Context) -> Result<(), Error> {
        self.sum = m.number;
        if m.number > 0 {
            let next = ctx.spawn(Deep {
                left: m.number - 1,
                sum: 0,
            })?;
            self.sum += ctx.join(next, PATIENCE)?;
        }
        Ok(())
    }
}

#[multitools::test]
fn r10_a_handler_may_spawn_and_so_may_who_was_spawned() {
    let (sum,) = run!(Deep { left: 5, sum: 0 }).unwrap();
    assert_eq!(sum, 15);
}

#[process]
fn says_late(gate: String) -> Result<(), std::io::Error> {
    // Its spawner has long ended when somebody writes this.
    std::fs::read(gate).map(drop)
}

/// Ends without waiting for what it has spawned.
#[agent(manual)]
struct Careless {
    gate: String,
}
#[agent]
impl Careless {
    fn op(&mut self, ctx: &mut Context) -> Result<AgentId, SpawnError> {
        Ok(ctx.spawn(says_late::with(self.gate.clone()))?.id())
    }
}

/// Opens the gate once the careless one has ended.
#[agent(name = "Opens", manual)]
struct Opens {
    gate: String,
}
#[agent]
impl Opens {
    fn op(&mut self, ctx: &mut Context) -> Result<AgentId, Error> {
        let late = ctx.wait_for("says_late", PATIENCE)?[0];
        ctx.print("opens");
        std::fs::write(&self.gate, "now").map_err(|error| Error::Handler(error.to_string()))?;
        Ok(late)
    }
}

#[multitools::test]
fn r11_what_is_spawned_keeps_the_run_going_though_its_spawner_has_ended() {
    let place = tempfile::tempdir().unwrap();
    let gate = place.path().join("gate");
    let made = Command::new("mkfifo").arg(&gate).status().unwrap();
    assert!(made.success());
    let gate = gate.to_str().unwrap().to_owned();
    let mut lines = Vec::new();
    let careless = Careless { gate: gate.clone() };
    let (spawned, known) =
        run!(careless, Opens { gate }; on_print = |line| lines.push(line.to_owned())).unwrap();
    assert_eq!(spawned, known);
    assert_eq!(lines, ["opens"]);
}

/// Spawns when it is too late for that.
#[agent(name = "Late", resident, manual)]
struct Late {
    spawned: bool,
}
#[agent]
impl Late {
    fn op(&mut self, ctx: &mut Context) -> Result<bool, Error> {
        serve(self, ctx)?;
        Ok(self.spawned)
    }
    #[handle]
    fn on_end(&mut self, _: &ResidentTermMessage, ctx: &mut Context) {
        self.spawned = !matches!(ctx.spawn(Worker::new(0)), Err(SpawnError::Stopped));
    }
}

#[process]
fn nothing() {}

#[multitools::test]
fn r11_nobody_is_spawned_once_the_residents_leave() {
    let (spawned, ()) = run!(Late { spawned: true }, nothing::with()).unwrap();
    assert!(!spawned);
}

/// Takes numbers, and leaves as residents do.
#[agent(name = "serves", resident, manual)]
struct Serves {
    taken: u32,
}
#[agent]
impl Serves {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        serve(self, ctx)?;
        ctx.print(self.taken);
        Ok(self.taken)
    }
    #[handle]
    fn on_number(&mut self, _: &Numbered) {
        self.taken += 1;
    }
}

/// Spawns a resident, and ends.
#[agent(manual)]
struct Employs;
#[agent]
impl Employs {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let serves = ctx.spawn(Serves { taken: 0 })?;
        for number in 0..10 {
            serves.addr().send(ctx, &Numbered::new(number, 100))?;
        }
        Ok(())
    }
}

#[multitools::test]
fn r11_a_spawned_resident_leaves_when_the_others_have_ended_and_all_is_read() {
    let mut lines = Vec::new();
    run!(Employs; on_print = |line| lines.push(line.to_owned())).unwrap();
    assert_eq!(lines, ["10"]);
}

/// Has nobody who would start others.
#[agent(name = "Alone", manual)]
struct Alone;
#[agent]
impl Alone {
    fn op(&mut self, ctx: &mut Context) -> bool {
        matches!(ctx.spawn(nothing::with()), Err(SpawnError::Unsupervised))
    }
}

#[multitools::test]
fn r10_a_process_of_a_list_spawns_nobody() {
    let mut list = ProcessList::new();
    let alone = list.add(Alone);
    list.start().unwrap();
    list.join_timeout(LONG).unwrap();
    assert!(list.take(alone).unwrap());
}

#[test]
fn r10_what_does_not_come_up_is_told_to_its_spawner_and_is_no_failure_of_the_run() {
    let place = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    let ended = Program::start(command.arg(place.path().join("closed"))).finish();
    let expected = "never came up: its process ended (exit status: 3) before it reached `run!`";
    assert!(ended.out.contains(expected), "{ended:?}");
    assert!(ended.out.contains("and then 42"), "{ended:?}");
    assert!(ended.status.success() && ended.err.is_empty(), "{ended:?}");
}

#[multitools::test]
fn r10_a_supervisor_of_one_that_spawns_has_no_results_of_others() {
    let mut supervisor = Supervisor::new();
    let eager = supervisor.add(Employs).output();
    let mut results = supervisor.on_print(|_| ()).supervise().unwrap();
    results.take(eager).unwrap();
}
