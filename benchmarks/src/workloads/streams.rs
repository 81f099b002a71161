//! One way, as many as go through: what the two ends of a byte transport do.

use super::Text;
use crate::job::{Job, Outcome, Result, Span, Workload};
use crate::machine::pin_process;
use crate::meter::Meter;
use crate::peers::{Link, Transport};
use crate::side::{Side, say};
use std::hint::black_box;

/// The side that begins: starts the others, waits until they are there, and sends.
pub fn send<T: Transport>(job: &Job) -> Result<Outcome> {
    pin_process(job.near_core())?;
    let receivers = job.workload.receivers();
    let (mut listener, addresses) = T::listen(job, receivers)?;
    let mut sides = Vec::new();
    for address in addresses {
        let address = Some(address);
        sides.push(Side::start(&Job {
            address,
            ..job.clone()
        })?);
    }
    let spans = match job.workload {
        Workload::FanOut => {
            let mut group = T::accept_group(&mut listener, receivers)?;
            send_all(&mut group, &mut sides, job)
        }
        _ => send_all(&mut T::accept(&mut listener)?, &mut sides, job),
    }?;
    Ok(Outcome::of_stream(job.workload, &spans))
}

/// The other side: receives and reports.
pub fn receive<T: Transport>(job: &Job, address: &str) -> Result<()> {
    pin_process(job.far_core())?;
    let mut link = T::connect(job, address)?;
    say(&"ready")?;
    say(&drain(&mut link, job)?)
}

fn send_all(link: &mut impl Link, sides: &mut [Side], job: &Job) -> Result<Vec<Span>> {
    for side in &mut *sides {
        side.hear::<String>()?;
    }
    match job.workload {
        Workload::Mebibyte => send_bytes(link, job)?,
        _ => send_texts(link, job)?,
    }
    link.flush()?;
    sides.iter_mut().map(Side::hear).collect()
}

fn send_texts(link: &mut impl Link, job: &Job) -> Result<()> {
    let mut message = Text::of(job.workload.bytes());
    let mut bytes = Vec::new();
    for seq in 0..=job.count {
        message.seq = seq;
        bytes.clear();
        rmp_serde::encode::write(&mut bytes, &message)?;
        link.send(&bytes)?;
    }
    Ok(())
}

/// The number stands in the first eight bytes; there is nothing to encode.
fn send_bytes(link: &mut impl Link, job: &Job) -> Result<()> {
    let mut bytes = vec![1; job.workload.bytes()];
    for seq in 0..=job.count {
        bytes[..8].copy_from_slice(&seq.to_le_bytes());
        link.send(&bytes)?;
    }
    Ok(())
}

fn drain(link: &mut impl Link, job: &Job) -> Result<Span> {
    let mut meter = Meter::new(job.count);
    loop {
        match job.workload {
            Workload::Mebibyte => link.receive(|bytes| on_bytes(&mut meter, bytes))?,
            _ => link.receive(|bytes| on_text(&mut meter, rmp_serde::from_slice(bytes)?))?,
        }
        if let Some(span) = meter.span() {
            return Ok(span);
        }
    }
}

/// What stands for the handler of a typed message.
#[inline(never)]
pub fn on_text(meter: &mut Meter, message: Text) -> Result<()> {
    meter.on_message(black_box(&message).seq)?;
    Ok(())
}

/// What stands for the handler of 1 MiB: looks at both ends of it.
#[inline(never)]
pub fn on_bytes(meter: &mut Meter, bytes: &[u8]) -> Result<()> {
    let (first, last) = (bytes.first_chunk::<8>(), bytes.last());
    let first = first.ok_or("a message without a number")?;
    black_box(last);
    meter.on_message(u64::from_le_bytes(*first))?;
    Ok(())
}
