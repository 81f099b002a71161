//! The root of the hierarchy: any message, undecoded.

use super::{Ancestry, Key, Message, MessageEntry, NoReply, RootKind, View};
use crate::catalog;
use crate::error::DecodeError;
use crate::id::AgentId;
use crate::wire::body::Body;
use crate::wire::decoder::Unreadable;
use crate::wire::frame::{Call, Envelope};
use crate::wire::parcel::Parcel;
use std::fmt;

/// Any message of the program, undecoded: what a catch-all handler takes and
/// [`Context::next_message`](crate::Context::next_message) returns.
///
/// It knows its type and its sender; [`decode`](AnyMessage::decode) reads it as its own type or as any
/// supertype. `Debug` writes it as the real type does.
///
/// ```no_run
/// use multitools::{Context, StringMessage};
///
/// # fn demo(ctx: &mut Context) -> Result<(), multitools::Error> {
/// let message = ctx.next_message(None)?;
/// if message.is::<StringMessage>() {
///     let text = message.decode::<StringMessage>()?.text;
///     ctx.print(format_args!("{text} from {}", message.sender()));
/// }
/// # Ok(()) }
/// ```
pub struct AnyMessage {
    parcel: Parcel,
    entry: &'static MessageEntry,
}

impl AnyMessage {
    /// A received message. `None` when the program has no such type.
    pub(crate) fn received(envelope: Envelope, body: Body) -> Option<Self> {
        let mut message = AnyMessage::empty();
        message.parcel.envelope = envelope;
        message.parcel.body = body;
        message.identify().then_some(message)
    }

    /// No message yet.
    pub(crate) fn empty() -> Self {
        AnyMessage {
            parcel: Parcel::default(),
            entry: &ROOT,
        }
    }

    /// Where the next message is put in place of this one; [`identify`](Self::identify) follows.
    #[inline]
    pub(crate) fn parcel(&mut self) -> &mut Parcel {
        &mut self.parcel
    }

    /// Takes the message out of the memory for one.
    pub(crate) fn take(&mut self) -> AnyMessage {
        let Parcel {
            envelope,
            call,
            body,
        } = &mut self.parcel;
        let parcel = Parcel {
            envelope: *envelope,
            call: call.take(),
            body: body.take(),
        };
        AnyMessage {
            parcel,
            entry: self.entry,
        }
    }

    /// Finds out of which type it is. Whether the program has that.
    #[inline]
    pub(crate) fn identify(&mut self) -> bool {
        let kind = self.parcel.envelope.message_type();
        let entry = catalog::messages().ok().and_then(|all| all.entry(kind));
        self.entry = entry.unwrap_or(&ROOT);
        entry.is_some()
    }

    /// The stable name of the message's own type.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.entry.name
    }

    /// The agent that sent it.
    #[must_use]
    pub fn sender(&self) -> AgentId {
        self.parcel.envelope.sender
    }

    /// Whether it is an `M` or a subtype of `M`.
    #[must_use]
    pub fn is<M: Message>(&self) -> bool {
        self.entry.ancestry.is(&M::ANCESTRY)
    }

    /// Reads it as an `M`: its own type or any supertype.
    ///
    /// A type with lifetimes borrows from this message; they need not be written:
    ///
    /// ```
    /// use multitools::{AnyMessage, message};
    ///
    /// #[message]
    /// struct Chunk<'a> { bytes: &'a [u8] }
    ///
    /// fn bytes(message: &AnyMessage) -> Option<&[u8]> {
    ///     Some(message.decode::<Chunk>().ok()?.bytes)
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// [`DecodeError::OtherType`] when it is no `M`, [`DecodeError::Malformed`] when the bytes are not
    /// what they claim to be.
    pub fn decode<M: Message>(&self) -> Result<M::View<'_>, DecodeError> {
        let plan = catalog::messages()
            .ok()
            .and_then(|messages| messages.plan(self.entry, &M::ANCESTRY));
        match plan {
            Some(plan) => M::View::view(self, &plan).map_err(Unreadable::taken_for::<M::View<'_>>),
            None => Err(DecodeError::OtherType {
                expected: M::NAME,
                found: self.name(),
            }),
        }
    }

    /// The encoded size of the message's fields, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.body().len()
    }

    #[inline]
    pub(crate) fn body(&self) -> &[u8] {
        self.parcel.body.as_slice()
    }

    pub(crate) fn envelope(&self) -> &Envelope {
        &self.parcel.envelope
    }

    pub(crate) fn call(&self) -> Option<&Call> {
        self.parcel.call.as_ref()
    }
}

impl fmt::Debug for AnyMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.entry.debug)(self.body(), f)
    }
}

/// What a message is that is none yet.
static ROOT: MessageEntry = MessageEntry::of::<AnyMessage>(0, None, "");

/// What stands above the root.
pub struct NoParent;

#[diagnostic::do_not_recommend]
impl Message for AnyMessage {
    type At<'f> = AnyMessage;
    type View<'f> = &'f AnyMessage;
    type Parent = NoParent;
    type Kind = RootKind;
    type Reply = NoReply;
    const NAME: &'static str = "multitools::AnyMessage";
    const ANCESTRY: Ancestry = Ancestry::ROOT;

    fn leaf(&self) -> &'static MessageEntry {
        self.entry
    }

    fn leaf_key(&self) -> Key {
        self.entry.key()
    }
}
