//! What an agent does at each step.

use super::faults;
use super::population::{Ask, Cast, Direct, Load, News, Peer, Script, fail};
use super::records::{Kind, Pen};
use fastrand::Rng;
use multitools::{
    AgentId, AskError, BROADCAST, Context, Delivery, Error, JoinError, LISTENERS, Restart,
    SendError, SpawnError, Spawned,
};
use std::time::Duration;

/// An agent as it acts: one for each incarnation.
pub struct Actor {
    pub pen: Pen,
    /// The name of the agent, and of this incarnation of it.
    pub label: String,
    key: String,
    script: Script,
    rng: Rng,
    n: u64,
    /// Who has been met, by an id that may be that of an earlier incarnation or of one that has ended.
    met: Vec<(AgentId, String)>,
    children: Vec<(Spawned<Peer>, u64)>,
    spawned: u32,
}

/// How many others are remembered.
const MET: usize = 40;

impl Actor {
    pub fn new(script: &Script, ctx: &Context) -> Actor {
        let label = ctx.name().unwrap_or("?").to_owned();
        let incarnation = ctx.id().incarnation();
        let key = format!("{label}@{incarnation}");
        let mut script = script.clone();
        // Now and then one gets to its end.
        if incarnation % 4 == 3 {
            script.fails = 0;
        }
        let pen = Pen::new(&script.folder, &key, ctx.id());
        if script.mortal {
            faults::offer(&script.folder);
        }
        let seed = script.seed ^ u64::from(incarnation).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Actor {
            pen,
            label,
            key,
            script,
            rng: Rng::with_seed(seed),
            n: 0,
            met: Vec::new(),
            children: Vec::new(),
            spawned: 0,
        }
    }

    /// Does one thing. How many messages are to be read then, where there are so many.
    pub fn act(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        self.meet(ctx);
        match self.rng.u32(0..100) {
            0..35 => self.send(ctx, false)?,
            35..50 => self.flood(ctx)?,
            50..58 => self.cast(ctx)?,
            58..68 => self.news(ctx)?,
            68..76 => self.ask(ctx)?,
            76..80 => self.spawn(ctx)?,
            80..84 => self.join(ctx)?,
            84 => self.fail_now_and_then().map_err(Error::Handler)?,
            _ => return Ok(self.rng.u32(0..60)),
        }
        // Some read more than they send, others less.
        Ok(self.rng.u32(0..1 + (self.script.seed % 8) as u32))
    }

    pub fn fail_now_and_then(&mut self) -> Result<(), String> {
        if self.script.fails > 0 && self.rng.u32(0..self.script.fails) == 0 {
            return fail(self.rng.u8(..));
        }
        Ok(())
    }

    fn meet(&mut self, ctx: &Context) {
        if self.met.len() < 2 || self.rng.u32(0..10) == 0 {
            let peers = ctx.addr::<Peer>().ids(ctx);
            let others = ctx.addr::<super::population::Listener>().ids(ctx);
            for id in peers.iter().chain(others.iter()) {
                if *id != ctx.id()
                    && let Some(label) = ctx.name_of(*id)
                {
                    self.met.push((*id, label));
                }
            }
            while self.met.len() > MET {
                let one = self.rng.usize(0..self.met.len());
                self.met.swap_remove(one);
            }
        }
    }

    fn someone(&mut self) -> Option<(AgentId, String)> {
        let place = (!self.met.is_empty()).then(|| self.rng.usize(0..self.met.len()))?;
        Some(self.met[place].clone())
    }

    fn load(&mut self, to: &str) -> Load {
        self.n += 1;
        let largest = self.script.largest;
        let len = match self.rng.u32(0..20) {
            0..14 => self.rng.usize(0..200),
            14..18 => self.rng.usize(0..30_000.min(largest)),
            _ => self.rng.usize(0..largest),
        };
        Load::new(self.n, &self.key, to, len)
    }

    fn send(&mut self, ctx: &mut Context, small: bool) -> Result<(), Error> {
        let Some((id, to)) = self.someone() else {
            return Ok(());
        };
        let mut load = self.load(&to);
        if small {
            load.bytes.truncate(64);
        }
        let n = load.n;
        self.pen.intend(n, Kind::Direct, &to);
        let sent = match self.rng.u32(0..3) {
            0 => ctx.send(id, &Direct(load)),
            1 => ctx.try_send(id, &Direct(load)),
            _ if ctx.ids(&to).len() == 1 => ctx.send(&*to, &Direct(load)),
            _ => ctx.send(id, &Direct(load)),
        };
        self.settle(ctx, n, sent)
    }

