//! `interprocess`: local sockets.

use super::stream::{self, StreamLink, Writing};
use super::{Each, Link, Transport};
use crate::job::{Job, Result};
use interprocess::local_socket::prelude::*;
use interprocess::local_socket::{GenericNamespaced, ListenerOptions};
use std::io::{Read, Write};
use std::marker::PhantomData;
use std::sync::Arc;

/// A write for each message.
pub type PerMessage = LocalSockets<stream::PerMessage>;
/// A write for each 64 KiB.
pub type Buffered = LocalSockets<stream::Buffered>;

/// Local sockets of a name without a file.
pub struct LocalSockets<W>(PhantomData<W>);

/// A local socket is read and written through a shared reference, so one will do for both ways.
pub struct Shared(Arc<LocalSocketStream>);

impl Read for Shared {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        (&*self.0).read(bytes)
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        (&*self.0).write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        (&*self.0).flush()
    }
}

fn link<W: Writing>(stream: LocalSocketStream) -> StreamLink<Shared, W> {
    let stream = Arc::new(stream);
    StreamLink::new(Shared(stream.clone()), Shared(stream))
}

impl<W: Writing> Transport for LocalSockets<W>
where
    StreamLink<Shared, W>: Link,
{
    type Listener = LocalSocketListener;
    type Link = StreamLink<Shared, W>;
    type Group = Each<Self::Link>;

    fn listen(job: &Job, receivers: usize) -> Result<(LocalSocketListener, Vec<String>)> {
        let name = job.scratch.as_str().to_ns_name::<GenericNamespaced>()?;
        let addresses = vec![job.scratch.clone(); receivers];
        Ok((ListenerOptions::new().name(name).create_sync()?, addresses))
    }

    fn accept(listener: &mut LocalSocketListener) -> Result<Self::Link> {
        Ok(link(listener.accept()?))
    }

    fn accept_group(listener: &mut LocalSocketListener, receivers: usize) -> Result<Self::Group> {
        let links: Result<Vec<_>> = (0..receivers).map(|_| Self::accept(listener)).collect();
        Ok(Each(links?))
    }

    fn connect(_: &Job, address: &str) -> Result<Self::Link> {
        Ok(link(LocalSocketStream::connect(
            address.to_ns_name::<GenericNamespaced>()?,
        )?))
    }
}
