//! What the tests of the library's rules share.

pub mod lifecycle;
