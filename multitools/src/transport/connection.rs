//! The transport that an agent has, whichever it is.

#[cfg(test)]
use super::memory::Memory;
use super::{
    Alarm, Arrival, Begun, Bell, Ledger, Link, LinkError, LocalSockets, Lost, SharedMemory,
    Transport, Unsent, Wait, Waited,
};
use crate::id::AgentId;
use crate::wire::frame::Answer;
use crate::wire::head::{Envelope, Head};
use crate::wire::parcel::Parcel;
use crate::wire::sink::{Sink, Written};
use std::os::fd::BorrowedFd;
use std::sync::Arc;

/// One of the transports. No `dyn Transport`: what each message goes through is compiled as one piece.
pub(crate) enum Connection {
    SharedMemory(Box<SharedMemory>),
    LocalSockets(Box<LocalSockets>),
    #[cfg(test)]
    Memory(Box<Memory>),
}

macro_rules! either {
    ($connection:expr, $transport:ident => $call:expr) => {
        match $connection {
            Connection::SharedMemory($transport) => $call,
            Connection::LocalSockets($transport) => $call,
            #[cfg(test)]
            Connection::Memory($transport) => $call,
        }
    };
}

impl Transport for Connection {
    fn link(&mut self, peer: AgentId) -> Result<Link, LinkError> {
        either!(self, transport => transport.link(peer))
    }

    #[inline]
    fn compose(&mut self, only: Option<Link>, head: usize) -> Sink<'_> {
        either!(self, transport => transport.compose(only, head))
    }

    fn seal(&mut self, head: Head, written: Written) -> Result<(), Lost> {
        either!(self, transport => transport.seal(head, written))
    }

    #[inline]
    fn post(&mut self, link: Link) -> Result<(), LinkError> {
        either!(self, transport => transport.post(link))
    }

    #[inline]
    fn send(&mut self, link: Link, envelope: &Envelope, written: Written) -> Result<(), Unsent> {
        either!(self, transport => transport.send(link, envelope, written))
    }

    fn body(&self) -> Vec<u8> {
        either!(self, transport => transport.body())
    }

    #[inline]
    fn discard(&mut self) {
        either!(self, transport => transport.discard());
    }

    #[inline]
    fn receive(&mut self, into: &mut Parcel, begun: impl Begun) -> Option<Arrival> {
        either!(self, transport => transport.receive(into, begun))
    }

    fn retain(&mut self, first: Option<AgentId>) {
        either!(self, transport => transport.retain(first));
    }

    #[inline]
    fn finish(&mut self) {
        either!(self, transport => transport.finish());
    }

    fn look_again(&mut self) {
        either!(self, transport => transport.look_again());
    }

    fn answer(&mut self, link: Link, request: u64) -> Option<Answer> {
        either!(self, transport => transport.answer(link, request))
    }

    fn give_up_answer(&mut self, link: Link, request: u64) {
        either!(self, transport => transport.give_up_answer(link, request));
    }

    fn make_room_for_answer(&mut self, len: usize) {
        either!(self, transport => transport.make_room_for_answer(len));
    }

    fn ask_for_room_for_answer(&mut self) {
        either!(self, transport => transport.ask_for_room_for_answer());
    }

    fn is_closed(&self, link: Link) -> bool {
        either!(self, transport => transport.is_closed(link))
    }

    fn gone(&self) -> Vec<AgentId> {
        either!(self, transport => transport.gone())
    }

    fn drain(&mut self) {
        either!(self, transport => transport.drain());
    }

    fn bid_farewell(&mut self, peer: AgentId) {
        either!(self, transport => transport.bid_farewell(peer));
    }

    fn refuse(&mut self) {
        either!(self, transport => transport.refuse());
    }

    fn is_flushed(&self) -> bool {
        either!(self, transport => transport.is_flushed())
    }

    fn wait(&mut self, wait: &Wait<'_>) -> Waited {
        either!(self, transport => transport.wait(wait))
    }

    fn bell(&self) -> Arc<dyn Bell> {
        either!(self, transport => transport.bell())
    }

    fn alarm(&mut self, socket: BorrowedFd<'_>) -> Option<Arc<Alarm>> {
        either!(self, transport => transport.alarm(socket))
    }

    fn ledger(&self) -> Option<Arc<Ledger>> {
        either!(self, transport => transport.ledger())
    }
}
