//! `restart`, `max`, `within`, `backoff`, `retry`, `group` and `strategy`: when an agent that has ended is started again.

use crate::args::{Args, Key, Shape};
use crate::diag::Diag;
use crate::paths::Library;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, LitInt, LitStr};

const RESTART: Key = Key("restart", Shape::Word(&["never", "on_failure", "always"]));
const MAX: Key = Key("max", Shape::Number);
const WITHIN: Key = Key("within", Shape::Quantity("a time", "60s"));
const BACKOFF: Key = Key("backoff", Shape::Quantity("two times", "100ms..5s"));
const RETRY: Key = Key("retry", Shape::Number);
const GROUP: Key = Key("group", Shape::Text);
const STRATEGY: Key = Key("strategy", Shape::Word(&["one", "all", "rest"]));

pub(crate) const KEYS: &[Key] = &[RESTART, MAX, WITHIN, BACKOFF, RETRY, GROUP, STRATEGY];

/// What means nothing without `restart`.
const LIMITS: [&str; 6] = [MAX.0, WITHIN.0, BACKOFF.0, RETRY.0, GROUP.0, STRATEGY.0];

/// What is declared; what is not is left to the library. Times are in milliseconds.
#[derive(Default)]
pub(crate) struct Policy {
    when: Option<Ident>,
    max: Option<u32>,
    within: Option<u64>,
    backoff: Option<(u64, u64)>,
    retry: Option<u32>,
    group: Option<(String, &'static str)>,
}

impl Policy {
    /// What can be understood of it.
    pub(crate) fn parse(args: &Args, diag: &mut Diag) -> Policy {
        let when = args.word(RESTART.0);
        let never = when.is_some_and(|when| when == "never");
        if let Some(limit) = args.first_mentioned(&LIMITS) {
            if never {
                diag.at(limit, format!("`{limit}` means nothing with `restart = never`: remove it, or write `restart = on_failure` or `restart = always`"));
                return Policy::default();
            }
            if !args.mentions(RESTART.0) {
                diag.at(limit, format!("`{limit}` does not say when to start again: add `restart = on_failure` or `restart = always`"));
            }
        }
        Policy {
            when: when.cloned(),
            max: args
                .number(MAX.0)
                .and_then(|number| count(number, &MAX_COUNT, diag)),
            within: args.text(WITHIN.0).and_then(|text| within(text, diag)),
            backoff: args.text(BACKOFF.0).and_then(|text| backoff(text, diag)),
            retry: args
                .number(RETRY.0)
                .and_then(|number| count(number, &RETRY_COUNT, diag)),
            group: group(args, diag),
        }
    }

