use multitools::{Context, StringMessage, logger, process};

#[process(sends(StringMessage))]
fn p(_ctx: &mut Context) {}

#[logger(listen_to(StringMessage), sends(StringMessage))]
struct L;
#[logger(announces(StringMessage))]
impl L {
    fn log(&mut self, _: &StringMessage) {}
}
fn main() {}
