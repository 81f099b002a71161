use super::super::tests::{LIMITS, open};
use super::super::{Awaited, Estate, SharedMemory, Transport, Wait, Waited};
use super::{Alarm, NEVER, SHORTEST};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// An agent that sleeps, and the thread that attends to its timer until it is dropped.
struct Sleeper {
    transport: SharedMemory,
    alarm: Arc<Alarm>,
    news: Arc<AtomicU64>,
    seen: u64,
    attending: Option<(UnixStream, std::thread::JoinHandle<()>)>,
}

impl Sleeper {
    fn new() -> Sleeper {
        let estate = Estate::create(LIMITS).unwrap();
        let mut transport = open(&estate, 1);
        let (here, there) = UnixStream::pair().unwrap();
        let alarm = transport.alarm(there.as_fd()).unwrap();
        let attended = Arc::clone(&alarm);
        let thread = std::thread::spawn(move || {
            attended.attend_until_readable().unwrap();
            drop(there);
        });
        Sleeper {
            transport,
            alarm,
            news: Arc::default(),
            seen: 0,
            attending: Some((here, thread)),
        }
    }

    fn wait(&mut self, deadline: Option<Instant>, patience: Option<Duration>) -> Waited {
        let waited = self.transport.wait(&Wait {
            what_for: Awaited::Message,
            news: &self.news,
            seen: self.seen,
            deadline,
            patience,
        });
        self.seen = self.news.load(SeqCst);
        waited
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        if let Some((here, thread)) = self.attending.take() {
            drop(here);
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking());
        }
    }
}

#[test]
fn a_sleep_ends_in_time_whatever_its_timer_was_set_to_before() {
    let mut sleeper = Sleeper::new();
    // It ends long before its time, and the timer stays as it is.
    let late = Instant::now() + Duration::from_secs(3600);
    let (news, bell) = (Arc::clone(&sleeper.news), sleeper.transport.bell());
    let other = std::thread::spawn(move || {
        news.fetch_add(1, SeqCst);
        bell.ring();
    });
    assert_eq!(sleeper.wait(Some(late), None), Waited::News);
    other.join().unwrap();
    // Earlier than what it is set to; then later than that, so that it goes off too early once.
    for factor in [2, 3, 20, 4] {
        let end = Instant::now() + SHORTEST * factor;
        assert_eq!(sleeper.wait(Some(end), None), Waited::Late);
        assert!(Instant::now() >= end);
    }
    assert_eq!(sleeper.wait(None, Some(SHORTEST * 2)), Waited::Late);
}

#[test]
fn a_short_sleep_has_its_own_timer() {
    let mut sleeper = Sleeper::new();
    let end = Instant::now() + SHORTEST / 4;
    assert_eq!(sleeper.wait(Some(end), None), Waited::Late);
    assert_eq!(sleeper.alarm.set_to.load(SeqCst), NEVER);
}

#[test]
fn a_timer_that_was_set_is_not_set_again_for_a_later_sleep() {
    let sleeper = Sleeper::new();
    let end = Instant::now() + Duration::from_secs(3600);
    assert!(sleeper.alarm.set(end).is_some());
    let set_to = sleeper.alarm.set_to.load(SeqCst);
    assert!(sleeper.alarm.set(end + SHORTEST).is_some());
    assert_eq!(sleeper.alarm.set_to.load(SeqCst), set_to);
    assert!(sleeper.alarm.set(end - SHORTEST).is_some());
    assert!(sleeper.alarm.set_to.load(SeqCst) < set_to);
}
