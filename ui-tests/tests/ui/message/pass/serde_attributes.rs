//! Attributes for serde need no derive of the user's own, and conditions may stand among them.
#![deny(warnings)]
use multitools::{agent, message};

/// Documented.
#[message]
#[serde(rename_all = "camelCase")]
#[cfg(all())]
#[derive(Clone)]
struct Renamed {
    #[serde(rename = "other")]
    some_field: u32,
}
#[message]
#[serde(deny_unknown_fields)]
#[cfg(any())]
struct Gone(DoesNotExist);

#[agent]
#[serde(deny_unknown_fields)]
#[derive(Default)]
struct A {
    #[serde(skip)]
    only_in_the_child: Option<std::time::Instant>,
}
#[agent]
impl A {
    fn op(&mut self) -> bool {
        self.only_in_the_child.is_none()
    }
}

fn main() {
    let renamed = Renamed { some_field: 1 }.clone();
    assert_eq!(format!("{renamed:?}"), "Renamed { some_field: 1 }");
    let _ = A::default();
}
