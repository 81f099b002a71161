//! The keys that an attribute knows, and what is said of a value that does not fit its key.

use crate::types::text;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Error, Ident, Lit, Path, Token, Type};

/// What follows a key.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// Nothing.
    Flag,
    /// `= "text"`.
    Text,
    /// `= some::path`.
    Path,
    /// `= SomeType`.
    Type,
    /// `(TypeA, TypeB)`, of this kind.
    Paths(&'static str),
    /// `= one_of_these`.
    Word(&'static [&'static str]),
    /// `= 3`.
    Number,
    /// `= "60s"`: what it is called, and an example.
    Quantity(&'static str, &'static str),
}

/// A key that an attribute knows.
#[derive(Clone, Copy)]
pub(crate) struct Key(pub(crate) &'static str, pub(crate) Shape);

impl Key {
    /// What to say of what follows the key: `= value`, `(value)` or nothing.
    pub(crate) fn misfit(&self, name: &Ident, follows: TokenStream) -> Error {
        let takes = self.takes();
        if let Shape::Flag = self.1 {
            return Error::new_spanned(follows, takes);
        }
        let value = value(follows);
        let usage = match self.own(&value) {
            Some(own) => format!(": `{}`", self.usage(&own)),
            None => match self.1 {
                Shape::Word(words) => format!(": {}", words.join(", ")),
                _ => format!(", as `{}`", self.usage(self.example())),
            },
        };
        let message = format!("{takes}{usage}");
        match value.is_empty() {
            true => Error::new(name.span(), message),
            false => Error::new_spanned(value, message),
        }
    }

    fn takes(&self) -> String {
        let Key(name, shape) = self;
        match shape {
            Shape::Flag => format!("`{name}` takes no value"),
            Shape::Text => format!("`{name}` takes a text in quotes"),
            Shape::Path => format!("`{name}` takes a path"),
            Shape::Type => format!("`{name}` takes a type"),
            Shape::Paths(what) => format!("`{name}` takes {what} in parentheses"),
            Shape::Word(_) => format!("`{name}` takes one word without quotes"),
            Shape::Number => format!("`{name}` takes a whole number"),
            Shape::Quantity(what, _) => format!("`{name}` takes {what} in quotes"),
        }
    }

    fn usage(&self, value: &str) -> String {
        let Key(name, shape) = self;
        match shape {
            Shape::Text | Shape::Quantity(..) => format!("{name} = {value:?}"),
            Shape::Paths(_) => format!("{name}({value})"),
            _ => format!("{name} = {value}"),
        }
    }

    fn example(&self) -> &'static str {
        match self.1 {
            Shape::Flag => "",
            Shape::Text => "...",
            Shape::Path => "some::path",
            Shape::Type => "SomeType",
            Shape::Paths(_) => "TypeA, TypeB",
            Shape::Word(words) => words.first().copied().unwrap_or_default(),
            Shape::Number => "3",
            Shape::Quantity(_, example) => example,
        }
    }

    /// The user's own value in the right form, where it is seen what is meant.
    fn own(&self, value: &TokenStream) -> Option<String> {
        let written = match syn::parse2(value.clone()) {
            Ok(Lit::Str(text)) => text.value(),
            Ok(Lit::Char(one)) => one.value().to_string(),
            _ if matches!(self.1, Shape::Paths(_)) => text(value).replace('"', ""),
            _ => text(value),
        };
        let meant = match self.1 {
            Shape::Flag => false,
            Shape::Text => !written.is_empty() && !written.contains('"'),
            Shape::Path => syn::parse_str::<Path>(&written).is_ok(),
            Shape::Type => syn::parse_str::<Type>(&written).is_ok(),
            Shape::Paths(_) => Punctuated::<Path, Token![,]>::parse_separated_nonempty
                .parse_str(&written)
                .is_ok(),
            Shape::Word(words) => words.contains(&&*written),
            Shape::Number => written.parse::<i64>().is_ok(),
            Shape::Quantity(..) => {
                written.starts_with(|c: char| c.is_ascii_digit())
                    && written.ends_with(char::is_alphabetic)
            }
        };
        meant.then_some(written)
    }
}

/// The value without the `=` before it and the parentheses or brackets around it.
fn value(follows: TokenStream) -> TokenStream {
    let mut tokens = follows.into_iter().peekable();
    tokens.next_if(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '='));
    let tokens: Vec<_> = tokens.collect();
    match &tokens[..] {
        [TokenTree::Group(group)]
            if group.delimiter() != Delimiter::Brace && !group.stream().is_empty() =>
        {
            group.stream()
        }
        _ => tokens.into_iter().collect(),
    }
}
