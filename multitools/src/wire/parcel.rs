//! A message on its way from a transport to a handler.

use super::body::Body;
use super::frame::Call;
use super::head::Envelope;
use crate::id::AgentId;

/// A received message, or the memory for one: a transport fills in what has come, so that nothing is
/// moved on the way.
pub(crate) struct Parcel {
    pub(crate) envelope: Envelope,
    pub(crate) call: Option<Call>,
    pub(crate) body: Body,
}

impl Default for Parcel {
    /// Nothing yet.
    fn default() -> Parcel {
        Parcel {
            envelope: Envelope::new(u32::MAX, AgentId::new(0, 0), 0),
            call: None,
            body: Body::default(),
        }
    }
}
