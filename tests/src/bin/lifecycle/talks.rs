//! Agents that print, and ask for input.

use multitools::{
    Context, Error, Flow, InputMessage, RunError, StringMessage, Supervisor, agent, run,
};
use std::io::BufRead;
use std::time::Duration;

/// How many texts each agent prints, and of how many lines each is.
const TEXTS: usize = 200;

/// Several agents that print long texts and texts of several lines at once.
pub(crate) fn print() -> Result<(), RunError> {
    multitools::init();
    let mut supervisor = Supervisor::new();
    for letter in ["a", "b", "c", "d"] {
        let letter = letter.to_owned();
        supervisor.add(Prints { letter });
    }
    supervisor.supervise()?;
    println!("the run is over");
    Ok(())
}

#[agent(manual)]
struct Prints {
    letter: String,
}

#[agent]
impl Prints {
    fn op(&mut self, ctx: &mut Context) {
        let letter = &self.letter;
        for n in 0..TEXTS {
            let long = letter.repeat(if n % 20 == 0 { 20_000 } else { 50 });
            ctx.print(format_args!(
                "{letter} {n} first {long}\n{letter} {n} second {long}"
            ));
        }
    }
}

/// `ask <name>...`: agents that ask for a line each.
pub(crate) fn ask(names: &[String]) -> Result<(), RunError> {
    multitools::init();
    let mut supervisor = Supervisor::new();
    for name in names {
        supervisor.add_named(name.clone(), Asks { times: 1 });
    }
    supervisor.supervise().map(drop)
}

/// `ask-while-all-wait <grace in ms>`: an agent that asks for a line, and others that wait for nothing else.
pub(crate) fn ask_while_all_wait(arguments: &[String]) -> Result<(), RunError> {
    multitools::init();
    let grace = arguments.first().and_then(|grace| grace.parse().ok());
    let mut supervisor = Supervisor::new();
    supervisor.hang_grace(grace.map(Duration::from_millis));
    supervisor.add_named("ann", Asks { times: 1 });
    supervisor.add(Idles);
    supervisor.supervise().map(drop)
}

/// Stays, and does nothing.
#[agent(resident, manual)]
struct Idles;
#[agent]
impl Idles {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}

/// Two runs, each with an agent that asks for a line.
pub(crate) fn ask_twice() -> Result<(), RunError> {
    for name in ["ann", "bob"] {
        ask(&[name.to_owned()])?;
    }
    Ok(())
}

#[agent(manual)]
struct Asks {
    times: u32,
}

#[agent]
impl Asks {
    fn op(&mut self, ctx: &mut Context) {
        for _ in 0..self.times {
            let answer = ctx.input("your word? ");
            let name = ctx.name().unwrap_or_default().to_owned();
            ctx.print(format_args!("{name} got {answer:?}"));
        }
    }
}

/// One agent whose prompt times out, one that ends while it asks in a thread of its own making, and one
/// that gets the line.
pub(crate) fn ask_and_end() -> Result<(), RunError> {
    multitools::init();
    let mut supervisor = Supervisor::new();
    supervisor.add(GivesUp);
    supervisor.add_named("last", AsksLast);
    supervisor.supervise().map(drop)
}

#[agent(name = "gives up", manual)]
struct GivesUp;

#[agent]
impl GivesUp {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let answer = ctx.input_timeout("too slow? ", Duration::from_millis(50));
        ctx.print(format_args!("gave up: {answer:?}"));
        ctx.send("last", &StringMessage::new("your turn"))?;
        Ok(())
    }
}

#[agent(manual)]
struct AsksLast;

#[agent]
impl AsksLast {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.next_message(None)?;
        let answer = ctx.input("at last? ");
        ctx.print(format_args!("last got {answer:?}"));
        Ok(())
    }
}

/// An agent that waits for a line while two others talk to each other and print.
pub(crate) fn ask_while_talking() -> Result<(), RunError> {
    multitools::init();
    let mut supervisor = Supervisor::new();
    supervisor.add_named("asks", Asks { times: 1 });
    supervisor.add(Calls);
    supervisor.add(Echoes);
    supervisor.supervise().map(drop)
}

