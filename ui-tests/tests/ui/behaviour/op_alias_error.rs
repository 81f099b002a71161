use multitools::agent;

struct NoText;
type AgentResult<T> = Result<T, NoText>;
#[agent]
struct A;
#[agent]
impl A {
    fn op(&mut self) -> AgentResult<u32> {
        Err(NoText)
    }
}
fn main() {}
