use multitools::agent;

struct NoText;
#[agent]
struct A;
#[agent]
impl A {
    fn op(&mut self) -> Result<u32, NoText> {
        Err(NoText)
    }
}
fn main() {}
