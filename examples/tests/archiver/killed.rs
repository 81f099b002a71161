//! Compressors that are killed while they work.

use crate::place::Place;
use crate::running::{archiver, noise};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use std::collections::BTreeSet;
use std::fs;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use wait_timeout::ChildExt;

const WORKERS: usize = 3;

/// Reached only where a test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many compressors are killed, so many in a run at most, and how many runs may take part in that: only a
/// machine that never lets this process see an archiver at work needs so many.
const KILLS: usize = 100;
const KILLS_IN_A_RUN: usize = 5;
const MOST_RUNS: usize = 200;

fn command(place: &Place) -> Command {
    let mut command = archiver(&place.tree, &place.out);
    command.args(["--workers", &WORKERS.to_string()]);
    command.args(["--block-size", "1024"]);
    command
}

/// Numbers without a pattern, the same each time that the test runs.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// The agents of an archiver, in the order in which they were started.
fn agents(archiver: &Child) -> Vec<i32> {
    let path = format!("/proc/{0}/task/{0}/children", archiver.id());
    let children = fs::read_to_string(path).unwrap_or_default();
    let numbers = children.split_whitespace();
    numbers.filter_map(|pid| pid.parse().ok()).collect()
}

/// How much of a processor's time a process has had, in hundredths of a second.
fn busy(pid: i32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let times = fields.split_whitespace().skip(11).take(2);
    times.filter_map(|time| time.parse::<u64>().ok()).sum()
}

/// Archives, while compressors are killed; gives how many were.
fn disturbed(place: &Place, chance: &mut Chance) -> (usize, Output) {
    disturb(command(place), KILLS_IN_A_RUN, chance)
}

/// Runs an archiver, of which so many compressors are killed at most; gives how many were. Its writer is stopped until
/// the first of them is, so that a quick archiver does not end before.
fn disturb(mut command: Command, most: usize, chance: &mut Chance) -> (usize, Output) {
    let mut archiver = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The writer and the reader come first, and the log after the compressors.
    let mut spared = Vec::new();
    let mut killed = BTreeSet::new();
    while killed.len() < most && archiver.try_wait().unwrap().is_none() {
        let agents = agents(&archiver);
        if spared.is_empty() && agents.len() >= WORKERS + 3 {
            spared = vec![agents[0], agents[1], agents[WORKERS + 2]];
            signal(spared[0], Signal::STOP);
        }
        if spared.is_empty() {
            continue;
        }
        // Not before: on a single core the others may do all of their work meanwhile.
        for _ in 0..chance.below(200) {
            std::thread::yield_now();
        }
        let compressors: Vec<i32> = agents
            .into_iter()
            .filter(|pid| !spared.contains(pid) && !killed.contains(pid))
            .collect();
        if compressors.is_empty() {
            continue;
        }
        let chosen = compressors[chance.below(compressors.len())];
        if signal(chosen, Signal::KILL) {
            killed.insert(chosen);
            signal(spared[0], Signal::CONT);
        }
    }
    (killed.len(), wait(archiver))
}

/// Waits until an archiver has ended, and no longer than any takes.
fn wait(mut archiver: Child) -> Output {
    let ended = archiver.wait_timeout(PATIENCE).unwrap();
    if ended.is_none() {
        archiver.kill().unwrap();
    }
    let output = archiver.wait_with_output().unwrap();
    assert!(ended.is_some(), "it does not end: {output:?}");
    output
}

fn signal(pid: i32, signal: Signal) -> bool {
    let process = Pid::from_raw(pid).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
    process.is_some_and(|process| pidfd_send_signal(process, signal).is_ok())
}

#[test]
fn compressors_that_are_killed_at_any_moment_do_not_show_in_the_archive() {
    if std::env::var_os("MULTITOOLS_TRANSPORT").is_some_and(|transport| transport == "socket") {
        return; // what they had not compressed is lost there, and the archiver says so
    }
    let place = Place::with_tree();
    fs::write(place.tree.join("noise"), noise(300 << 10)).unwrap();
    fs::write(place.tree.join("zeros"), vec![0; 700 << 10]).unwrap();
    let output = command(&place).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let expected = fs::read(&place.out).unwrap();

    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let (mut kills, mut runs) = (0, 0);
    while kills < KILLS {
        runs += 1;
        assert!(runs <= MOST_RUNS, "only {kills} were killed");
        fs::remove_file(&place.out).unwrap();
        let (killed, output) = disturbed(&place, &mut chance);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "after {killed} kills: {text}");
        assert!(fs::read(&place.out).unwrap() == expected, "{text}");
        kills += killed;
    }
}

/// Archives with one compressor, of which three in a row are killed while they compress.
fn hindered(place: &Place) -> Output {
    let mut command = archiver(&place.tree, &place.out);
    command.args(["--workers", "1", "--block-size", &LARGE.to_string()]);
    let mut archiver = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = Vec::new();
    let mut killed = BTreeSet::new();
    while killed.len() < 3 && archiver.try_wait().unwrap().is_none() {
        let agents = agents(&archiver);
        if first.is_empty() && agents.len() == 4 {
            first = agents.clone();
        }
        let compressor = match first[..] {
            [_, _, compressor, _] if killed.is_empty() => Some(compressor),
            _ => agents
                .into_iter()
                .find(|pid| !first.contains(pid) && !killed.contains(pid)),
        };
        if let Some(compressor) = compressor.filter(|pid| busy(*pid) >= 6)
            && signal(compressor, Signal::KILL)
        {
            killed.insert(compressor);
        }
        std::thread::yield_now();
    }
    archiver.wait_with_output().unwrap()
}

/// So large a block takes a compressor a while.
const LARGE: usize = 8 << 20;

#[test]
fn a_block_that_all_compressors_fail_at_is_in_the_archive_all_the_same() {
    if std::env::var_os("MULTITOOLS_TRANSPORT").is_some_and(|transport| transport == "socket") {
        return;
    }
    let place = Place::with_tree();
    fs::write(place.tree.join("noise"), noise(LARGE + LARGE / 4)).unwrap();
    let mut command = archiver(&place.tree, &place.out);
    command.args(["--block-size", &LARGE.to_string()]);
    assert!(command.output().unwrap().status.success());
    let expected = fs::read(&place.out).unwrap();
    for _ in 0..MOST_RUNS {
        fs::remove_file(&place.out).unwrap();
        let output = hindered(&place);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}");
        assert!(fs::read(&place.out).unwrap() == expected, "{text}");
        if text.contains("it is given back") {
            return;
        }
    }
    panic!("the compressors were too fast, {MOST_RUNS} times");
}

/// An archiver in a shell that lets it have no file, and so no memory of the run, of more than 64 MiB.
fn without_shared_memory(place: &Place) -> Command {
    let archiver = command(place);
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 131072; exec \"$0\" \"$@\""]);
    shell.arg(archiver.get_program()).args(archiver.get_args());
    shell
}

#[test]
fn without_shared_memory_a_compressor_that_is_killed_is_no_reason_to_wait_for_ever() {
    let place = Place::with_tree();
    fs::write(place.tree.join("noise"), noise(3 << 20)).unwrap();
    let output = without_shared_memory(&place).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for _ in 0..MOST_RUNS {
        let (killed, output) = disturb(without_shared_memory(&place), 1, &mut chance);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!text.contains("it is started again"), "{text}");
        if killed > 0 && !output.status.success() {
            assert!(text.contains("was killed by SIGKILL"), "{text}");
            return;
        }
    }
    panic!("the compressors were too fast, {MOST_RUNS} times");
}
