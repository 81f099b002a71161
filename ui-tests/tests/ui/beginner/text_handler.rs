use multitools::{Context, StringMessage, agent, logger};

#[agent(resident)]
struct One;
#[agent]
impl One {
    #[handle]
    fn on_text(&mut self, _text: &str) {}
}
#[agent(resident)]
struct Two;
#[agent]
impl Two {
    #[handle]
    fn on_text(&mut self, _text: StringMessage, _ctx: Context) {}
}
#[logger(listen_to(StringMessage))]
struct Log;
#[logger]
impl Log {
    #[handle]
    fn on_text(&mut self, _text: &StringMessage) {}
}
fn main() {}
