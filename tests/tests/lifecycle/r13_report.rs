//! R13: what the report of a failure tells.

use multitools::{
    Cause, Context, Error, Handled, Report, RunError, SendError, StringMessage, Supervisor,
    Undelivered, agent, message,
};
use multitools_tests::lifecycle::Program;
use rustix::process::{Signal, getpid, kill_process};

#[message]
struct Dose {
    number: u32,
}

/// How it ends while it handles a dose.
#[agent(name = "Patient", resident, manual)]
struct Patient {
    end: String,
}

#[agent]
impl Patient {
    #[handle]
    fn on_text(&mut self, _text: &StringMessage) {}

    #[handle]
    fn on_dose(&mut self, dose: &Dose, ctx: &mut Context) -> Result<(), String> {
        // The sender waits for the end of the whole lot: all of it is in the mailbox by then.
        ctx.print(std::process::id());
        loop {
            let all = ctx.wait_for("nobody", std::time::Duration::from_millis(1));
            if all.is_err() && ctx.ids("Doctor").is_empty() {
                break;
            }
        }
        for n in 0..30 {
            eprintln!("symptom {n} of dose {}", dose.number);
        }
        eprint!("cut sho");
        match self.end.as_str() {
            "panic" => panic!("too much\nin two lines"),
            "error" => Err("will not".into()),
            "exit" => std::process::exit(9),
            _ => {
                let _ = kill_process(getpid(), Signal::KILL);
                Ok(())
            }
        }
    }
}
const PANIC_AT: &str = "tests/tests/lifecycle/r13_report.rs:";

#[agent(name = "Doctor", manual)]
struct Doctor;

/// The line of the call that sends the fatal dose.
const FATAL_LINE: u32 = line!() + 7;

#[agent]
impl Doctor {
    fn op(&mut self, ctx: &mut Context) -> Result<(), SendError> {
        ctx.send("Patient", &StringMessage::new("this will not hurt"))?;
        let fatal = Dose { number: 1 };
        ctx.send("Patient", &fatal)?;
        for number in 2..7 {
            ctx.send("Patient", &Dose { number })?;
        }
        ctx.send("Patient", &StringMessage::new("still there?"))?;
        Ok(())
    }
}

#[agent(name = "Nurse", manual)]
struct Nurse;

#[agent]
impl Nurse {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.send("Patient", &StringMessage::new("good morning"))?;
        ctx.send("Patient", &StringMessage::new("good night"))?;
        // It is there until the end, so that its account is still to come.
        ctx.next_message(None)?;
        Ok(())
    }
}

fn report_of(end: &str) -> (Report, u32) {
    let (mut pid, mut seen) = (0, None);
    let mut supervisor = Supervisor::new();
    let end = end.to_owned();
    supervisor.add(Nurse);
    supervisor.add(Patient { end });
    supervisor.add(Doctor);
    supervisor.on_print(|line| pid = line.parse().unwrap());
    supervisor.on_failure(|report| assert!(seen.replace(report.to_string()).is_none()));
    let error = supervisor.supervise().unwrap_err();
    drop(supervisor);
    let RunError::Failed(report) = error else {
        panic!("{error}");
    };
    assert_eq!(seen, Some(report.to_string()), "the handler gets the same");
    (*report, pid)
}

/// Everything that does not depend on how the agent ended.
fn check(report: &Report, pid: u32) {
    assert_eq!(report.agent, "Patient");
    assert_eq!(report.id.slot(), 1);
    assert_eq!(report.pid, pid);
    let place = format!("tests/tests/lifecycle/r13_report.rs:{FATAL_LINE}:");
    let handling = report.handling.as_ref().unwrap();
    let Handled {
        message,
        sender,
        sent_at,
    } = handling;
    assert_eq!((message.as_str(), sender.as_str()), (DOSE, "Doctor"));
    assert!(
        sent_at.as_ref().unwrap().starts_with(&place),
        "{handling:?}"
    );
    let from_doctor: Vec<_> = undelivered(report, "Doctor");
    assert_eq!(from_doctor, [(DOSE, 5), (TEXT, 1)]);
    // The nurse's may have come before or after the fatal one.
    let from_nurse: u64 = undelivered(report, "Nurse").iter().map(|(_, n)| n).sum();
    assert!(from_nurse <= 2, "{:?}", report.undelivered);
    let mut symptoms: Vec<String> = (11..30).map(|n| format!("symptom {n} of dose 1")).collect();
    symptoms.push("cut sho".to_owned());
    assert_eq!(report.stderr, symptoms);
}

