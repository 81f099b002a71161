//! The claim to a result.

use std::marker::PhantomData;

/// The claim to one agent's result: what [`Supervisor::add`](crate::Supervisor::add) and
/// [`ProcessList::add`](crate::ProcessList::add) give, and [`Results::take`](crate::Results::take) redeems.
pub struct Output<T> {
    pub(crate) index: usize,
    result: PhantomData<fn() -> T>,
}

impl<T> Output<T> {
    pub(crate) fn new(index: usize) -> Output<T> {
        Output {
            index,
            result: PhantomData,
        }
    }
}

impl<T> Clone for Output<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Output<T> {}
