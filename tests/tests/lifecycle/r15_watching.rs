//! R15: whoever watches an agent is told of its end, once, and after everything that it had sent.

use multitools::{
    AgentId, AnyMessage, AskError, Context, Down, DownReason, Error, Flow, Message, Restart,
    RunError, Supervisor, agent, logger, run,
};
use multitools_tests::{Gate, Numbered, PATIENCE, Ping, await_end, hold_back, open_gate, serve};
use std::time::Duration;

fn quickly(policy: Restart) -> Restart {
    policy.backoff(Duration::from_millis(1), Duration::from_millis(5))
}

/// The next message, which is the word of an end.
fn next_down(ctx: &mut Context) -> Result<Down, Error> {
    Ok(ctx.next_message(PATIENCE)?.decode::<Down>()?)
}

/// A watcher of `id` that has had all its words.
fn finished(id: AgentId) -> impl Fn(&Down) -> bool {
    move |down| down.id == id && down.reason == DownReason::Finished && !down.restarting
}

/// Sends numbers and ends.
#[agent(name = "short", manual)]
struct Short {
    count: u32,
    to: String,
}
#[agent]
impl Short {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for number in 0..self.count {
            ctx.send(self.to.as_str(), &Numbered::new(number, 2_000))?;
        }
        Ok(())
    }
}

/// Watches one that has ended by then, twice, and takes one of the monitors back.
#[agent(name = "late", manual)]
struct Late;
#[agent]
impl Late {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let first = ctx.next_message(PATIENCE)?;
        let short = first.sender();
        await_end(ctx, "short")?;
        let monitors = [ctx.monitor(short), ctx.monitor(short), ctx.monitor(short)];
        ctx.demonitor(monitors[1]);
        multitools_tests::take_numbers(ctx, 19)?;
        for _ in 0..2 {
            assert!(finished(short)(&next_down(ctx)?));
        }
        // Long gone, and all has been read.
        let again = ctx.monitor(short);
        assert!(finished(short)(&next_down(ctx)?));
        ctx.demonitor(again);
        let taken_back = ctx.monitor(short);
        ctx.demonitor(taken_back);
        let nothing = ctx.next_message(Duration::from_millis(50));
        assert!(nothing.is_err(), "{nothing:?}");
        Ok(())
    }
}

#[multitools::test]
fn r15_who_has_gone_is_down_at_once_but_after_what_it_had_sent() -> Result<(), RunError> {
    run!(
        Short {
            count: 20,
            to: "late".into()
        },
        Late
    )?;
    Ok(())
}

/// Watches another twice while it runs, and itself.
#[agent(name = "twice", manual)]
struct Twice;
#[agent]
impl Twice {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let (short, own) = (ctx.ids("held")[0], ctx.id());
        ctx.monitor(own);
        ctx.monitor(short);
        let taken_back = ctx.monitor(short);
        ctx.monitor(short);
        ctx.demonitor(taken_back);
        open_gate(ctx)?;
        for _ in 0..2 {
            let down = ctx.next_message(None)?;
            assert!(finished(short)(&down.decode::<Down>()?));
            assert_eq!(down.name(), Down::NAME);
        }
        let nothing = ctx.next_message(Duration::from_millis(50));
        assert!(nothing.is_err(), "{nothing:?}");
        Ok(())
    }
}

#[agent(name = "held", manual)]
struct Held;
#[agent]
impl Held {
    fn op(&mut self, ctx: &mut Context) -> Result<(), AskError> {
        hold_back(ctx)
    }
}

#[multitools::test]
fn r15_each_monitor_tells_once_unless_it_is_taken_back_and_nobody_is_told_of_oneself()
-> Result<(), RunError> {
    run!(Gate::default(), Held, Twice)?;
    Ok(())
}

/// Counts the ends that it is told of before it is asked to leave.
#[agent(name = "counter", resident, manual)]
#[derive(Default)]
struct Counter {
    downs: Vec<AgentId>,
}
#[agent]
impl Counter {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let mut watched = Vec::new();
        for name in ["held", "short", "opener"] {
            watched.extend(ctx.ids(name).as_slice());
        }
        for id in &watched {
            ctx.monitor(*id);
        }
        ctx.send("opener", &Ping)?;
        serve(self, ctx)?;
        self.downs.sort_unstable();
        watched.sort_unstable();
        assert_eq!(self.downs, watched);
        assert!(watched.len() >= 2);
        Ok(())
    }
    #[handle]
    fn on_number(&mut self, _: &Numbered) {}
    #[handle]
    fn on_down(&mut self, down: &Down) {
        assert_eq!(down.reason, DownReason::Finished);
        self.downs.push(down.id);
    }
}

/// Lets one go when so many watch.
#[agent(name = "opener", manual)]
struct Opener {
    watchers: u32,
}
#[agent]
impl Opener {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for _ in 0..self.watchers {
            ctx.next_message(PATIENCE)?;
        }
        open_gate(ctx)
    }
}

#[multitools::test]
fn r15_many_watch_one_and_one_watches_many_until_it_leaves() -> Result<(), RunError> {
    run!(
        Gate::default(),
        Held,
        Short {
            count: 50,
            to: "counter".into()
        },
        Opener { watchers: 3 },
        Counter::default(),
        Counter::default(),
        Counter::default(),
    )?;
    Ok(())
}

