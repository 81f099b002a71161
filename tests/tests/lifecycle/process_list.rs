//! Lists of processes.

use multitools::{
    Context, InputError, ProcessError, ProcessList, RecvError, SendError, StringMessage, WaitError,
    agent, process,
};
use multitools_tests::lifecycle::{LONG, Watch, kill, supervisor_line};
use rustix::process::Signal;
use std::os::fd::OwnedFd;
use std::process::Command;
use std::time::Duration;

#[process]
fn multiply(one: i64, two: i64) -> i64 {
    one * two
}

#[process]
fn panics(text: String) -> u8 {
    panic!("{text}")
}

#[process]
fn fails() -> Result<u8, String> {
    Err("no luck".into())
}

#[process]
fn exits(code: i32) {
    std::process::exit(code)
}

#[process]
fn lingers(file: String) {
    let pid = std::process::id().to_string();
    std::fs::write(file, pid).unwrap();
    loop {
        std::thread::park();
    }
}

#[agent(name = "Alone", manual)]
struct Alone;

#[agent]
impl Alone {
    fn op(&mut self, ctx: &mut Context) -> [bool; 5] {
        let refused = ctx.send("anybody", &StringMessage::new(""));
        [
            matches!(refused, Err(SendError::Unsupervised)),
            matches!(ctx.next_message(None), Err(RecvError::Unsupervised)),
            matches!(ctx.wait_for("x", LONG), Err(WaitError::Unsupervised)),
            matches!(ctx.input("?"), Err(InputError::Unsupervised)),
            ctx.ids("Alone").is_empty(),
        ]
    }
}

#[multitools::test]
fn a_list_runs_processes_agents_and_commands_together() {
    let mut list = ProcessList::new();
    let products: Vec<_> = (0..4).map(|n| list.add(multiply::with(n, n))).collect();
    let alone = list.add(Alone);
    let command = list.add_command(Command::new("true"));
    assert!(!list.is_alive());
    let early = list.take(alone).unwrap_err();
    assert_eq!(
        early.to_string(),
        "process `Alone` has no result: it has not been started"
    );
    list.start().unwrap();
    list.join().unwrap();
    assert!(!list.is_alive());
    for (n, product) in (0..4).zip(products) {
        assert_eq!(list.take(product).unwrap(), n * n);
    }
    assert_eq!(list.take(alone).unwrap(), [true; 5]);
    list.take(command).unwrap();
}

#[multitools::test]
fn what_is_added_later_is_started_later() {
    let mut list = ProcessList::new();
    let first = list.add(multiply::with(2, 3));
    list.start().unwrap();
    let second = list.add(multiply::with(4, 5));
    list.start().unwrap();
    list.join().unwrap();
    assert_eq!(
        (list.take(first).unwrap(), list.take(second).unwrap()),
        (6, 20)
    );
}

#[multitools::test]
fn every_failure_is_told_and_the_others_have_their_results() {
    let mut list = ProcessList::new();
    let panics = list.add(panics::with("on fire".into()));
    let product = list.add(multiply::with(6, 7));
    let fails = list.add(fails::with());
    let exits = list.add(exits::with(3));
    let command = list.add_command(Command::new("false"));
    list.start().unwrap();
    let first = list.join().unwrap_err().to_string();
    let place = first
        .strip_prefix("process `panics` panicked at tests/tests/lifecycle/process_list.rs:")
        .unwrap();
    assert!(place.ends_with(": on fire"), "{first}");
    assert_eq!(list.take(panics).unwrap_err().to_string(), first);
    assert_eq!(list.take(product).unwrap(), 42);
    let told = |error: ProcessError| error.to_string();
    assert_eq!(
        told(list.take(fails).unwrap_err()),
        "process `fails` failed: no luck"
    );
    assert_eq!(
        told(list.take(exits).unwrap_err()),
        "process `exits` ended with exit status: 3"
    );
    assert_eq!(
        told(list.take(command).unwrap_err()),
        "process `false` ended with exit status: 1"
    );
}

