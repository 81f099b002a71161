//! R15: agents that are linked fall together.

use multitools::{
    Cause, Context, Down, DownReason, Error, Notice, RecvError, Report, Restart, RunError,
    StringMessage, Supervisor, agent,
};
use multitools_tests::{PATIENCE, text};
use std::time::Duration;

fn quickly(policy: Restart) -> Restart {
    policy.backoff(Duration::from_millis(1), Duration::from_millis(5))
}

/// The next line, also of an end. A part that is to be started again is watched again: once its end is
/// known, `wait_for` waits for the next incarnation.
fn next_line(ctx: &mut Context) -> Result<String, Error> {
    let message = ctx.next_message(PATIENCE)?;
    if !message.is::<Down>() {
        let line = message.decode::<StringMessage>()?.text.clone();
        if line.ends_with("is there") {
            ctx.monitor(message.sender());
        }
        return Ok(line);
    }
    let down = message.decode::<Down>()?;
    if down.restarting {
        ctx.monitor(down.id);
    }
    let name = ctx.name_of(down.id).unwrap_or_default();
    Ok(format!("{name} is down"))
}

/// Links itself to some others, says so, and does what it is told. In its second life it only says that
/// it is there.
#[agent(manual)]
struct Part {
    links: Vec<String>,
    /// What it does when it has to stop.
    stubborn: bool,
}
#[agent]
impl Part {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let again = ctx.id().incarnation() > 0;
        let name = ctx.name().unwrap_or_default().to_owned();
        for link in self.links.iter().filter(|_| !again) {
            for id in &ctx.ids(link) {
                ctx.link(*id);
                ctx.link(*id);
            }
        }
        let own = ctx.id();
        ctx.link(own);
        let word = if again { "is back" } else { "is there" };
        ctx.send("director", &text(&format!("{name} {word}")))?;
        loop {
            let told = match ctx.next_message(None) {
                Ok(message) => message.decode::<StringMessage>()?.text.clone(),
                Err(RecvError::Stopped) if self.stubborn => loop {
                    std::thread::park();
                },
                Err(other) => return Err(other.into()),
            };
            match told.as_str() {
                "end" => return Ok(()),
                "fail" => return Err(Error::Handler("told to".into())),
                "die" => std::process::abort(),
                other => ctx.send("director", &text(&format!("{name} has {other}")))?,
            };
        }
    }
}

/// Waits for lines in any order, then sends words to parts; and so on.
#[agent(name = "director", manual)]
struct Director {
    scenes: Vec<Scene>,
}
type Scene = (Vec<String>, Vec<(String, String)>);

fn scene(lines: &[&str], words: &[(&str, &str)]) -> Scene {
    let words = words
        .iter()
        .map(|(to, word)| ((*to).to_owned(), (*word).to_owned()));
    let lines = lines.iter().map(|line| (*line).to_owned());
    (lines.collect(), words.collect())
}

#[agent]
impl Director {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        for (mut lines, words) in std::mem::take(&mut self.scenes) {
            let mut heard = Vec::new();
            for _ in &lines {
                heard.push(next_line(ctx)?);
            }
            lines.sort_unstable();
            heard.sort_unstable();
            assert_eq!(heard, lines);
            for (to, word) in words {
                ctx.wait_for(&to, PATIENCE)?;
                ctx.send(to.as_str(), &text(&word))?;
            }
        }
        Ok(())
    }
}

fn part(links: &[&str]) -> Part {
    Part {
        links: links.iter().map(|link| (*link).to_owned()).collect(),
        stubborn: false,
    }
}

/// Runs parts that are started again where they fail, and returns who was, and why.
fn play(
    parts: Vec<(&str, Part, Restart)>,
    scenes: Vec<Scene>,
) -> (Result<(), RunError>, Vec<(String, Cause)>) {
    let mut failures = Vec::new();
    let mut supervisor = Supervisor::new();
    for (name, part, policy) in parts {
        supervisor.add_named(name, part).restart(quickly(policy));
    }
    supervisor.add(Director { scenes });
    supervisor.on_failure(|_| ()).on_notice(|notice| {
        if let Notice::Restarting {
            report: Some(report),
            ..
        } = notice
        {
            let Report { agent, cause, .. } = &**report;
            failures.push((agent.clone(), cause.clone()));
        }
    });
    let ended = supervisor.supervise().map(drop);
    drop(supervisor);
    failures.sort_by(|one, other| one.0.cmp(&other.0));
    (ended, failures)
}

fn linked(agent: &str, reason: &str) -> Cause {
    Cause::Linked {
        agent: agent.into(),
        reason: reason.into(),
    }
}

fn told_to() -> Cause {
    Cause::Error {
        text: "told to".into(),
        location: None,
    }
}

const AGAIN: fn() -> Restart = Restart::on_failure;

#[multitools::test]
fn r15_when_one_of_two_fails_the_other_ends_too_whichever_has_linked() {
    for (one_links, other_links) in [
        (&["other"][..], &[][..]),
        (&[][..], &["one"][..]),
        (&["other"][..], &["one"][..]),
    ] {
        let there = ["one is there", "other is there"];
        let back = [
            "one is down",
            "other is down",
            "one is back",
            "other is back",
        ];
        let (ended, failures) = play(
            vec![
                ("one", part(one_links), AGAIN()),
                ("other", part(other_links), AGAIN()),
            ],
            vec![
                scene(&there, &[("one", "fail")]),
                scene(&back, &[("one", "end"), ("other", "end")]),
            ],
        );
        ended.unwrap();
        let expected = [
            ("one".to_owned(), told_to()),
            ("other".to_owned(), linked("one", "failed: told to")),
        ];
        assert_eq!(failures, expected);
    }
}

