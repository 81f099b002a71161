//! What the rule tests share: a gate that agents wait at, messages to send, and ways to await an end.
//!
//! Nothing here sleeps: whoever has to wait waits for a message, an answer, or an agent's end.

pub mod lifecycle;

use multitools::{
    AskError, Context, Error, Flow, Message, SendError, StringMessage, agent, message,
};
use std::time::Duration;

/// A deadline far larger than anything here takes: reached only where a test fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// In the environment of a program: over what its agents talk.
const TRANSPORT: &str = "MULTITOOLS_TRANSPORT";

/// Whether the agents of this program talk over sockets.
#[must_use]
pub fn over_sockets() -> bool {
    std::env::var_os(TRANSPORT).is_some_and(|choice| choice == "socket")
}

/// Runs this test binary again, without the test of this name, with agents that talk over sockets. Does
/// nothing where they do already.
///
/// # Panics
/// When a test fails; what the binary has written is shown.
pub fn again_over_sockets(this: &str) {
    if over_sockets() {
        return;
    }
    let ran = std::env::current_exe().and_then(|binary| {
        let mut again = std::process::Command::new(binary);
        again.args(["--skip", this]).env(TRANSPORT, "socket");
        again.stdin(std::process::Stdio::null()).output()
    });
    let failure = match ran {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some([output.stdout, output.stderr].concat()),
        Err(error) => Some(error.to_string().into_bytes()),
    };
    let failure = failure.map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(failure.is_none(), "{}", failure.unwrap_or_default());
}

/// Asks a [`Gate`] to be let through.
#[message(reply = ())]
#[derive(Clone, Copy)]
pub struct Pass;

/// Lets one through a [`Gate`].
#[message]
#[derive(Clone, Copy)]
pub struct Open;

/// Asks a [`Bell`] for a sign of life.
#[message(reply = ())]
#[derive(Clone, Copy)]
pub struct Ping;

/// Where agents hold back until another says that they may go on: each [`Open`] lets one [`Pass`]
/// through, whichever comes first.
#[agent(name = "gate", resident, manual)]
#[derive(Default)]
pub struct Gate {
    opened: u32,
}

/// Answers at once, for [`fill`].
#[agent(name = "bell", resident, manual)]
#[derive(Default)]
pub struct Bell;

#[agent]
impl Bell {
    #[handle]
    fn on_ping(&mut self, _: &Ping) {}
}

#[agent]
impl Gate {
    #[handle]
    fn on_open(&mut self, _: &Open) {
        self.opened += 1;
    }

    #[handle]
    fn on_pass(&mut self, _: &Pass, ctx: &mut Context) -> Result<(), Error> {
        while self.opened == 0 {
            if ctx.next_message(PATIENCE)?.is::<Open>() {
                self.opened += 1;
            }
        }
        self.opened -= 1;
        Ok(())
    }
}

/// Waits at the run's gate. Messages pile up meanwhile.
///
/// # Errors
/// When nobody opens it in time.
pub fn hold_back(ctx: &mut Context) -> Result<(), AskError> {
    ctx.ask("gate", &Pass, PATIENCE)
}

/// Lets one agent through the run's gate.
///
/// # Errors
/// When there is no gate.
pub fn open_gate(ctx: &mut Context) -> Result<(), Error> {
    ctx.send("gate", &Open).map(drop).map_err(Error::from)
}

/// Sends again what finds no room, until it does.
///
/// # Errors
/// Those of [`Context::send`] except a full mailbox.
pub fn insist<M: Message>(ctx: &mut Context, target: &str, message: &M) -> Result<(), Error> {
    loop {
        match ctx.send(target, message) {
            Ok(_) => return Ok(()),
            Err(SendError::Full { .. }) => {}
            Err(other) => return Err(other.into()),
        }
    }
}

/// Fills the mailbox of an agent that does not look at it, and the sockets on the way there, with
/// messages of this size; returns how many that takes. Needs a [`Bell`] in the run: its answers give the addressee time to take in what it can.
///
/// # Errors
/// Those of [`Context::send`] except a full mailbox.
pub fn fill(ctx: &mut Context, target: &str, bytes: usize) -> Result<u32, Error> {
    let (mut sent, mut idle) = (0, 0);
    while idle < 5 {
        idle += 1;
        loop {
            match ctx.try_send(target, &Numbered::new(sent, bytes)) {
                Ok(_) => (sent, idle) = (sent + 1, 0),
                Err(SendError::Full { .. }) => break,
                Err(other) => return Err(other.into()),
            }
        }
        for _ in 0..5 {
            ctx.ask("bell", &Ping, PATIENCE)?;
        }
    }
    Ok(sent)
}

/// A request that nobody answers: asking it is waiting for the other's end.
#[message(reply = ())]
#[derive(Clone, Copy)]
pub struct Never;

/// Waits until the only agent with a name has ended, if it has not. It must take the [`Never`] and end without answering.
///
/// # Errors
/// When it ends otherwise than by the other's end.
pub fn await_end(ctx: &mut Context, name: &str) -> Result<(), Error> {
    match ctx.ask(name, &Never, PATIENCE) {
        Err(AskError::Dead { .. } | AskError::Send(SendError::NoTarget { .. })) => Ok(()),
        Ok(()) => Err(Error::Handler(format!("`{name}` answered"))),
        Err(other) => Err(other.into()),
    }
}

/// A numbered message with as many bytes as one likes.
#[message]
#[derive(Clone, PartialEq, Eq)]
pub struct Numbered {
    /// Its place in what its sender sends.
    pub number: u32,
    /// So many times the same letter, which follows from the number.
    pub load: String,
}

impl Numbered {
    /// A message with this number and this many bytes.
    #[must_use]
    pub fn new(number: u32, bytes: usize) -> Numbered {
        Numbered {
            number,
            load: letter(number).repeat(bytes),
        }
    }

    /// Whether every byte is what its sender wrote.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        let letter = letter(self.number).as_bytes();
        self.load.bytes().all(|byte| byte == letter[0])
    }
}

fn letter(number: u32) -> &'static str {
    const LETTERS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];
    LETTERS[number as usize % LETTERS.len()]
}

/// A text message.
#[must_use]
pub fn text(text: &str) -> StringMessage {
    StringMessage::new(text)
}

/// Serves an agent's mailbox until it is told to leave.
///
/// # Errors
/// Those of [`Context::receive`].
pub fn serve<A: multitools::Agent + multitools::Behaviour>(
    agent: &mut A,
    ctx: &mut Context<A::Scope>,
) -> Result<(), Error> {
    while ctx.receive(agent)? == Flow::Continue {}
    Ok(())
}

/// The numbers of the next messages, all of which must be intact [`Numbered`]s.
///
/// # Errors
/// When one is something else or torn.
pub fn take_numbers(ctx: &mut Context, count: usize) -> Result<Vec<u32>, Error> {
    let mut numbers = Vec::with_capacity(count);
    for _ in 0..count {
        let message = ctx.next_message(PATIENCE)?;
        let message = message.decode::<Numbered>()?;
        if !message.is_intact() {
            return Err(Error::Handler(format!(
                "message {} is torn",
                message.number
            )));
        }
        numbers.push(message.number);
    }
    Ok(numbers)
}
