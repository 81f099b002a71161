//! What agents declare that they send, and send.
#![deny(warnings)]
use multitools::{
    BROADCAST, Context, Error, Flow, LISTENERS, MaySend, SUPERVISOR, SendError, StringMessage,
    agent, message,
};
use std::time::Duration;

#[message(extends = StringMessage)]
struct Notice(StringMessage);
#[message]
enum Telemetry {
    Alarm(Alarm),
    Silence,
}
#[message(extends = Telemetry)]
struct Alarm;
#[message]
struct Part<'a> {
    data: &'a [u8],
}
#[message(reply = u64)]
struct Square(u64);

#[agent(sends(StringMessage, Part<'_>, Square), announces(Telemetry))]
struct Sensor;
#[agent]
impl Sensor {
    #[handle]
    fn on_square(&mut self, square: &Square, _: &mut Context<Self>) -> u64 {
        square.0
    }
    #[handle]
    fn on_part(&mut self, _: &Part<'_>) {}
    fn op(&mut self, ctx: &mut Context<Self>) -> Result<u64, Error> {
        greet(ctx)?;
        self.tell(ctx)?;
        ctx.send(BROADCAST, &Notice(StringMessage::new("a subtype")))?;
        ctx.try_send(ctx.id(), &Part { data: &[1, 2] })?;
        ctx.send(SUPERVISOR, &Alarm)?;
        ctx.send(LISTENERS, &Telemetry::Silence)?;
        ctx.send(LISTENERS, &Telemetry::Alarm(Alarm))?;
        ctx.print("printing is not sending");
        while ctx.receive_timeout(self, Duration::from_millis(1)).is_ok() {}
        Ok(ctx.ask("Display", &Square(5), Duration::from_secs(5))?)
    }
    fn tell(&self, ctx: &mut Context<Self>) -> Result<(), SendError> {
        ctx.addr::<Display>().send(ctx, &StringMessage::new("typed")).map(drop)
    }
}

/// A helper for all who send texts, whether they say so or not.
fn greet<S: MaySend<StringMessage, I>, I>(ctx: &mut Context<S>) -> Result<(), SendError> {
    ctx.send("Display", &StringMessage::new("hello")).map(drop)
}

#[agent(resident, listen_to(Telemetry), sends())]
struct Display;
#[agent]
impl Display {
    #[handle]
    fn on_text(&mut self, _: &StringMessage, _: &mut multitools::Context<Self>) {}
    #[handle]
    fn on_telemetry(&mut self, _: &Telemetry) -> Flow {
        Flow::Continue
    }
    #[handle]
    fn on_square(&mut self, square: &Square) -> u64 {
        square.0 * square.0
    }
}

#[agent]
struct Plain;
#[agent]
impl Plain {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        greet(ctx)
    }
}

fn main() {
    let results = multitools::run!(Sensor, Display, Plain; on_object = |_: &multitools::AnyMessage| (), on_print = |_: &str| ());
    assert_eq!(results.map(|results| results.0).ok(), Some(25));
}
