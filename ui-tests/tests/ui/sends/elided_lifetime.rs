use multitools::{Context, agent, message};

#[message]
struct Part<'a> {
    data: &'a [u8],
}
#[agent(sends(Part))]
struct A;
#[agent]
impl A {
    fn op(&mut self, ctx: &mut Context<Self>) {
        let _ = ctx.send("B", &Part { data: &[1] });
    }
}
fn main() {}
