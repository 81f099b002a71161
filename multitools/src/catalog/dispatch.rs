//! From a message to the handler that takes it.

use super::{Plan, messages};
use crate::agent::{Behaviour, Context, Flow, Handle, HandleError};
use crate::message::{Ancestry, AnyMessage, Message, ReplyKind, View};
use std::borrow::Borrow;

/// Calls one handler with a message viewed through a plan.
type Call<A> = fn(
    &mut A,
    &AnyMessage,
    &Plan,
    &mut Context<<A as Behaviour>::Scope>,
) -> Result<Flow, Box<HandleError>>;

/// One row of an agent's table of handlers.
pub struct Handler<A: Behaviour> {
    /// The type the handler takes.
    pub ancestry: Ancestry,
    /// Whether the handler's value is a reply.
    pub replies: bool,
    call: Call<A>,
}
impl<A: Behaviour> Clone for Handler<A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<A: Behaviour> Copy for Handler<A> {}

impl<A: Behaviour> Handler<A> {
    /// The row of the handler for `M`.
    #[must_use]
    pub const fn of<M: Message>() -> Self
    where
        A: for<'f> Handle<M::At<'f>>,
    {
        Handler {
            ancestry: M::ANCESTRY,
            replies: M::Reply::EXPECTED,
            call: |agent, message, plan, ctx| {
                // Lent from where it was decoded to.
                match M::View::view(message, plan) {
                    Ok(ref view) => agent
                        .handle(view.borrow(), ctx)
                        .map_err(HandleError::failed),
                    Err(unreadable) => Err(HandleError::undecodable(
                        unreadable.taken_for::<M::View<'_>>(),
                    )),
                }
            },
        }
    }

    /// The same row for a logger, which sees requests but answers none.
    #[must_use]
    pub const fn without_reply(self) -> Self {
        Handler {
            replies: false,
            ..self
        }
    }

    /// A row for code that does not compile.
    #[must_use]
    pub const fn placeholder() -> Self {
        Handler {
            ancestry: Ancestry::ROOT,
            replies: false,
            call: |_, _, _, _| Ok(Flow::Stop),
        }
    }
}

/// Sorts a table by key, in the compiler.
#[must_use]
pub const fn sort<A: Behaviour, const N: usize>(mut table: [Handler<A>; N]) -> [Handler<A>; N] {
    let mut i = 1;
    while i < N {
        let mut j = i;
        while j > 0 && table[j].ancestry.key() < table[j - 1].ancestry.key() {
            let row = table[j];
            table[j] = table[j - 1];
            table[j - 1] = row;
            j -= 1;
        }
        i += 1;
    }
    table
}

/// Whether a type or a supertype of it is among those that are handled.
#[must_use]
pub const fn covers(handled: &[Ancestry], message: &Ancestry) -> bool {
    let mut i = 0;
    while i < handled.len() {
        if message.is(&handled[i]) {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether no other handled type is a supertype of `message`.
#[must_use]
pub const fn maximal(message: &Ancestry, handled: &[Ancestry]) -> bool {
    let mut i = 0;
    while i < handled.len() {
        if message.is_below(&handled[i]) {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether a handler answers requests that no other handler of the agent answers for a supertype.
#[must_use]
pub const fn answers<A: Behaviour>(handler: &Handler<A>, all: &[Handler<A>]) -> bool {
    let mut i = 0;
    while handler.replies && i < all.len() {
        if all[i].replies && handler.ancestry.is_below(&all[i].ancestry) {
            return false;
        }
        i += 1;
    }
    handler.replies
}

/// Whether no other declared type is a supertype of the one at `place`, or the same named before.
#[must_use]
pub const fn widest(place: usize, declared: &[Ancestry]) -> bool {
    let mut i = 0;
    while i < declared.len() {
        let same = declared[i].key() == declared[place].key();
        if declared[place].is(&declared[i]) && (!same || i < place) {
            return false;
        }
        i += 1;
    }
    true
}

/// An agent's handlers by dense message id: for each message type of the program the nearest handled
/// ancestor (rule R9), assembled once per process.
pub struct Dispatch<A: Behaviour> {
    routes: Vec<Option<(&'static Handler<A>, Plan)>>,
}

impl<A: Behaviour> Dispatch<A> {
    /// Assembles the table from the program's catalog.
    #[must_use]
    pub fn assemble() -> Self {
        let Ok(catalog) = messages() else {
            return Dispatch { routes: Vec::new() };
        };
        let route = |leaf: &&'static crate::message::MessageEntry| {
            let handler = nearest::<A>(&leaf.ancestry)?;
            Some((handler, catalog.plan(leaf, &handler.ancestry)?))
        };
        Dispatch {
            routes: catalog.entries().iter().map(route).collect(),
        }
    }

    /// Calls the handler for a message.
    ///
    /// # Errors
    /// When there is none, when the bytes are not what they claim to be, or what the handler returns.
    #[inline]
    pub fn call(
        &self,
        agent: &mut A,
        message: &AnyMessage,
        ctx: &mut Context<A::Scope>,
    ) -> Result<Flow, Box<HandleError>> {
        let Some((handler, plan)) = self.route(message) else {
            return Err(Box::new(HandleError::Unhandled));
        };
        if message.call().is_some() && !handler.replies {
            return Err(Box::new(HandleError::Unhandled));
        }
        (handler.call)(agent, message, plan, ctx)
    }

    fn route(&self, message: &AnyMessage) -> Option<&(&'static Handler<A>, Plan)> {
        let id = message.envelope().message_type() as usize;
        self.routes.get(id)?.as_ref()
    }

    /// Whether some handler takes this message.
    #[must_use]
    pub fn takes(&self, message: &AnyMessage) -> bool {
        self.route(message).is_some()
    }

    /// Whether some handler takes `M`.
    #[must_use]
    pub fn handles<M: Message>(&self) -> bool {
        nearest::<A>(&M::ANCESTRY).is_some()
    }
}

fn nearest<A: Behaviour>(leaf: &Ancestry) -> Option<&'static Handler<A>> {
    leaf.keys().iter().rev().find_map(|key| {
        A::HANDLERS
            .binary_search_by_key(key, |handler| handler.ancestry.key())
            .ok()
            .map(|row| &A::HANDLERS[row])
    })
}
