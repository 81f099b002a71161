use multitools::{AnyMessage, Context, agent, message};

#[message]
struct Question;
#[message(extends = Question, reply = u64)]
struct Number(Question);

#[agent(resident)]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_question(&mut self, _: &Question) {}
}
#[agent(resident)]
struct B;
#[agent]
impl B {
    #[handle]
    fn on_any(&mut self, _: &AnyMessage) {}
}
fn ask(ctx: &mut Context) {
    let _ = ctx.addr::<A>().ask(ctx, &Number(Question));
    let _ = ctx.addr::<B>().ask(ctx, &Number(Question));
}
fn main() {}