/// Fails in many ways, one after the other.
#[agent(name = "failing", manual)]
struct Failing;
#[agent]
impl Failing {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        // Its watcher is there.
        ctx.next_message(PATIENCE)?;
        match ctx.id().incarnation() {
            0 => panic!("it panics"),
            1 => Err(Error::Handler("it fails".into())),
            2 => std::process::exit(3),
            3 => std::process::abort(),
            4 => panic!("{}", "x".repeat(100_000)),
            _ => Ok(()),
        }
    }
}

#[agent(manual)]
struct Reasons;
#[agent]
impl Reasons {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        let mut reasons = Vec::new();
        let failing = ctx.ids("failing")[0];
        loop {
            ctx.monitor(failing);
            while ctx.send(failing, &Ping).is_err() {
                ctx.wait_for("failing", PATIENCE)?;
            }
            let down = next_down(ctx)?;
            reasons.push(down.reason.to_string());
            if !down.restarting {
                return Ok(reasons);
            }
        }
    }
}

#[multitools::test]
fn r15_the_reason_says_how_it_failed() -> Result<(), RunError> {
    let mut supervisor = Supervisor::new();
    let policy = Restart::on_failure().max(9);
    supervisor.add(Failing).restart(quickly(policy));
    let reasons = supervisor.add(Reasons).output();
    supervisor.on_notice(|_| ());
    let reasons = supervisor.supervise()?.take(reasons)?;
    assert!(reasons[0].starts_with("panicked at "), "{reasons:?}");
    assert!(reasons[0].contains("r15_watching.rs") && reasons[0].ends_with(": it panics"));
    assert_eq!(reasons[1], "failed: it fails");
    let exit = "ended its process with exit code 3 instead of returning from `op`";
    assert_eq!(reasons[2], exit);
    assert!(reasons[3].starts_with("was killed by SIGABRT (signal 6)"));
    assert_eq!(reasons[4].len(), 4096);
    assert_eq!(reasons[5..], ["finished"]);
    Ok(())
}

/// Watches ids that nobody has.
#[agent(manual)]
struct Stranger;
#[agent]
impl Stranger {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for slot in [900, 70_000, u32::MAX - 1] {
            let id = format!(r#"{{"node":0,"incarnation":0,"slot":{slot}}}"#);
            let id: AgentId = serde_json::from_str(&id).unwrap();
            ctx.monitor(id);
            let down = next_down(ctx)?;
            assert_eq!((down.id, down.reason), (id, DownReason::NeverExisted));
            assert!(!down.restarting);
        }
        Ok(())
    }
}

#[multitools::test]
fn r15_who_never_existed_is_down_at_once() -> Result<(), RunError> {
    run!(Stranger)?;
    Ok(())
}

/// Starts others, one after the other, and watches each: also when another has its slot.
#[agent(manual)]
struct Parent;
#[agent]
impl Parent {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let mut children: Vec<AgentId> = Vec::new();
        for number in 0..4 {
            let child = ctx.spawn(Child { number })?;
            let id = child.id();
            ctx.monitor(id);
            ctx.send(id, &Ping)?;
            let last = ctx.next_message(PATIENCE)?.decode::<Numbered>()?;
            assert_eq!(last.number, number);
            assert!(finished(id)(&next_down(ctx)?));
            ctx.join(child, PATIENCE)?;
            for earlier in &children {
                ctx.link(*earlier);
                ctx.monitor(*earlier);
                assert!(finished(*earlier)(&next_down(ctx)?));
            }
            children.push(id);
        }
        children.sort_unstable();
        children.dedup();
        assert_eq!(children.len(), 4);
        Ok(())
    }
}

#[agent(unnamed, manual)]
struct Child {
    number: u32,
}
#[agent]
impl Child {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let parent = ctx.next_message(PATIENCE)?.sender();
        ctx.send(parent, &Numbered::new(self.number, 10))?;
        Ok(())
    }
}

#[multitools::test]
fn r15_who_is_spawned_is_watched_as_others_also_where_it_has_the_slot_of_another()
-> Result<(), RunError> {
    run!(Parent)?;
    Ok(())
}

/// Hears everything that others say to each other.
#[logger(manual, listen_to(AnyMessage))]
#[derive(Default)]
struct Log {
    downs: u32,
}
#[logger]
impl Log {
    fn log(&mut self, message: &AnyMessage) {
        assert!(!message.is::<Down>());
    }
}

/// Watches, and has no handler for what comes of it.
#[agent(manual)]
struct Careless;
#[agent]
impl Careless {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let held = ctx.ids("held")[0];
        ctx.monitor(held);
        open_gate(ctx)?;
        assert_eq!(ctx.receive(self)?, Flow::Continue);
        Ok(())
    }
    #[handle]
    fn on_number(&mut self, _: &Numbered) {}
}

#[multitools::test]
fn r15_nobody_overhears_a_down_and_one_without_a_handler_is_reported() -> Result<(), RunError> {
    let mut notices = Vec::new();
    let mut supervisor = Supervisor::new();
    supervisor.add(Gate::default());
    supervisor.add(Held);
    supervisor.add(Careless);
    supervisor.add(Log::default());
    supervisor.on_notice(|notice| notices.push(notice.to_string()));
    supervisor.supervise()?;
    drop(supervisor);
    assert_eq!(notices.len(), 1, "{notices:?}");
    let told = "has no handler for `multitools.Down` from `the supervisor`";
    assert!(notices[0].ends_with(told), "{notices:?}");
    Ok(())
}
