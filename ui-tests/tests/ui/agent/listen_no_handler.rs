use multitools::{FileMessage, StringMessage, agent, logger};

#[agent(resident, listen_to(StringMessage, FileMessage))]
struct A;
#[agent]
impl A {
    #[handle]
    fn on_string(&mut self, _m: &StringMessage) {}
}
#[logger(listen_to(FileMessage))]
struct L;
#[logger]
impl L {
    fn log(&mut self, _m: &StringMessage) {}
}
fn main() {}
