//! The archiver: what it packs must come out of `tar xzf` as it went in.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod killed;
mod packing;
mod place;
mod running;
mod stopping;
mod tree;
