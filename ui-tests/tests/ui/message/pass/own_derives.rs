//! Derives below the attribute are the user's own.
use multitools::message;
use serde::{Deserialize, Serialize};

#[message]
#[derive(Serialize, Deserialize, Debug, Clone)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Own {
    some_bytes: Vec<u8>,
    #[serde(default, with = "as_text")]
    number: u32,
}

#[message]
#[derive(Clone, serde::Serialize)]
struct Half(u8);

#[message]
#[derive(Deserialize)]
#[serde(crate = "serde")]
enum Crate {
    A,
}

mod as_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub fn serialize<S: Serializer>(number: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        number.to_string().serialize(serializer)
    }
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

fn main() {
    let _ = (Own { some_bytes: vec![], number: 1 }.clone(), Half(1).clone(), Crate::A);
}
