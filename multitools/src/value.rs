//! A number in memory that processes share.

use crate::sys::shared_words::SharedWords;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::marker::PhantomData;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;

/// How many values a program and all its processes may make: 64 MiB of address space, of which only
/// what is used takes memory.
const CAPACITY: usize = 8 << 20;

/// The arena's first word counts the values made so far.
const NEXT: usize = 0;

static ARENA: OnceLock<SharedWords> = OnceLock::new();

/// Why a [`Value`] could not be made.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueError {
    /// The system gave no shared memory.
    #[error("no memory to share: {0}")]
    Memory(String),
    /// The program has made more values than it may: 8,388,607.
    #[error("a program and its processes can make {CAPACITY} shared values and no more")]
    Exhausted,
}

/// An integer, a float or a bool that the process which made it shares with those it is passed to, as
/// a field of an agent, an argument of a process, or in a message.
///
/// Copies of a `Value` are the same number. It costs 8 bytes of shared memory until the program and
/// all its processes have ended; nothing here ever blocks.
///
/// ```
/// use multitools::{process, ProcessList, Value};
///
/// #[process]
/// fn multiply(result: Value<i64>, one: i64, two: i64) { result.set(one * two) }
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     multitools::init();
///     let result = Value::new(0)?;
///     let mut list = ProcessList::new();
///     list.add(multiply::with(result, 1234, 5678));
///     list.start()?;
///     list.join()?;
///     assert_eq!(result.get(), 7_006_652);
///     Ok(())
/// }
/// ```
pub struct Value<T> {
    slot: u32,
    kind: PhantomData<fn(T) -> T>,
}

impl<T: Shareable> Value<T> {
    /// Makes a value.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn new(initial: T) -> Result<Value<T>, ValueError> {
        let arena = arena()?;
        let next = arena.word(NEXT).ok_or(ValueError::Exhausted)?;
        let slot = next.fetch_add(1, Ordering::Relaxed) + 1;
        let word = usize::try_from(slot).ok().and_then(|slot| arena.word(slot));
        let (Some(word), Ok(slot)) = (word, u32::try_from(slot)) else {
            next.fetch_sub(1, Ordering::Relaxed);
            return Err(ValueError::Exhausted);
        };
        word.store(initial.to_word(), Ordering::SeqCst);
        Ok(Value {
            slot,
            kind: PhantomData,
        })
    }

    /// What it is now.
    #[must_use]
    pub fn get(&self) -> T {
        T::from_word(self.word().load(Ordering::SeqCst))
    }

    /// Makes it another.
    pub fn set(&self, value: T) {
        self.word().store(value.to_word(), Ordering::SeqCst);
    }

    /// Makes it another and returns what it was.
    pub fn replace(&self, value: T) -> T {
        T::from_word(self.word().swap(value.to_word(), Ordering::SeqCst))
    }

    /// Changes it in one step that no other process can come between, and returns what it was.
    ///
    /// `change` may be called several times, when others change the value meanwhile.
    pub fn update(&self, mut change: impl FnMut(T) -> T) -> T {
        let word = self.word();
        let mut current = word.load(Ordering::SeqCst);
        loop {
            let changed = change(T::from_word(current)).to_word();
            match word.compare_exchange_weak(current, changed, Ordering::SeqCst, Ordering::SeqCst) {
                Ok(previous) => return T::from_word(previous),
                Err(other) => current = other,
            }
        }
    }

    fn word(&self) -> &'static AtomicU64 {
        static NOWHERE: AtomicU64 = AtomicU64::new(0);
        // A value exists only where its slot has been seen to be in the arena.
        ARENA
            .get()
            .and_then(|arena| arena.word(self.slot as usize))
            .unwrap_or(&NOWHERE)
    }
}

impl<T> Clone for Value<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Value<T> {}

impl<T: Shareable + fmt::Debug> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Value").field(&self.get()).finish()
    }
}

impl<T> Serialize for Value<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.slot)
    }
}

