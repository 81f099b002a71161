use multitools::{agent, message};

struct Member(u32);

#[message]
enum Family {
    Member(Member),
    Nothing,
}

#[agent(resident)]
struct Server;
#[agent]
impl Server {
    #[handle]
    fn on_family(&mut self, _: &Family) {}
}
fn main() {
    let _ = (Family::Member(Member(1)), Family::Nothing);
}
