//! How a subtype's bytes become its parent's.
//!
//! A struct parent is the first field of its child, and in MessagePack its bytes are the first element
//! of the child's array: skip one array header and decode. An enum parent has a variant that holds the
//! child: decode the child and wrap it.

use super::{Message, Travelling};
use crate::wire::codec;
use std::any::Any;
use std::marker::PhantomData;

/// The kind of [`AnyMessage`](crate::AnyMessage).
pub struct RootKind;
/// The kind of message structs.
pub struct StructKind;
/// The kind of message enums.
pub struct EnumKind;

/// Puts a boxed child into its parent's variant.
pub type Wrap = fn(Box<dyn Any>) -> Box<dyn Any>;

/// One step of the hierarchy, from a message type to its parent.
#[derive(Clone, Copy)]
pub enum EdgeStep {
    /// The parent is [`AnyMessage`](crate::AnyMessage).
    Root,
    /// The parent is the first element of the array.
    Prefix,
    /// A newtype struct has the bytes of what it holds.
    Same,
    /// The parent is an enum with a variant for this type.
    Wrap(Wrap),
}

/// A message struct whose first field is a `P`.
pub trait HasBase<P> {}

/// A message enum with a variant that holds a `P`.
#[diagnostic::on_unimplemented(
    message = "message enum `{Self}` has no variant that holds `{P}`",
    label = "`{P}` is not a variant of this enum",
    note = "add a variant such as `{P}({P})` to `{Self}`"
)]
pub trait Wraps<P> {
    /// Puts the payload into its variant.
    fn wrap(payload: P) -> Self;
}

/// A message that holds its parent `P` as the parent's kind `K` wants it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not contain its supertype `{P}`",
    label = "the first field must be a `{P}`",
    note = "a subtype holds its supertype first: `struct {Self} {{ base: {P}, .. }}` or `struct {Self}({P});`"
)]
pub trait Extends<P, K> {
    /// Named by generated code, for the check.
    const HOLDS: () = ();
}
#[diagnostic::do_not_recommend]
impl<M: HasBase<P>, P> Extends<P, StructKind> for M {}
impl<M, P> Extends<P, EnumKind> for M {}

/// The step from `Self` to its parent `P`; `K` is the parent's kind and picks the impl.
pub trait Edge<P, K> {
    /// That step, where a newtype takes the one for other structs.
    const STEP: EdgeStep;
}
impl<M, P> Edge<P, StructKind> for M {
    const STEP: EdgeStep = EdgeStep::Prefix;
}
impl<M: 'static, P: Wraps<M> + 'static> Edge<P, EnumKind> for M {
    const STEP: EdgeStep = EdgeStep::Wrap(|child| match child.downcast::<M>() {
        Ok(child) => Box::new(P::wrap(*child)),
        Err(other) => other,
    });
}

/// The step to a parent, for generated code. A newtype is a tuple struct that only holds its parent.
#[must_use]
pub const fn step(step: EdgeStep, newtype: bool) -> EdgeStep {
    match step {
        EdgeStep::Prefix if newtype => EdgeStep::Same,
        step => step,
    }
}

/// A variant's payload beside its enum: decides, by autoref, whether the payload is a message whose
/// parent is that enum.
pub struct Variant<'a, P, E>(pub &'a P, PhantomData<E>);

/// Pairs a payload with its enum, for generated code.
pub fn variant<'a, P, E>(payload: &'a P, _: &E) -> Variant<'a, P, E> {
    Variant(payload, PhantomData)
}

/// The payload is a message that extends the enum: it is what travels.
pub trait SubtypeVariant<'a> {
    /// The payload.
    fn subtype(&self) -> Option<&'a dyn Travelling>;
}
impl<'a, P: Message<Parent = E>, E> SubtypeVariant<'a> for Variant<'a, P, E> {
    fn subtype(&self) -> Option<&'a dyn Travelling> {
        Some(self.0)
    }
}

/// The payload is just a value: the enum itself travels.
pub trait PlainVariant {
    /// Always `None`.
    fn subtype<'a>(&self) -> Option<&'a dyn Travelling> {
        None
    }
}
impl<P, E> PlainVariant for &Variant<'_, P, E> {}

/// Decodes an owned message into a box: the first step of every decoding that ends in an enum.
///
/// # Errors
/// When the bytes are no `M`.
pub fn boxed_as<M: serde::de::DeserializeOwned + 'static>(
    body: &[u8],
) -> Result<Box<dyn Any>, crate::error::DecodeError> {
    codec::decode::<M>(body).map(|message| Box::new(message) as Box<dyn Any>)
}
