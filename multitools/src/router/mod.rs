//! From a target to its addressees: who bears a name, who listens to what. Pure: no I/O, no clock.

mod directory;
mod similar;
mod target;

pub(crate) use directory::{Audience, Change, Directory, Member, Nobody};
pub use target::{BROADCAST, IntoTarget, LISTENERS, Recipient, SUPERVISOR, Target};
