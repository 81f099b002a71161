//! R14: with `retry`, the next incarnation begins with the message that was in hand.

use super::r14_restart::{Failure, kind, quickly};
use multitools::{
    AskError, Context, Error, Notice, Restart, RunError, SendError, Supervisor, agent, message,
};
use multitools_tests::{Numbered, PATIENCE, over_sockets, serve, take_numbers};

/// What is added to a number for each incarnation of the worker before the one that hands it on.
const INCARNATION: u32 = 1000;

/// Hands on the numbers that it gets, and fails at some of them.
#[agent(name = "worker", resident, manual)]
struct Worker {
    how: Failure,
    /// Each incarnation at one; at 0 before there is any message.
    fails_at: Vec<u32>,
}
#[agent]
impl Worker {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        self.fail(0, ctx).map_err(Error::Handler)?;
        serve(self, ctx)
    }
    #[handle]
    fn on_number(&mut self, m: &Numbered, ctx: &mut Context) -> Result<(), String> {
        if !m.is_intact() {
            return Err(format!("{} is torn", m.number));
        }
        self.fail(m.number, ctx)?;
        let incarnation = u32::from(ctx.id().incarnation());
        let sent = ctx.send(
            "collector",
            &Numbered::new(m.number + INCARNATION * incarnation, 0),
        );
        sent.map(drop).map_err(|error| error.to_string())
    }
    fn fail(&self, number: u32, ctx: &Context) -> Result<(), String> {
        match self.fails_at.get(usize::from(ctx.id().incarnation())) {
            Some(at) if *at == number => self.how.happen(),
            _ => Ok(()),
        }
    }
}

/// Sends a hundred numbers to the worker, small ones and large ones.
#[agent(manual)]
struct Source {
    from: u32,
}
#[agent]
impl Source {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        for number in self.from..self.from + 100 {
            let bytes = if number % 10 == 3 { 100_000 } else { 100 };
            ctx.send("worker", &Numbered::new(number, bytes))?;
        }
        Ok(())
    }
}

#[agent(name = "collector", manual)]
struct Collector {
    count: usize,
}
#[agent]
impl Collector {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        take_numbers(ctx, self.count)
    }
}

/// What the worker hands on of what so many sources send, and how it was started again meanwhile.
fn work(
    how: Failure,
    fails_at: &[u32],
    retries: u32,
    sources: &[u32],
) -> Result<(Vec<u32>, Vec<&'static str>), RunError> {
    let mut kinds = Vec::new();
    let mut supervisor = Supervisor::new();
    let fails_at = fails_at.to_vec();
    let policy = quickly(Restart::on_failure().max(6).retry(retries));
    supervisor.add(Worker { how, fails_at }).restart(policy);
    for from in sources {
        supervisor.add(Source { from: *from });
    }
    let count = 100 * sources.len();
    let numbers = supervisor.add(Collector { count }).output();
    supervisor.on_notice(|notice| kinds.push(kind(notice)));
    let numbers = supervisor.supervise()?.take(numbers)?;
    drop(supervisor);
    Ok((numbers, kinds))
}

#[multitools::test]
fn r14_the_next_incarnation_begins_with_what_was_in_hand() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(()); // nothing is kept there
    }
    for how in [
        Failure::Panic,
        Failure::Error,
        Failure::Exit,
        Failure::Abort,
        Failure::Kill,
    ] {
        let (numbers, kinds) = work(how, &[7, 43, 0, 60, 60, 61], 2, &[1])?;
        let plain: Vec<_> = numbers.iter().map(|n| n % INCARNATION).collect();
        assert_eq!(plain, (1..101).collect::<Vec<_>>(), "{how:?}");
        assert_eq!(kinds, ["restarting", "restarted"].repeat(6), "{how:?}");
    }
    Ok(())
}

#[multitools::test]
fn r14_what_was_in_hand_comes_before_what_others_have_sent() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    const FAILS_AT: [u32; 4] = [103, 212, 0, 1];
    const SOURCES: [u32; 4] = [1, 101, 201, 301];
    // The third fails before any message, and the last at one of another sender if that is not done.
    let (numbers, _) = work(Failure::Kill, &FAILS_AT, 1, &SOURCES)?;
    let first_of = |incarnation: u32| {
        let first = numbers.iter().find(|n| **n / INCARNATION == incarnation);
        first.map(|n| n % INCARNATION)
    };
    assert_eq!(first_of(1), Some(103));
    assert_eq!(first_of(2), None);
    let after = first_of(3).or(first_of(4));
    assert!(after == Some(212) || after == Some(1), "{after:?}");
    for from in SOURCES {
        let of_one = numbers.iter().map(|n| n % INCARNATION);
        let of_one: Vec<_> = of_one.filter(|n| (from..from + 100).contains(n)).collect();
        assert_eq!(of_one, (from..from + 100).collect::<Vec<_>>());
    }
    Ok(())
}

#[message(reply = u32)]
struct Ask {
    /// The incarnations up to this fail.
    fails: u32,
}

/// Answers with its incarnation, or fails instead.
#[agent(name = "oracle", resident, manual)]
struct Oracle;
#[agent]
impl Oracle {
    #[handle]
    fn on_ask(&mut self, request: &Ask, ctx: &mut Context) -> u32 {
        let incarnation = u32::from(ctx.id().incarnation());
        if incarnation < request.fails {
            std::process::abort();
        }
        incarnation
    }
}

/// Asks what is answered at once, at the second time, and never.
#[agent(manual)]
struct Asker;
#[agent]
impl Asker {
    fn op(&mut self, ctx: &mut Context) -> Result<(u32, u32, bool, u32), AskError> {
        let mut ask = |fails| ctx.ask("oracle", &Ask { fails }, PATIENCE);
        let (first, second) = (ask(0)?, ask(1)?);
        let third = matches!(ask(u32::MAX), Err(AskError::Dead { .. }));
        Ok((first, second, third, ask(0)?))
    }
}

#[multitools::test]
fn r14_who_asked_waits_on_and_is_told_when_it_is_given_up() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    let mut notices = Vec::new();
    let mut supervisor = Supervisor::new();
    let policy = quickly(Restart::on_failure().retry(1));
    supervisor.add(Oracle).restart(policy);
    let asked = supervisor.add(Asker).output();
    supervisor.on_notice(|notice| notices.push(notice.clone()));
    assert_eq!(supervisor.supervise()?.take(asked)?, (0, 1, true, 3));
    drop(supervisor);
    let kinds: Vec<_> = notices.iter().map(kind).collect();
    let restart = ["restarting", "restarted"];
    assert_eq!(kinds[..4], restart.repeat(2));
    assert_eq!(kinds[4..], ["restarting", "poison", "restarted"]);
    let poison = format!("{}", notices[5]);
    assert!(poison.contains("Ask` from `Asker`"), "{poison}");
    assert!(matches!(notices[5], Notice::Poison { returned: true, .. }));
    Ok(())
}
