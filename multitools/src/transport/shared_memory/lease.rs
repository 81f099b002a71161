//! What keeps a message as it is that is lent from the slot of its sender.

use super::backward::Backward;
use crate::sys::shared_file::View;
use crate::wire::body::Loan;
use std::sync::Arc;

/// A message that is lent from the slot of its sender.
pub(super) struct Lease {
    pub(super) view: Arc<View>,
    pub(super) begin: usize,
    pub(super) len: usize,
    pub(super) slot: usize,
    /// Of the incarnation of the sender.
    pub(super) generation: usize,
    pub(super) note: Option<usize>,
    pub(super) backward: Arc<Backward>,
}

#[allow(unsafe_code)]
impl Loan for Arc<Lease> {
    fn bytes(&self) -> &[u8] {
        // SAFETY: the sender gave up its right to write to these bytes before it published the message
        // (`Slots::seal`), and takes it back only when this lease is released, which `drop` does after
        // the borrow, or when this process is gone. This process and all others map them read-only. The
        // range was checked against the size of the slot when the lease was made.
        unsafe { &self.view.bytes(self.begin + self.len)[self.begin..] }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // In this order a slot may be lost with a process that is killed in between, but is never
        // released twice.
        if let Some(note) = self.note {
            self.backward.own.forget_lease(note);
        }
        self.backward.release(self.generation, self.slot);
    }
}
