//! Restarts: an agent that fails, and goes on.
//!
//! `restart = on_failure` has an agent started again when it has failed: a new process, with the fields
//! that it began with. What is unread in its mailbox is kept; the message in hand is not handled twice.
//! Past the limit its failure is that of the run. With `retry` the message in hand is handled again, and
//! given back to its sender when that fails as well.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{
    Context, Flow, Notice, PoisonMessage, Restart, RunError, SendError, Supervisor, agent, message,
};
use std::error::Error;
use std::time::Duration;

#[message]
struct Page {
    number: u32,
    last: bool,
    thin: bool,
}

/// Prints pages, and fails at thin paper.
#[agent(name = "Press", restart = on_failure, max = 3, within = "60s", backoff = "10ms..1s")]
struct Press;
#[agent]
impl Press {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Box<dyn Error>> {
        loop {
            let page = ctx.next_message(None)?.decode::<Page>()?;
            if page.thin {
                return Err(format!("page {} is torn", page.number).into());
            }
            ctx.print(format_args!("page {}", page.number));
            if page.last {
                return Ok(());
            }
        }
    }
}

/// Sends three pages, without waiting for any to be printed.
#[agent(name = "Author")]
struct Author {
    thin: Vec<u32>,
}
#[agent]
impl Author {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        for number in 1..=3 {
            let page = Page {
                number,
                last: number == 3,
                thin: self.thin.contains(&number),
            };
            ctx.send("Press", &page)?;
        }
        Ok(())
    }
}

/// Sends what the press fails at, and keeps what it is given back.
#[agent(name = "Editor", manual)]
struct Editor {
    unprintable: Option<u32>,
}
#[agent]
impl Editor {
    fn op(&mut self, ctx: &mut Context) -> Result<Option<u32>, multitools::Error> {
        for number in 1..=2 {
            let page = Page {
                number,
                last: number == 2,
                thin: number == 1,
            };
            ctx.send("Press", &page)?;
        }
        while ctx.receive(self)? == Flow::Continue {}
        Ok(self.unprintable)
    }
    #[handle]
    fn on_poison(&mut self, poison: &PoisonMessage) -> Result<Flow, multitools::DecodeError> {
        let message = poison.message()?;
        self.unprintable = Some(message.decode::<Page>()?.number);
        Ok(Flow::Stop)
    }
}

/// Says who is started again, and why.
fn tell(notice: &Notice) {
    if let Notice::Restarting {
        report: Some(report),
        attempt,
        ..
    } = notice
    {
        println!("{}: restart {attempt}", report.headline());
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    // As it is declared.
    multitools::run!(Press, Author { thin: vec![2] }; on_notice = tell)?;

    // Otherwise, in this run.
    let quick = Duration::from_millis(1);
    let policy = Restart::on_failure().max(2).backoff(quick, quick);
    let mut supervisor = Supervisor::new();
    supervisor.add(Press).restart(policy);
    supervisor.add(Author {
        thin: vec![1, 2, 3],
    });
    supervisor.on_notice(tell).on_failure(|_| ());
    if let Err(RunError::Failed(report)) = supervisor.supervise() {
        println!("{} after {} restarts", report.headline(), report.restarts);
    }

    // What it fails at twice is given back, and the rest is printed.
    supervisor.add(Press).restart(policy.retry(1));
    let editor = Editor { unprintable: None };
    let unprintable = supervisor.add(editor).output();
    let unprintable = supervisor
        .on_notice(|_| ())
        .supervise()?
        .take(unprintable)?;
    println!("given back: {unprintable:?}");
    Ok(())
}
