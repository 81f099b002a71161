use multitools::message;

#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Plain;
#[message(extends = Plain)]
struct A {
    base: Plain,
}
fn main() {}