    fn flood(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for _ in 0..self.rng.u32(10..80) {
            self.send(ctx, true)?;
        }
        Ok(())
    }

    fn cast(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let load = self.load("");
        let n = load.n;
        self.pen.intend(n, Kind::Cast, "*");
        let sent = ctx.send(BROADCAST, &Cast(load));
        self.settle(ctx, n, sent)
    }

    fn news(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let load = self.load("");
        let n = load.n;
        self.pen.intend(n, Kind::News, "*");
        let sent = ctx.send(LISTENERS, &News(load));
        self.settle(ctx, n, sent)
    }

    fn settle(
        &mut self,
        ctx: &Context,
        n: u64,
        sent: Result<Delivery, SendError>,
    ) -> Result<(), Error> {
        match sent {
            Ok(delivery) => {
                let missed = delivery.missed.iter();
                let missed: Vec<String> = missed.filter_map(|one| ctx.name_of(one.id)).collect();
                let copies = delivery.reached + delivery.overheard;
                self.pen.accepted(n, copies, &missed);
            }
            Err(SendError::Stopped) => {
                self.pen.unknown(n);
                return Err(SendError::Stopped.into());
            }
            Err(
                SendError::Dead { .. }
                | SendError::Full { .. }
                | SendError::NoTarget { .. }
                | SendError::NoListener { .. },
            ) => self.pen.given_back(n),
            Err(other) => self.pen.wrong(&format!("message {n}: {other}")),
        }
        Ok(())
    }

    fn ask(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let Some((id, to)) = self.someone() else {
            return Ok(());
        };
        let load = self.load(&to);
        let n = load.n;
        let timeout = Duration::from_millis(self.rng.u64(1..100));
        self.pen.intend(n, Kind::Ask, &to);
        match ctx.ask(id, &Ask(load), timeout) {
            Ok(answer) if answer == n + 1 => self.pen.accepted(n, 1, &[]),
            Ok(answer) => self.pen.wrong(&format!("{answer} is no answer to {n}")),
            Err(AskError::Failed { .. }) => self.pen.accepted(n, 1, &[]),
            Err(AskError::Timeout { .. } | AskError::Dead { .. }) => self.pen.unknown(n),
            Err(AskError::Send(SendError::Stopped) | AskError::Stopped) => {
                self.pen.unknown(n);
                return Err(AskError::Stopped.into());
            }
            Err(AskError::Send(_)) => self.pen.given_back(n),
            Err(other) => self.pen.wrong(&format!("request {n}: {other}")),
        }
        Ok(())
    }

    fn spawn(&mut self, ctx: &mut Context) -> Result<(), Error> {
        if self.script.depth == 0 || self.spawned >= 6 {
            return Ok(());
        }
        self.spawned += 1;
        let seed = self.rng.u64(..);
        let again = self.rng.bool() || self.script.hunted;
        let script = Script {
            seed,
            steps: self.rng.u32(1..2 + self.script.steps / 2),
            fails: if again { self.script.fails } else { 0 },
            mortal: again,
            depth: self.script.depth - 1,
            doomed: false,
            ..self.script.clone()
        };
        let name = format!("{}-{}.{}", self.label, ctx.id().incarnation(), self.spawned);
        let policy = if again { restarts() } else { Restart::never() };
        let spawning = ctx.prepare(Peer::new(script)).named(&name).restart(policy);
        match spawning.spawn() {
            Ok(child) => {
                self.met.push((child.id(), name));
                // Some are waited for, others are let go of.
                if self.rng.bool() {
                    self.children.push((child, seed));
                }
            }
            Err(SpawnError::Stopped) => return Err(SpawnError::Stopped.into()),
            Err(SpawnError::NeverReady { .. }) if self.script.hunted => {}
            Err(other) => self.pen.wrong(&format!("{name}: {other}")),
        }
        Ok(())
    }

    fn join(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let Some((child, seed)) = self.children.pop() else {
            return Ok(());
        };
        match ctx.join(child, Duration::from_millis(self.rng.u64(0..20))) {
            Ok(result) if result == seed => {}
            Ok(result) => self.pen.wrong(&format!("{result} instead of {seed}")),
            Err(JoinError::Timeout { claim, .. }) => self.children.push((claim, seed)),
            Err(other) => return Err(other.into()),
        }
        Ok(())
    }
}

/// As often as it takes.
pub fn restarts() -> Restart {
    let (soon, later) = (Duration::from_millis(1), Duration::from_millis(4));
    Restart::on_failure()
        .max(1_000_000)
        .within(Duration::from_secs(3600))
        .backoff(soon, later)
}
