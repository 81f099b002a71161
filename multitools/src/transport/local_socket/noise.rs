//! What somebody who has connected may send, read by what reads it: for fuzzing and for tests.

use super::arrivals::{Arrivals, Arrived};
use super::incoming::{Incoming, Progress};
use crate::id::AgentId;
use crate::transport::{Identity, Limits, Turned};
use crate::wire::frame::{FrameError, Greeting};
use interprocess::os::unix::uds_local_socket::Stream;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

const LIMITS: Limits = Limits {
    mailbox: 3000,
    message: 1000,
};

struct Nobody;

impl Turned for Nobody {
    fn away(&self, _: String) {}
}

/// The first byte says in pieces of which length the others come, and the second which byte of a right
/// greeting, that comes before them, is a wrong one; where it is none of a greeting, nothing comes before
/// them.
///
/// # Errors
/// Where the system has no socket.
pub(crate) fn read(bytes: &[u8]) -> io::Result<()> {
    let [piece, wrong, rest @ ..] = bytes else {
        return Ok(());
    };
    let identity = Identity {
        run: 7,
        token: [42; 16],
        id: AgentId::new(2, 0),
        limits: LIMITS,
        occupied: std::collections::BTreeSet::new(),
    };
    let greeting = Greeting {
        token: identity.token,
        sender: AgentId::new(1, 0),
    };
    let mut sent = match usize::from(*wrong) {
        200.. => Vec::new(),
        _ => greeting.to_bytes().to_vec(),
    };
    if let Some(byte) = sent.get_mut(usize::from(*wrong)) {
        *byte ^= 0x10;
    }
    sent.extend_from_slice(rest);
    let before: Option<[u8; Greeting::LENGTH]> = sent.first_chunk().copied();
    let sender = before.and_then(|begin| Greeting::check(&begin, &identity.token).ok());
    let arrivals = Arrivals::new(LIMITS.mailbox, Arc::new(Nobody));
    let (here, _there) = UnixStream::pair()?;
    let mut link = Incoming::new(Stream::from(OwnedFd::from(here)), LIMITS.message);
    let mut refused = None;
    for piece in sent.chunks(usize::from(*piece).max(1)) {
        if let Err(error) = link.take_in(piece, &identity, &arrivals) {
            refused = Some(Progress::Refused(error));
            break;
        }
    }
    assert_eq!(
        link.is_greeted(),
        sender.is_some(),
        "by nothing but the greeting"
    );
    if before.is_some() && sender.is_none() {
        assert_eq!(refused, Some(Progress::Refused(FrameError::Greeting)));
    }
    while let (Some(arrival), _) = arrivals.take() {
        let Arrived::Message(parcel) = arrival else {
            continue;
        };
        assert_eq!(
            Some(parcel.envelope.sender),
            sender,
            "nobody speaks for another"
        );
        assert!(parcel.body.as_slice().len() <= LIMITS.message);
    }
    Ok(())
}
