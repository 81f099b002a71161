//! What `#[cfg]` removes is gone from the generated code as well.
use multitools::{Is, StringMessage, message};

#[message]
#[cfg(any())]
struct Gone(DoesNotExist);

#[message]
struct Fields {
    #[cfg(any())]
    a: DoesNotExist,
    #[cfg(all())]
    b: u8,
}

#[message(extends = StringMessage)]
struct Newtype(StringMessage, #[cfg(any())] DoesNotExist);

#[message]
enum Family {
    #[cfg(any())]
    Gone(DoesNotExist),
    #[cfg(all())]
    Here(Here),
    #[cfg(any())]
    Other(Here),
    Number(u8),
    #[cfg(all())]
    Digit(u8),
}
#[message(extends = Family)]
struct Here;

fn is<M: Is<T>, T>(_: &M) {}
fn main() {
    let _ = Fields { b: 1 };
    is::<_, StringMessage>(&Newtype(StringMessage::new("")));
    is::<_, Family>(&Here);
    let _ = [Family::Number(1), Family::Digit(2), Family::Here(Here)];
}
