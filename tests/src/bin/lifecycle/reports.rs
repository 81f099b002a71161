//! An agent that ends in every way there is, in the middle of a message and with others in its mailbox.
#![allow(
    clippy::print_stderr,
    reason = "the report quotes the end of the standard error"
)]

use multitools::{Context, Error, RunError, SendError, Supervisor, agent, message};
use rustix::process::{Signal, getpid, kill_process};
use std::time::Duration;

/// `report <how>`: the agent ends like that. The program says from where the fatal message is sent.
pub(crate) fn report(arguments: &[String]) -> Result<(), RunError> {
    multitools::init();
    let how = arguments.first().cloned().unwrap_or_default();
    println!("sent-at {}:{FATAL_LINE}:", file!());
    let mut supervisor = Supervisor::new();
    supervisor.add(Patient { how });
    supervisor.add(Doctor);
    supervisor.supervise().map(drop)
}

/// A `report` whose words go to handlers of its own.
pub(crate) fn report_to_handlers() -> Result<(), RunError> {
    multitools::init();
    let mut supervisor = Supervisor::new();
    supervisor.add(Patient {
        how: "error".to_owned(),
    });
    supervisor.add(Doctor);
    supervisor.on_notice(|notice| println!("notice: {notice}"));
    supervisor.on_failure(|report| println!("failure: {report}"));
    supervisor.supervise().map(drop)
}

#[message]
struct Dose {
    number: u32,
}

/// Nobody takes it.
#[message]
struct Advice;

#[agent(name = "Patient", resident, manual)]
struct Patient {
    how: String,
}

#[agent]
impl Patient {
    #[handle]
    fn on_dose(&mut self, dose: &Dose, ctx: &mut Context) -> Result<(), Error> {
        // When the sender has ended, all that it has sent is in the mailbox.
        while !ctx.ids("Doctor").is_empty() {
            let _ = ctx.wait_for("nobody", Duration::from_millis(1));
        }
        eprintln!("dose {} does not agree", dose.number);
        end(&self.how).map_err(Error::Handler)
    }
}

#[allow(clippy::panic, reason = "it is made to panic")]
fn end(how: &str) -> Result<(), String> {
    match how {
        "panic" => panic!("it hurts\nin \"two\" \u{1b}[31mlines"),
        "double-panic" => {
            let _bad = PanicsWhenDropped;
            panic!("it hurts")
        }
        "panic-in-c" => cannot_unwind(),
        "caught-panic-and-abort" => {
            let _ = std::panic::catch_unwind(|| panic!("this one is caught"));
            std::process::abort()
        }
        "error" => return Err("will not\nreally".to_owned()),
        "exit" => std::process::exit(7),
        "kill" => {
            let _ = kill_process(getpid(), Signal::KILL);
        }
        "segv" => loop {
            // The runtime's own handler takes the first one.
            let _ = kill_process(getpid(), Signal::SEGV);
        },
        "abort" => std::process::abort(),
        "overflow" => drop(deeper(1)),
        "no-memory" => drop(std::hint::black_box(Vec::<u8>::with_capacity(1 << 46))),
        "eat" => eat(),
        other => return Err(format!("no way to end like {other}")),
    }
    Ok(())
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    #[allow(clippy::panic, reason = "it is made to panic")]
    fn drop(&mut self) {
        panic!("it hurts more")
    }
}

#[allow(clippy::panic, reason = "it is made to panic")]
extern "C" fn cannot_unwind() {
    panic!("it hurts in C")
}

#[allow(unconditional_recursion, reason = "it is made to overflow the stack")]
fn deeper(depth: u64) -> u64 {
    let room = std::hint::black_box([depth; 64]);
    deeper(depth + 1) + room[0]
}

/// Takes more memory than there is, where no more than a gigabyte is meant to be there.
fn eat() {
    let mut eaten = Vec::new();
    for _ in 0..1024 {
        eaten.push(std::hint::black_box(vec![1_u8; 1 << 20]));
    }
}

#[agent(name = "Doctor", manual)]
struct Doctor;

/// The line of the call that sends the fatal dose.
const FATAL_LINE: u32 = line!() + 7;

#[agent]
impl Doctor {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        ctx.send("Patient", &Advice)?;
        let fatal = Dose { number: 1 };
        ctx.send("Patient", &fatal)?;
        for number in 2..5 {
            ctx.send("Patient", &Dose { number })?;
        }
        ctx.send("Patient", &Advice).map(drop)
    }
}
