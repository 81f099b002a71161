//! The arguments of an attribute: `key`, `key = value` and `key(A, B)`, checked against what the
//! attribute knows. Parsing goes on after an error, so that all of them are reported at once.

mod key;

use crate::diag::{Diag, did_you_mean};
pub(crate) use key::{Key, Shape};
use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, LitInt, LitStr, Path, Token, Type, parenthesized};

enum Value {
    Flag,
    Text(LitStr),
    Path(Path),
    Type(Type),
    Paths(Vec<Path>),
    Word(Ident),
    Number(LitInt),
}

/// The arguments that were understood.
#[derive(Default)]
pub(crate) struct Args {
    given: Vec<(Ident, Value)>,
    /// All keys that were meant, be it with a slip of the pen or with a value that was not understood.
    mentioned: Vec<Ident>,
}

impl Args {
    /// Parses what stands between the parentheses of `#[attribute(...)]`.
    pub(crate) fn parse(
        attribute: &str,
        keys: &[Key],
        tokens: TokenStream,
        diag: &mut Diag,
    ) -> Args {
        let mut args = Args::default();
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                args.parse_one(attribute, keys, input, diag);
                if !input.is_empty()
                    && let Err(error) = input.parse::<Token![,]>()
                {
                    diag.push(error);
                    skip_to_comma(input);
                    let _ = input.parse::<Option<Token![,]>>();
                }
            }
            Ok(())
        };
        if let Err(error) = parser.parse2(tokens) {
            diag.push(error);
        }
        args
    }

    fn parse_one(
        &mut self,
        attribute: &str,
        keys: &[Key],
        input: ParseStream<'_>,
        diag: &mut Diag,
    ) {
        let name = match input.call(Ident::parse_any) {
            Ok(name) => name,
            Err(_) => {
                diag.at_span(input.span(), no_key(keys, input));
                skip_to_comma(input);
                return;
            }
        };
        let Some(key) = keys.iter().find(|key| name == key.0) else {
            diag.at(&name, unknown(attribute, keys, &name));
            let meant = did_you_mean(&name.to_string(), keys.iter().map(|key| key.0));
            let meant = meant.map(|meant| Ident::new(meant, name.span()));
            self.mentioned.extend(meant);
            skip_value(input);
            return;
        };
        self.mentioned.push(name.clone());
        match parse_value(key, input) {
            Ok(Some(_)) if self.key(key.0).is_some() => {
                diag.at(&name, format!("`{name}` is given twice"));
            }
            Ok(Some(value)) => self.given.push((name, value)),
            Ok(None) => {
                let follows = skip_value(input);
                diag.push(key.misfit(&name, follows));
            }
            Err(error) => {
                diag.push(error);
                skip_value(input);
            }
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        let (_, value) = self.given.iter().find(|(key, _)| key == name)?;
        Some(value)
    }

    /// The key itself, if it is given.
    pub(crate) fn key(&self, name: &str) -> Option<&Ident> {
        self.keys().find(|key| *key == name)
    }

    /// Whether the key is meant to be given, be it with a mistake.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        self.mentioned.iter().any(|key| key == name)
    }

    /// The first of the keys that are meant to be given.
    pub(crate) fn first_mentioned(&self, names: &[&str]) -> Option<&Ident> {
        self.mentioned
            .iter()
            .find(|key| names.iter().any(|name| *key == name))
    }

    /// The keys that are given.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Ident> {
        self.given.iter().map(|(key, _)| key)
    }

    /// The value of a [`Shape::Text`] or [`Shape::Quantity`].
    pub(crate) fn text(&self, name: &str) -> Option<&LitStr> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a [`Shape::Path`].
    pub(crate) fn path(&self, name: &str) -> Option<&Path> {
        match self.value(name)? {
            Value::Path(path) => Some(path),
            _ => None,
        }
    }

    /// The value of a [`Shape::Type`].
    pub(crate) fn ty(&self, name: &str) -> Option<&Type> {
        match self.value(name)? {
            Value::Type(ty) => Some(ty),
            _ => None,
        }
    }

    /// The value of a [`Shape::Word`].
    pub(crate) fn word(&self, name: &str) -> Option<&Ident> {
        match self.value(name)? {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The value of a [`Shape::Number`].
    pub(crate) fn number(&self, name: &str) -> Option<&LitInt> {
        match self.value(name)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The values of a [`Shape::Paths`].
    pub(crate) fn paths(&self, name: &str) -> &[Path] {
        match self.value(name) {
            Some(Value::Paths(paths)) => paths,
            _ => &[],
        }
    }
}

/// The value; `None` if what follows the key does not fit it, and is left to be said something of.
fn parse_value(key: &Key, input: ParseStream<'_>) -> syn::Result<Option<Value>> {
    let ahead = input.fork();
    if !matches!(key.1, Shape::Flag | Shape::Paths(_)) && ahead.parse::<Token![=]>().is_err() {
        return Ok(None);
    }
    let value = match key.1 {
        Shape::Flag => Ok(Value::Flag),
        Shape::Text | Shape::Quantity(..) => ahead.parse().map(Value::Text),
        Shape::Path => ahead.parse().map(Value::Path),
        Shape::Type => ahead.parse().map(Value::Type),
        Shape::Paths(_) => parse_paths(&ahead),
        Shape::Word(_) => ahead.call(Ident::parse_any).map(Value::Word),
        Shape::Number => ahead.parse().map(Value::Number),
    };
    let value = match value {
        Ok(value) => value,
        Err(error) if error.to_string() == "expected `,`" => return Err(error),
        Err(_) => return Ok(None),
    };
    let ends = ahead.is_empty() || ahead.peek(Token![,]);
    if matches!(key.1, Shape::Flag | Shape::Word(_)) && !ends {
        return Ok(None);
    }
    if let (Value::Word(word), Shape::Word(words)) = (&value, key.1)
        && !words.iter().any(|known| word == known)
    {
        return Err(syn::Error::new(
            word.span(),
            unknown_word(key.0, words, word),
        ));
    }
    input.advance_to(&ahead);
    Ok(Some(value))
}

fn parse_paths(input: ParseStream<'_>) -> syn::Result<Value> {
    let content;
    parenthesized!(content in input);
    let paths = Punctuated::<Path, Token![,]>::parse_terminated(&content);
    if paths.is_err() {
        // Whatever is left was not understood, which one error says well enough.
        let _ = content.parse::<TokenStream>();
    }
    Ok(Value::Paths(paths?.into_iter().collect()))
}

/// What to say of something that begins like no key.
fn no_key(keys: &[Key], input: ParseStream<'_>) -> String {
    match input.fork().parse::<LitStr>() {
        Ok(text) if keys.iter().any(|key| key.0 == "name") => {
            format!("expected a key: write `name = {:?}`", text.value())
        }
        _ => "expected a key".to_owned(),
    }
}

fn unknown(attribute: &str, keys: &[Key], name: &Ident) -> String {
    let names: Vec<_> = keys.iter().map(|key| key.0).collect();
    let hint = hint(&names, name);
    format!("unknown key `{name}` in `#[{attribute}(...)]`; {hint}")
}

fn unknown_word(key: &str, words: &[&str], word: &Ident) -> String {
    format!("unknown value `{word}` of `{key}`; {}", hint(words, word))
}

fn hint(known: &[&str], word: &Ident) -> String {
    match did_you_mean(&word.to_string(), known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of: {}", known.join(", ")),
    }
}

/// Skips what belongs to a key that was not understood. A type may hold commas of its own.
fn skip_value(input: ParseStream<'_>) -> TokenStream {
    let ahead = input.fork();
    let is_type = ahead.parse::<Token![=]>().is_ok() && ahead.parse::<Type>().is_ok();
    let mut skipped = TokenStream::new();
    while is_type && input.cursor() != ahead.cursor() {
        match input.parse::<TokenTree>() {
            Ok(token) => skipped.extend([token]),
            Err(_) => break,
        }
    }
    skipped.extend(skip_to_comma(input));
    skipped
}

fn skip_to_comma(input: ParseStream<'_>) -> TokenStream {
    let mut skipped = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        match input.parse::<TokenTree>() {
            Ok(token) => skipped.extend([token]),
            Err(_) => break,
        }
    }
    skipped
}
