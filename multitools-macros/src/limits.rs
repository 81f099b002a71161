//! `memory`, `cpu`, `files` and `nice`: what an agent may take of the machine.

use crate::args::{Args, Key, Shape};
use crate::diag::Diag;
use crate::paths::Library;
use crate::restart::milliseconds;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitInt, LitStr};

const MEMORY: Key = Key("memory", Shape::Quantity("a size", "512MiB"));
const CPU: Key = Key("cpu", Shape::Quantity("a time", "60s"));
const FILES: Key = Key("files", Shape::Number);
const NICE: Key = Key("nice", Shape::Number);

pub(crate) const KEYS: &[Key] = &[MEMORY, CPU, FILES, NICE];

/// An agent needs so many descriptors for itself.
const FEWEST_FILES: u64 = 16;

/// What is declared; what is not is not limited.
#[derive(Default)]
pub(crate) struct Limits {
    /// In bytes.
    memory: Option<u64>,
    /// In seconds.
    cpu: Option<u64>,
    files: Option<u64>,
    nice: Option<i8>,
}

impl Limits {
    /// What can be understood of it.
    pub(crate) fn parse(args: &Args, diag: &mut Diag) -> Limits {
        Limits {
            memory: args.text(MEMORY.0).and_then(|text| memory(text, diag)),
            cpu: args.text(CPU.0).and_then(|text| cpu(text, diag)),
            files: args.number(FILES.0).and_then(|number| files(number, diag)),
            nice: args.number(NICE.0).and_then(|number| nice(number, diag)),
        }
    }

    /// The `Limits`, as a constant expression.
    pub(crate) fn expand(&self, library: &Library) -> TokenStream {
        let mt = library.private();
        let memory = self.memory.map(|bytes| quote!(.memory(#bytes)));
        let cpu = self
            .cpu
            .map(|seconds| quote!(.cpu(::core::time::Duration::from_secs(#seconds))));
        let files = self.files.map(|count| quote!(.files(#count)));
        let nice = self.nice.map(|nice| quote!(.nice(#nice)));
        quote!(#mt::Limits::none() #memory #cpu #files #nice)
    }
}

fn memory(text: &LitStr, diag: &mut Diag) -> Option<u64> {
    bytes(&text.value())
        .map_err(|mistake| diag.at(text, mistake))
        .ok()
}

fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit());
    let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
    let scale: u64 = match unit {
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "" if !number.is_empty() => {
            return Err(format!(
                "`{text}` has no unit: write `{text}MiB`; there are `KiB`, `MiB` and `GiB`"
            ));
        }
        _ => 0,
    };
    if number.is_empty() || scale == 0 {
        return Err(format!(
            "`{text}` is no amount of memory: write a whole number with its unit, such as `64MiB` or `2GiB`"
        ));
    }
    let bytes = number
        .parse()
        .ok()
        .and_then(|number: u64| number.checked_mul(scale));
    match bytes {
        Some(0) => Err("without memory nothing runs: write more, such as `64MiB`".to_owned()),
        Some(bytes) => Ok(bytes),
        None => Err("no machine has so much memory: write less".to_owned()),
    }
}

fn cpu(text: &LitStr, diag: &mut Diag) -> Option<u64> {
    match milliseconds(&text.value()) {
        Err(mistake) => diag.at(text, mistake),
        Ok(0) => diag.at(text, "without time nothing runs: write more, such as `60s`"),
        Ok(time) if time % 1000 > 0 => diag.at(
            text,
            "the system counts the time of a processor in seconds: write whole seconds, such as `60s`",
        ),
        Ok(time) => return Some(time / 1000),
    }
    None
}

fn files(number: &LitInt, diag: &mut Diag) -> Option<u64> {
    let count = whole(number).filter(|count| *count >= FEWEST_FILES);
    if count.is_none() {
        diag.at(
            number,
            format!("`files` is how many may be open, of which an agent needs some for itself: write a number from {FEWEST_FILES}"),
        );
    }
    count
}

fn nice(number: &LitInt, diag: &mut Diag) -> Option<i8> {
    let nice = whole(number).and_then(|nice| i8::try_from(nice).ok());
    let nice = nice.filter(|nice| *nice <= 19);
    if nice.is_none() {
        diag.at(
            number,
            "`nice` is how far it stands back behind others: write a number from 0 to 19",
        );
    }
    nice
}

fn whole(number: &LitInt) -> Option<u64> {
    number
        .base10_parse()
        .ok()
        .filter(|_| number.suffix().is_empty())
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn amounts_are_whole_numbers_with_units() {
        assert_eq!(bytes("4KiB"), Ok(4096));
        assert_eq!(bytes("512MiB"), Ok(512 << 20));
        assert_eq!(bytes("2GiB"), Ok(2 << 30));
        for wrong in [
            "",
            "MiB",
            "64",
            "0MiB",
            "1.5GiB",
            "-1MiB",
            "64MB",
            "64 MiB",
            "99999999999GiB",
        ] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