#[multitools::test]
fn a_command_that_does_not_exist_cannot_be_started() {
    let mut list = ProcessList::new();
    list.add_command(Command::new("/no/such/program"));
    let error = list.start().unwrap_err();
    let told = "process `/no/such/program` could not be started: ";
    assert!(error.to_string().starts_with(told), "{error}");
    assert!(matches!(error, ProcessError::Start { .. }));
}

/// Starts a process that stays, and waits until it has told its pid.
fn start_lingering(list: &mut ProcessList) -> (multitools::Output<()>, Watch) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("pid");
    let pipe = Command::new("mkfifo").arg(&file).status().unwrap();
    assert!(pipe.success());
    let output = list.add(lingers::with(file.to_str().unwrap().into()));
    list.start().unwrap();
    // Reading the pipe waits for who writes.
    let pid = std::fs::read_to_string(&file).unwrap();
    (output, Watch::new(pid.parse().unwrap()))
}

#[multitools::test]
fn a_process_may_be_waited_for_again_and_terminated() {
    let mut list = ProcessList::new();
    let (lingers, process) = start_lingering(&mut list);
    let waited = Duration::from_millis(20);
    let error = list.join_timeout(waited).unwrap_err();
    assert!(matches!(error, ProcessError::Timeout { .. }), "{error}");
    assert_eq!(error.to_string(), "process `lingers` still runs after 20ms");
    assert!(list.is_alive() && list.is_running(lingers) && process.is_alive());
    let early = list.take(lingers).unwrap_err();
    assert_eq!(
        early.to_string(),
        "process `lingers` has no result: it has not been joined"
    );
    list.terminate();
    let error = list.join_timeout(LONG).unwrap_err();
    assert_eq!(
        error.to_string(),
        "process `lingers` ended with signal: 15 (SIGTERM)"
    );
    assert!(!list.is_alive() && !list.is_running(lingers) && !process.is_alive());
}

#[multitools::test]
fn a_list_that_is_dropped_kills_what_still_runs() {
    let mut list = ProcessList::new();
    let (_, process) = start_lingering(&mut list);
    assert!(process.is_alive());
    drop(list);
    assert!(!process.is_alive());
}

/// Starts a process that has the line to whoever waits for this one, and stays.
#[process]
#[allow(clippy::zombie_processes, reason = "it is ended by the test")]
fn leaves_its_line() -> u32 {
    let line = OwnedFd::from(supervisor_line().unwrap());
    let mut command = Command::new("sleep");
    command.arg("60").stdin(line).spawn().unwrap().id()
}

#[multitools::test]
fn a_process_that_has_ended_is_not_waited_for_because_of_what_it_has_started() {
    let mut list = ProcessList::new();
    let started = list.add(leaves_its_line::with());
    list.start().unwrap();
    list.join().unwrap();
    let started = list.take(started).unwrap();
    let is_alive = Watch::new(started).is_alive();
    kill(started, Signal::KILL);
    assert!(is_alive, "it was waited for");
}

/// The thread that started a process may end before it.
#[multitools::test]
fn a_list_may_be_joined_by_another_thread_than_started_it() {
    let start = || {
        let mut list = ProcessList::new();
        let (_, process) = start_lingering(&mut list);
        (list, process)
    };
    let (mut list, process) = std::thread::spawn(start).join().unwrap();
    assert!(list.join_timeout(Duration::from_millis(100)).is_err());
    assert!(process.is_alive());
}

#[multitools::test]
fn a_list_refuses_arguments_that_are_too_long() {
    let mut list = ProcessList::new();
    list.add(panics::with("x".repeat(64 << 20)));
    let refused = list.start().unwrap_err();
    assert!(matches!(refused, ProcessError::Arguments { .. }));
    let told = "it has 67108870 bytes, where 67043328 is the limit";
    assert!(refused.to_string().ends_with(told), "{refused}");
}
