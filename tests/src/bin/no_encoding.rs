//! An agent whose fields refuse to be written.

use multitools::{RunError, agent};

#[agent]
struct Secretive {
    #[serde(serialize_with = "refuse")]
    secret: u32,
}
#[agent]
impl Secretive {
    fn op(&mut self) -> u32 {
        self.secret
    }
}

fn refuse<S: serde::Serializer>(_: &u32, _: S) -> Result<S::Ok, S::Error> {
    Err(serde::ser::Error::custom("not for others"))
}

fn main() -> Result<(), RunError> {
    multitools::run!(Secretive { secret: 1 }).map(drop)
}
