//! A ring that has begun again before its end while its receiver stands still, under every order of the steps of
//! both sides: as `model_tests`.

use super::model_tests::{Memory, explore};
use super::ring::{Consumer, Producer};
use crate::wire::head::HEAD;
use loom::sync::Arc;
use loom::thread;

/// The oldest frame but for one that is read reaches to the wrap at 88, and the second oldest, in the beginning,
/// to it: there is room for three words at the end, behind the wrap, and for none elsewhere.
fn wrapped() -> (Arc<Memory>, Producer) {
    let memory = Memory::new(144);
    let mut producer = memory.producer();
    let mut send = |number, words| memory.send_words(&mut producer, number, words);
    assert_eq!(send(0, 8), Some(Ok(())));
    assert_eq!(memory.receive(&mut memory.consumer()), Some(0));
    assert_eq!(send(1, 3), Some(Ok(())));
    assert_eq!(send(2, 7), Some(Ok(())));
    (Arc::new(memory), producer)
}

/// Looks whether what is known to be there is a message, as a receiver does that expects one.
fn glance(memory: &Memory, consumer: &Consumer) {
    if let Some((at, most)) = consumer.known()
        && most >= HEAD
    {
        for word in 0..HEAD / 8 {
            memory.read(at + 8 * word);
        }
    }
}

/// Reads all, some of it while the sender is at work.
fn everything_arrives(
    memory: Arc<Memory>,
    mut send: impl FnMut(u64, usize) -> bool + 'static,
    receive: impl Fn() -> Option<u64>,
) {
    let sending = thread::spawn(move || {
        let words = [3, 4, 3];
        let sent = (3..6).zip(words).take_while(|(n, words)| send(*n, *words));
        sent.count() as u64
    });
    let mut numbers: Vec<u64> = (0..3).map_while(|_| receive()).collect();
    let sent = sending.join().unwrap();
    let mut consumer = memory.consumer();
    numbers.extend(std::iter::from_fn(|| memory.receive(&mut consumer)));
    assert!(sent > 0, "there is room");
    assert!(numbers.iter().copied().eq(1..3 + sent), "{numbers:?}");
}

#[test]
fn what_is_behind_a_wrap_is_read_after_what_is_in_the_beginning() {
    explore(|| {
        let (memory, mut producer) = wrapped();
        let (there, here) = (Arc::clone(&memory), Arc::clone(&memory));
        let consumer = std::cell::RefCell::new(memory.consumer());
        everything_arrives(
            memory,
            move |number, words| there.send_words(&mut producer, number, words).is_some(),
            || {
                let mut consumer = consumer.borrow_mut();
                glance(&here, &consumer);
                here.receive(&mut consumer)
            },
        );
    });
}

#[test]
fn each_frame_may_be_sent_and_read_by_another_process() {
    explore(|| {
        let (memory, _) = wrapped();
        let (there, here) = (Arc::clone(&memory), Arc::clone(&memory));
        everything_arrives(
            memory,
            move |number, words| {
                let mut producer = there.producer();
                there.send_words(&mut producer, number, words).is_some()
            },
            || here.receive(&mut here.consumer()),
        );
    });
}
