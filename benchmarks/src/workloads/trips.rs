//! There and back: what the two ends of a byte transport do.

use super::Text;
use crate::job::{Job, Outcome, Result, Workload};
use crate::machine::{pin_process, pin_thread};
use crate::meter::Trips;
use crate::peers::{Link, Transport};
use crate::side::{SIDE, Side, say, this_executable};
use std::hint::black_box;

/// The argument of a process that computes; the core follows.
pub const SPIN: &str = "spin";

/// The side that asks.
pub fn ask<T: Transport>(job: &Job) -> Result<Outcome> {
    pin_process(job.near_core())?;
    let (mut listener, addresses) = T::listen(job, 1)?;
    let address = addresses.into_iter().next();
    let mut side = Side::start(&Job {
        address,
        ..job.clone()
    })?;
    let mut link = T::accept(&mut listener)?;
    side.hear::<String>()?;
    let _load = load(job)?;
    let mut message = Text::of(job.workload.bytes());
    let mut bytes = Vec::new();
    let mut trip = || -> Result<()> {
        bytes.clear();
        rmp_serde::encode::write(&mut bytes, &message)?;
        link.send(&bytes)?;
        link.flush()?;
        let answer = receive_one(&mut link)?;
        if answer.seq != message.seq + 1 {
            return Err("this is no answer to the last message".into());
        }
        message.seq = answer.seq;
        Ok(())
    };
    let outcome = measure(job, &mut trip)?;
    drop(side);
    Ok(outcome)
}

/// Makes as many trips as the job says, after some that do not count.
pub fn measure(job: &Job, trip: &mut dyn FnMut() -> Result<()>) -> Result<Outcome> {
    for _ in 0..job.warm_up() {
        trip()?;
    }
    let mut trips = Trips::begin()?;
    for _ in 0..job.count {
        trip()?;
        trips.done();
    }
    Ok(trips.outcome())
}

/// The side that answers, until it is killed.
pub fn answer<T: Transport>(job: &Job, address: &str) -> Result<()> {
    pin_process(job.far_core())?;
    let mut link = T::connect(job, address)?;
    say(&"ready")?;
    let mut bytes = Vec::new();
    loop {
        let message = reply(&receive_one(&mut link)?);
        bytes.clear();
        rmp_serde::encode::write(&mut bytes, &message)?;
        link.send(&bytes)?;
        link.flush()?;
    }
}

fn receive_one(link: &mut impl Link) -> Result<Text> {
    let mut one = None;
    link.receive(|bytes| {
        one = Some(rmp_serde::from_slice(bytes)?);
        Ok(())
    })?;
    one.ok_or_else(|| "woken without a message".into())
}

/// What stands for the handler of a request: the same text, with the next number.
#[inline(never)]
pub fn reply(message: &Text) -> Text {
    Text {
        seq: black_box(message).seq + 1,
        text: message.text.clone(),
    }
}

/// Two processes that compute, one on each core, if the job wants them.
pub fn load(job: &Job) -> Result<Vec<Side>> {
    if job.workload != Workload::TripLoaded {
        return Ok(Vec::new());
    }
    let mut sides = Vec::new();
    for core in job.cores {
        let mut command = this_executable()?;
        command.args([SIDE, SPIN, &core.to_string()]);
        let mut side = Side::of(command)?;
        side.hear::<String>()?;
        sides.push(side);
    }
    Ok(sides)
}

/// Computes until it is killed.
pub fn spin(core: usize) -> Result<()> {
    pin_thread(core)?;
    say(&"ready")?;
    let mut number = 0_u64;
    loop {
        number = black_box(
            number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1),
        );
    }
}
