//! R11: residents that send on to other residents what they are sent.

use multitools::{
    Context, Error, Notice, ResidentTermMessage, RunError, Supervisor, agent, message,
};
use multitools_tests::{Gate, hold_back, open_gate};
use std::cell::RefCell;

/// How many messages go through the chain.
const MANY: u32 = 3_000;

#[message]
struct Item(u32);

#[agent(name = "source", manual)]
struct Source;
#[agent]
impl Source {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for n in 0..MANY {
            ctx.send("first", &Item(n))?;
        }
        open_gate(ctx)
    }
}

/// Sends on what it gets; the first one, from when the source has sent everything.
#[agent(resident, manual)]
struct Link {
    next: String,
    is_first: bool,
}

/// What became of what a link had to send on.
#[derive(Default, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct SentOn {
    accepted: u32,
    refused: u32,
}

#[agent]
impl Link {
    fn op(&mut self, ctx: &mut Context) -> Result<SentOn, Error> {
        if self.is_first {
            hold_back(ctx)?;
        }
        let mut sent = SentOn::default();
        loop {
            let message = ctx.next_message(None)?;
            if message.is::<ResidentTermMessage>() {
                return Ok(sent);
            }
            let item = message.decode::<Item>()?;
            match ctx.send(self.next.as_str(), &item) {
                Ok(_) => sent.accepted += 1,
                Err(_) => sent.refused += 1,
            }
        }
    }
}

#[agent(name = "sink", resident, manual)]
#[derive(Default)]
struct Sink {
    taken: u32,
}
#[agent]
impl Sink {
    #[handle]
    fn on_item(&mut self, _: &Item) {
        self.taken += 1;
    }
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        while ctx.receive(self)? == multitools::Flow::Continue {}
        Ok(self.taken)
    }
}

/// All are residents but for the source: what it has sent goes through both links to the sink.
#[multitools::test]
fn r11_what_residents_send_on_is_taken_by_the_last_of_them() -> Result<(), RunError> {
    let notices = RefCell::new(Vec::new());
    let mut supervisor = Supervisor::new();
    supervisor.on_notice(|notice: &Notice| notices.borrow_mut().push(notice.clone()));
    let next = |name: &str| Link {
        next: name.to_owned(),
        is_first: name == "second",
    };
    let taken = supervisor.add(Sink::default()).output();
    let first = supervisor.add_named("first", next("second")).output();
    let second = supervisor.add_named("second", next("sink")).output();
    supervisor.add(Source);
    supervisor.add(Gate::default());
    let mut results = supervisor.supervise()?;
    let sent = [results.take(first)?, results.take(second)?];
    let taken = results.take(taken)?;
    drop(supervisor);
    let all = || SentOn {
        accepted: MANY,
        refused: 0,
    };
    let notices = notices.into_inner();
    assert_eq!((sent, taken), ([all(), all()], MANY), "{notices:?}");
    Ok(())
}
