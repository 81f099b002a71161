//! Has no agents.

use multitools::RunError;

fn main() -> Result<(), RunError> {
    multitools::run!()
}
