//! The standard library's Unix stream sockets.

use super::stream::{self, StreamLink, Writing};
use super::{Each, Transport};
use crate::job::{Job, Result};
use std::marker::PhantomData;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};

/// A `write` for each message.
pub type PerMessage = UnixSockets<stream::PerMessage>;
/// A `write` for each 64 KiB.
pub type Buffered = UnixSockets<stream::Buffered>;

/// Sockets with a name in the abstract namespace, which leaves nothing behind.
pub struct UnixSockets<W>(PhantomData<W>);

fn link<W: Writing>(stream: UnixStream) -> Result<StreamLink<UnixStream, W>> {
    Ok(StreamLink::new(stream.try_clone()?, stream))
}

impl<W: Writing> Transport for UnixSockets<W> {
    type Listener = UnixListener;
    type Link = StreamLink<UnixStream, W>;
    type Group = Each<Self::Link>;

    fn listen(job: &Job, receivers: usize) -> Result<(UnixListener, Vec<String>)> {
        let address = SocketAddr::from_abstract_name(&job.scratch)?;
        let addresses = vec![job.scratch.clone(); receivers];
        Ok((UnixListener::bind_addr(&address)?, addresses))
    }

    fn accept(listener: &mut UnixListener) -> Result<Self::Link> {
        link(listener.accept()?.0)
    }

    fn accept_group(listener: &mut UnixListener, receivers: usize) -> Result<Self::Group> {
        let links: Result<Vec<_>> = (0..receivers).map(|_| Self::accept(listener)).collect();
        Ok(Each(links?))
    }

    fn connect(_: &Job, address: &str) -> Result<Self::Link> {
        let address = SocketAddr::from_abstract_name(address)?;
        link(UnixStream::connect_addr(&address)?)
    }
}