#[multitools::test]
fn r15_a_chain_falls_as_a_whole() {
    let there = ["a is there", "b is there", "c is there"];
    let back = [
        "a is down",
        "b is down",
        "c is down",
        "a is back",
        "b is back",
        "c is back",
    ];
    let ends = [("a", "end"), ("b", "end"), ("c", "end")];
    let (ended, failures) = play(
        vec![
            ("a", part(&["b"]), AGAIN()),
            ("b", part(&[]), AGAIN()),
            ("c", part(&["b"]), AGAIN()),
        ],
        vec![scene(&there, &[("a", "die")]), scene(&back, &ends)],
    );
    ended.unwrap();
    let names: Vec<_> = failures.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert!(failures[1].1.to_string().starts_with(
        "was ended with `a`, to which it was linked and which was killed by SIGABRT (signal 6)"
    ));
    assert!(failures[2].1.to_string().starts_with(
        "was ended with `b`, to which it was linked and which was ended with `a`, to which"
    ));
}

#[multitools::test]
fn r15_a_good_end_pulls_nobody_along() {
    let there = ["one is there", "other is there"];
    let (ended, failures) = play(
        vec![
            ("one", part(&["other"]), Restart::always().max(1)),
            ("other", part(&[]), AGAIN()),
        ],
        vec![
            scene(&there, &[("one", "end")]),
            scene(&["one is down", "one is back"], &[("other", "gone on")]),
            scene(&["other has gone on"], &[("other", "end"), ("one", "end")]),
        ],
    );
    // At the end it would have been started again.
    let Err(RunError::Failed(report)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(
        (report.agent.as_str(), report.cause),
        ("one", Cause::EndedAgain)
    );
    assert_eq!(failures, []);
}

#[multitools::test]
fn r15_the_fall_of_one_that_is_not_started_again_is_the_failure_of_the_run() {
    let there = ["one is there", "other is there"];
    let (ended, failures) = play(
        vec![
            ("one", part(&[]), AGAIN()),
            ("other", part(&["one"]), Restart::never()),
        ],
        vec![
            scene(&there, &[("one", "fail")]),
            scene(&["never comes"; 5], &[]),
        ],
    );
    assert_eq!(failures, [("one".to_owned(), told_to())]);
    let Err(RunError::Failed(report)) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(report.agent, "other");
    assert_eq!(report.cause, linked("one", "failed: told to"));
}

#[multitools::test]
fn r15_who_falls_and_does_not_end_is_terminated() {
    let there = ["one is there", "other is there"];
    let back = [
        "one is down",
        "other is down",
        "one is back",
        "other is back",
    ];
    let mut stubborn = part(&["one"]);
    stubborn.stubborn = true;
    let (ended, failures) = play(
        vec![("one", part(&[]), AGAIN()), ("other", stubborn, AGAIN())],
        vec![
            scene(&there, &[("one", "fail")]),
            scene(&back, &[("one", "end"), ("other", "end")]),
        ],
    );
    ended.unwrap();
    assert_eq!(failures[1].1, linked("one", "failed: told to"));
}

/// Watches another, and links itself to it when it has failed and is away: to its next incarnation.
#[agent(name = "follower", manual)]
struct Follower;
#[agent]
impl Follower {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        let one = ctx.wait_for("one", PATIENCE)?[0];
        if ctx.id().incarnation() > 0 {
            ctx.send("director", &text("follower is back"))?;
            ctx.next_message(PATIENCE)?;
            return Ok(());
        }
        ctx.monitor(one);
        ctx.send("director", &text("follower is there"))?;
        let down = ctx.next_message(PATIENCE)?.decode::<Down>()?;
        let failed = DownReason::Failed {
            text: "failed: told to".into(),
        };
        assert_eq!((&down.reason, down.restarting), (&failed, true));
        ctx.link(down.id);
        ctx.send("director", &text("follower is linked"))?;
        let message = ctx.next_message(PATIENCE)?;
        Err(Error::Handler(format!("{message:?}")))
    }
}

#[multitools::test]
fn r15_a_link_to_one_that_is_away_is_to_its_next_incarnation() -> Result<(), RunError> {
    let mut causes = Vec::new();
    let mut supervisor = Supervisor::new();
    supervisor
        .add_named("one", part(&[]))
        .restart(quickly(AGAIN()));
    supervisor.add(Follower).restart(quickly(AGAIN()));
    let scenes = vec![
        scene(&["one is there", "follower is there"], &[("one", "fail")]),
        scene(
            &["one is down", "follower is linked", "one is back"],
            &[("one", "fail")],
        ),
        scene(
            &[
                "one is down",
                "follower is down",
                "one is back",
                "follower is back",
            ],
            &[("one", "end"), ("follower", "end")],
        ),
    ];
    supervisor.add(Director { scenes });
    supervisor.on_notice(|notice| {
        if let Notice::Restarting {
            report: Some(report),
            ..
        } = notice
        {
            causes.push(report.headline());
        }
    });
    supervisor.supervise()?;
    drop(supervisor);
    causes.sort_unstable();
    let fell =
        "agent `follower` was ended with `one`, to which it was linked and which failed: told to";
    let failed = "agent `one` failed: told to";
    assert_eq!(causes, [fell, failed, failed]);
    Ok(())
}
