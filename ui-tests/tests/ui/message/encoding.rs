use multitools::{StringMessage, message};

#[message(extends = StringMessage)]
#[serde(tag = "kind")]
struct Tagged {
    base: StringMessage,
}
#[message(extends = StringMessage)]
struct Flat {
    #[serde(default, flatten)]
    base: StringMessage,
}
#[message(extends = StringMessage)]
struct Conditional {
    #[cfg(all())]
    base: StringMessage,
}
#[message]
struct Gap {
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<u8>,
    second: u8,
}
fn main() {}
