//! The order in which a run ends, and what happens to those who do not leave. Pure.

use crate::deadline;
use std::time::{Duration, Instant};

/// How long after SIGTERM a process is killed (rule R11).
const KILL_AFTER: Duration = Duration::from_secs(2);

/// How far a run has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// Not every process is ready.
    Starting { deadline: Instant },
    /// Some non-resident runs.
    Running,
    /// After Ctrl-C, the non-residents have been told to leave.
    NonResidentsLeave(Escalation),
    /// The residents do what they have sent each other: how many times more, and until when at most.
    ResidentsFinish { rounds: usize, by: Instant },
    /// The residents have been asked to leave.
    ResidentsLeave(Escalation),
    /// The loggers have been asked to leave: they hear the others' last words.
    LoggersLeave(Escalation),
    /// Everybody has been told to stop.
    Stopping(Escalation),
}

/// What is done about processes that do not leave, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Escalation {
    next: Step,
    at: Instant,
}

/// The means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// SIGTERM.
    Terminate,
    /// SIGKILL.
    Kill,
    /// There is no other.
    Wait,
}

impl Escalation {
    /// They have just been asked.
    pub(super) fn begin(now: Instant, grace: Duration) -> Escalation {
        Escalation {
            next: Step::Terminate,
            at: deadline::since(now, grace),
        }
    }

    /// When something is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        (self.next != Step::Wait).then_some(self.at)
    }

    /// The step that is due.
    pub(super) fn escalate(&mut self, now: Instant) -> Option<Step> {
        let (step, after) = self.due(now)?;
        *self = after;
        Some(step)
    }

    /// What is due now, and what comes after it.
    fn due(self, now: Instant) -> Option<(Step, Escalation)> {
        if now < self.at {
            return None;
        }
        let next = match self.next {
            Step::Terminate => Step::Kill,
            Step::Kill | Step::Wait => Step::Wait,
        };
        let after = Escalation {
            next,
            at: now + KILL_AFTER,
        };
        Some((self.next, after))
    }
}

impl Phase {
    /// When something is due if nothing happens before.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self {
            Phase::Starting { deadline } => Some(*deadline),
            Phase::ResidentsFinish { by, .. } => Some(*by),
            Phase::Running => None,
            Phase::NonResidentsLeave(escalation)
            | Phase::ResidentsLeave(escalation)
            | Phase::LoggersLeave(escalation)
            | Phase::Stopping(escalation) => escalation.deadline(),
        }
    }

    /// The step that is due against those who should have left.
    pub(super) fn escalate(&mut self, now: Instant) -> Option<Step> {
        let (Phase::NonResidentsLeave(escalation)
        | Phase::ResidentsLeave(escalation)
        | Phase::LoggersLeave(escalation)
        | Phase::Stopping(escalation)) = self
        else {
            return None;
        };
        escalation.escalate(now)
    }

    /// A process has come up: the others have the whole time again.
    pub(super) fn come_up(&mut self, now: Instant, timeout: Duration) {
        if let Phase::Starting { deadline } = self {
            *deadline = deadline::since(now, timeout);
        }
    }

    /// Gives those who leave the whole time again.
    pub(super) fn begin_anew(&mut self, now: Instant, grace: Duration) {
        if let Phase::ResidentsLeave(escalation) | Phase::LoggersLeave(escalation) = self {
            *escalation = Escalation::begin(now, grace);
        }
    }

    /// Whether a process of this kind should have left by now.
    pub(super) fn wants_gone(&self, resident: bool, logger: bool) -> bool {
        match self {
            Phase::Starting { .. } | Phase::Running | Phase::ResidentsFinish { .. } => false,
            Phase::NonResidentsLeave(_) => !resident,
            Phase::ResidentsLeave(_) => resident && !logger,
            Phase::LoggersLeave(_) | Phase::Stopping(_) => true,
        }
    }

    pub(super) fn is_stopping(&self) -> bool {
        matches!(self, Phase::Stopping(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r11_ask_then_terminate_then_kill() {
        let start = Instant::now();
        let grace = Duration::from_secs(5);
        let mut phase = Phase::ResidentsLeave(Escalation::begin(start, grace));
        assert_eq!(phase.escalate(start + grace / 2), None);
        assert_eq!(phase.deadline(), Some(start + grace));
        assert_eq!(phase.escalate(start + grace), Some(Step::Terminate));
        assert_eq!(phase.deadline(), Some(start + grace + KILL_AFTER));
        assert_eq!(phase.escalate(start + grace + KILL_AFTER), Some(Step::Kill));
        assert_eq!(phase.deadline(), None);
    }

    #[test]
    fn each_process_that_comes_up_gives_the_others_the_whole_time_again() {
        let start = Instant::now();
        let timeout = Duration::from_secs(1);
        let mut phase = Phase::Starting {
            deadline: start + timeout,
        };
        for tenth in 1..100 {
            let now = start + timeout / 10 * tenth;
            phase.come_up(now, timeout);
            assert_eq!(phase.deadline(), Some(now + timeout));
        }
        let mut running = Phase::Running;
        running.come_up(start, timeout);
        assert_eq!(running, Phase::Running);
    }

    #[test]
    fn r11_loggers_leave_last() {
        let escalation = Escalation::begin(Instant::now(), Duration::ZERO);
        assert!(!Phase::NonResidentsLeave(escalation).wants_gone(true, false));
        assert!(Phase::NonResidentsLeave(escalation).wants_gone(false, false));
        assert!(Phase::ResidentsLeave(escalation).wants_gone(true, false));
        assert!(!Phase::ResidentsLeave(escalation).wants_gone(true, true));
        assert!(Phase::LoggersLeave(escalation).wants_gone(true, true));
        assert!(Phase::Stopping(escalation).wants_gone(false, false));
        assert!(!Phase::Running.wants_gone(true, true));
    }
}
