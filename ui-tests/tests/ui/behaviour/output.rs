use multitools::{agent, process};

struct Own(u32);

#[agent]
struct A;
#[agent]
impl A {
    fn op(&mut self) -> Own {
        Own(1)
    }
}
#[agent]
struct B;
#[agent]
impl B {
    fn op(&mut self) -> Result<(Own, u32), String> {
        Ok((Own(1), 2))
    }
}
#[process]
fn work() -> Vec<Own> {
    Vec::new()
}
#[process]
fn thread() -> std::io::Result<std::thread::JoinHandle<()>> {
    Ok(std::thread::spawn(|| ()))
}
fn main() {}
