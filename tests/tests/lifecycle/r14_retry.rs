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
    /// Whether that is the place of a number among those that the incarnation gets, not the number itself.
    by_place: bool,
    #[serde(skip)]
    got: u32,
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
        self.got += 1;
        let at = if self.by_place { self.got } else { m.number };
        self.fail(at, ctx)?;
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
    by_place: bool,
    sources: &[u32],
) -> Result<(Vec<u32>, Vec<Notice>), RunError> {
    let mut notices = Vec::new();
    let mut supervisor = Supervisor::new();
    let fails_at = fails_at.to_vec();
    let policy = quickly(Restart::on_failure().max(6).retry(2));
    let worker = Worker {
        how,
        fails_at,
        by_place,
        got: 0,
    };
    supervisor.add(worker).restart(policy);
    for from in sources {
        supervisor.add_named(from.to_string(), Source { from: *from });
    }
    let count = 100 * sources.len();
    let numbers = supervisor.add(Collector { count }).output();
    supervisor.on_notice(|notice| notices.push(notice.clone()));
    let numbers = supervisor.supervise()?.take(numbers)?;
    drop(supervisor);
    Ok((numbers, notices))
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
        let (numbers, notices) = work(how, &[7, 43, 0, 60, 60, 61], false, &[1])?;
        let plain: Vec<_> = numbers.iter().map(|n| n % INCARNATION).collect();
        assert_eq!(plain, (1..101).collect::<Vec<_>>(), "{how:?}");
        let kinds: Vec<_> = notices.iter().map(kind).collect();
        assert_eq!(kinds, ["restarting", "restarted"].repeat(6), "{how:?}");
    }
    Ok(())
}

#[multitools::test]
fn r14_what_was_in_hand_comes_before_what_others_have_sent() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    // The third ends before it has got anything, so the fourth begins with what the second had.
    const FAILS_AT: [u32; 4] = [130, 20, 0, 70];
    const SOURCES: [u32; 4] = [1, 101, 201, 301];
    let (numbers, notices) = work(Failure::Kill, &FAILS_AT, true, &SOURCES)?;
    let in_hand = notices.iter().filter_map(|notice| match notice {
        Notice::Restarting { report, .. } => report.as_ref()?.handling.as_ref(),
        _ => None,
    });
    let senders: Vec<u32> = in_hand.map(|m| m.sender.parse().unwrap()).collect();
    assert_eq!(senders.len(), 3);
    for (sender, next) in senders.into_iter().zip([1, 3, 4]) {
        let first = numbers.iter().find(|n| **n / INCARNATION == next);
        let first = first.unwrap() % INCARNATION;
        assert!((sender..sender + 100).contains(&first), "{first}");
    }
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
