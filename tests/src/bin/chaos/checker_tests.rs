use super::*;
use multitools::Undelivered;

/// What two agents have written down of four messages: two were begun, one was in the hand of a process that
/// was killed, and the last is reported. Then one agent sends to all.
const WRITTEN: [(&str, &str); 3] = [
    (
        "a@0",
        "s #0\ni 1 direct b\no 1 1\ni 2 direct b\no 2 1\ni 3 direct b\no 3 1\ni 4 direct b\no 4 1\n\
         i 5 direct b\nb 5\ni 6 cast *\no 6 1 c",
    ),
    (
        "b@0",
        "s #1\nr direct a@0 1\ne\nr direct a@0 2\ne\nr direct a@0 3",
    ),
    ("b@1", "s #1.1\nr cast a@0 6\ne"),
];

fn undelivered(count: u64) -> Told {
    let (sender, message) = ("a".to_owned(), "direct".to_owned());
    Told::Undelivered {
        agent: "b".to_owned(),
        messages: vec![Undelivered {
            sender,
            message,
            count,
        }],
    }
}

fn restarting(handling: Option<(&str, &str)>) -> Told {
    let handling = handling.map(|(message, sender)| (message.to_owned(), sender.to_owned()));
    Told::Restarting {
        agent: "b".to_owned(),
        failure: Some(Failure {
            killed: true,
            handling,
            ..Failure::default()
        }),
    }
}

fn restarted() -> Told {
    let agent = "b".to_owned();
    Told::Restarted { agent }
}

fn given_up() -> Told {
    let agent = "b".to_owned();
    Told::GivenUp { agent }
}

fn told() -> Vec<Told> {
    vec![
        restarting(Some(("direct", "a"))),
        given_up(),
        restarting(None).without_failure(),
        restarted(),
        undelivered(1),
    ]
}

impl Told {
    fn without_failure(self) -> Told {
        match self {
            Told::Restarting { agent, .. } => Told::Restarting {
                agent,
                failure: None,
            },
            other => other,
        }
    }
}

fn checked(written: &[(&str, String)], told: &[Told]) -> Result<Tally, String> {
    let folder = tempfile::tempdir().unwrap();
    for (key, text) in written {
        std::fs::write(folder.path().join(key), text).unwrap();
    }
    check(&Ledger::read(folder.path()), told, End::Well)
}

fn written() -> Vec<(&'static str, String)> {
    WRITTEN.map(|(key, text)| (key, text.to_owned())).to_vec()
}

/// What is found where this is written instead of that.
fn rewritten(file: &str, before: &str, after: &str) -> String {
    let mut written = written();
    let (_, text) = written.iter_mut().find(|(key, _)| *key == file).unwrap();
    assert!(text.contains(before), "{before:?}");
    *text = text.replacen(before, after, 1);
    checked(&written, &told()).err().unwrap_or_default()
}

/// What is found where this is told.
fn retold(change: impl FnOnce(&mut Vec<Told>)) -> String {
    let mut told = told();
    change(&mut told);
    checked(&written(), &told).err().unwrap_or_default()
}

#[test]
fn records_that_agree_are_no_reason_for_complaint() {
    let tally = checked(&written(), &told()).unwrap();
    assert_eq!((tally.accepted, tally.begun, tally.reported), (5, 4, 1));
    assert_eq!((tally.failures, tally.never_up), (1, 1));
}

#[test]
fn a_planted_loss_is_found() {
    let lost = [
        rewritten("b@0", "r direct a@0 2\ne\n", ""),
        rewritten("b@1", "r cast a@0 6\ne", ""),
        retold(|told| drop(told.pop())),
    ];
    for found in lost {
        assert!(found.starts_with("lost of Stream"), "{found}");
    }
}

#[test]
fn a_planted_duplicate_is_found() {
    // Once more at once, which the order forbids, and by another agent, which it does not.
    let twice = rewritten(
        "b@0",
        "r direct a@0 2\ne\n",
        "r direct a@0 2\ne\nr direct a@0 2\ne\n",
    );
    assert!(
        twice.contains("order: b has begun 2 of a@0 after Some((0, 2))"),
        "{twice}"
    );
    let next = rewritten("b@1", "s #1.1\n", "s #1.1\nr direct a@0 3\ne\n");
    assert!(next.contains("order: b has begun 3 of a@0"), "{next}");
    let mut written = written();
    written.push(("c@0", "s #2\nr cast a@0 6\ne".to_owned()));
    written[0].1 = written[0].1.replace("o 6 1 c", "o 6 1");
    let other = checked(&written, &told()).err().unwrap_or_default();
    assert!(other.starts_with("too much of Stream"), "{other}");
}

#[test]
fn a_planted_swap_is_found() {
    let (right, wrong) = (
        "r direct a@0 1\ne\nr direct a@0 2",
        "r direct a@0 2\ne\nr direct a@0 1",
    );
    let found = rewritten("b@0", right, wrong);
    assert_eq!(found, "order: b has begun 1 of a@0 after Some((0, 2))");
}

#[test]
fn a_message_that_nobody_has_sent_so_is_found() {
    for (before, after, what) in [
        ("r direct a@0 2", "r direct a@1 2", "was never sent"),
        ("r direct a@0 3", "r direct a@0 7", "was never sent"),
        ("r direct a@0 2", "r ask a@0 2", "is of another kind"),
        ("r direct a@0 3", "r direct a@0 5", "was given back"),
    ] {
        let found = rewritten("b@0", before, after);
        assert!(found.contains(what), "{after}: {found}");
    }
    let found = rewritten("a@0", "o 6 1 c", "o 6 1 b");
    assert_eq!(
        found,
        "b has begun 6 of a@0, which was said to have missed it"
    );
}

#[test]
fn a_planted_false_report_is_found() {
    let found = retold(|told| told[4] = undelivered(2));
    assert!(found.starts_with("too much of Stream"), "{found}");
    let found = retold(|told| told[0] = restarting(Some(("cast", "a"))));
    assert!(
        found.contains(r#"in hand, reported is ("cast", "a")"#),
        "{found}"
    );
    let found = retold(|told| told[0] = restarting(None));
    assert!(
        found.contains("b@0 had 3 of a@0 in hand, and it is not reported"),
        "{found}"
    );
    let found = retold(|told| told[0] = restarting(Some(("else", "a"))));
    assert!(
        found.contains(r#"b@0 had ("else", "a") in hand"#),
        "{found}"
    );
    let found = retold(|told| told.push(Told::Other("that".to_owned())));
    assert_eq!(found, "unexpected: that");
}

#[test]
fn a_restart_that_comes_to_nothing_is_followed_by_another() {
    let found = retold(|told| drop(told.drain(2..4)));
    assert_eq!(found, "b is GivenUp at the end of the run");
    let found = retold(|told| drop(told.remove(3)));
    assert_eq!(found, "b is Away at the end of the run");
    let found = retold(|told| drop(told.remove(1)));
    assert_eq!(found, "b is told to be Away after Away");
    let found = retold(|told| told.push(restarted()));
    assert_eq!(found, "b is told to be Up after Up");
}

#[test]
fn what_an_agent_finds_wrong_is_found() {
    let found = rewritten(
        "b@0",
        "r direct a@0 3",
        "x message 3 of a@0 is torn\nr direct a@0 3",
    );
    assert_eq!(found, "b@0: x message 3 of a@0 is torn");
    let found = rewritten("a@0", "i 1 direct b\n", "");
    assert!(
        found.contains("a@0: message 1 was settled and not sent"),
        "{found}"
    );
}
