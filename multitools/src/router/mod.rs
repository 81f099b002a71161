//! From a target to its addressees: who bears a name, who listens to what. Pure: no I/O, no clock.

mod changes;
mod directory;
mod similar;
mod target;

pub(crate) use changes::{Change, Changes, Kind, Member};
pub(crate) use directory::{Audience, Directory, Nobody};
pub use target::{BROADCAST, IntoTarget, LISTENERS, Recipient, SUPERVISOR, Target};
