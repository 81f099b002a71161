use multitools::{Context, StringMessage, agent};

#[agent(resident)]
struct Server;
#[agent]
impl Server {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}

fn send(ctx: &mut Context, name: String) {
    let _ = ctx.send(Server, &StringMessage::new("hello"));
    let _ = ctx.send(7, &StringMessage::new("hello"));
    let _ = ctx.try_send(name, &StringMessage::new("hello"));
}
fn main() {}
