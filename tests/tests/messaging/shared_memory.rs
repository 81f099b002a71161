//! What agents can do to each other through the memory that they share, and what they need for it.

use multitools::{
    BROADCAST, Context, Error, Notice, RunError, SendError, Supervisor, Value, agent, run,
};
use multitools_tests::{
    Gate, Numbered, PATIENCE, await_end, hold_back, open_gate, over_sockets, take_numbers,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::time::Duration;

/// Takes what comes once the gate is open.
#[agent(name = "reader", manual)]
struct Reader {
    expected: usize,
}
#[agent]
impl Reader {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        hold_back(ctx)?;
        take_numbers(ctx, self.expected)
    }
}

/// Sends, and then writes something else over all that it may write to.
#[agent(name = "broken", manual)]
struct Broken {
    /// From where on in each part of the memory.
    from: u64,
    noise: u8,
}
#[agent]
impl Broken {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        for number in 0..20 {
            ctx.send("reader", &Numbered::new(number, 100))?;
        }
        let failed = |error: std::io::Error| Error::Handler(error.to_string());
        let overwritten = overwrite_rings(self.from, self.noise).map_err(failed)?;
        // Whatever becomes of these, it is no crash, and it does not hang.
        for number in 0..200 {
            match ctx.try_send("reader", &Numbered::new(number, 100)) {
                Ok(_) | Err(SendError::Full { .. } | SendError::Dead { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(overwritten)
    }
}

/// Overwrites what this process may write to of the run's memory and is large: its rings. Returns how
/// many there are.
fn overwrite_rings(from: u64, noise: u8) -> std::io::Result<usize> {
    let maps = fs::read_to_string("/proc/self/maps")?;
    let memory = OpenOptions::new().write(true).open("/proc/self/mem")?;
    let mut count = 0;
    for line in maps
        .lines()
        .filter(|line| line.contains("/memfd:multitools-run"))
    {
        let mut fields = line.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else {
            continue;
        };
        let place = |hex: &str| u64::from_str_radix(hex, 16).ok();
        let ends = range
            .split_once('-')
            .and_then(|(begin, end)| Some((place(begin)?, place(end)?)));
        let Some((begin, end)) = ends.filter(|_| rights.starts_with("rw")) else {
            continue;
        };
        if end - begin > 1 << 20 {
            let noise: Vec<u8> = (0..8192u32).map(|n| noise ^ (n / 5) as u8).collect();
            memory.write_all_at(&noise, begin + from)?;
            count += 1;
        }
    }
    Ok(count)
}

/// Sends when the broken one has done its work, and lets the reader begin.
#[agent(name = "honest", manual)]
struct Honest;
#[agent]
impl Honest {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        await_end(ctx, "broken")?;
        for number in 100..400 {
            ctx.send("reader", &Numbered::new(number, 1000))?;
        }
        ctx.send("reader", &Numbered::new(400, 300_000))?;
        open_gate(ctx)
    }
}

/// Where the ring of a pair begins, after its control words.
const CONTROL: u64 = 64 << 10;

#[multitools::test]
fn a_sender_that_overwrites_its_ring_is_refused_and_others_go_on() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    for (from, noise) in [(CONTROL, 0xff), (CONTROL, 0), (CONTROL, 0x55), (0, 0x33)] {
        let mut refused = Vec::new();
        let mut supervisor = Supervisor::new();
        supervisor.on_notice(|notice| {
            if let Notice::Refused { agent, reason } = notice {
                refused.push((agent.clone(), reason.clone()));
            }
        });
        supervisor.add(Gate::default());
        let overwritten = supervisor.add(Broken { from, noise }).output();
        supervisor.add(Honest);
        let numbers = supervisor.add(Reader { expected: 301 }).output();
        let mut results = supervisor.supervise()?;
        drop(supervisor);
        assert!(results.take(overwritten)? >= 1);
        assert_eq!(results.take(numbers)?, Vec::from_iter(100..=400));
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert_eq!(refused[0].0, "reader");
        assert!(refused[0].1.starts_with("agent #1 sen"), "{refused:?}");
    }
    Ok(())
}

/// Speaks to everybody, with hardly any descriptors.
#[agent(manual)]
struct Sociable {
    everybody: u32,
}
#[agent]
impl Sociable {
    fn op(&mut self, ctx: &mut Context) -> Result<(usize, usize), Error> {
        let failed = |error: std::io::Error| Error::Handler(error.to_string());
        let maximum = getrlimit(Resource::Nofile).maximum;
        let few = Rlimit {
            current: Some(64),
            maximum,
        };
        setrlimit(Resource::Nofile, few).map_err(|error| failed(error.into()))?;
        let before = fs::read_dir("/proc/self/fd").map_err(failed)?.count();
        let reached = ctx.send(BROADCAST, &Numbered::new(7, 10))?.reached;
        if reached != self.everybody as usize {
            return Err(Error::Handler(format!("{reached} were reached")));
        }
        for _ in 0..self.everybody {
            ctx.next_message(PATIENCE)?;
        }
        let after = fs::read_dir("/proc/self/fd").map_err(failed)?.count();
        Ok((before, after))
    }
}

#[multitools::test]
fn no_agent_needs_descriptors_for_its_peers() -> Result<(), RunError> {
    const AGENTS: u32 = 210;
    if over_sockets() {
        return Ok(());
    }
    // The supervisor has several for each agent.
    let maximum = getrlimit(Resource::Nofile).maximum;
    let many = Rlimit {
        current: maximum,
        maximum,
    };
    setrlimit(Resource::Nofile, many).map_err(std::io::Error::from)?;
    let mut supervisor = Supervisor::new();
    supervisor.start_timeout(PATIENCE * 4);
    let outputs: Vec<_> = (0..AGENTS)
        .map(|_| supervisor.add(Sociable { everybody: AGENTS }).output())
        .collect();
    let mut results = supervisor.supervise()?;
    drop(supervisor);
    for output in outputs {
        let (before, after) = results.take(output)?;
        assert_eq!(before, after);
    }
    Ok(())
}

/// Is full, and ends when it is let through the gate.
#[agent(name = "full", manual)]
struct Full;
#[agent]
impl Full {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        hold_back(ctx)?;
        take_numbers(ctx, 1)
    }
}

