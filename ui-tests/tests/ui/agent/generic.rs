use multitools::{Context, StringMessage, agent, logger};

#[agent(resident)]
struct Typed<T> {
    #[serde(skip)]
    held: T,
}
#[agent]
impl<T> Typed<T> {
    #[handle]
    fn on_text(&mut self, _: &StringMessage, _: &mut Context) {}
}
#[agent(resident)]
struct Borrowing<'a> {
    text: &'a str,
}
#[agent]
impl Borrowing<'_> {
    #[handle]
    fn on_text(&mut self, _: &StringMessage, _: &mut Context) {}
}
#[logger(listen_to(StringMessage))]
struct Counted<const N: usize>;
#[logger]
impl Counted<3> {
    fn log(&mut self, _: &StringMessage) {}
}
fn main() {
    let _ = multitools::run!(Typed { held: 1 }, Borrowing { text: "" }, Counted::<3>);
}
