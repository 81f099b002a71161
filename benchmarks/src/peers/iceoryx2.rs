//! `iceoryx2`: publish and subscribe in shared memory. A receiver either looks for messages all the time,
//! or waits for the event that the sender notifies after each.

use super::{Link, Transport};
use crate::job::{Job, Result, Workload};
use iceoryx2::port::{listener::Listener, notifier::Notifier};
use iceoryx2::port::{publisher::Publisher, subscriber::Subscriber};
use iceoryx2::prelude::*;
use std::marker::PhantomData;

/// How a receiver learns of messages.
pub trait Waiting {
    const BY_EVENT: bool;
}
/// By looking.
pub struct ByPolling;
/// By an event.
pub struct ByEvent;
impl Waiting for ByPolling {
    const BY_EVENT: bool = false;
}
impl Waiting for ByEvent {
    const BY_EVENT: bool = true;
}

pub type Polling = Iceoryx2<ByPolling>;
pub type Event = Iceoryx2<ByEvent>;

/// Services of the kind that processes share.
pub struct Iceoryx2<W>(PhantomData<W>);

type Service = ipc::Service;

/// What one side has. Where only one way is needed, the other has no ports.
pub struct Ports {
    publisher: Option<Publisher<Service, [u8], ()>>,
    notifier: Option<Notifier<Service>>,
    subscriber: Option<Subscriber<Service, [u8], ()>>,
    listener: Option<Listener<Service>>,
    _node: Node<Service>,
}

impl Ports {
    fn open(job: &Job, near: bool, by_event: bool) -> Result<Ports> {
        set_log_level(LogLevel::Error);
        // All that is made bears the name of the round, by which it is found if nobody removes it.
        let mut config = Config::default();
        config.global.prefix = FileName::new(job.scratch.as_bytes())?;
        config
            .global
            .set_root_path(&Path::new(format!("/tmp/{}", job.scratch).as_bytes())?);
        let node = NodeBuilder::new().config(&config).create::<Service>()?;
        let mut ports = Ports {
            publisher: None,
            notifier: None,
            subscriber: None,
            listener: None,
            _node: node,
        };
        let both_ways = job.workload.is_trip();
        if near || both_ways {
            ports.open_sending(job, if near { "there" } else { "back" }, by_event)?;
        }
        if !near || both_ways {
            ports.open_receiving(job, if near { "back" } else { "there" }, by_event)?;
        }
        Ok(ports)
    }

    fn open_sending(&mut self, job: &Job, way: &str, by_event: bool) -> Result<()> {
        let most = job.workload.bytes() + 64; // of which MessagePack needs some
        let messages = messages(&self._node, way, job)?;
        let publisher = messages.publisher_builder().initial_max_slice_len(most);
        self.publisher = Some(publisher.create()?);
        if by_event {
            self.notifier = Some(events(&self._node, way)?.notifier_builder().create()?);
        }
        Ok(())
    }

    fn open_receiving(&mut self, job: &Job, way: &str, by_event: bool) -> Result<()> {
        if by_event {
            self.listener = Some(events(&self._node, way)?.listener_builder().create()?);
        }
        self.subscriber = Some(
            messages(&self._node, way, job)?
                .subscriber_builder()
                .create()?,
        );
        Ok(())
    }
}

type Messages = iceoryx2::service::port_factory::publish_subscribe::PortFactory<Service, [u8], ()>;
type Events = iceoryx2::service::port_factory::event::PortFactory<Service>;

fn messages(node: &Node<Service>, way: &str, job: &Job) -> Result<Messages> {
    let builder = node
        .service_builder(&ServiceName::new(way)?)
        .publish_subscribe::<[u8]>();
    let buffer = match job.workload {
        Workload::Mebibyte => 8,
        _ => 1024,
    };
    // Without overflow the sender waits where a buffer is full, so nothing is lost.
    let builder = builder
        .enable_safe_overflow(false)
        .subscriber_max_buffer_size(buffer);
    Ok(builder.open_or_create()?)
}

fn events(node: &Node<Service>, way: &str) -> Result<Events> {
    Ok(node
        .service_builder(&ServiceName::new(way)?)
        .event()
        .open_or_create()?)
}

impl Link for Ports {
    fn send(&mut self, message: &[u8]) -> Result<()> {
        let publisher = self.publisher.as_ref().ok_or("this side receives")?;
        let sample = publisher.loan_slice_uninit(message.len())?;
        sample.write_from_slice(message).send()?;
        if let Some(notifier) = &self.notifier {
            notifier.notify()?;
        }
        Ok(())
    }

    fn receive(&mut self, mut on_message: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let subscriber = self.subscriber.as_ref().ok_or("this side sends")?;
        let mut any = false;
        loop {
            while let Some(sample) = subscriber.receive()? {
                on_message(sample.payload())?;
                any = true;
            }
            if any {
                return Ok(());
            }
            match &self.listener {
                Some(listener) => drop(listener.blocking_wait(|_| ())?),
                None => std::hint::spin_loop(),
            }
        }
    }
}

impl<W: Waiting> Transport for Iceoryx2<W> {
    type Listener = Option<Ports>;
    type Link = Ports;
    type Group = Ports;

    fn listen(job: &Job, receivers: usize) -> Result<(Self::Listener, Vec<String>)> {
        let ports = Ports::open(job, true, W::BY_EVENT)?;
        Ok((Some(ports), vec![String::new(); receivers]))
    }

    fn accept(listener: &mut Self::Listener) -> Result<Ports> {
        listener
            .take()
            .ok_or_else(|| "the other side has come".into())
    }

    fn accept_group(listener: &mut Self::Listener, _: usize) -> Result<Ports> {
        Self::accept(listener)
    }

    fn connect(job: &Job, _: &str) -> Result<Ports> {
        Ports::open(job, false, W::BY_EVENT)
    }
}
