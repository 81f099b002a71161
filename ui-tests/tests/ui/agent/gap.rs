use multitools::agent;

#[agent]
struct A {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    list: Vec<u8>,
    count: u32,
}
#[agent]
impl A {
    fn op(&mut self) {}
}
fn main() {}
