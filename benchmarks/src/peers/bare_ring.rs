//! A ring of bytes between two threads, with MessagePack at both ends and nothing else: no envelope and no
//! types, nobody who sleeps while there is another core, and nobody who may be killed. What it does is about
//! the most that this machine has to give.

use crate::job::{Job, Outcome, Result, Span, Workload};
use crate::machine::pin_thread;
use crate::meter::Meter;
use crate::workloads::{Text, streams, trips};
use rtrb::{Consumer, Producer, RingBuffer};
use rustix::thread::futex::{self, Flags};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;

/// How many bytes there is room for, but for at least this many messages.
const ROOM: usize = 256 << 10;
const LEAST: usize = 8;

/// How long whoever finds nothing in a stream looks elsewhere: who follows close on the heels of a sender
/// makes both of them wait for each other's caches.
const PAUSES: usize = 100;

/// Where somebody sleeps: whoever shares a core with the other side.
type Bell = Option<Arc<AtomicU32>>;

/// The sending end of a ring of places that are all as long as the longest message.
struct Sender {
    ring: Producer<u8>,
    place: usize,
    bell: Bell,
    bytes: Vec<u8>,
}

/// The receiving end.
struct Receiver {
    ring: Consumer<u8>,
    place: usize,
    bell: Bell,
    pauses: usize,
}

/// A ring for the messages of a job.
fn ring(job: &Job) -> Result<(Sender, Receiver)> {
    let place = match job.workload {
        Workload::Mebibyte => job.workload.bytes(),
        workload => longest(workload)?,
    };
    let places = (ROOM / place).max(LEAST);
    let (producer, consumer) = RingBuffer::new(places * place);
    let shares_core = job.workload == Workload::TripOneCore;
    let bell = shares_core.then(|| Arc::new(AtomicU32::new(0)));
    let sender = Sender {
        ring: producer,
        place,
        bell: bell.clone(),
        bytes: Vec::new(),
    };
    let receiver = Receiver {
        ring: consumer,
        place,
        bell,
        pauses: if job.workload.is_stream() { PAUSES } else { 1 },
    };
    Ok((sender, receiver))
}

/// How long a text is with the longest number.
fn longest(workload: Workload) -> Result<usize> {
    let mut text = Text::of(workload.bytes());
    text.seq = u64::MAX;
    Ok(rmp_serde::to_vec(&text)?.len().next_multiple_of(8))
}

impl Sender {
    fn send(&mut self, text: &Text) -> Result<()> {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        rmp_serde::encode::write(&mut bytes, text)?;
        bytes.resize(self.place, 0);
        self.send_bytes(&bytes);
        self.bytes = bytes;
        Ok(())
    }

    fn send_bytes(&mut self, bytes: &[u8]) {
        while self.ring.push_entire_slice(bytes).is_err() {
            std::hint::spin_loop();
        }
        if let Some(bell) = &self.bell {
            bell.fetch_add(1, SeqCst);
            let _ = futex::wake(bell, Flags::PRIVATE, 1); // nobody may be asleep
        }
    }
}

impl Receiver {
    /// Waits for a message, and lends it.
    fn receive<T>(&mut self, on_message: impl FnOnce(&[u8]) -> Result<T>) -> Result<T> {
        loop {
            let seen = self.bell.as_ref().map(|bell| bell.load(SeqCst));
            if let Ok(chunk) = self.ring.read_chunk(self.place) {
                // Places are not cut in two: the ring has room for a whole number of them.
                let outcome = on_message(chunk.as_slices().0);
                chunk.commit_all();
                return outcome;
            }
            match (&self.bell, seen) {
                (Some(bell), Some(seen)) => {
                    let _ = futex::wait(bell, Flags::PRIVATE, seen, None); // then looks again
                }
                _ => (0..self.pauses).for_each(|_| std::hint::spin_loop()),
            }
        }
    }
}

pub fn begin(job: &Job) -> Result<Outcome> {
    match job.workload.is_stream() {
        true => stream(job),
        false => ask(job),
    }
}

fn stream(job: &Job) -> Result<Outcome> {
    let (mut sender, receiver) = ring(job)?;
    let [near, far] = job.cores;
    pin_thread(near)?;
    let there = {
        let job = job.clone();
        thread::spawn(move || drain(receiver, far, &job))
    };
    match job.workload {
        Workload::Mebibyte => {
            let mut bytes = vec![1; job.workload.bytes()];
            for seq in 0..=job.count {
                bytes[..8].copy_from_slice(&seq.to_le_bytes());
                sender.send_bytes(&bytes);
            }
        }
        _ => {
            let mut text = Text::of(job.workload.bytes());
            for seq in 0..=job.count {
                text.seq = seq;
                sender.send(&text)?;
            }
        }
    }
    let span = there.join().map_err(|_| "the receiver has panicked")??;
    Ok(Outcome::of_stream(job.workload, &[span]))
}

fn drain(mut receiver: Receiver, core: usize, job: &Job) -> Result<Span> {
    pin_thread(core)?;
    let mut meter = Meter::new(job.count);
    loop {
        match job.workload {
            Workload::Mebibyte => receiver.receive(|bytes| streams::on_bytes(&mut meter, bytes))?,
            _ => receiver
                .receive(|bytes| streams::on_text(&mut meter, rmp_serde::from_slice(bytes)?))?,
        }
        if let Some(span) = meter.span() {
            return Ok(span);
        }
    }
}

fn ask(job: &Job) -> Result<Outcome> {
    let (mut questions, mut asked) = ring(job)?;
    let (mut answers, mut answered) = ring(job)?;
    let near = job.cores[0];
    let far = match job.workload {
        Workload::TripOneCore => near,
        _ => job.cores[1],
    };
    pin_thread(near)?;
    // It waits for more when this process ends.
    thread::spawn(move || -> Result<()> {
        pin_thread(far)?;
        loop {
            let question: Text = asked.receive(|bytes| Ok(rmp_serde::from_slice(bytes)?))?;
            answers.send(&trips::reply(&question))?;
        }
    });
    let mut text = Text::of(job.workload.bytes());
    trips::measure(job, &mut || {
        questions.send(&text)?;
        let answer: Text = answered.receive(|bytes| Ok(rmp_serde::from_slice(bytes)?))?;
        if answer.seq != text.seq + 1 {
            return Err("this is no answer to the last message".into());
        }
        text.seq = answer.seq;
        Ok(())
    })
}
