//! Numbers by key. Keys are hashes already, so they are not hashed again: one look is mostly all it takes.
//!
//! A place is one word: what a thousand types take of the cache is most of what it costs to find one of
//! them. There is room for half of a hash only, so whoever looks says which number is the right one.

/// Numbers by a 64-bit hash, in one array that is at most half full and searched from the place that the
/// hash names.
#[derive(Default)]
pub(crate) struct Places {
    /// None, or as many as a power of two.
    places: Vec<Place>,
    taken: usize,
}

#[derive(Clone, Copy, Default)]
struct Place {
    hash: u32,
    /// The number and one more; nought where none has been entered.
    after: u32,
}

/// How many places there are at first.
const AT_FIRST: usize = 32;

impl Places {
    /// With room for so many numbers.
    pub(crate) fn for_so_many(numbers: usize) -> Places {
        let room = numbers.saturating_mul(2).next_power_of_two();
        Places {
            places: vec![Place::default(); room.max(AT_FIRST)],
            taken: 0,
        }
    }

    /// The number that was entered with this hash and is the one that is looked for.
    #[inline]
    pub(crate) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let last = self.places.len().checked_sub(1)?;
        let hash = half(hash);
        let mut at = hash as usize & last;
        loop {
            let place = self.places.get(at)?;
            let number = place.after.checked_sub(1)?;
            if place.hash == hash && is_it(number) {
                return Some(number);
            }
            at = (at + 1) & last;
        }
    }

    /// Enters a number less than `u32::MAX`, beside those that have the same hash.
    pub(crate) fn enter(&mut self, hash: u64, number: u32) {
        if (self.taken + 1) * 2 > self.places.len() {
            self.grow();
        }
        self.put(Place {
            hash: half(hash),
            after: number.saturating_add(1),
        });
    }

    fn put(&mut self, place: Place) {
        let last = self.places.len() - 1;
        let mut at = place.hash as usize & last;
        while self.places[at].after != 0 {
            at = (at + 1) & last;
        }
        self.places[at] = place;
        self.taken += 1;
    }

    /// Forgets all numbers, and keeps the room.
    pub(crate) fn clear(&mut self) {
        if self.taken > 0 {
            self.places.fill(Place::default());
            self.taken = 0;
        }
    }

    fn grow(&mut self) {
        let old = std::mem::replace(self, Places::for_so_many(self.places.len()));
        for place in old.places.into_iter().filter(|place| place.after != 0) {
            self.put(place);
        }
    }
}

/// What is kept of a hash.
#[inline]
fn half(hash: u64) -> u32 {
    (hash ^ (hash >> 32)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    #[derive(Clone, Debug)]
    enum Step {
        Enter(u64),
        Clear,
    }

    /// Few hashes, of which many begin at one place, and three each have the same half.
    fn hash(low: u64, high: u64) -> u64 {
        (high << 32) | ((low * 8) ^ high)
    }

    fn step() -> impl Strategy<Value = Step> {
        let hash = (0_u64..40, 0_u64..3).prop_map(|(low, high)| hash(low, high));
        prop_oneof![60 => hash.prop_map(Step::Enter), 1 => Just(Step::Clear)]
    }

    proptest! {
        #[test]
        fn what_was_entered_is_found_and_nothing_else(
            steps in prop::collection::vec(step(), 0..300),
        ) {
            let mut places = Places::default();
            let mut model: HashMap<u64, Vec<u32>> = HashMap::new();
            for (number, step) in (0..).zip(steps) {
                match step {
                    Step::Enter(hash) => {
                        places.enter(hash, number);
                        model.entry(hash).or_default().push(number);
                    }
                    Step::Clear => {
                        places.clear();
                        model.clear();
                    }
                }
                for hash in (0..40).flat_map(|low| (0..3).map(move |high| hash(low, high))) {
                    let known = model.get(&hash).map_or(&[][..], Vec::as_slice);
                    for number in known {
                        prop_assert_eq!(places.find(hash, |one| one == *number), Some(*number));
                    }
                    prop_assert_eq!(places.find(hash, |_| false), None);
                }
            }
        }
    }
}
