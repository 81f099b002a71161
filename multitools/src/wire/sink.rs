//! Where a message is encoded: into memory that is there, with room elsewhere for what does not fit.

use std::mem;

/// Memory to write a frame into. Writing never fails: what has no room is counted, so that it is known
/// how much would have been needed.
pub struct Sink<'a> {
    /// No more than the limit allows, and nothing once something is spilled.
    room: &'a mut [u8],
    spill: Spill<'a>,
    spilled: bool,
    len: usize,
    limit: usize,
}

/// Where all of a frame goes that does not fit into its first place.
pub(crate) enum Spill<'a> {
    /// Nowhere: it is lost.
    Nowhere,
    /// Memory of a fixed size.
    Fixed(&'a mut [u8]),
    /// A buffer that grows; what it holds is lost.
    Growing(&'a mut Vec<u8>),
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It is in its first place.
    InRoom(usize),
    /// It is where it was to be spilled to.
    Spilled(usize),
    /// There was no place for that many bytes.
    Lost(usize),
}

impl Written {
    /// How long the frame is, its head included.
    #[inline]
    pub(crate) fn len(self) -> usize {
        let (Written::InRoom(len) | Written::Spilled(len) | Written::Lost(len)) = self;
        len
    }
}

impl<'a> Sink<'a> {
    /// Begins a frame of at most `limit` bytes after its head, for which `head` bytes are left free.
    #[inline]
    pub(crate) fn new(room: &'a mut [u8], spill: Spill<'a>, head: usize, limit: usize) -> Sink<'a> {
        let limit = limit.saturating_add(head);
        if room.len() < head {
            return Sink::spilled(spill, head, limit);
        }
        let usable = room.len().min(limit);
        Sink {
            room: &mut room[..usable],
            spill,
            spilled: false,
            len: head,
            limit,
        }
    }

    /// Begins a frame whose head has no room already.
    #[cold]
    fn spilled(spill: Spill<'a>, head: usize, limit: usize) -> Sink<'a> {
        let mut sink = Sink {
            room: &mut [],
            spill,
            spilled: false,
            len: head,
            limit,
        };
        sink.spill_over(0, head);
        sink
    }

    /// Writes to the end of a buffer, as much as one likes.
    pub(crate) fn appending_to(buffer: &'a mut Vec<u8>) -> Sink<'a> {
        Sink {
            room: &mut [],
            len: buffer.len(),
            spill: Spill::Growing(buffer),
            spilled: true,
            limit: usize::MAX,
        }
    }

    /// Writes bytes.
    #[inline]
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        let end = self.len.saturating_add(bytes.len());
        match self.room.get_mut(self.len..end) {
            Some(target) => {
                target.copy_from_slice(bytes);
                self.len = end;
            }
            None => self.append_elsewhere(bytes),
        }
    }

    /// Writes a marker and bytes behind it.
    #[inline]
    pub(crate) fn append_marked(&mut self, marker: u8, bytes: &[u8]) {
        let begin = self.len.saturating_add(1);
        let end = begin.saturating_add(bytes.len());
        match self.room.get_mut(self.len..end) {
            Some([first, target @ ..]) => {
                *first = marker;
                target.copy_from_slice(bytes);
                self.len = end;
            }
            _ => {
                self.append_elsewhere(&[marker]);
                self.append(bytes);
            }
        }
    }

    /// How much has been written, the head included.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Writes to a place that has been written to.
    pub(crate) fn overwrite(&mut self, at: usize, bytes: &[u8]) {
        let written = match (&mut self.spill, self.spilled) {
            (_, false) => &mut *self.room,
            (Spill::Nowhere, true) => &mut [],
            (Spill::Fixed(memory), true) => &mut **memory,
            (Spill::Growing(buffer), true) => buffer.as_mut_slice(),
        };
        if let Some(place) = written.get_mut(at..at + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    }

    /// Says where the frame is, and how long, its head included.
    pub(crate) fn finish(self) -> Written {
        if self.len > self.limit {
            return Written::Lost(self.len);
        }
        match (&self.spill, self.spilled) {
            (_, false) => Written::InRoom(self.len),
            (Spill::Nowhere, true) => Written::Lost(self.len),
            (Spill::Fixed(memory), true) if memory.len() < self.len => Written::Lost(self.len),
            (_, true) => Written::Spilled(self.len),
        }
    }

    /// Moves to the second place what there is, of which only `len` bytes are worth it.
    fn spill_over(&mut self, len: usize, reserved: usize) {
        self.spilled = true;
        let room = mem::take(&mut self.room);
        match &mut self.spill {
            Spill::Nowhere => {}
            Spill::Fixed(memory) => {
                if let Some(target) = memory.get_mut(..len) {
                    target.copy_from_slice(&room[..len]);
                }
            }
            Spill::Growing(buffer) => {
                buffer.clear();
                buffer.extend_from_slice(&room[..len]);
                buffer.resize(reserved, 0);
            }
        }
    }

    #[cold]
    fn append_elsewhere(&mut self, bytes: &[u8]) {
        let begin = self.len;
        self.len = self.len.saturating_add(bytes.len());
        if self.len > self.limit {
            // It will not be sent, so it need not be kept.
            self.spilled = true;
            self.room = &mut [];
            return;
        }
        if !self.spilled {
            self.spill_over(begin, begin);
        }
        match &mut self.spill {
            Spill::Nowhere => {}
            Spill::Fixed(memory) => {
                if let Some(target) = memory.get_mut(begin..self.len) {
                    target.copy_from_slice(bytes);
                }
            }
            Spill::Growing(buffer) => buffer.extend_from_slice(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: usize = 8;

    proptest! {
        #[test]
        fn what_is_written_is_in_the_place_that_is_named(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..12),
            room in 0usize..200, second in 0usize..300, limit in 0usize..260,
        ) {
            let whole: Vec<u8> = pieces.concat();
            let size = HEAD + whole.len();
            let write = |spill: Spill<'_>, room: &mut [u8]| {
                let mut sink = Sink::new(room, spill, HEAD, limit);
                for piece in &pieces {
                    sink.append(piece);
                }
                sink.finish()
            };
            let (mut first, mut memory, mut buffer) = (vec![0; room], vec![0; second], vec![1; 7]);
            let fits = whole.len() <= limit;

            let written = write(Spill::Growing(&mut buffer), &mut first);
            match written {
                Written::InRoom(len) => {
                    prop_assert!(fits && len == size && size <= room);
                    prop_assert_eq!(&first[HEAD..size], &whole[..]);
                }
                Written::Spilled(len) => {
                    prop_assert!(fits && len == size && size > room);
                    prop_assert_eq!(&buffer[HEAD..], &whole[..]);
                }
                Written::Lost(len) => prop_assert!(!fits && len == size),
            }
            match write(Spill::Fixed(&mut memory), &mut first) {
                Written::InRoom(_) => prop_assert_eq!(&first[HEAD..size], &whole[..]),
                Written::Spilled(_) => prop_assert_eq!(&memory[HEAD..size], &whole[..]),
                Written::Lost(len) => {
                    prop_assert_eq!(len, size);
                    prop_assert!(!fits || size > room && size > second);
                }
            }
            if let Written::Lost(len) = write(Spill::Nowhere, &mut first) {
                prop_assert_eq!(len, size);
            }
        }
    }
}
