//! `ipc-channel`: its channels of bytes, one for each way, passed on over a one-shot server.

use super::{Each, Link, Transport};
use crate::job::{Job, Result};
use ipc_channel::ipc::{
    IpcBytesReceiver, IpcBytesSender, IpcOneShotServer, IpcSender, bytes_channel,
};

/// Channels of bytes.
pub struct Bytes;

/// The two channels of one side.
pub struct BytesLink {
    sender: IpcBytesSender,
    receiver: IpcBytesReceiver,
}

/// What the side that connects hands over.
type Ends = (IpcBytesSender, IpcBytesReceiver);

impl Link for BytesLink {
    fn send(&mut self, message: &[u8]) -> Result<()> {
        Ok(self.sender.send(message)?)
    }

    fn receive(&mut self, mut on_message: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        on_message(&self.receiver.recv()?)
    }
}

impl Transport for Bytes {
    type Listener = Vec<IpcOneShotServer<Ends>>;
    type Link = BytesLink;
    type Group = Each<BytesLink>;

    fn listen(_: &Job, receivers: usize) -> Result<(Self::Listener, Vec<String>)> {
        let mut both = (Vec::new(), Vec::new());
        for _ in 0..receivers {
            let (server, name) = IpcOneShotServer::new()?;
            both.0.push(server);
            both.1.push(name);
        }
        Ok(both)
    }

    fn accept(listener: &mut Self::Listener) -> Result<BytesLink> {
        let server = listener.pop().ok_or("all have come")?;
        let (_, (sender, receiver)) = server.accept()?;
        Ok(BytesLink { sender, receiver })
    }

    fn accept_group(listener: &mut Self::Listener, receivers: usize) -> Result<Each<BytesLink>> {
        let links: Result<Vec<_>> = (0..receivers).map(|_| Self::accept(listener)).collect();
        Ok(Each(links?))
    }

    fn connect(_: &Job, address: &str) -> Result<BytesLink> {
        let (far_sender, receiver) = bytes_channel()?;
        let (sender, far_receiver) = bytes_channel()?;
        let ends: IpcSender<Ends> = IpcSender::connect(address.to_owned())?;
        ends.send((far_sender, far_receiver))?;
        Ok(BytesLink { sender, receiver })
    }
}
