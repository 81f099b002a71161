use multitools::{AgentId, BROADCAST, Context, FileMessage, LISTENERS, SUPERVISOR, StringMessage, agent, message};

#[message(extends = StringMessage)]
struct Notice(StringMessage);

#[agent(sends(StringMessage))]
struct A;
#[agent]
impl A {
    fn op(&mut self, ctx: &mut Context<Self>) {
        let file = FileMessage::new("notes.txt");
        let _ = ctx.send("A", &StringMessage::new("declared"));
        let _ = ctx.send("A", &Notice(StringMessage::new("a subtype")));
        let _ = ctx.send("A", &file);
        let _ = ctx.try_send(LISTENERS, &file);
        let _ = ctx.send(ctx.id(), &file);
        let _ = ctx.send(BROADCAST, &file);
        let _ = ctx.send(SUPERVISOR, &file);
        let _ = ctx.send(Vec::<AgentId>::new(), &file);
    }
}
fn main() {}
