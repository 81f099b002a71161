//! R14: agents of one group are started again together.

use super::r14_restart::{Failure, kind, quickly};
use multitools::{
    Context, Error, Message, Notice, Restart, RunError, SendError, Strategy, Supervisor, agent,
    message,
};
use multitools_tests::{Numbered, PATIENCE, over_sockets, serve};
use std::collections::BTreeMap;
use std::time::Duration;

/// Tells the judge that it is there, with its incarnation, and forwards numbers to it.
#[agent(resident, manual)]
struct Part {
    fails_at: Option<u32>,
    /// Whether it takes no notice of being asked to stop while it handles a number.
    stubborn: bool,
}

/// Who is there.
#[message]
struct Here {
    name: String,
    incarnation: u16,
}

/// A number was handled.
#[message]
struct Handled {
    name: String,
    number: u32,
}

#[agent]
impl Part {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let name = ctx.name().unwrap_or_default().to_owned();
        let incarnation = ctx.id().incarnation();
        tell(ctx, &Here { name, incarnation })?;
        serve(self, ctx)
    }
    #[handle]
    fn on_number(&mut self, m: &Numbered, ctx: &mut Context) -> Result<(), SendError> {
        let name = ctx.name().unwrap_or_default().to_owned();
        if self.fails_at == Some(m.number) && ctx.id().incarnation() == 0 {
            Failure::Kill.happen().unwrap();
        }
        let number = m.number;
        tell(ctx, &Handled { name, number })?;
        if self.stubborn && ctx.id().incarnation() == 0 {
            loop {
                std::thread::park();
            }
        }
        Ok(())
    }
}

/// By name, the latest incarnation and the numbers that were handled.
type Seen = BTreeMap<String, (u16, Vec<u32>)>;

/// Over sockets, where numbers are lost, the judge does not wait for all of them.
fn tell<M: Message>(ctx: &mut Context, message: &M) -> Result<(), SendError> {
    match ctx.send("judge", message) {
        Err(_) if over_sockets() => Ok(()),
        sent => sent.map(drop),
    }
}

