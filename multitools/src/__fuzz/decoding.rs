//! Messages: bytes as every type that a program may have, also as supertypes and with borrowed fields.

use crate::catalog;
use crate::message::{AnyMessage, Message};
use crate::wire::body::Body;
use crate::wire::codec;
use crate::wire::frame::Envelope;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;

#[crate::message(crate = crate)]
pub(super) struct Base {
    pub(super) number: u32,
    pub(super) text: String,
}

#[crate::message(crate = crate, extends = Base)]
pub(super) struct Derived {
    pub(super) base: Base,
    pub(super) list: Vec<Option<i64>>,
    pub(super) map: BTreeMap<String, (f32, bool)>,
}

#[crate::message(crate = crate)]
pub(super) enum Family {
    Left(Left),
    Nothing,
    Named { wide: u128, letter: char },
}

#[crate::message(crate = crate, extends = Family)]
pub(super) struct Left {
    pub(super) unit: (),
    pub(super) array: [u16; 3],
}

#[crate::message(crate = crate)]
pub(super) struct Borrowing<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) text: &'a str,
    #[serde(borrow)]
    pub(super) either: Cow<'a, str>,
    pub(super) owned: Vec<u8>,
}

#[crate::message(crate = crate)]
pub(super) struct Deep {
    pub(super) tree: Tree,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Tree {
    Leaf(i8),
    Boxed(Box<Tree>),
    Many(Vec<Tree>),
    Perhaps(Perhaps),
}

/// Each level of which takes no byte at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Perhaps(pub(super) Option<Box<Perhaps>>);

/// The body of a message, whose type the first byte says.
pub fn decoding(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let Ok(catalog) = catalog::messages() else {
        return;
    };
    // All types of the program have their turn, and some numbers that are none.
    let message_type = u32::from(*kind);
    let envelope = Envelope::new(message_type, crate::AgentId::new(1, 0), 0);
    let message = AnyMessage::received(envelope, Body::from(bytes.to_vec()));
    assert_eq!(message.is_some(), catalog.entry(message_type).is_some());
    let Some(message) = message else {
        return;
    };
    std::hint::black_box(format!("{message:?}"));
    if let Ok(base) = message.decode::<Base>() {
        says_the_same_again(&base);
    }
    if let Ok(family) = message.decode::<Family>() {
        says_the_same_again(&family);
    }
    if let Ok(deep) = message.decode::<Deep>() {
        says_the_same_again(&deep);
    }
    if let Ok(derived) = message.decode::<Derived>() {
        assert!(message.is::<Base>());
        assert!(message.decode::<Base>().is_ok(), "what it extends is in it");
        says_the_same_again(&derived);
    }
    if let Ok(left) = message.decode::<Left>() {
        says_the_same_again(&left);
    }
    if let Ok(borrowing) = message.decode::<Borrowing>() {
        let within = |part: &[u8]| message.body().as_ptr_range().contains(&part.as_ptr());
        assert!(borrowing.bytes.is_empty() || within(borrowing.bytes));
        assert!(borrowing.text.is_empty() || within(borrowing.text.as_bytes()));
    }
    let _ = message.decode::<crate::StringMessage>();
    let _ = message.decode::<crate::ExceptionMessage>();
    let _ = message.decode::<crate::IdsReplyMessage>();
}

/// What can be read can be written, and read again.
fn says_the_same_again<M>(message: &M)
where
    M: Message + Serialize + for<'d> Deserialize<'d> + Debug,
{
    if let Ok(bytes) = codec::encode(message) {
        let again = codec::decode::<M>(&bytes).map(|message| format!("{message:?}"));
        assert_eq!(again.ok(), Some(format!("{message:?}")));
    }
}
