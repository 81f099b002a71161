use multitools::agent;

#[agent(restart = on_fail, max = 0, within = "60", backoff = "100ms")]
struct A;
#[agent]
impl A {
    fn op(&mut self) {}
}
#[agent(restart = sometimes, max = 3, within = "1.5s", backoff = "5s..100ms")]
struct B;
#[agent]
impl B {
    fn op(&mut self) {}
}
#[agent(restart = on_failure, max = -1, within = "0s", backoff = "0ms..5s")]
struct C;
#[agent]
impl C {
    fn op(&mut self) {}
}
#[agent(restart = always, max = 3u8, within = "6000000000000000h", backoff = "100..x")]
struct D;
#[agent]
impl D {
    fn op(&mut self) {}
}
#[agent(restart = "always", max = "3", within = 60, backoff = 100ms..5s)]
struct E;
#[agent]
impl E {
    fn op(&mut self) {}
}
#[agent(restart = on-failure, max)]
struct F;
#[agent]
impl F {
    fn op(&mut self) {}
}
#[agent(restart = always, retry = 0, group = "", strategy = rest)]
struct G;
#[agent]
impl G {
    fn op(&mut self) {}
}
#[agent(restart = always, retry(1), group = parts, strategy = some)]
struct H;
#[agent]
impl H {
    fn op(&mut self) {}
}
#[agent(restart = always, retry = "once", group = "parts", strategy = rset)]
struct I;
#[agent]
impl I {
    fn op(&mut self) {}
}

fn is_still_an_agent<A: multitools::Agent>(_: A) {}
fn main() {
    is_still_an_agent(A);
    is_still_an_agent(B);
    is_still_an_agent(C);
    is_still_an_agent(D);
    is_still_an_agent(E);
    is_still_an_agent(F);
    is_still_an_agent(G);
    is_still_an_agent(H);
    is_still_an_agent(I);
}