/// Sends numbers to all parts, and is done when each has handled its own, and the given ones have been
/// started again.
#[agent(name = "judge", manual)]
struct Judge {
    parts: Vec<String>,
    again: Vec<String>,
    numbers: u32,
    /// Whether all others have to be at work before the part that fails gets anything.
    in_turn: bool,
}
#[agent]
impl Judge {
    fn op(&mut self, ctx: &mut Context) -> Result<Seen, Error> {
        let mut seen = Seen::new();
        let (first, then): (Vec<_>, Vec<_>) = match self.in_turn {
            true => self.parts.iter().partition(|part| *part != "b"),
            false => (self.parts.iter().collect(), Vec::new()),
        };
        self.send_all(&first, ctx)?;
        if self.in_turn {
            while seen.get("c").is_none_or(|(_, numbers)| numbers.is_empty()) {
                self.take_note(ctx, &mut seen)?;
            }
        }
        self.send_all(&then, ctx)?;
        while !self.is_done(&seen) {
            self.take_note(ctx, &mut seen)?;
        }
        Ok(seen)
    }
    fn send_all(&self, parts: &[&String], ctx: &mut Context) -> Result<(), SendError> {
        for number in 0..self.numbers {
            for part in parts {
                match ctx.send(part.as_str(), &Numbered::new(number, 1000)) {
                    // There an agent is away until it is back, and what it had not read is lost.
                    Err(_) if over_sockets() => {}
                    sent => drop(sent?),
                }
            }
        }
        Ok(())
    }
    fn take_note(&self, ctx: &mut Context, seen: &mut Seen) -> Result<(), Error> {
        let message = ctx.next_message(PATIENCE)?;
        if message.is::<Here>() {
            let here = message.decode::<Here>()?;
            seen.entry(here.name).or_default().0 = here.incarnation;
        } else {
            let handled = message.decode::<Handled>()?;
            seen.entry(handled.name).or_default().1.push(handled.number);
        }
        Ok(())
    }
    fn is_done(&self, seen: &Seen) -> bool {
        self.parts.iter().all(|part| {
            seen.get(part).is_some_and(|(incarnation, numbers)| {
                (over_sockets() || numbers.contains(&(self.numbers - 1)))
                    && (*incarnation > 0 || !self.again.contains(part))
            })
        })
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Has the second of three parts fail, and says who was told to be started again, and because of whom.
fn run_group(
    strategy: Strategy,
    again: &[&str],
    stubborn: bool,
) -> Result<(Seen, Vec<Notice>), RunError> {
    let mut notices = Vec::new();
    let mut supervisor = Supervisor::new();
    let policy = quickly(Restart::on_failure()).group("parts", strategy);
    for name in ["a", "b", "c"] {
        let part = Part {
            fails_at: (name == "b").then_some(5),
            stubborn: stubborn && name == "c",
        };
        supervisor.add_named(name, part).restart(policy);
    }
    let stranger = Part {
        fails_at: None,
        stubborn: false,
    };
    supervisor
        .add_named("d", stranger)
        .restart(Restart::on_failure());
    if stubborn {
        // The stranger has to leave in that time.
        supervisor.leave_grace(Duration::from_secs(1));
    }
    let judge = Judge {
        parts: names(&["a", "b", "c", "d"]),
        again: names(again),
        numbers: 20,
        in_turn: stubborn,
    };
    let seen = supervisor.add(judge).output();
    supervisor.on_notice(|notice| notices.push(notice.clone()));
    let seen = supervisor.supervise()?.take(seen)?;
    drop(supervisor);
    Ok((seen, notices))
}

/// Who is told to be started again and because of whom, and whether each of these is followed by one end.
fn restarts(notices: &[Notice]) -> Vec<(&str, Option<&str>)> {
    let mut open: Vec<&str> = Vec::new();
    let mut told = Vec::new();
    for notice in notices {
        match notice {
            Notice::Restarting {
                agent, because_of, ..
            } => {
                assert!(!open.contains(&agent.as_str()), "{notices:#?}");
                open.push(agent);
                told.push((agent.as_str(), because_of.as_deref()));
            }
            Notice::Restarted { agent, .. } | Notice::GivenUp { agent, .. } => {
                assert!(open.contains(&agent.as_str()), "{notices:#?}");
                open.retain(|other| other != agent);
            }
            _ => {}
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{notices:#?}");
    told.sort_unstable();
    told
}

#[multitools::test]
fn r14_the_strategy_says_who_is_started_again_with_one_that_has_failed() -> Result<(), RunError> {
    let because = Some("b");
    let strategies: [(Strategy, &[_]); 3] = [
        (Strategy::One, &[("b", None)]),
        (
            Strategy::All,
            &[("a", because), ("b", None), ("c", because)],
        ),
        (Strategy::Rest, &[("b", None), ("c", because)]),
    ];
    for (strategy, expected) in strategies {
        let again: Vec<_> = expected.iter().map(|(name, _)| *name).collect();
        let (seen, notices) = run_group(strategy, &again, false)?;
        assert_eq!(restarts(&notices), expected, "{strategy:?}");
        for (name, (incarnation, numbers)) in &seen {
            let was_started_again = again.contains(&name.as_str());
            assert_eq!(*incarnation, u16::from(was_started_again), "{name}");
            if over_sockets() {
                continue; // what is unread is not kept there
            }
            // Who was only asked to stop has finished what it had in hand.
            let lost = name == "b";
            let expected: Vec<_> = (0..20).filter(|n| !lost || *n != 5).collect();
            assert_eq!(*numbers, expected, "{strategy:?}: {name}");
        }
    }
    Ok(())
}

#[multitools::test]
fn r14_who_does_not_stop_with_its_group_is_killed_and_started_again() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    let (seen, notices) = run_group(Strategy::All, &["a", "b", "c"], true)?;
    let told = restarts(&notices);
    assert_eq!(told, [("a", Some("b")), ("b", None), ("c", Some("b"))]);
    // It never got further than its first, which it has handled and not finished.
    assert_eq!(seen["c"].1, (0..20).collect::<Vec<_>>());
    let report_of_c = notices.iter().find_map(|notice| match notice {
        Notice::Restarting { agent, report, .. } if agent == "c" => report.as_ref(),
        _ => None,
    });
    let report = report_of_c.unwrap();
    assert_eq!(report.cause, multitools::Cause::DidNotLeave);
    assert!(report.handling.is_some());
    Ok(())
}

/// Fails at once, each time.
#[agent(manual)]
struct Hopeless;
#[agent]
impl Hopeless {
    fn op(&mut self) -> Result<(), String> {
        Err("as ever".to_owned())
    }
}

/// Waits to be told to stop.
#[agent(manual)]
struct Waits;
#[agent]
impl Waits {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.next_message(None).map(drop).map_err(Error::from)
    }
}

#[multitools::test]
fn r14_the_limit_counts_for_the_group_as_a_whole() {
    for strategy in [Strategy::One, Strategy::All, Strategy::Rest] {
        let mut notices = Vec::new();
        let mut supervisor = Supervisor::new();
        let policy = quickly(Restart::on_failure().max(4)).group("parts", strategy);
        supervisor.add_named("x", Waits).restart(policy);
        supervisor.add_named("y", Hopeless).restart(policy);
        supervisor.add_named("z", Hopeless).restart(policy);
        supervisor
            .on_notice(|notice| notices.push(notice.clone()))
            .on_failure(|_| ());
        let Err(RunError::Failed(report)) = supervisor.supervise() else {
            panic!("it succeeds");
        };
        drop(supervisor);
        let text = "as ever".to_owned();
        assert_eq!(
            report.cause,
            multitools::Cause::Error {
                text,
                location: None
            }
        );
        restarts(&notices);
        let own = notices.iter().filter(|notice| {
            matches!(
                notice,
                Notice::Restarting {
                    because_of: None,
                    ..
                }
            )
        });
        assert_eq!(own.count(), 4, "{notices:#?}");
    }
}

/// Ends well at once.
#[agent(manual)]
struct Brief;
#[agent]
impl Brief {
    fn op(&mut self, ctx: &mut Context) -> u16 {
        ctx.id().incarnation()
    }
}

/// Fails when the brief one has ended, once.
#[agent(manual)]
struct Second;
#[agent]
impl Second {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        while !ctx.ids("brief").is_empty() {
            multitools_tests::await_end(ctx, "brief")?;
        }
        match ctx.id().incarnation() {
            0 => Err(Error::Handler("once".to_owned())),
            _ => Ok(()),
        }
    }
}

#[multitools::test]
fn r14_who_has_ended_well_stays_so() -> Result<(), RunError> {
    let mut notices = Vec::new();
    let mut supervisor = Supervisor::new();
    let policy = quickly(Restart::on_failure()).group("parts", Strategy::All);
    let brief = supervisor
        .add_named("brief", Brief)
        .restart(policy)
        .output();
    supervisor.add(Second).restart(policy);
    supervisor.on_notice(|notice| {
        if !matches!(notice, Notice::Undelivered { .. }) {
            notices.push(notice.clone());
        }
    });
    assert_eq!(supervisor.supervise()?.take(brief)?, 0);
    drop(supervisor);
    let kinds: Vec<_> = notices.iter().map(kind).collect();
    assert_eq!(kinds, ["restarting", "restarted"]);
    Ok(())
}

#[agent(manual, name = "first", restart = on_failure, max = 2, group = "declared", strategy = all)]
struct First;
#[agent]
impl First {
    fn op(&mut self) {}
}

#[agent(manual, name = "other", restart = on_failure, max = 3, group = "declared", strategy = all)]
struct Other;
#[agent]
impl Other {
    fn op(&mut self) {}
}

#[multitools::test]
fn r14_all_of_a_group_have_to_say_the_same_of_it() {
    let error = multitools::run!(First, Other).err().unwrap();
    let RunError::Group { group, agents } = &error else {
        panic!("{error}");
    };
    assert_eq!(group, "declared");
    assert_eq!(*agents, ["first", "other"]);
    assert!(multitools::run!(First).is_ok());
}
