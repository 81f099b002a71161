//! The subtype relation at the type level: `M: Is<T>`.
//!
//! The depth of each message is a Peano number. The difference of two depths says how far to walk
//! up from the deeper type; what stands there either is the other type or there is no relation. One
//! blanket impl decides it, without an index parameter and across crates.

use super::{Message, NoParent};
use std::marker::PhantomData;

/// Depth nought: above the root.
pub struct Zero;
/// One level below `N`.
pub struct Succ<N>(PhantomData<N>);

/// How deep in the hierarchy a type stands. It is found only where two types are compared, so that
/// messages that extend each other in a circle are reported as just that.
pub trait Level {
    /// The depth.
    type Depth;
}
impl Level for NoParent {
    type Depth = Zero;
}
impl<M: Message<Parent: Level>> Level for M {
    type Depth = Succ<<M::Parent as Level>::Depth>;
}

/// Subtraction of depths.
pub trait Minus<B> {
    /// `Self - B`.
    type Difference;
}
impl<A> Minus<Zero> for A {
    type Difference = A;
}
impl<A: Minus<B>, B> Minus<Succ<B>> for Succ<A> {
    type Difference = A::Difference;
}

/// Type identity.
pub trait Same<T: ?Sized> {}
impl<T: ?Sized> Same<T> for T {}

/// The ancestor `Levels` above a message.
pub trait Ancestor<Levels> {
    /// That ancestor.
    type Type: Message;
}
impl<M: Message> Ancestor<Zero> for M {
    type Type = M;
}
impl<M: Message<Parent: Ancestor<N>>, N> Ancestor<Succ<N>> for M {
    type Type = <M::Parent as Ancestor<N>>::Type;
}

/// `M: Is<T>`: the message `M` is `T` or one of its subtypes, decided by the compiler.
///
/// The relation is reflexive and transitive and works across crates. It is implemented for every pair
/// it holds for; there is nothing to implement by hand.
///
/// ```
/// use multitools::{AnyMessage, Is, PrintMessage, StringMessage};
///
/// fn takes_a_text<M: Is<StringMessage>>() {}
/// takes_a_text::<StringMessage>();
/// takes_a_text::<PrintMessage>();
/// fn takes_anything<M: Is<AnyMessage>>() {}
/// takes_anything::<PrintMessage>();
/// ```
#[diagnostic::on_unimplemented(
    message = "message `{Self}` is not a subtype of `{T}`",
    label = "not a `{T}`",
    note = "subtypes are declared with `#[message(extends = ...)]`"
)]
pub trait Is<T> {}

#[diagnostic::do_not_recommend]
impl<M, T> Is<T> for M
where
    M: Message + Level<Depth: Minus<T::Depth>>,
    T: Message + Level,
    M: Ancestor<
            <M::Depth as Minus<T::Depth>>::Difference,
            Type: Message<At<'static>: Same<T::At<'static>>>,
        >,
{
}
