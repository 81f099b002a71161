//! Waiting for a message and nothing else: news of who has joined are no reason to get up, and are asked for
//! by who does.

use super::core::Core;
use crate::deadline;
use crate::protocol::ToSupervisor;
use crate::transport::{Awaited, Waited};
use std::time::Duration;

/// How long an agent waits for what was held back from it: a supervisor may be busy in a handler of the
/// program's own, and an agent does not stand still for as long as that.
const PATIENCE: Duration = Duration::from_millis(500);

impl Core {
    /// Waits for a message. What was held back meanwhile is known afterwards.
    pub(super) fn rest<T>(&mut self, wait: impl FnOnce(&mut Core) -> T) -> T {
        self.status.lie_down();
        let waited = wait(self);
        if self.status.get_up() {
            self.catch_up();
        }
        waited
    }

    #[cold]
    fn catch_up(&mut self) {
        if self.news.state().catch_ups < self.catch_ups {
            // It was waited for in vain, and is on its way.
            return;
        }
        self.catch_ups += 1;
        self.tell_supervisor(&ToSupervisor::CatchUp);
        let deadline = deadline::after(PATIENCE);
        loop {
            let seen = self.news.count();
            let is_told = self.news.state().catch_ups >= self.catch_ups;
            if is_told
                || self.is_stopping()
                || self.wait(Awaited::Nothing, seen, Some(deadline)) == Waited::Late
            {
                return;
            }
        }
    }
}
