//! Numbers by key. Keys are hashes already, so they are not hashed again: one look is mostly all it takes.

/// Numbers by a 64-bit hash, in one array that is at most half full and searched from the place that the
/// hash names.
pub(crate) struct Places {
    /// None, or as many as a power of two.
    places: Vec<Place>,
    taken: usize,
    /// A place with another mark is free, so that all are freed at once.
    mark: u32,
}

#[derive(Clone, Copy, Default)]
struct Place {
    hash: u64,
    number: u32,
    mark: u32,
}

/// How many places there are at first.
const AT_FIRST: usize = 32;

impl Default for Places {
    fn default() -> Self {
        Places {
            places: Vec::new(),
            taken: 0,
            mark: 1,
        }
    }
}

impl Places {
    /// With room for so many numbers.
    pub(crate) fn for_so_many(numbers: usize) -> Places {
        let room = numbers.saturating_mul(2).next_power_of_two();
        Places {
            places: vec![Place::default(); room.max(AT_FIRST)],
            ..Places::default()
        }
    }

    /// A number that was entered with this hash.
    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Option<u32> {
        self.find(hash, |_| true)
    }

    /// The number that was entered with this hash and is the one that is looked for.
    #[inline]
    pub(crate) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let last = self.places.len().checked_sub(1)?;
        let mut at = start(hash, last);
        loop {
            let place = self.places.get(at)?;
            if place.mark != self.mark {
                return None;
            }
            if place.hash == hash && is_it(place.number) {
                return Some(place.number);
            }
            at = (at + 1) & last;
        }
    }

    /// Enters a number, beside those that have the same hash.
    pub(crate) fn enter(&mut self, hash: u64, number: u32) {
        if (self.taken + 1) * 2 > self.places.len() {
            self.grow();
        }
        let last = self.places.len() - 1;
        let mut at = start(hash, last);
        while self.places[at].mark == self.mark {
            at = (at + 1) & last;
        }
        self.places[at] = Place {
            hash,
            number,
            mark: self.mark,
        };
        self.taken += 1;
    }

    /// Forgets all numbers, and keeps the room.
    pub(crate) fn clear(&mut self) {
        self.taken = 0;
        self.mark = self.mark.wrapping_add(1);
        if self.mark == 0 {
            // The marks begin anew, and those of old would be taken for new ones.
            self.places.fill(Place::default());
            self.mark = 1;
        }
    }

    fn grow(&mut self) {
        let old = std::mem::replace(self, Places::for_so_many(self.places.len()));
        for place in old.places.iter().filter(|place| place.mark == old.mark) {
            self.enter(place.hash, place.number);
        }
    }
}

/// Where the search begins. The low half alone would do for most hashes; the high half is there.
#[inline]
fn start(hash: u64, last: usize) -> usize {
    (hash ^ hash >> 32) as usize & last
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

    fn step() -> impl Strategy<Value = Step> {
        // Few hashes, many of which begin at one place.
        let hash = (0_u64..40, 0_u64..3).prop_map(|(low, high)| (high << 60) | (low * 8));
        prop_oneof![60 => hash.prop_map(Step::Enter), 1 => Just(Step::Clear)]
    }

    proptest! {
        #[test]
        fn what_was_entered_is_found_and_nothing_else(
            steps in prop::collection::vec(step(), 0..300),
            mark in prop_oneof![Just(1), Just(u32::MAX - 1), Just(u32::MAX)],
        ) {
            let mut places = Places { mark, ..Places::default() };
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
                for hash in (0..40).flat_map(|low| (0..3).map(move |high| (high << 60) | (low * 8))) {
                    let known = model.get(&hash).map_or(&[][..], Vec::as_slice);
                    match places.get(hash) {
                        Some(number) => prop_assert!(known.contains(&number)),
                        None => prop_assert!(known.is_empty()),
                    }
                    for number in known {
                        prop_assert_eq!(places.find(hash, |one| one == *number), Some(*number));
                    }
                    prop_assert_eq!(places.find(hash, |_| false), None);
                }
            }
        }
    }
}