#[agent(name = "calls", manual)]
struct Calls;

#[agent]
impl Calls {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for _ in 0..100 {
            ctx.send("echoes", &StringMessage::new("marco"))?;
            ctx.next_message(None)?;
        }
        ctx.print("100 echoes came back");
        Ok(())
    }
}

#[agent(name = "echoes", resident, manual)]
struct Echoes;

#[agent]
impl Echoes {
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) -> Result<Flow, Error> {
        ctx.send("calls", text)?;
        Ok(Flow::Continue)
    }
}

/// Agents that tell their process before they ask.
pub(crate) fn tell_and_ask() -> Result<(), RunError> {
    let ended = run!(TellsAndAsks, TellsAndAsks);
    println!("{ended:?}");
    read_the_rest()
}

#[agent(manual)]
struct TellsAndAsks;

#[agent]
impl TellsAndAsks {
    fn op(&mut self, ctx: &mut Context) {
        let prompt = format!("{} asks. ", std::process::id());
        let answer = ctx.input(prompt);
        ctx.print(format_args!("{answer:?}"));
    }
}

/// An agent that asks, and one that prints while the other's prompt waits.
pub(crate) fn ask_then_print() -> Result<(), RunError> {
    multitools::init();
    let mut supervisor = Supervisor::new();
    supervisor.add_named("asks", Asks { times: 1 });
    supervisor.add(PrintsWhenAsked);
    supervisor.supervise().map(drop)
}

#[agent(resident, manual, listen_to(InputMessage))]
struct PrintsWhenAsked;

#[agent]
impl PrintsWhenAsked {
    #[handle]
    fn on_prompt(&mut self, _prompt: &InputMessage, ctx: &mut Context) -> Flow {
        ctx.print("printed meanwhile");
        ctx.print("and again");
        Flow::Stop
    }
}

/// An agent whose prompt nobody answers, and the program that reads after the run.
pub(crate) fn ask_in_vain() -> Result<(), RunError> {
    run!(AsksInVain)?;
    println!("the run is over");
    read_the_rest()
}

#[agent(manual)]
struct AsksInVain;

#[agent]
impl AsksInVain {
    fn op(&mut self, ctx: &mut Context) {
        let _ = ctx.input_timeout("anybody? ", Duration::from_millis(50));
    }
}

/// An agent that reads one line, and the program that reads what is left.
pub(crate) fn ask_then_read() -> Result<(), RunError> {
    run!(Asks { times: 1 })?;
    read_the_rest()
}

fn read_the_rest() -> Result<(), RunError> {
    for line in std::io::stdin().lock().lines() {
        println!("the program reads {:?}", line.unwrap_or_default());
    }
    Ok(())
}

/// Prints, writes to the standard error, gets a message that nobody takes, and fails.
pub(crate) fn print_and_fail() -> Result<(), RunError> {
    run!(Complains).map(drop)
}

#[agent(name = "Complains", manual)]
struct Complains;

#[agent]
impl Complains {
    #[allow(clippy::print_stderr, reason = "it is passed on")]
    fn op(&mut self, ctx: &mut Context) -> Result<(), String> {
        for number in 0..1000 {
            ctx.print(format_args!("{number}: {}", "word ".repeat(100)));
            eprintln!("and {number} again");
        }
        Err("nobody listens".to_owned())
    }
}

/// `print-and-stay <file>`: an agent that prints, says so in a file, and waits.
pub(crate) fn print_and_stay(arguments: &[String]) -> Result<(), RunError> {
    let file = arguments.first().cloned().unwrap_or_default();
    run!(PrintsAndStays { file }).map(drop)
}

#[agent(manual)]
struct PrintsAndStays {
    file: String,
}

#[agent]
impl PrintsAndStays {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.print("a line");
        let said = std::fs::write(&self.file, "printed");
        said.map_err(|error| Error::Handler(error.to_string()))?;
        ctx.next_message(None)?;
        Ok(())
    }
}
