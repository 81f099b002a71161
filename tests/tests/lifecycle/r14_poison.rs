//! R14: what an agent fails at again and again is given back to its sender.

use super::r14_restart::{Failure, kind, quickly};
use multitools::{
    Context, Error, Flow, Notice, PoisonMessage, Restart, RunError, Supervisor, agent, message,
};
use multitools_tests::{Numbered, PATIENCE, await_end, over_sockets, serve};

/// Numbers with this last digit are poison.
const POISONOUS: u32 = 3;

/// Asks whether everything before has been handled, and how much of it.
#[message(reply = ())]
struct Sync;

/// Fails at every poisonous number.
#[agent(name = "eater", resident, manual)]
struct Eater;
#[agent]
impl Eater {
    #[handle]
    fn on_number(&mut self, m: &Numbered) -> Result<(), String> {
        match m.number % 10 {
            POISONOUS => Failure::Kill.happen(),
            _ => Ok(()),
        }
    }
    #[handle]
    fn on_sync(&mut self, _: &Sync) {}
}

fn policy() -> Restart {
    quickly(Restart::on_failure().max(100).retry(1))
}

/// Sends numbers, small and large, and keeps those that it is given back.
#[agent(name = "cook", manual)]
struct Cook {
    bytes: usize,
    returned: Vec<u32>,
}
#[agent]
impl Cook {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        for number in 0..30 {
            ctx.send("eater", &Numbered::new(number, self.bytes))?;
        }
        while self.returned.len() < 3 {
            assert_eq!(ctx.receive_timeout(self, PATIENCE)?, Flow::Continue);
        }
        ctx.ask("eater", &Sync, PATIENCE)?;
        Ok(self.returned.clone())
    }
    #[handle]
    fn on_poison(&mut self, poison: &PoisonMessage, ctx: &mut Context) -> Result<(), Error> {
        let message = poison.message()?;
        assert_eq!(message.sender(), ctx.id());
        assert_eq!(poison.source.slot(), ctx.ids("eater")[0].slot());
        assert_eq!(poison.name, message.name());
        let number = message.decode::<Numbered>()?;
        assert!(number.is_intact() && number.load.len() == self.bytes);
        self.returned.push(number.number);
        Ok(())
    }
}

#[multitools::test]
fn r14_what_is_failed_at_again_is_given_back_and_reported() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(()); // nothing is kept there
    }
    for bytes in [10, 300_000] {
        let mut notices = Vec::new();
        let mut supervisor = Supervisor::new();
        supervisor.add(Eater).restart(policy());
        let cook = Cook {
            bytes,
            returned: Vec::new(),
        };
        let returned = supervisor.add(cook).output();
        supervisor.on_notice(|notice| notices.push(notice.clone()));
        assert_eq!(supervisor.supervise()?.take(returned)?, [3, 13, 23]);
        drop(supervisor);
        let kinds: Vec<_> = notices.iter().map(kind).collect();
        let one = [
            "restarting",
            "restarted",
            "restarting",
            "poison",
            "restarted",
        ];
        assert_eq!(kinds, one.repeat(3));
        let Notice::Poison { message, .. } = &notices[3] else {
            panic!("{:?}", notices[3]);
        };
        assert_eq!(message.sender, "cook");
        assert!(message.sent_at.as_ref().unwrap().contains("r14_poison.rs"));
    }
    Ok(())
}

/// Sends poison, and does not look at what comes back. It has no handler for it either.
#[agent(name = "careless", manual)]
struct Careless {
    looks: bool,
}
#[agent]
impl Careless {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.send("eater", &Numbered::new(POISONOUS, 10))?;
        ctx.ask("eater", &Sync, PATIENCE)?;
        if self.looks {
            ctx.receive_timeout(self, PATIENCE)?;
        }
        Ok(())
    }
}

#[multitools::test]
fn r14_what_was_given_back_and_not_begun_is_reported() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    for looks in [false, true] {
        let mut undelivered = Vec::new();
        let mut supervisor = Supervisor::new();
        supervisor.add(Eater).restart(policy());
        supervisor.add(Careless { looks });
        supervisor.on_notice(|notice| match notice {
            Notice::Undelivered { agent, messages } => {
                undelivered.push((agent.clone(), messages.clone()));
            }
            Notice::Unhandled { .. } => panic!("{notice}"),
            _ => {}
        });
        let results = supervisor.supervise()?;
        drop(supervisor);
        assert_eq!(results.unhandled(), 0);
        if looks {
            assert_eq!(undelivered, []);
            continue;
        }
        let (agent, messages) = &undelivered[0];
        assert_eq!((undelivered.len(), agent.as_str()), (1, "careless"));
        assert_eq!(messages[0].message, "multitools.PoisonMessage");
        assert_eq!(
            (messages[0].sender.as_str(), messages[0].count),
            ("eater", 1)
        );
    }
    Ok(())
}

/// Sends poison and ends.
#[agent(name = "gone", manual)]
struct Gone;
#[agent]
impl Gone {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.send("eater", &Numbered::new(POISONOUS, 10))?;
        Ok(())
    }
}

#[multitools::test]
fn r14_poison_of_a_sender_that_has_ended_is_reported() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    let mut returned = Vec::new();
    let mut supervisor = Supervisor::new();
    supervisor.add(LateEater).restart(policy());
    supervisor.add(Gone);
    supervisor.on_notice(|notice| {
        if let Notice::Poison { returned: back, .. } = notice {
            returned.push(*back);
        }
    });
    supervisor.supervise()?;
    drop(supervisor);
    assert_eq!(returned, [false]);
    Ok(())
}

/// Looks at its mailbox when everybody else has ended.
#[agent(name = "eater", resident, manual)]
struct LateEater;
#[agent]
impl LateEater {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        // Its inbox may be closed a moment before the supervisor has seen its end.
        while !ctx.ids("gone").is_empty() {
            await_end(ctx, "gone")?;
        }
        serve(self, ctx)
    }
    #[handle]
    fn on_number(&mut self, _: &Numbered) -> Result<(), String> {
        Failure::Abort.happen()
    }
}

/// Sends itself what it fails at, and is given it back as its own next incarnation.
#[agent(name = "lonely", manual)]
struct Lonely {
    returned: Option<u32>,
}
#[agent]
impl Lonely {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        if ctx.id().incarnation() == 0 {
            ctx.send(ctx.id(), &Numbered::new(77, 10))?;
        }
        loop {
            ctx.receive_timeout(self, PATIENCE)?;
            if let Some(number) = self.returned {
                return Ok(number + u32::from(ctx.id().incarnation()));
            }
        }
    }
    #[handle]
    fn on_number(&mut self, _: &Numbered) -> Result<(), String> {
        Failure::Error.happen()
    }
    #[handle]
    fn on_poison(&mut self, poison: &PoisonMessage) -> Result<(), Error> {
        self.returned = Some(poison.message()?.decode::<Numbered>()?.number);
        Ok(())
    }
}

#[multitools::test]
fn r14_who_sends_poison_to_itself_gets_it_as_the_next_incarnation() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    let mut supervisor = Supervisor::new();
    let lonely = Lonely { returned: None };
    let returned = supervisor.add(lonely).restart(policy()).output();
    supervisor.on_notice(|_| ());
    assert_eq!(supervisor.supervise()?.take(returned)?, 77 + 2);
    Ok(())
}