/// Fills the mailbox of another, has it end, and waits for room there meanwhile.
#[agent(name = "waiting", manual)]
struct Waiting {
    bytes: usize,
}
#[agent]
impl Waiting {
    fn op(&mut self, ctx: &mut Context) -> Result<u64, Error> {
        let mut accepted = 0;
        let full = ctx.ids("full")[0];
        while ctx
            .try_send(full, &Numbered::new(accepted, self.bytes))
            .is_ok()
        {
            accepted += 1;
        }
        open_gate(ctx)?;
        loop {
            match ctx.send(full, &Numbered::new(accepted, self.bytes)) {
                Ok(_) => accepted += 1,
                Err(SendError::Dead { message, .. }) => {
                    let back = message.decode::<Numbered>()?;
                    let whole = back.number == accepted && back.load.len() == self.bytes;
                    let torn = || Error::Handler("torn".into());
                    return (whole && back.is_intact())
                        .then_some(accepted.into())
                        .ok_or_else(torn);
                }
                Err(other) => return Err(other.into()),
            }
        }
    }
}

#[multitools::test]
fn r04_the_end_of_a_full_receiver_is_told_to_a_sender_that_waits_for_it() -> Result<(), RunError> {
    for bytes in [100, 200_000] {
        let mut undelivered = Vec::new();
        let (_, accepted, ()) = run!(
            Full, Waiting { bytes }, Gate::default();
            mailbox_limit = 500_000,
            send_timeout = PATIENCE * 100,
            on_notice = |notice: &Notice| {
                if let Notice::Undelivered { messages, .. } = notice {
                    undelivered.extend(messages.iter().map(|lost| lost.count));
                }
            },
        )?;
        assert_eq!(undelivered, [accepted - 1]);
    }
    Ok(())
}

/// Reads a little of what fills its mailbox, and the rest when the sender is done.
#[agent(name = "sips", manual)]
struct Sips {
    waits: bool,
    total: Value<u32>,
}
#[agent]
impl Sips {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        hold_back(ctx)?;
        let mut numbers = take_numbers(ctx, 5)?;
        if self.waits {
            await_end(ctx, "sends little")?;
        }
        while self.total.get() == 0 {
            // It computes.
            std::hint::spin_loop();
        }
        let rest = self.total.get() as usize - numbers.len();
        numbers.extend(take_numbers(ctx, rest)?);
        let in_order = numbers.iter().copied().eq(0..self.total.get());
        let out_of_order = || Error::Handler(format!("{numbers:?}"));
        in_order.then_some(()).ok_or_else(out_of_order)
    }
}

/// Fills a mailbox, and then waits for room for as many as are read.
#[agent(name = "sends little", manual)]
struct SendsLittle {
    total: Value<u32>,
}
#[agent]
impl SendsLittle {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let message = |number| Numbered::new(number, 10_000);
        let mut number = 0;
        while ctx.try_send("sips", &message(number)).is_ok() {
            number += 1;
        }
        open_gate(ctx)?;
        for _ in 0..4 {
            ctx.send("sips", &message(number))?;
            number += 1;
        }
        self.total.set(number);
        Ok(())
    }
}

fn little_room_is_found(waits: bool, send_timeout: Duration) -> Result<(), RunError> {
    if over_sockets() {
        return Ok(());
    }
    let total = Value::new(0)?;
    run!(
        Sips { waits, total }, SendsLittle { total }, Gate::default();
        mailbox_limit = 1_000_000,
        send_timeout = send_timeout,
        on_notice = |_: &Notice| (),
    )?;
    Ok(())
}

#[multitools::test]
fn r07_a_receiver_that_waits_for_something_else_has_told_of_what_room_there_is()
-> Result<(), RunError> {
    little_room_is_found(true, PATIENCE * 10)
}

#[multitools::test]
fn r07_a_sender_whose_time_is_up_looks_for_room_once_more() -> Result<(), RunError> {
    little_room_is_found(false, Duration::from_secs(3))
}
