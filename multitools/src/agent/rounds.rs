//! The rounds in which residents do what is queued, and say so, before any of them leaves (rule R11).

/// How one resident stands in them.
#[derive(Default)]
pub(super) struct Rounds {
    told: u64,
    /// How often it does what is queued at the same time, to leave included. The end of the last counts.
    pub(super) drains: u64,
    /// Whether it has begun a message since it said last that it has done what was queued.
    pub(super) took: bool,
}

impl Rounds {
    /// Follows how many it has been told of. Whether that is one more.
    pub(super) fn follow(&mut self, told: u64) -> bool {
        std::mem::replace(&mut self.told, told) != told
    }
}
