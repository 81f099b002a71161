//! What multitools is measured beside. All that the workloads know of a byte transport is [`Transport`];
//! who brings messages of its own kind runs the workloads itself.

mod bare_ring;
mod iceoryx2;
mod interprocess;
mod ipc_channel;
mod kameo;
mod multitools;
mod ractor;
mod stream;
mod unix_stream;
mod zeromq;

use crate::job::{Job, Outcome, Result, Workload};
use crate::workloads::{archiver, commands, streams, trips};

/// One end of a connection.
pub trait Link {
    /// Sends a message. It may stay in this process until [`flush`](Link::flush).
    fn send(&mut self, message: &[u8]) -> Result<()>;

    /// Sees to it that everything that was sent arrives.
    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    /// Waits for a message and lends it, and perhaps others that are there as well.
    fn receive(&mut self, on_message: impl FnMut(&[u8]) -> Result<()>) -> Result<()>;
}

/// How processes are connected.
pub trait Transport {
    /// What waits for the other sides.
    type Listener;
    /// One end of a connection of two.
    type Link: Link;
    /// The sending end of a fan-out.
    type Group: Link;

    /// Prepares to be connected to. Returns an address for each receiver.
    fn listen(job: &Job, receivers: usize) -> Result<(Self::Listener, Vec<String>)>;
    /// Waits for the other side.
    fn accept(listener: &mut Self::Listener) -> Result<Self::Link>;
    /// Waits for all receivers of a fan-out.
    fn accept_group(listener: &mut Self::Listener, receivers: usize) -> Result<Self::Group>;
    /// Connects to the side that listens.
    fn connect(job: &Job, address: &str) -> Result<Self::Link>;
}

/// A fan-out by a send to each.
pub struct Each<L>(Vec<L>);

impl<L: Link> Link for Each<L> {
    fn send(&mut self, message: &[u8]) -> Result<()> {
        self.0.iter_mut().try_for_each(|link| link.send(message))
    }

    fn flush(&mut self) -> Result<()> {
        self.0.iter_mut().try_for_each(Link::flush)
    }

    fn receive(&mut self, _: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        Err("the sending end of a fan-out".into())
    }
}

/// Somebody who is measured.
pub struct Peer {
    /// As it stands in the tables.
    pub name: &'static str,
    /// The package whose version stands beside the name.
    pub package: Option<&'static str>,
    /// Its two sides are threads of one process.
    pub one_process: bool,
    /// What it can be asked to do.
    pub takes: fn(Workload) -> bool,
    /// The side that begins.
    pub begin: fn(&Job) -> Result<Outcome>,
    /// The other side, where the benchmark starts it.
    pub join: fn(&Job, &str) -> Result<()>,
}

/// The name of what all are compared with.
pub const OURS: &str = "multitools";

/// All of them, in the order of the tables.
pub const PEERS: &[Peer] = &[
    Peer {
        takes: |_| true,
        begin: multitools::begin,
        ..Peer::new(OURS, None)
    },
    Peer {
        takes: |workload| matches!(workload, Workload::Small | Workload::Kibibyte),
        begin: multitools::begin_borrowed,
        ..Peer::new("multitools, text borrowed", None)
    },
    transport::<unix_stream::PerMessage>("Unix stream", None),
    transport::<unix_stream::Buffered>("Unix stream, 64 KiB buffer", None),
    transport::<interprocess::PerMessage>("interprocess", Some("interprocess")),
    transport::<interprocess::Buffered>("interprocess, 64 KiB buffer", Some("interprocess")),
    transport::<ipc_channel::Bytes>("ipc-channel", Some("ipc-channel")),
    transport::<iceoryx2::Polling>("iceoryx2, polling", Some("iceoryx2")),
    transport::<iceoryx2::Event>("iceoryx2, event", Some("iceoryx2")),
    transport::<zeromq::Zeromq>("ZeroMQ", Some("zmq")),
    Peer {
        one_process: true,
        takes: fits_threads,
        begin: kameo::begin,
        ..Peer::new("kameo", Some("kameo"))
    },
    Peer {
        one_process: true,
        takes: fits_threads,
        begin: ractor::begin,
        ..Peer::new("ractor", Some("ractor"))
    },
    Peer {
        one_process: true,
        takes: fits_bare_ring,
        begin: bare_ring::begin,
        ..Peer::new("bare ring", Some("rtrb"))
    },
    Peer {
        takes: |workload| matches!(workload, Workload::Start | Workload::StartHundred),
        begin: commands::begin,
        ..Peer::new("bare Command", None)
    },
    Peer {
        takes: |workload| workload == Workload::Archiver && archiver::has_pigz(),
        begin: archiver::pigz,
        ..Peer::new("tar | pigz -p 2", None)
    },
];

/// Threads of one process hand over a pointer instead of 1 MiB.
fn fits_threads(workload: Workload) -> bool {
    workload != Workload::Mebibyte && workload.scales()
}

/// Eight threads that look all the time want eight cores.
fn fits_bare_ring(workload: Workload) -> bool {
    use Workload::{Kibibyte, Mebibyte, Small, TripOneCore, TripTwoCores};
    matches!(
        workload,
        Small | Kibibyte | Mebibyte | TripOneCore | TripTwoCores
    )
}

impl Peer {
    const fn new(name: &'static str, package: Option<&'static str>) -> Peer {
        Peer {
            name,
            package,
            one_process: false,
            takes: |_| false,
            begin: |_| Err("nothing to begin".into()),
            join: |_, _| Err("nothing to join".into()),
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Result<&'static Peer> {
        let peer = PEERS.iter().find(|peer| peer.name == name);
        peer.ok_or_else(|| format!("there is no peer {name}").into())
    }

    /// The version of its package that this program is built with.
    pub fn version(&self) -> Option<&'static str> {
        let lock = include_str!("../../Cargo.lock");
        let (_, rest) = lock.split_once(&format!("name = \"{}\"\nversion = \"", self.package?))?;
        Some(rest.split_once('"')?.0)
    }
}

const fn transport<T: Transport>(name: &'static str, package: Option<&'static str>) -> Peer {
    Peer {
        takes: Workload::scales,
        begin: |job| match job.workload.is_stream() {
            true => streams::send::<T>(job),
            false => trips::ask::<T>(job),
        },
        join: |job, address| match job.workload.is_stream() {
            true => streams::receive::<T>(job, address),
            false => trips::answer::<T>(job, address),
        },
        ..Peer::new(name, package)
    }
}
