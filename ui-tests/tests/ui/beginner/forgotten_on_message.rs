use multitools::{Context, LISTENERS, agent};

struct Line {
    text: String,
}
#[agent(resident, listen_to(Line))]
struct One;
#[agent]
impl One {
    #[handle]
    fn on_line(&mut self, line: &Line, ctx: &mut Context) {
        ctx.print(&line.text);
    }
}
#[agent]
struct Two;
#[agent]
impl Two {
    fn op(&mut self, ctx: &mut Context) -> Result<(), multitools::Error> {
        let text = String::new();
        ctx.send(LISTENERS, &Line { text })?;
        Ok(())
    }
}
fn main() {}
