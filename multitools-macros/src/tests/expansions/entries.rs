fn main() -> Result<(), Error> {
    #![allow(x)]
    ::multitools::init();
    work()
}
#[::core::prelude::v1::test]
#[cfg(unix)]
#[ignore]
fn r#try() {
    mt::init();
    work()
}
#[cfg(unix)]
#[cfg(test)]
#[doc(hidden)]
const _: () = {
    use mt::__private as __multitools;
    __multitools::inventory::submit! {
        __multitools::TestEntry { path :
        __multitools::strip_crate(::core::concat!(::core::module_path!(), "::", "try")),
        }
    }
};
