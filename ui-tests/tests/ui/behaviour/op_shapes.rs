use multitools::{Context, StringMessage, agent};

#[agent]
struct A;
#[agent]
impl A {
    fn op(&mut self, _n: u32) {}
}
#[agent]
struct B;
#[agent]
impl B {
    async fn op(&mut self, _ctx: &mut Context) {}
}
#[agent]
struct C;
#[agent]
impl C {
    fn op(_ctx: &mut Context) {}
}
#[agent]
struct D;
#[agent]
impl D {
    #[handle]
    fn op(&mut self, _ctx: &mut Context, _m: &StringMessage) {}
}
#[agent]
struct E;
#[agent]
impl E {
    fn op<T>(&mut self) {}
}
fn main() {}
