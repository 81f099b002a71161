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
    mt::__private::inventory::submit! {
        mt::__private::TestEntry { path :
        mt::__private::strip_crate(::core::concat!(::core::module_path!(), "::", "try")),
        }
    }
};
