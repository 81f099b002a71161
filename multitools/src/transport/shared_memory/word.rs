//! The operations on shared words that the protocols are made of, so that the same code runs on shared
//! memory and on the words of the model checker.
//!
//! The protocols rest on the total order of sequentially consistent accesses. The model checker knows
//! such an order of fences only, so there the accesses have fences around them.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// An atomic word.
pub(super) trait Word<V = u64> {
    fn load(&self, order: Ordering) -> V;
    fn store(&self, value: V, order: Ordering);
    fn swap(&self, value: V, order: Ordering) -> V;
    fn fetch_or(&self, value: V, order: Ordering) -> V;
    fn compare_exchange(&self, from: V, to: V, ok: Ordering, not: Ordering) -> Result<V, V>;
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
            fn fetch_or(&self, value: $value, order: Ordering) -> $value {
                self.fetch_or(value, order)
            }
            fn compare_exchange(
                &self, from: $value, to: $value, ok: Ordering, not: Ordering,
            ) -> Result<$value, $value> {
                self.compare_exchange(from, to, ok, not)
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

    fn around<T>(order: Ordering, access: impl FnOnce() -> T) -> T {
        let strict = order == Ordering::SeqCst;
        if strict {
            fence(Ordering::SeqCst);
        }
        let result = access();
        if strict {
            fence(Ordering::SeqCst);
        }
        result
    }

    macro_rules! word {
        ($($atomic:ty: $value:ty),*) => {$(
            impl Word<$value> for $atomic {
                fn load(&self, order: Ordering) -> $value {
                    around(order, || self.load(order))
                }
                fn store(&self, value: $value, order: Ordering) {
                    around(order, || self.store(value, order));
                }
                fn swap(&self, value: $value, order: Ordering) -> $value {
                    around(order, || self.swap(value, order))
                }
                fn fetch_or(&self, value: $value, order: Ordering) -> $value {
                    around(order, || self.fetch_or(value, order))
                }
                fn compare_exchange(
                    &self, from: $value, to: $value, ok: Ordering, not: Ordering,
                ) -> Result<$value, $value> {
                    around(ok, || self.compare_exchange(from, to, ok, not))
                }
            }
        )*};
    }
    word!(AtomicU32: u32, AtomicU64: u64);
}
