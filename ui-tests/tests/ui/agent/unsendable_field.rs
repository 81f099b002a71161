use multitools::agent;
use std::fs::File;
use std::time::Instant;

#[agent]
struct Reader {
    file: File,
    since: Instant,
}
#[agent]
impl Reader {
    fn op(&mut self) {}
}
fn main() {}
