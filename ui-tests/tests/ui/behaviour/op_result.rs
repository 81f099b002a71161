use multitools::{Context, agent};

#[agent]
struct A;
#[agent]
impl A {
    async fn op(&mut self, _ctx: &mut Context) -> u32 {
        1
    }
}
#[agent]
struct B;
#[agent]
impl B {
    fn op(self) -> Result<String, std::io::Error> {
        Ok(String::new())
    }
}
#[agent]
struct C;
#[agent]
impl C {
    fn op(&mut self, more: u32) -> Vec<u32> {
        vec![more]
    }
}

fn main() -> Result<(), multitools::RunError> {
    let (a, b, c) = multitools::run!(A, B, C)?;
    println!("{} {b} {}", a + 1, c.len());
    Ok(())
}
