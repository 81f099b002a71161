//! What may be sent to and asked of a typed address, generic code included.
#![deny(warnings)]
use multitools::{
    Addr, Agent, AnyMessage, AskError, Context, Error, StringMessage, agent, message, process,
};

#[message(reply = u64)]
struct Square(u64);
#[message(extends = Square)]
struct Cube(Square);
#[message(extends = StringMessage)]
struct Notice(StringMessage);
#[message]
struct Part<'a> {
    data: &'a [u8],
}
#[message(reply = ())]
struct Flush;

/// Answers, though a handler of everything stands above.
#[agent(resident)]
struct Calculator;
#[agent]
impl Calculator {
    #[handle]
    fn on_any(&mut self, _: &AnyMessage) {}
    #[handle]
    fn on_square(&mut self, square: &Square) -> u64 {
        square.0
    }
    #[handle]
    fn on_cube(&mut self, cube: &Cube) -> Result<u64, String> {
        Ok(cube.0.0)
    }
    #[handle]
    fn on_part(&mut self, part: &Part<'_>) {
        let _ = part.data;
    }
    #[handle]
    fn on_flush(&mut self, _: &Flush) {}
}

#[process]
fn customer(ctx: &mut Context, bytes: Vec<u8>) -> Result<u64, Error> {
    let calculator = ctx.addr::<Calculator>();
    calculator.send(ctx, &StringMessage::new("taken by the handler of everything"))?;
    calculator.send(ctx, &Notice(StringMessage::new("as well")))?;
    calculator.send(ctx, &Part { data: &bytes })?;
    let () = calculator.ask(ctx, &Flush)?;
    let answers = [
        calculator.ask(ctx, &Square(2))?,
        calculator.ask(ctx, &Cube(Square(3)))?,
    ];
    Ok(answers.iter().sum::<u64>() + 1)
}

fn kept(ctx: &Context) -> Addr<Calculator> {
    ctx.addr()
}
fn anybody<A: Agent>(ctx: &Context) -> bool {
    !ctx.addr::<A>().ids(ctx).is_empty()
}
fn later(ctx: &mut Context) -> Result<u64, AskError> {
    kept(ctx).ask_timeout(ctx, &Square(1), std::time::Duration::from_secs(1))
}

fn main() {
    let _ = (anybody::<Calculator>, later);
    let results = multitools::run!(customer::with(vec![1]), Calculator);
    assert_eq!(results.map(|(sum, ())| sum).ok(), Some(6));
}
