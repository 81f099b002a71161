//! One run: who takes part, what is done to them, and what is looked at when it is over.

use super::acts::restarts;
use super::checker::{self, Findings};
use super::faults::{self, Faults};
use super::figures::Played;
use super::population::{Listener, Peer, Script};
use fastrand::Rng;
use multitools::{Notice, Report, RunError, Supervisor};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// A run takes a few seconds.
const TOO_LONG: Duration = Duration::from_secs(90);

/// What is different from run to run, besides the agents' own choices.
struct Setting {
    seed: u64,
    peers: u32,
    listeners: u32,
    mailbox: usize,
    script: Script,
    kills: u32,
}

impl Setting {
    fn new(seed: u64, run: u64, folder: &Path) -> Setting {
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ run);
        let mailbox = 16usize << rng.u32(10..17);
        Setting {
            seed: rng.u64(..),
            peers: rng.u32(2..7),
            listeners: rng.u32(1..3),
            mailbox,
            script: Script {
                seed: 0,
                folder: folder.to_str().unwrap().to_owned(),
                steps: rng.u32(20..150),
                fails: [0, 400, 3000][rng.usize(0..3)],
                mortal: true,
                largest: [1_000, 60_000, 400_000][rng.usize(0..3)],
                depth: rng.u32(0..3),
            },
            kills: [0, 10, 60][rng.usize(0..3)],
        }
    }
}

/// Plays one run.
///
/// # Errors
/// The evidence, where a rule was broken.
pub fn play(seed: u64, run: u64) -> Result<Played, String> {
    let folder = tempfile::tempdir().unwrap();
    let setting = Setting::new(seed, run, folder.path());
    let (over, is_over) = channel::<()>();
    let (fault_seed, kills) = (setting.seed, setting.kills);
    faults::prepare(folder.path());
    let place = folder.path().to_owned();
    let tormentor =
        std::thread::spawn(move || faults::torment(fault_seed, kills, &place, &is_over));
    let (guarded, guard) = channel::<()>();
    let records = folder.path().to_owned();
    let watchdog = std::thread::spawn(move || {
        let late = guard.recv_timeout(TOO_LONG) == Err(RecvTimeoutError::Timeout);
        late.then(|| states_of_all(&records))
    });
    let mut findings = Findings::default();
    let ended = supervise(&setting, &mut findings);
    drop((over, guarded));
    let faults: Faults = tormentor.join().unwrap();
    let stuck = watchdog.join().unwrap();
    let checked = check(folder.path(), &findings, ended, stuck);
    checked
        .map(|tally| Played { faults, tally })
        .map_err(|why| {
            let kept = folder.keep();
            format!("{why}\nthe records are in {}", kept.display())
        })
}

fn supervise(setting: &Setting, findings: &mut Findings) -> Result<(), RunError> {
    let Findings { notices, reports } = findings;
    let mut supervisor = Supervisor::new();
    let script = |number: u32| Script {
        seed: setting.seed ^ u64::from(number) << 32,
        ..setting.script.clone()
    };
    for number in 0..setting.peers {
        let peer = Peer::new(script(number));
        supervisor
            .add_named(format!("peer{number}"), peer)
            .restart(restarts());
    }
    for number in 0..setting.listeners {
        // Those that stay to the end are not started again then, so they do not fail.
        let calm = Script {
            fails: 0,
            mortal: false,
            ..script(100 + number)
        };
        supervisor.add_named(format!("listener{number}"), Listener::new(calm));
    }
    supervisor.mailbox_limit(setting.mailbox);
    supervisor.message_limit(1 << 20);
    supervisor.send_timeout(Duration::from_millis(100));
    supervisor.start_timeout(Duration::from_secs(60));
    supervisor.leave_grace(Duration::from_secs(60));
    supervisor.on_failure(|report: &Report| reports.push(report.clone()));
    supervisor.on_notice(|notice: &Notice| notices.push(notice.clone()));
    supervisor.supervise().map(drop)
}

fn check(
    folder: &Path,
    findings: &Findings,
    ended: Result<(), RunError>,
    stuck: Option<String>,
) -> Result<checker::Tally, String> {
    if let Some(states) = stuck {
        return Err(format!("the run did not end within {TOO_LONG:?}\n{states}"));
    }
    let left = faults::children();
    if !left.is_empty() {
        return Err(format!("processes are left: {left:?}"));
    }
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    if let Some(map) = maps
        .lines()
        .find(|line| line.contains("memfd:multitools-run"))
    {
        return Err(format!("memory is left: {map}"));
    }
    if let Err(error) = ended {
        let reports = &findings.reports;
        return Err(format!("the run has failed: {error}\n{reports:?}"));
    }
    checker::check(folder, findings)
}

/// Where each process is that has not ended, before all are killed.
fn states_of_all(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let written = files.filter_map(|file| file.metadata().ok()?.modified().ok());
    let age = written.max().and_then(|latest| latest.elapsed().ok());
    let mut states = format!("the last record is of {age:?} ago\n");
    for pid in faults::children() {
        for what in ["wchan", "status"] {
            let text = std::fs::read_to_string(format!("/proc/{pid}/{what}")).unwrap_or_default();
            let lines: Vec<&str> = text.lines().take(3).collect();
            states += &format!("{pid} {what}: {}\n", lines.join("; "));
        }
    }
    faults::kill_all();
    states
}
