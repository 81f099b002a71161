use multitools::message;

#[message]
enum Telemetry {
    Reading(Reading),
    Off,
}
#[message(extends = Telemetry)]
struct Reading {
    value: f64,
}
#[message(extends = Telemetry)]
struct Alarm {
    text: String,
}
fn main() {}
