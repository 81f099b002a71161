//! The items of MessagePack, one after the other, each as short as can be.
//!
//! Nothing here knows of the type that is written, so it is compiled once for all of them.

use super::{Encoder, FULL, NUMBERS, Unwritable};
use rmp::Marker;
use serde::ser::Error;

const NIL: u8 = Marker::Null.to_u8();

/// The markers of an item whose length stands behind them, in 1, 2 or 4 bytes.
struct Lengths {
    one: Option<Marker>,
    two: Marker,
    four: Marker,
}

const TEXT: Lengths = Lengths {
    one: Some(Marker::Str8),
    two: Marker::Str16,
    four: Marker::Str32,
};
const BYTES: Lengths = Lengths {
    one: Some(Marker::Bin8),
    two: Marker::Bin16,
    four: Marker::Bin32,
};
const EXTENSION: Lengths = Lengths {
    one: Some(Marker::Ext8),
    two: Marker::Ext16,
    four: Marker::Ext32,
};
const ARRAY: Lengths = Lengths {
    one: None,
    two: Marker::Array16,
    four: Marker::Array32,
};
const MAP: Lengths = Lengths {
    one: None,
    two: Marker::Map16,
    four: Marker::Map32,
};

/// The marker of text, and so on, whose length is in it.
const SHORT_TEXT: u8 = Marker::FixStr(0).to_u8();
const SHORT_ARRAY: u8 = Marker::FixArray(0).to_u8();
const SHORT_MAP: u8 = Marker::FixMap(0).to_u8();

impl Encoder<'_, '_> {
    pub(super) fn nil(&mut self) {
        self.nil_at = self.sink.len();
        self.sink.append(&[NIL]);
    }

    pub(super) fn truth(&mut self, value: bool) {
        let marker = if value { Marker::True } else { Marker::False };
        self.sink.append(&[marker.to_u8()]);
    }

    pub(super) fn unsigned(&mut self, value: u64) {
        if let Ok(value) = u8::try_from(value) {
            match value {
                0..=0x7f => self.sink.append(&[value]),
                _ => self.marked(Marker::U8, [value]),
            }
        } else if let Ok(value) = u16::try_from(value) {
            self.marked(Marker::U16, value.to_be_bytes());
        } else if let Ok(value) = u32::try_from(value) {
            self.marked(Marker::U32, value.to_be_bytes());
        } else {
            self.marked(Marker::U64, value.to_be_bytes());
        }
    }

    pub(super) fn signed(&mut self, value: i64) {
        if let Ok(value) = u64::try_from(value) {
            return self.unsigned(value);
        }
        if let Ok(value) = i8::try_from(value) {
            match value {
                -32.. => self.sink.append(&value.to_be_bytes()),
                _ => self.marked(Marker::I8, value.to_be_bytes()),
            }
        } else if let Ok(value) = i16::try_from(value) {
            self.marked(Marker::I16, value.to_be_bytes());
        } else if let Ok(value) = i32::try_from(value) {
            self.marked(Marker::I32, value.to_be_bytes());
        } else {
            self.marked(Marker::I64, value.to_be_bytes());
        }
    }

    pub(super) fn single(&mut self, value: f32) {
        self.marked(Marker::F32, value.to_be_bytes());
    }

    pub(super) fn double(&mut self, value: f64) {
        self.marked(Marker::F64, value.to_be_bytes());
    }

    pub(super) fn text(&mut self, text: &str) -> Result<(), Unwritable> {
        let bytes = text.as_bytes();
        match bytes.len() {
            len @ ..32 => self.sink.append_marked(SHORT_TEXT | len as u8, bytes),
            len => {
                self.length(&TEXT, len)?;
                self.sink.append(bytes);
            }
        }
        Ok(())
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Unwritable> {
        self.length(&BYTES, bytes.len())?;
        self.sink.append(bytes);
        Ok(())
    }

    /// Begins a sequence of `u8`.
    pub(super) fn numbers_len(&mut self, len: usize) -> Result<(), Unwritable> {
        self.length(&EXTENSION, len)?;
        self.sink.append(&NUMBERS.to_be_bytes());
        Ok(())
    }

    #[inline]
    pub(super) fn array_len(&mut self, len: usize) -> Result<(), Unwritable> {
        match len {
            ..16 => self.sink.append(&[SHORT_ARRAY | len as u8]),
            _ => self.length(&ARRAY, len)?,
        }
        Ok(())
    }

    pub(super) fn map_len(&mut self, len: usize) -> Result<(), Unwritable> {
        match len {
            ..16 => self.sink.append(&[SHORT_MAP | len as u8]),
            _ => self.length(&MAP, len)?,
        }
        Ok(())
    }

    /// Leaves room for the length of an array that is not known yet.
    pub(super) fn array_of_unknown_len(&mut self) -> usize {
        self.unknown_len(ARRAY.four)
    }

    /// The same for a map.
    pub(super) fn map_of_unknown_len(&mut self) -> usize {
        self.unknown_len(MAP.four)
    }

    fn unknown_len(&mut self, marker: Marker) -> usize {
        self.marked(marker, [0; 4]);
        self.sink.len() - 4
    }

    /// Notes a length for which room has been left.
    pub(super) fn note_len(&mut self, at: usize, len: usize) -> Result<(), Unwritable> {
        let len = u32::try_from(len).map_err(|_| too_long())?;
        self.sink.overwrite(at, &len.to_be_bytes());
        Ok(())
    }

    /// Marks the content of an option that would be taken for none.
    pub(super) fn mark_full(&mut self, begin: usize) {
        if self.nil_at == begin {
            // It is nothing but that, with as many marks as it has got so far.
            self.sink.overwrite(self.sink.len() - 1, &[FULL]);
            self.sink.append(&[NIL]);
        }
    }

    fn length(&mut self, lengths: &Lengths, len: usize) -> Result<(), Unwritable> {
        if let (Ok(len), Some(marker)) = (u8::try_from(len), lengths.one) {
            self.marked(marker, [len]);
        } else if let Ok(len) = u16::try_from(len) {
            self.marked(lengths.two, len.to_be_bytes());
        } else {
            let len = u32::try_from(len).map_err(|_| too_long())?;
            self.marked(lengths.four, len.to_be_bytes());
        }
        Ok(())
    }

    #[inline]
    fn marked<const N: usize>(&mut self, marker: Marker, value: [u8; N]) {
        self.sink.append_marked(marker.to_u8(), &value);
    }
}

#[cold]
fn too_long() -> Unwritable {
    Unwritable::custom("it has a part of more than 4 GiB")
}
