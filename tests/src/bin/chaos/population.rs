//! The agents: what they say to each other, and how they take it.

use super::acts::Actor;
use super::records::Kind;
use multitools::{Context, Error, Flow, RecvError, agent, message};
use rustix::process::{Signal, getpid, kill_process};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What every message carries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Load {
    /// Its number among those of its sender.
    pub n: u64,
    /// The incarnation of its sender.
    pub key: String,
    /// Whom it is for; empty for many.
    pub to: String,
    /// Follows from the number.
    pub bytes: Vec<u8>,
}

impl Load {
    pub fn new(n: u64, key: &str, to: &str, len: usize) -> Load {
        Load {
            n,
            key: key.to_owned(),
            to: to.to_owned(),
            bytes: vec![n as u8; len],
        }
    }

    fn is_intact(&self) -> bool {
        self.bytes.iter().all(|byte| *byte == self.n as u8)
    }
}

#[message(name = "direct")]
pub struct Direct(pub Load);
#[message(name = "ask", reply = u64)]
pub struct Ask(pub Load);
#[message(name = "cast")]
pub struct Cast(pub Load);
#[message(name = "news")]
pub struct News(pub Load);

/// How an agent of a run is made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Script {
    pub seed: u64,
    pub folder: String,
    /// How many things it does before it ends.
    pub steps: u32,
    /// Once in so many steps or messages it fails; never where that is nought.
    pub fails: u32,
    /// The largest message that it sends.
    pub largest: usize,
    /// Whether it may be killed from outside, since it is started again.
    pub mortal: bool,
    /// How deep it spawns.
    pub depth: u32,
    /// Whether everybody may be killed, also before they begin.
    pub hunted: bool,
    /// Whether it fails when it has done everything.
    pub doomed: bool,
}

/// Does things, and ends, with messages unread.
#[agent(manual, spawns(Peer))]
pub struct Peer {
    pub script: Script,
    #[serde(skip)]
    actor: Option<Actor>,
}

impl Peer {
    pub fn new(script: Script) -> Peer {
        Peer {
            script,
            actor: None,
        }
    }
}

#[agent]
impl Peer {
    fn op(&mut self, ctx: &mut Context) -> Result<u64, Error> {
        self.actor = Some(Actor::new(&self.script, ctx));
        for _ in 0..self.script.steps {
            self.step(ctx)?;
        }
        if self.script.doomed {
            fail(self.script.seed as u8).map_err(Error::Handler)?;
        }
        Ok(self.script.seed)
    }

    #[handle]
    fn on_direct(&mut self, m: &Direct) -> Result<(), String> {
        take(self.actor.as_mut(), Kind::Direct, &m.0)
    }
    #[handle]
    fn on_ask(&mut self, m: &Ask) -> Result<u64, String> {
        take(self.actor.as_mut(), Kind::Ask, &m.0)?;
        Ok(m.0.n + 1)
    }
    #[handle]
    fn on_cast(&mut self, m: &Cast) -> Result<(), String> {
        take(self.actor.as_mut(), Kind::Cast, &m.0)
    }
    #[handle]
    fn on_news(&mut self, m: &News) -> Result<(), String> {
        take(self.actor.as_mut(), Kind::News, &m.0)
    }
}

impl Peer {
    fn step(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let Some(actor) = &mut self.actor else {
            return Ok(());
        };
        let wanted = actor.act(ctx)?;
        for _ in 0..wanted {
            match ctx.receive_timeout(self, Duration::ZERO) {
                Ok(Flow::Continue) => {}
                Ok(Flow::Stop) | Err(Error::Receive(RecvError::Timeout(_))) => break,
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }
}

/// Hears the news, and stays until all others have ended.
#[agent(manual, resident, listen_to(News))]
pub struct Listener {
    pub script: Script,
    #[serde(skip)]
    actor: Option<Actor>,
}

impl Listener {
    pub fn new(script: Script) -> Listener {
        Listener {
            script,
            actor: None,
        }
    }
}

#[agent]
impl Listener {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        self.actor = Some(Actor::new(&self.script, ctx));
        while ctx.receive(self)? == Flow::Continue {}
        Ok(())
    }
    #[handle]
    fn on_direct(&mut self, m: &Direct) -> Result<(), String> {
        take(self.actor.as_mut(), Kind::Direct, &m.0)
    }
    #[handle]
    fn on_ask(&mut self, m: &Ask) -> Result<u64, String> {
        take(self.actor.as_mut(), Kind::Ask, &m.0)?;
        Ok(m.0.n + 1)
    }
    #[handle]
    fn on_cast(&mut self, m: &Cast) -> Result<(), String> {
        take(self.actor.as_mut(), Kind::Cast, &m.0)
    }
    #[handle]
    fn on_news(&mut self, m: &News) -> Result<(), String> {
        take(self.actor.as_mut(), Kind::News, &m.0)
    }
}

/// Writes a message down, and fails now and then while it is in hand.
fn take(actor: Option<&mut Actor>, kind: Kind, load: &Load) -> Result<(), String> {
    let Some(actor) = actor else { return Ok(()) };
    actor.pen.begun(kind, &load.key, load.n);
    if !load.is_intact() {
        actor
            .pen
            .wrong(&format!("message {} of {} is torn", load.n, load.key));
    }
    if !load.to.is_empty() && load.to != actor.label {
        let (n, key, to) = (load.n, &load.key, &load.to);
        actor
            .pen
            .wrong(&format!("message {n} of {key} for {to} is here"));
    }
    let failed = actor.fail_now_and_then();
    // An error that is an answer ends nobody.
    if failed.is_ok() || kind == Kind::Ask {
        actor.pen.done();
    }
    failed
}

/// Fails in one of the ways that there are.
pub fn fail(way: u8) -> Result<(), String> {
    match way % 4 {
        0 => Err("it fails".to_owned()),
        1 => panic!("it panics"),
        2 => std::process::exit(3),
        _ => kill_process(getpid(), Signal::KILL).map_err(|error| error.to_string()),
    }
}
