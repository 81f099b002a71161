use multitools::{Context, agent};

#[agent]
struct Worker;
#[agent]
impl Worker {
    fn op(&mut self, ctx: &mut Context) {
        std::thread::scope(|scope| {
            scope.spawn(|| ctx.print("from another thread"));
        });
    }
}
fn main() {}
