use multitools::{StringMessage, agent, logger, message, process};

#[message(extend = StringMessage, replay = u32)]
struct M(StringMessage);
#[agent(nam = "a", listens_to(M), residents)]
struct A;
#[agent]
impl A {
    #[handel]
    fn on_m(&mut self, _: &M) {}
}
#[logger(listen_too(M))]
struct L;
#[logger]
impl L {
    fn log(&mut self, _: &M) {}
}
#[process(names = "p")]
fn p() {}
fn main() {}
