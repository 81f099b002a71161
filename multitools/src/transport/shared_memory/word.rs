//! The operations on shared words that the protocols are made of, so that the same code runs on shared
//! memory and on the words of the model checker.
//!
//! The protocols rest on the total order of sequentially consistent accesses. The model checker knows
//! such an order of fences only, so there each of them has a fence before it: enough to keep them in
//! order among themselves, and no more, as on processors that are made so.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

/// An atomic word.
pub(super) trait Word<V = u64> {
    fn load(&self, order: Ordering) -> V;
    fn store(&self, value: V, order: Ordering);
    fn swap(&self, value: V, order: Ordering) -> V;
    fn fetch_add(&self, value: V, order: Ordering) -> V;
    fn fetch_or(&self, value: V, order: Ordering) -> V;
    fn compare_exchange(&self, from: V, to: V, ok: Ordering, not: Ordering) -> Result<V, V>;
    /// Orders what this thread does before it and after it as if both were sequentially consistent.
    fn fence(&self);
}

macro_rules! word {
    ($($atomic:ty: $value:ty),*) => {$(
        impl Word<$value> for $atomic {
            fn load(&self, order: Ordering) -> $value {
                self.load(order)
            }
            fn store(&self, value: $value, order: Ordering) {
                self.store(value, order);
            }
            fn swap(&self, value: $value, order: Ordering) -> $value {
                self.swap(value, order)
            }
            fn fetch_add(&self, value: $value, order: Ordering) -> $value {
                self.fetch_add(value, order)
            }
            fn fetch_or(&self, value: $value, order: Ordering) -> $value {
                self.fetch_or(value, order)
            }
            fn compare_exchange(
                &self, from: $value, to: $value, ok: Ordering, not: Ordering,
            ) -> Result<$value, $value> {
                self.compare_exchange(from, to, ok, not)
            }
            fn fence(&self) {
                fence(Ordering::SeqCst);
            }
        }
    )*};
}
word!(AtomicU32: u32, AtomicU64: u64);

/// The words of the model checker.
#[cfg(test)]
pub(super) mod model {
    use super::Word;
    use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering, fence};

    fn after_fence(order: Ordering) {
        if order == Ordering::SeqCst {
            fence(Ordering::SeqCst);
        }
    }

    macro_rules! word {
        ($($atomic:ty: $value:ty),*) => {$(
            impl Word<$value> for $atomic {
                fn load(&self, order: Ordering) -> $value {
                    after_fence(order);
                    self.load(order)
                }
                fn store(&self, value: $value, order: Ordering) {
                    after_fence(order);
                    self.store(value, order);
                }
                fn swap(&self, value: $value, order: Ordering) -> $value {
                    after_fence(order);
                    self.swap(value, order)
                }
                fn fetch_add(&self, value: $value, order: Ordering) -> $value {
                    after_fence(order);
                    self.fetch_add(value, order)
                }
                fn fetch_or(&self, value: $value, order: Ordering) -> $value {
                    after_fence(order);
                    self.fetch_or(value, order)
                }
                fn compare_exchange(
                    &self, from: $value, to: $value, ok: Ordering, not: Ordering,
                ) -> Result<$value, $value> {
                    after_fence(ok);
                    self.compare_exchange(from, to, ok, not)
                }
                fn fence(&self) {
                    fence(Ordering::SeqCst);
                }
            }
        )*};
    }
    word!(AtomicU32: u32, AtomicU64: u64);
}
