//! Saying what is sent: the compiler holds an agent to what it declares.
//!
//! `sends(..)` names what an agent sends to somebody, `announces(..)` what it tells LISTENERS. Whatever else it
//! tries to send does not compile, and neither does a `run!` in which nobody hears what is announced.
#![allow(clippy::print_stdout, reason = "the program's purpose is to print")]

use multitools::{Context, Error, LISTENERS, RunError, agent, message};
use std::time::Duration;

/// What a guest wants, and what it costs.
#[message(reply = u32)]
struct Order {
    cups: u32,
}

/// What has been brought to a guest.
#[message]
struct Served {
    cups: u32,
}

/// May send orders, and nothing else.
#[agent(name = "Guest", sends(Order))]
struct Guest;
#[agent]
impl Guest {
    fn op(&mut self, ctx: &mut Context<Self>) -> Result<u32, Error> {
        let mut price = 0;
        for cups in 1..=3 {
            price += ctx.ask("Kitchen", &Order { cups }, Duration::from_secs(10))?;
        }
        Ok(price)
    }
}

/// Answers orders, and tells whoever wants to know.
#[agent(name = "Kitchen", resident, sends(), announces(Served))]
struct Kitchen;
#[agent]
impl Kitchen {
    #[handle]
    fn on_order(&mut self, order: &Order, ctx: &mut Context<Self>) -> Result<u32, Error> {
        ctx.send(LISTENERS, &Served { cups: order.cups })?;
        Ok(2 * order.cups)
    }
}

/// Counts what has been served. What it sends itself it does not say.
#[agent(name = "Till", resident, listen_to(Served))]
#[derive(Default)]
struct Till {
    cups: u32,
}
#[agent]
impl Till {
    #[handle]
    fn on_served(&mut self, served: &Served, ctx: &mut Context) {
        self.cups += served.cups;
        ctx.print(format_args!("{} cups", self.cups));
    }
}

#[multitools::main]
fn main() -> Result<(), RunError> {
    let (price, ..) = multitools::run!(Guest, Kitchen, Till::default())?;
    println!("{price} coins");
    Ok(())
}
