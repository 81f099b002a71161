//! `run!()` refuses at its start what nobody hears: which agents there are, only the linker knows.
use multitools::{Context, LISTENERS, RunError, agent, message};

#[message]
struct Alarm;

#[agent(sends(), announces(Alarm), listen_to(Alarm))]
#[derive(Default)]
struct Sensor;
#[agent]
impl Sensor {
    #[handle]
    fn on_alarm(&mut self, _: &Alarm) {}
    fn op(&mut self, ctx: &mut Context<Self>) {
        let _ = ctx.send(LISTENERS, &Alarm);
    }
}

fn main() {
    let error = multitools::run!().unwrap_err();
    assert!(matches!(error, RunError::Unheard(_)));
    let text = "no agent of this run listens to `Alarm`, which agent `Sensor` announces";
    assert_eq!(error.to_string(), text);
}
