//! What others than the processes of a run may do to it. `docs/trust.md` has the whole of it.

use super::PROGRAM;
use multitools_tests::lifecycle::Program;
use rustix::process::{Signal, geteuid};
use std::fs;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

const NOBODY: u32 = 65_534;

/// `knock <name> <message>`, as another user: connects to the abstract socket and says what comes of it.
/// This test binary is run again for it, since another user may not be able to reach a program of its own.
const KNOCK_AT: &str = "MULTITOOLS_TEST_KNOCK_AT";

#[test]
fn as_another_user() {
    let Some(name) = std::env::var_os(KNOCK_AT) else {
        return;
    };
    let name = name.into_string().unwrap();
    match name.strip_prefix('@') {
        Some(name) => knock(name),
        None => assert!(fs::read_dir(&name).is_err(), "{name} is open to others"),
    }
}

/// Connects and waits until it is turned away.
fn knock(name: &str) {
    use std::io::Read;
    let address = SocketAddr::from_abstract_name(name).unwrap();
    let mut stranger = UnixStream::connect_addr(&address).unwrap();
    let mut said = Vec::new();
    let _ = stranger.read_to_end(&mut said);
    assert_eq!(said, b"");
}

fn has_other_users() -> bool {
    let root = geteuid().is_root();
    if !root {
        eprintln!("not tested: only the administrator can be another user");
    }
    root
}

fn other_user(what: &str) {
    let mut command = Command::new("/proc/self/exe");
    command.args(["strangers::as_another_user", "--exact"]);
    command.env(KNOCK_AT, what).uid(NOBODY).gid(NOBODY);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
fn the_sockets_of_a_run_are_closed_to_other_users() {
    if !has_other_users() {
        return;
    }
    let mut command = Command::new(PROGRAM);
    command.args(["stay", "60000", "waits"]);
    let mut program = Program::start(command.env("MULTITOOLS_TRANSPORT", "socket"));
    let agent = program.pid_of("waits");
    other_user(&format!("@{}", listening(agent)));
    program.wait_until("the refusal", |program| {
        let told = format!("refused a connection of another user (Some({NOBODY}))");
        program.err().contains(&told)
    });
    program.signal(Signal::INT);
    let finished = program.finish();
    assert!(finished.out.contains("waits leaves: Err(Stopped)"));
}

/// The name that an agent listens at.
fn listening(pid: u32) -> String {
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).unwrap();
    let links = descriptors.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    let own: Vec<String> = links.map(|link| link.display().to_string()).collect();
    let table = fs::read_to_string("/proc/net/unix").unwrap();
    let name = table.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(6);
        let (inode, name) = (fields.next()?, fields.next()?);
        let ours = own.contains(&format!("socket:[{inode}]"));
        ours.then(|| name.strip_prefix("@multitools-").map(str::to_owned))?
    });
    format!("multitools-{}", name.unwrap())
}

/// The memory has no name: the only way to it is through the processes that have it.
#[test]
fn the_memory_of_a_run_is_closed_to_other_users() {
    if !has_other_users() {
        return;
    }
    let mut program = Program::run(PROGRAM, &["stay", "60000", "waits"]);
    let agent = program.pid_of("waits");
    for pid in [agent, program.pid()] {
        other_user(&format!("/proc/{pid}/fd"));
        other_user(&format!("/proc/{pid}/map_files"));
    }
}

/// Two runs of one program at once know nothing of each other.
#[test]
fn the_runs_of_a_user_have_different_names_and_memories() {
    use multitools_tests::lifecycle::Run;
    let mut programs = [0, 1].map(|_| Program::run(PROGRAM, &["stay", "60000", "waits"]));
    let agents = [0, 1].map(|n| programs[n].pid_of("waits"));
    let [one, other] = agents.map(|pid| format!("{:?}", Run::of(pid)));
    assert_ne!(one, other);
}
