//! Requests and their answers.

use super::*;
use crate::transport::shared_memory::ANSWER_ROOM;
use std::thread;

fn ask(asker: &mut Agent, to: u32, request: u64) -> Link {
    let body = body_of(request as u32, 20);
    asker
        .send_at_once(id(to), request as u32, Some(request), &body)
        .unwrap()
}

fn answers() -> Vec<Answer> {
    vec![
        Answer::Value(Vec::new()),
        Answer::Value(body_of(1, 3)),
        Answer::Value(body_of(2, ANSWER_ROOM)),
        Answer::Value(body_of(3, ANSWER_ROOM + 1)),
        Answer::Value(body_of(4, 100_000)),
        Answer::Unhandled,
        Answer::Value(body_of(5, LIMITS.message)),
        Answer::Failed("for a reason".into()),
        Answer::Failed("x".repeat(50_000)),
        Answer::Value(body_of(6, 9)),
    ]
}

fn requests_are_answered<B: Backend>() {
    let backend = B::new(LIMITS);
    let (mut asker, mut server) = (backend.agent(1), backend.agent(2));
    thread::scope(|scope| {
        scope.spawn(move || {
            for answer in answers() {
                let message = server.receive();
                message.check();
                message.answer(&answer);
            }
            // Sockets write what they could not write at once only while the agent lives.
            server.receive_all([77]);
        });
        for (request, expected) in (1..).zip(answers()) {
            let link = ask(&mut asker, 2, request);
            let answer = asker.answer_of(link, request);
            assert!(answer == Some(expected), "answer to {request}");
        }
        asker.send(id(2), 77, &body_of(77, 1)).unwrap();
    });
}

fn a_late_answer_is_none_to_the_next_request<B: Backend>() {
    let backend = B::new(LIMITS);
    let (mut asker, mut server) = (backend.agent(1), backend.agent(2));
    let link = ask(&mut asker, 2, 1);
    let first = server.receive();
    ask(&mut asker, 2, 2);
    let second = server.receive();
    first.answer(&Answer::Value(b"late".to_vec()));
    second.answer(&Answer::Value(b"in time".to_vec()));
    let answer = asker.answer_of(link, 2);
    assert_eq!(answer, Some(Answer::Value(b"in time".to_vec())));
}

/// Whoever serves one request while it serves another answers the later one first.
fn a_late_answer_does_not_take_the_place_of_one_that_is_waited_for<B: Backend>() {
    for size in [10, 50_000] {
        let backend = B::new(LIMITS);
        let (mut asker, mut server) = (backend.agent(1), backend.agent(2));
        let link = ask(&mut asker, 2, 1);
        let first = server.receive();
        ask(&mut asker, 2, 2);
        let second = server.receive();
        second.answer(&Answer::Value(body_of(2, size)));
        first.answer(&Answer::Value(body_of(1, size)));
        let answer = asker.answer_of(link, 2);
        assert!(answer == Some(Answer::Value(body_of(2, size))));
    }
}

fn more_askers_than_slots_get_large_answers<B: Backend>() {
    let backend = B::new(LIMITS);
    let mut server = backend.agent(0);
    let mut askers: Vec<Agent> = (1..=300).map(|slot| backend.agent(slot)).collect();
    for asker in &mut askers {
        let link = ask(asker, 0, 1);
        let answer = Answer::Value(body_of(9, 5_000));
        server.receive().answer(&answer);
        assert!(asker.answer_of(link, 1) == Some(answer));
    }
    // And there is still a slot for what it sends itself.
    server.send(id(300), 5, &body_of(5, 100_000)).unwrap();
    askers[299].receive_all([5]);
}

fn who_waits_for_an_answer_finds_its_messages_afterwards<B: Backend>() {
    let backend = B::new(LIMITS);
    let (mut asker, mut server) = (backend.agent(1), backend.agent(2));
    thread::scope(|scope| {
        scope.spawn(move || {
            let message = server.receive();
            for number in 0..20 {
                server.send(id(1), number, &body_of(number, 1_000)).unwrap();
            }
            message.answer(&Answer::Unhandled);
            server.receive_all([77]);
        });
        let link = ask(&mut asker, 2, 1);
        assert_eq!(asker.answer_of(link, 1), Some(Answer::Unhandled));
        asker.receive_all(0..20);
        asker.send(id(2), 77, &body_of(77, 1)).unwrap();
    });
}

fn the_end_of_the_one_that_was_asked_ends_the_wait<B: Backend>() {
    let backend = B::new(LIMITS);
    let (mut asker, mut server) = (backend.agent(1), backend.agent(2));
    thread::scope(|scope| {
        scope.spawn(move || drop(server.receive()));
        let link = ask(&mut asker, 2, 1);
        assert_eq!(asker.answer_of(link, 1), None);
    });
}

fn an_answer_that_was_given_before_the_end_is_found<B: Backend>() {
    for size in [10, 4_000] {
        let backend = B::new(LIMITS);
        let (mut asker, mut server) = (backend.agent(1), backend.agent(2));
        let link = ask(&mut asker, 2, 1);
        let answer = Answer::Value(body_of(1, size));
        server.receive().answer(&answer);
        drop(server);
        assert!(asker.answer_of(link, 1) == Some(answer));
    }
}

conformance!(
    requests_are_answered,
    a_late_answer_is_none_to_the_next_request,
    a_late_answer_does_not_take_the_place_of_one_that_is_waited_for,
    who_waits_for_an_answer_finds_its_messages_afterwards,
    the_end_of_the_one_that_was_asked_ends_the_wait,
    an_answer_that_was_given_before_the_end_is_found,
);
// As sockets, so many agents take more descriptors than a process may have.
conformance!(@ shared_memory_for_many, Shared, more_askers_than_slots_get_large_answers);
