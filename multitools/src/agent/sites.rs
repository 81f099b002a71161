//! The places in the source that messages are sent from, numbered: a frame carries four bytes, and
//! the supervisor, which alone prints them, is told once what a number stands for.

use crate::protocol::{ControlWriter, ToSupervisor};
use std::collections::HashMap;
use std::panic::Location;

/// The sites of one agent.
#[derive(Default)]
pub(super) struct Sites {
    /// How many numbers earlier incarnations have used.
    known: u32,
    numbers: HashMap<&'static Location<'static>, u32>,
    /// A loop sends from one place: its number without a search.
    latest: Option<(&'static Location<'static>, u32)>,
}

impl Sites {
    pub(super) fn after(known: u32) -> Sites {
        Sites {
            known,
            ..Sites::default()
        }
    }

    /// The number of a place.
    #[inline]
    pub(super) fn number(
        &mut self,
        place: &'static Location<'static>,
        supervisor: &ControlWriter,
    ) -> u32 {
        match self.latest {
            Some((latest, number)) if std::ptr::eq(latest, place) => number,
            _ => self.search(place, supervisor),
        }
    }

    fn search(&mut self, place: &'static Location<'static>, supervisor: &ControlWriter) -> u32 {
        let own = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let next = self.known.saturating_add(own).saturating_add(1);
        let number = *self.numbers.entry(place).or_insert_with(|| {
            let site = ToSupervisor::Site {
                number: next,
                file: place.file().to_owned(),
                line: place.line(),
                column: place.column(),
            };
            // Without a supervisor this process is about to end.
            let _ = supervisor.write(&site);
            next
        });
        self.latest = Some((place, number));
        number
    }
}
