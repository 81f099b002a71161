use multitools::agent;

#[agent(resident)]
enum E {
    A,
}
#[agent(resident)]
union U {
    a: u32,
}
#[agent(resident)]
struct G<T> {
    t: T,
}
#[agent]
impl<T> G<T> {}
#[agent]
fn f() {}
#[agent]
mod m {}
#[agent]
impl Clone for E {
    fn clone(&self) -> E {
        E::A
    }
}
fn main() {}
