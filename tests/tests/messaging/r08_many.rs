//! R8: more agents that wait for large answers at once than there is room for.

use multitools::{AnyMessage, AskError, Context, Error, RunError, Supervisor, agent, message};
use multitools_tests::{PATIENCE, over_sockets};
use rustix::process::{Pid, Signal, kill_process};

const MANY: usize = 270;
/// So many large answers may be untaken.
const ROOM: usize = 256;
const LARGE: usize = 5_000;

#[message(reply = String)]
struct Ask;
#[message]
struct Process(i32);
#[message]
struct AllHaveAsked;
#[message]
struct AllAreStopped;
#[message]
struct RoomIsUsedUp;

/// Answers when all have asked and none of them can take its answer.
#[agent(name = "server", manual)]
struct Server;
#[agent]
impl Server {
    #[handle]
    fn on_ask(&mut self, _: &Ask) -> String {
        "x".repeat(LARGE)
    }
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let requests: Result<Vec<AnyMessage>, _> =
            (0..MANY).map(|_| ctx.next_message(PATIENCE)).collect();
        ctx.send("jailer", &AllHaveAsked)?;
        ctx.next_message(PATIENCE)?;
        for (answered, request) in requests?.into_iter().enumerate() {
            if answered == ROOM {
                ctx.send("jailer", &RoomIsUsedUp)?;
            }
            ctx.dispatch(self, request)?;
        }
        Ok(())
    }
}

/// Stops those who have asked, and lets them go when there is no more room.
#[agent(name = "jailer", manual)]
struct Jailer;
#[agent]
impl Jailer {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        // The server's word may come before that of an asker which was sent earlier.
        let (mut processes, mut have_asked) = (Vec::new(), false);
        while !have_asked || processes.len() < MANY {
            let message = ctx.next_message(PATIENCE)?;
            match message.decode::<Process>() {
                Ok(process) => processes.extend(Pid::from_raw(process.0)),
                Err(_) => have_asked |= message.is::<AllHaveAsked>(),
            }
        }
        signal_all(&processes, Signal::STOP)?;
        ctx.send("server", &AllAreStopped)?;
        ctx.next_message(PATIENCE)?;
        signal_all(&processes, Signal::CONT)
    }
}

fn signal_all(processes: &[Pid], signal: Signal) -> Result<(), Error> {
    let signalled = processes
        .iter()
        .try_for_each(|process| kill_process(*process, signal));
    signalled.map_err(|error| Error::Handler(error.to_string()))
}

#[agent(manual)]
struct Asker;
#[agent]
impl Asker {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        ctx.send("jailer", &Process(std::process::id() as i32))?;
        let answer: Result<String, AskError> = ctx.ask("server", &Ask, PATIENCE);
        Ok(answer?.len())
    }
}

#[multitools::test]
fn r08_all_get_large_answers_though_there_is_no_room_for_all_at_once() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(()); // so many take more descriptors than a process may have
    }
    let mut supervisor = Supervisor::new();
    supervisor.add(Server);
    supervisor.add(Jailer);
    let askers: Vec<_> = (0..MANY).map(|_| supervisor.add(Asker).output()).collect();
    let mut results = supervisor.supervise()?;
    for asker in askers {
        assert_eq!(results.take(asker)?, LARGE);
    }
    Ok(())
}
