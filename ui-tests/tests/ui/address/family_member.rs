use multitools::{Context, SendError, agent, message};

#[message]
enum Family {
    Member(Member),
}
#[message]
struct Member(u32);

#[agent(resident)]
struct Server;
#[agent]
impl Server {
    #[handle]
    fn on_family(&mut self, _: &Family) {}
}

fn send(ctx: &mut Context) -> Result<(), SendError> {
    ctx.addr::<Server>().send(ctx, &Member(1)).map(drop)
}
fn main() {}