    /// The `Restart`, as a constant expression.
    pub(crate) fn expand(&self, library: &Library) -> TokenStream {
        let mt = library.private();
        let Some(when) = &self.when else {
            return quote!(#mt::Restart::never());
        };
        let time = |millis: u64| quote!(::core::time::Duration::from_millis(#millis));
        let max = self.max.map(|max| quote!(.max(#max)));
        let within = self.within.map(time).map(|within| quote!(.within(#within)));
        let backoff = self.backoff.map(|(least, most)| {
            let (least, most) = (time(least), time(most));
            quote!(.backoff(#least, #most))
        });
        let retry = self.retry.map(|times| quote!(.retry(#times)));
        let group = self.group.as_ref().map(|(name, strategy)| {
            let strategy = Ident::new(strategy, Span::call_site());
            quote!(.group(#name, #mt::Strategy::#strategy))
        });
        quote!(#mt::Restart::#when() #max #within #backoff #retry #group)
    }
}

/// What a number says, and what it means where it is nought.
struct Count {
    meaning: &'static str,
    nought: &'static str,
}

const MAX_COUNT: Count = Count {
    meaning: "`max` is how often it is started again",
    nought: "`max = 0` means that it is never started again: write `restart = never`, and no `max`",
};
const RETRY_COUNT: Count = Count {
    meaning: "`retry` is how often a message that it has failed at is handled again",
    nought: "`retry = 0` means that no message is handled again, which holds without it: remove it",
};

fn count(number: &LitInt, what: &Count, diag: &mut Diag) -> Option<u32> {
    let count = number.base10_parse().ok();
    let Count { meaning, nought } = what;
    match count.filter(|_| number.suffix().is_empty()) {
        Some(0) => diag.at(number, nought),
        None => diag.at(
            number,
            format!("{meaning}: write a number from 1 to {}", u32::MAX),
        ),
        count => return count,
    }
    None
}

fn group(args: &Args, diag: &mut Diag) -> Option<(String, &'static str)> {
    if let Some(strategy) = args.key(STRATEGY.0).filter(|_| !args.mentions(GROUP.0)) {
        diag.at(strategy, "`strategy` says who of a group is started again, and there is no group: add `group = \"...\"`");
    }
    let name = args.text(GROUP.0)?;
    if name.value().is_empty() {
        diag.at(
            name,
            "a group is known by its name: write one, such as `group = \"pipeline\"`",
        );
        return None;
    }
    let strategy = args.word(STRATEGY.0).map(ToString::to_string);
    let strategy = match strategy.as_deref() {
        Some("all") => "All",
        Some("rest") => "Rest",
        _ => "One",
    };
    Some((name.value(), strategy))
}

fn within(text: &LitStr, diag: &mut Diag) -> Option<u64> {
    let time = time(&text.value(), text, diag)?;
    if time == 0 {
        diag.at(
            text,
            "within no time no restarts are counted, and there would be no end to them: write a longer time, such as `60s`",
        );
        return None;
    }
    Some(time)
}

fn backoff(text: &LitStr, diag: &mut Diag) -> Option<(u64, u64)> {
    let value = text.value();
    let Some((least, most)) = value.split_once("..") else {
        diag.at(
            text,
            "a backoff goes from the least wait to the most: write both, such as `100ms..5s`",
        );
        return None;
    };
    let (least, most) = (least.trim(), most.trim());
    let times = (time(least, text, diag), time(most, text, diag));
    let (Some(from), Some(to)) = times else {
        return None;
    };
    if from > to {
        diag.at(text, format!("a backoff goes from the least wait to the most, and `{least}` is longer than `{most}`: write `{most}..{least}`"));
        return None;
    }
    if from == 0 {
        diag.at(
            text,
            "the wait is doubled before each restart, and twice nothing is nothing: begin with a longer time, such as `1ms`",
        );
        return None;
    }
    Some((from, to))
}

fn time(time: &str, literal: &LitStr, diag: &mut Diag) -> Option<u64> {
    milliseconds(time)
        .map_err(|mistake| diag.at(literal, mistake))
        .ok()
}

pub(crate) fn milliseconds(time: &str) -> Result<u64, String> {
    let digits = time.find(|c: char| !c.is_ascii_digit());
    let (number, unit) = time.split_at(digits.unwrap_or(time.len()));
    let scale = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "" if !number.is_empty() => {
            return Err(format!(
                "`{time}` has no unit: write `{time}s` for seconds; there are `ms`, `s`, `m` and `h`"
            ));
        }
        _ => 0,
    };
    if number.is_empty() || scale == 0 {
        return Err(format!(
            "`{time}` is no time: write a whole number with its unit, such as `250ms`, `60s`, `2m` or `1h`"
        ));
    }
    let number: Option<u64> = number.parse().ok();
    let time = number.and_then(|number| number.checked_mul(scale));
    time.ok_or_else(|| "this time is too long to be counted in milliseconds".to_owned())
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn times_are_whole_numbers_with_units() {
        assert_eq!(milliseconds("250ms"), Ok(250));
        assert_eq!(milliseconds("60s"), Ok(60_000));
        assert_eq!(milliseconds("2m"), Ok(120_000));
        assert_eq!(milliseconds("1h"), Ok(3_600_000));
        assert_eq!(milliseconds("18446744073709551615ms"), Ok(u64::MAX));
        for wrong in [
            "", "s", "60", "1.5s", "-1s", "1 s", "1S", "1sec", "1s1", "²s",
        ] {
            assert!(milliseconds(wrong).is_err(), "{wrong}");
        }
        for long in ["18446744073709551616ms", "18446744073709551615s"] {
            assert!(
                milliseconds(long).unwrap_err().contains("too long"),
                "{long}"
            );
        }
    }
}
