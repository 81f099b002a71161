//! One run: who takes part, what is done to them, and what is looked at when it is over.

use super::acts::restarts;
use super::checker::{self, End};
use super::faults::{self, Faults, Prey};
use super::figures::Played;
use super::ledger::Ledger;
use super::population::{Listener, Peer, Script};
use super::told::Told;
use fastrand::Rng;
use multitools::{Notice, Report, Restart, RunError, Supervisor};
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
    prey: Prey,
    /// Whether one fails for good.
    doomed: bool,
}

/// What the supervisor has told.
#[derive(Default)]
struct Findings {
    notices: Vec<Notice>,
    reports: Vec<Report>,
}

impl Setting {
    fn new(seed: u64, run: u64, folder: &Path) -> Setting {
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ run);
        let mailbox = 16usize << rng.u32(10..17);
        let mut setting = Setting {
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
                hunted: false,
                doomed: false,
            },
            kills: [0, 10, 60][rng.usize(0..3)],
            prey: Prey::Offered,
            doomed: rng.u32(0..8) == 0,
        };
        if rng.u32(0..4) == 0 {
            // Whoever may be killed at any moment is started again.
            setting.listeners = 0;
            setting.script.hunted = true;
            setting.kills = 60;
            setting.prey = Prey::Anybody;
        }
        setting
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
    let (fault_seed, kills, prey) = (setting.seed, setting.kills, setting.prey);
    faults::prepare(folder.path());
    let place = folder.path().to_owned();
    let tormentor =
        std::thread::spawn(move || faults::torment(fault_seed, kills, prey, &place, &is_over));
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
    let doomed = setting.doomed;
    let checked = check(folder.path(), &findings, ended, stuck, doomed);
    checked
        .map(|tally| Played {
            faults,
            tally,
            doomed,
        })
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
        let doomed = setting.doomed && number == 0;
        let peer = Peer::new(Script {
            doomed,
            mortal: !doomed,
            ..script(number)
        });
        let policy = if doomed { Restart::never() } else { restarts() };
        supervisor
            .add_named(format!("peer{number}"), peer)
            .restart(policy);
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
    doomed: bool,
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
    let end = judge(&findings.reports, ended, doomed)?;
    let told: Vec<Told> = findings.notices.iter().map(Told::from).collect();
    let checked = checker::check(&Ledger::read(folder), &told, end);
    if checked.is_err() {
        let told: Vec<String> = findings.notices.iter().map(Notice::to_string).collect();
        std::fs::write(folder.join("mortal").join("notices"), told.join("\n")).unwrap();
    }
    checked
}

/// Whether a run has ended as it was to: well, or with the failure of the first, that is told of once.
fn judge(reports: &[Report], ended: Result<(), RunError>, doomed: bool) -> Result<End, String> {
    match (ended, reports) {
        (Ok(()), []) if !doomed => Ok(End::Well),
        (Err(RunError::Failed(failed)), [told])
            if doomed && *failed == *told && told.agent == "peer0" =>
        {
            Ok(End::Failed)
        }
        (Ok(()), told) => Err(format!("the run has ended well; told was {told:?}")),
        (Err(error), told) => Err(format!("the run has failed: {error}\ntold was {told:?}")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_to_end_as_it_was_meant_to() {
        assert!(judge(&[], Ok(()), false).is_ok());
        assert!(judge(&[], Ok(()), true).is_err());
        // Without a report it is no failure that was told of.
        for doomed in [false, true] {
            assert!(judge(&[], Err(RunError::Interrupted), doomed).is_err());
        }
    }
}
