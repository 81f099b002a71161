//! Waiting without a deadline, of which the supervisor is told where it lasts (rule R17).

use super::core::Core;
use crate::protocol::{Idle, ToSupervisor};
use crate::transport::{Awaited, Ledger, Transport, Wait, Waited};
use std::panic::Location;
use std::time::Duration;

impl Core {
    /// Waits for a message or for news since `seen`, for as long as it takes.
    pub(super) fn wait_for_message(
        &mut self,
        seen: u64,
        place: Option<&'static Location<'static>>,
    ) {
        // The word of an end may be on its way from another thread of this process.
        let is_awaiting = self.departures.is_awaiting();
        let patience = self.settings.hang_patience.filter(|_| !is_awaiting);
        if self.sleep_for(seen, patience) == Waited::News || patience.is_none() {
            return;
        }
        self.waits += 1;
        // Before the word of it, and taken back before anything is done about what has come.
        self.status.idle(self.waits);
        let ledger = self.transport.as_ref().and_then(Transport::ledger);
        self.tell_supervisor(&ToSupervisor::Idle(Idle {
            number: self.waits,
            heard: seen,
            place: place.map(ToString::to_string),
            sent: ledger.as_deref().map(Ledger::totals).unwrap_or_default(),
        }));
        self.sleep_for(seen, None);
        self.status.idle(0);
    }

    fn sleep_for(&mut self, seen: u64, patience: Option<Duration>) -> Waited {
        let Some(transport) = &mut self.transport else {
            return Waited::News;
        };
        transport.wait(&Wait {
            what_for: Awaited::Message,
            news: self.news.counter(),
            seen,
            deadline: None,
            patience,
        })
    }
}
