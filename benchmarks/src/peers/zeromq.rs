//! ZeroMQ: libzmq over its `ipc` transport. PUSH and PULL one way, PAIR there and back, PUB and SUB for a
//! fan-out.

use super::{Link, Transport};
use crate::job::{Job, Result, Workload};
use zmq::{Context, Message, Socket, SocketType};

/// libzmq.
pub struct Zeromq;

/// How many messages a queue holds: more than the usual 1,000, which would hold up small ones.
const HIGH_WATER_MARK: i32 = 100_000;

/// A socket and what it lives in. The socket goes first, and dropping both waits until all is sent.
pub struct ZeromqLink {
    socket: Socket,
    message: Message,
    _context: Context,
}

fn link(workload: Workload, [near, far]: [SocketType; 2], is_near: bool) -> Result<ZeromqLink> {
    let context = Context::new();
    let socket = context.socket(if is_near { near } else { far })?;
    // A publisher drops what does not fit its queues, so they have to have no limit there. 1 MiB is
    // not to pile up.
    let mark = match workload {
        Workload::FanOut => 0,
        Workload::Mebibyte => 16,
        _ => HIGH_WATER_MARK,
    };
    socket.set_sndhwm(mark)?;
    socket.set_rcvhwm(mark)?;
    if workload == Workload::FanOut && is_near {
        socket.set_xpub_verbose(true)?; // tells of each subscriber, not only of the first
    }
    Ok(ZeromqLink {
        socket,
        message: Message::new(),
        _context: context,
    })
}

fn kinds(workload: Workload) -> [SocketType; 2] {
    match workload {
        Workload::FanOut => [zmq::XPUB, zmq::SUB],
        workload if workload.is_stream() => [zmq::PUSH, zmq::PULL],
        _ => [zmq::PAIR, zmq::PAIR],
    }
}

impl Link for ZeromqLink {
    fn send(&mut self, message: &[u8]) -> Result<()> {
        Ok(self.socket.send(message, 0)?)
    }

    fn receive(&mut self, mut on_message: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.socket.recv(&mut self.message, 0)?;
        on_message(&self.message)
    }
}

impl Transport for Zeromq {
    type Listener = Option<ZeromqLink>;
    type Link = ZeromqLink;
    type Group = ZeromqLink;

    fn listen(job: &Job, receivers: usize) -> Result<(Self::Listener, Vec<String>)> {
        let link = link(job.workload, kinds(job.workload), true)?;
        // With an `@` the name is not that of a file.
        let address = format!("ipc://@{}", job.scratch);
        link.socket.bind(&address)?;
        Ok((Some(link), vec![address; receivers]))
    }

    fn accept(listener: &mut Self::Listener) -> Result<ZeromqLink> {
        listener
            .take()
            .ok_or_else(|| "the other side has come".into())
    }

    fn accept_group(listener: &mut Self::Listener, receivers: usize) -> Result<ZeromqLink> {
        let link = Self::accept(listener)?;
        for _ in 0..receivers {
            link.socket.recv_bytes(0)?; // a subscription
        }
        Ok(link)
    }

    fn connect(job: &Job, address: &str) -> Result<ZeromqLink> {
        let link = link(job.workload, kinds(job.workload), false)?;
        link.socket.connect(address)?;
        if job.workload == Workload::FanOut {
            link.socket.set_subscribe(b"")?;
        }
        Ok(link)
    }
}
