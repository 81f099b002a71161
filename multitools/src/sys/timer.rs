//! A timer that a descriptor tells of, so that it can be waited for beside other descriptors.

use rustix::event::epoll;
use rustix::fs::Timespec;
use rustix::io::Errno;
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create, timerfd_settime,
};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

/// A timer of this process.
pub(crate) struct Timer(OwnedFd);

impl Timer {
    /// A timer that is not set.
    pub(crate) fn new() -> io::Result<Timer> {
        let flags = TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK;
        Ok(Timer(timerfd_create(TimerfdClockId::Monotonic, flags)?))
    }

    /// Has it go off after this time, and at no other that it was set to before.
    pub(crate) fn set(&self, time: Duration) -> io::Result<()> {
        // A time of nothing would unset it.
        let time = time.max(Duration::from_nanos(1));
        let once = Itimerspec {
            it_interval: timespec(Duration::ZERO),
            it_value: timespec(time),
        };
        timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &once)?;
        Ok(())
    }

    /// Whether it has gone off since this was asked last.
    pub(crate) fn has_gone_off(&self) -> bool {
        rustix::io::read(&self.0, &mut [0; 8]).is_ok()
    }
}

/// A timer, and a descriptor beside it.
///
/// No `poll`: that refuses two descriptors to a process whose limit of them has been lowered below two.
pub(crate) struct Watch {
    timer: Timer,
    both: OwnedFd,
}

const TIMER: u64 = 0;
const OTHER: u64 = 1;

impl Watch {
    /// Watches a timer that is not set, and the other descriptor for as long as that is open.
    pub(crate) fn new(other: impl AsFd) -> io::Result<Watch> {
        let (timer, both) = (Timer::new()?, epoll::create(epoll::CreateFlags::CLOEXEC)?);
        let readable = epoll::EventFlags::IN;
        epoll::add(&both, &timer.0, epoll::EventData::new_u64(TIMER), readable)?;
        epoll::add(&both, other, epoll::EventData::new_u64(OTHER), readable)?;
        Ok(Watch { timer, both })
    }

    pub(crate) fn timer(&self) -> &Timer {
        &self.timer
    }

    /// Waits until the timer goes off or there is something to read from the other descriptor.
    pub(crate) fn wait(&self) -> io::Result<Due> {
        let mut events = [MaybeUninit::uninit(); 2];
        let due = loop {
            match epoll::wait(&self.both, &mut events, None) {
                Ok((due, _)) => break due,
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        };
        let is_due = |number| due.iter().any(|event| event.data.u64() == number);
        Ok(Due {
            timer: is_due(TIMER),
            other: is_due(OTHER),
        })
    }
}

/// What a wait has ended with.
pub(crate) struct Due {
    pub(crate) timer: bool,
    pub(crate) other: bool,
}

/// A time as the system wants it.
pub(super) fn timespec(time: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: time.subsec_nanos().into(),
    }
}
