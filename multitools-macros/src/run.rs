//! What stands among the agents of `run!`, which might have been meant for one of its options.

use crate::diag::Diag;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The agent as it is, unless it is an option.
pub(crate) fn agent(tokens: TokenStream) -> TokenStream {
    let given: Vec<_> = peel(tokens.clone()).into_iter().take(3).collect();
    let [TokenTree::Ident(key), TokenTree::Punct(equals), value] = &given[..] else {
        return tokens;
    };
    let compares = matches!(value, TokenTree::Punct(next) if next.as_char() == '=');
    if equals.as_char() != '=' || compares {
        return tokens;
    }
    let mut diag = Diag::default();
    diag.at(
        key,
        format!("options come after the agents and a semicolon: `run!(a, b; {key} = ..)`"),
    );
    diag.into_tokens()
}

/// The tokens without the invisible parentheses that `macro_rules!` puts around an expression.
fn peel(tokens: TokenStream) -> TokenStream {
    let mut rest = tokens.clone().into_iter();
    match (rest.next(), rest.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            peel(group.stream())
        }
        _ => tokens,
    }
}