fn undelivered<'r>(report: &'r Report, from: &str) -> Vec<(&'r str, u64)> {
    let of_sender = |lost: &&Undelivered| lost.sender == from;
    let lost = report.undelivered.iter().filter(of_sender);
    lost.map(|lost| (lost.message.as_str(), lost.count))
        .collect()
}

const DOSE: &str = "lifecycle::r13_report::Dose";
const TEXT: &str = "multitools.StringMessage";

#[multitools::test]
fn r13_the_report_of_a_panic_tells_everything() {
    let (report, pid) = report_of("panic");
    check(&report, pid);
    let Cause::Panic { text, location } = &report.cause else {
        panic!("{report}");
    };
    assert_eq!(text, "too much\nin two lines");
    assert!(location.as_ref().unwrap().starts_with(PANIC_AT));
}

#[multitools::test]
fn r13_the_report_of_an_error_tells_everything() {
    let (report, pid) = report_of("error");
    check(&report, pid);
    let text = "will not".to_owned();
    assert_eq!(
        report.cause,
        Cause::Error {
            text,
            location: None
        }
    );
}

#[multitools::test]
fn r13_the_report_of_an_agent_killed_in_the_middle_of_a_handler_tells_everything() {
    let (report, pid) = report_of("kill");
    check(&report, pid);
    assert!(
        matches!(
            report.cause,
            Cause::Signal {
                number: 9,
                name: "SIGKILL",
                core_dumped: false
            }
        ),
        "{report}"
    );
    assert_eq!(report.backtrace, None);
}

#[multitools::test]
fn r13_the_report_of_an_agent_that_exits_in_a_handler_tells_everything() {
    let (report, pid) = report_of("exit");
    check(&report, pid);
    assert_eq!(report.cause, Cause::Exit { code: 9 });
}

#[multitools::test]
fn r13_the_report_prints_for_people() {
    let (report, pid) = report_of("kill");
    let text = report.to_string();
    let mut lines = text.lines();
    let mut line = || lines.next().unwrap();
    assert_eq!(line(), "agent `Patient` was killed by SIGKILL (signal 9)");
    assert_eq!(line(), format!("  id #1, process {pid}"));
    let sent = format!(
        "  while handling `{DOSE}` from `Doctor`, sent at tests/tests/lifecycle/r13_report.rs:{FATAL_LINE}:"
    );
    assert!(line().starts_with(&sent), "{text}");
    for expected in [
        format!("\n  undelivered: 5 x `{DOSE}` from `Doctor`\n"),
        format!("\n  undelivered: 1 x `{TEXT}` from `Doctor`\n"),
        "\n  the end of its standard error:\n    symptom 11 of dose 1\n".to_owned(),
    ] {
        assert!(text.contains(&expected), "{text}");
    }
    assert!(
        text.ends_with("\n    symptom 29 of dose 1\n    cut sho"),
        "{text}"
    );
}

#[multitools::test]
fn r13_the_report_serialises_for_programs() {
    let (report, pid) = report_of("panic");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["agent"], "Patient");
    assert_eq!(json["id"]["slot"], 1);
    assert_eq!(json["pid"], pid);
    assert_eq!(json["cause"]["text"], "too much\nin two lines");
    let location = json["cause"]["location"].as_str();
    assert!(location.unwrap().starts_with(PANIC_AT));
    assert_eq!(json["handling"]["message"], DOSE);
    assert_eq!(json["handling"]["sender"], "Doctor");
    assert!(json["handling"]["sent_at"].is_string());
    let doses = json["undelivered"].as_array().unwrap();
    assert!(
        doses
            .iter()
            .any(|lost| lost["message"] == DOSE && lost["count"] == 5)
    );
    assert_eq!(json["stderr"].as_array().unwrap().len(), 20);
}

#[test]
fn r13_the_backtrace_is_there_when_it_is_asked_for() {
    for (asked, expected) in [("1", true), ("0", false)] {
        let mut command = std::process::Command::new(super::PROGRAM);
        command.args(["fail", "panic"]).env("RUST_BACKTRACE", asked);
        let finished = Program::start(&mut command).finish();
        assert_eq!(finished.err.contains("\n  backtrace:\n"), expected);
        assert!(finished.err.contains("ends.rs:"), "{}", finished.err);
        assert_eq!(finished.err.matches("Fails").count() > 3, expected);
    }
}
