//! Watching: who wants to know of an end is told of it, and who is linked shares it.
//!
//! `ctx.monitor` has a `Down` come when an agent has ended, after everything it had sent. `ctx.link` has
//! two agents fail together: when one of them fails, the other is ended as well, and both are started
//! again where they declare so.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, Down, Error, Notice, RunError, StringMessage, agent};

/// Draws cards, until it draws the wrong one.
#[agent(name = "Dealer", restart = on_failure, backoff = "10ms..1s")]
struct Dealer;
#[agent]
impl Dealer {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        // Wait until the table is set.
        ctx.next_message(None)?;
        ctx.send("Table", &StringMessage::new("seven of hearts"))?;
        if ctx.id().incarnation() == 0 {
            return Err(Error::Handler("drew the fifth ace".into()));
        }
        Ok(())
    }
}

/// Keeps the score, which is worth nothing once the game has been broken off.
#[agent(name = "Scorer", resident, restart = on_failure, backoff = "10ms..1s")]
struct Scorer {
    #[serde(skip)]
    points: u32,
}
#[agent]
impl Scorer {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for dealer in &ctx.ids("Dealer") {
            ctx.link(*dealer);
        }
        ctx.send(
            "Table",
            &StringMessage::new(format!("{} points", self.points)),
        )?;
        while ctx.receive(self)? == multitools::Flow::Continue {}
        Ok(())
    }
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {
        self.points += 1;
    }
}

/// Watches the dealer, through all its lives.
#[agent(name = "Table")]
struct Table;
#[agent]
impl Table {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let mut early = None;
        loop {
            // The scorer is there.
            let score = match early.take() {
                Some(score) => score,
                None => ctx.next_message(None)?.decode::<StringMessage>()?,
            };
            ctx.print(score.text);
            let dealer = ctx.wait_for("Dealer", std::time::Duration::from_secs(30))?[0];
            ctx.monitor(dealer);
            ctx.send(dealer, &StringMessage::new("deal"))?;

            let card = ctx.next_message(None)?.decode::<StringMessage>()?;
            ctx.print(card.text);
            let mut message = ctx.next_message(None)?;
            if !message.is::<Down>() {
                // What is linked may be back before word of the end is here.
                early = Some(message.decode::<StringMessage>()?);
                message = ctx.next_message(None)?;
            }
            let down = message.decode::<Down>()?;
            ctx.print(format_args!("the dealer {}", down.reason));
            if !down.restarting {
                return Ok(());
            }
        }
    }
}

/// Says who is started again, and why.
fn tell(notice: &Notice) {
    if let Notice::Restarting {
        report: Some(report),
        ..
    } = notice
    {
        println!("{}", report.headline());
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    multitools::run!(Dealer, Scorer { points: 0 }, Table; on_notice = tell)?;
    Ok(())
}