impl<'de, T> Deserialize<'de> for Value<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let slot = u32::deserialize(deserializer)?;
        let made = ARENA
            .get()
            .and_then(|arena| arena.word(NEXT))
            .is_some_and(|next| (1..=next.load(Ordering::SeqCst)).contains(&u64::from(slot)));
        if !made {
            return Err(de::Error::custom("this shared value is of another program"));
        }
        Ok(Value {
            slot,
            kind: PhantomData,
        })
    }
}

/// What a [`Value`] can hold: the integers up to 64 bits, `f32`, `f64` and `bool`.
pub trait Shareable: Copy + sealed::Sealed {
    #[doc(hidden)]
    fn to_word(self) -> u64;
    #[doc(hidden)]
    fn from_word(word: u64) -> Self;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! share_integers {
    ($($integer:ty),*) => {$(
        impl sealed::Sealed for $integer {}
        impl Shareable for $integer {
            fn to_word(self) -> u64 { self as u64 }
            fn from_word(word: u64) -> Self { word as $integer }
        }
    )*};
}
share_integers!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

impl sealed::Sealed for bool {}
impl Shareable for bool {
    fn to_word(self) -> u64 {
        u64::from(self)
    }
    fn from_word(word: u64) -> Self {
        word != 0
    }
}
impl sealed::Sealed for f32 {}
impl Shareable for f32 {
    fn to_word(self) -> u64 {
        u64::from(self.to_bits())
    }
    fn from_word(word: u64) -> Self {
        f32::from_bits(word as u32)
    }
}
impl sealed::Sealed for f64 {}
impl Shareable for f64 {
    fn to_word(self) -> u64 {
        self.to_bits()
    }
    fn from_word(word: u64) -> Self {
        f64::from_bits(word)
    }
}

/// The memory that this program's values live in, made on first use.
fn arena() -> Result<&'static SharedWords, ValueError> {
    if let Some(arena) = ARENA.get() {
        return Ok(arena);
    }
    let made = SharedWords::create("multitools-values", CAPACITY)
        .map_err(|error| ValueError::Memory(error.to_string()))?;
    Ok(ARENA.get_or_init(|| made))
}

/// The descriptor that a child needs to [`adopt`] the values of this program.
pub(crate) fn descriptor() -> Result<BorrowedFd<'static>, ValueError> {
    Ok(arena()?.as_fd())
}

/// Takes over the values of the program that started this process.
pub(crate) fn adopt(descriptor: OwnedFd) -> std::io::Result<()> {
    let arena = SharedWords::map(descriptor)?;
    ARENA
        .set(arena)
        .map_err(|_| std::io::Error::other("shared values were made before `multitools::init()`; put `#[multitools::main]` on `main`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn negative_and_fractional_numbers_survive() {
        assert_eq!(Value::new(-5i8).unwrap().get(), -5);
        assert_eq!(Value::new(i64::MIN).unwrap().get(), i64::MIN);
        assert_eq!(Value::new(-0.5f32).unwrap().get(), -0.5);
        assert_eq!(Value::new(1e300f64).unwrap().get(), 1e300);
        assert!(Value::new(true).unwrap().get());
    }

    #[test]
    fn no_update_is_lost_among_threads() {
        let value = Value::new(0u64).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..1000 {
                        value.update(|n| n + 1);
                    }
                });
            }
        });
        assert_eq!(value.get(), 4000);
    }

    #[test]
    fn a_value_of_another_program_is_refused() {
        let bytes = crate::wire::codec::encode(&u32::MAX).unwrap();
        let decoded = crate::wire::codec::decode::<Value<u8>>(&bytes);
        assert!(decoded.is_err());
    }

    proptest! {
        #[test]
        fn words_hold_every_number(n: i64, x: f64, small: i16) {
            prop_assert_eq!(i64::from_word(n.to_word()), n);
            prop_assert_eq!(f64::from_word(x.to_word()).to_bits(), x.to_bits());
            prop_assert_eq!(i16::from_word(small.to_word()), small);
        }
    }
}
