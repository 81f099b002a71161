//! The parts of the example programs that need no agents: what they compute, apart from who does it.

pub mod archiver;
