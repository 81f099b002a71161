//! R14: a group of agents that were spawned, some of them in the slots of others.

use super::r14_restart::quickly;
use multitools::{AgentId, Context, Error, Restart, RunError, Strategy, Supervisor, agent};
use multitools_tests::{Numbered, PATIENCE, over_sockets};

/// Says that it is here, and fails when it is told to.
#[agent(manual)]
struct Part;
#[agent]
impl Part {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.send("foreman", &Numbered::new(0, 0))?;
        match ctx.next_message(PATIENCE)?.decode::<Numbered>()?.number {
            0 => Ok(()),
            _ => Err(Error::Handler("it was told to fail".to_owned())),
        }
    }
}

/// Has the one that was added first in a later slot than the other.
#[agent(name = "foreman", manual)]
struct Foreman;
#[agent]
impl Foreman {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<Vec<AgentId>>, Error> {
        let policy = quickly(Restart::on_failure()).group("parts", Strategy::Rest);
        let early = ctx.spawn(Part)?;
        let first = ctx.prepare(Part).restart(policy).spawn()?.id();
        here(ctx, 2)?;
        ctx.send(early.id(), &Numbered::new(0, 0))?;
        ctx.join(early, PATIENCE)?;
        let then = ctx.prepare(Part).restart(policy).spawn()?.id();
        assert!(
            then.slot() < first.slot(),
            "{then} is in the slot of another"
        );
        here(ctx, 1)?;
        let mut again = Vec::new();
        for (fails, so_many) in [(then, 1), (first, 2)] {
            ctx.send(fails, &Numbered::new(1, 0))?;
            again.push(here(ctx, so_many)?);
        }
        ctx.send(&[first, then][..], &Numbered::new(0, 0))?;
        Ok(again)
    }
}

/// Who is here, in the order of slots.
fn here(ctx: &mut Context, so_many: usize) -> Result<Vec<AgentId>, Error> {
    let mut here = Vec::new();
    while here.len() < so_many {
        here.push(ctx.next_message(PATIENCE)?.sender());
    }
    here.sort_unstable_by_key(|id| id.slot());
    Ok(here)
}

#[multitools::test]
fn r14_the_rest_are_those_that_were_added_later_whatever_their_slots() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(()); // a slot is not always used again at once there
    }
    let mut supervisor = Supervisor::new();
    let again = supervisor.add(Foreman).output();
    supervisor.on_notice(|_| ());
    let again = supervisor.supervise()?.take(again)?;
    let incarnations = again.iter().map(|ids| {
        let ids = ids.iter().map(|id| (id.slot(), id.incarnation()));
        ids.collect::<Vec<_>>()
    });
    // In slot 1 there was somebody before.
    assert_eq!(
        incarnations.collect::<Vec<_>>(),
        [vec![(1, 2)], vec![(1, 3), (2, 1)]]
    );
    Ok(())
}
