//! Functions and `impl` blocks whose bodies stay tokens: no time goes into parsing them, newer syntax
//! passes through, and a half-typed statement does not cost an editor the whole item.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, Path, Signature, Token, Type, Visibility, braced, token};

/// A function or method.
pub(crate) struct LooseFn {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    brace: token::Brace,
    inner: Vec<Attribute>,
    body: TokenStream,
}

impl LooseFn {
    /// Puts a statement before all others.
    pub(crate) fn begin_with(&mut self, statement: TokenStream) {
        let rest = std::mem::replace(&mut self.body, statement);
        self.body.extend(rest);
    }
}

impl Parse for LooseFn {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        let content;
        Ok(LooseFn {
            attrs,
            vis,
            sig,
            brace: braced!(content in input),
            inner: content.call(Attribute::parse_inner)?,
            body: content.parse()?,
        })
    }
}

impl ToTokens for LooseFn {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        self.brace.surround(tokens, |tokens| {
            tokens.append_all(&self.inner);
            self.body.to_tokens(tokens);
        });
    }
}

/// What stands in an `impl` block.
pub(crate) enum LooseItem {
    Fn(Box<LooseFn>),
    Other(TokenStream),
}

impl Parse for LooseItem {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        if let Ok(function) = ahead.parse() {
            input.advance_to(&ahead);
            return Ok(LooseItem::Fn(Box::new(function)));
        }
        // An associated constant or type, a macro call or something unfinished ends with `;` or a block.
        let mut tokens = TokenStream::new();
        while !input.is_empty() {
            let token: TokenTree = input.parse()?;
            let end = match &token {
                TokenTree::Punct(punct) => punct.as_char() == ';',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                _ => false,
            };
            tokens.append(token);
            if end && !input.peek(Token![;]) {
                break;
            }
        }
        Ok(LooseItem::Other(tokens))
    }
}

impl ToTokens for LooseItem {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            LooseItem::Fn(function) => function.to_tokens(tokens),
            LooseItem::Other(other) => other.to_tokens(tokens),
        }
    }
}

/// An `impl` block.
pub(crate) struct LooseImpl {
    pub(crate) attrs: Vec<Attribute>,
    unsafety: Option<Token![unsafe]>,
    pub(crate) impl_token: Token![impl],
    pub(crate) generics: Generics,
    pub(crate) of_trait: Option<(Path, Token![for])>,
    pub(crate) self_ty: Type,
    brace: token::Brace,
    inner: Vec<Attribute>,
    pub(crate) items: Vec<LooseItem>,
}

impl Parse for LooseImpl {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let unsafety = input.parse()?;
        let impl_token = input.parse()?;
        let mut generics = Generics::default();
        if input.peek(Token![<]) {
            generics = input.parse()?;
        }
        let ahead = input.fork();
        let mut of_trait = None;
        if let (Ok(path), Ok(token)) = (ahead.parse(), ahead.parse()) {
            input.advance_to(&ahead);
            of_trait = Some((path, token));
        }
        let self_ty = input.parse()?;
        generics.where_clause = input.parse()?;
        let content;
        let brace = braced!(content in input);
        let inner = content.call(Attribute::parse_inner)?;
        let mut items = Vec::new();
        while !content.is_empty() {
            items.push(content.parse()?);
        }
        Ok(LooseImpl {
            attrs,
            unsafety,
            impl_token,
            generics,
            of_trait,
            self_ty,
            brace,
            inner,
            items,
        })
    }
}

impl ToTokens for LooseImpl {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.unsafety.to_tokens(tokens);
        self.impl_token.to_tokens(tokens);
        self.generics.to_tokens(tokens);
        if let Some((path, token)) = &self.of_trait {
            path.to_tokens(tokens);
            token.to_tokens(tokens);
        }
        self.self_ty.to_tokens(tokens);
        self.generics.where_clause.to_tokens(tokens);
        self.brace.surround(tokens, |tokens| {
            tokens.append_all(&self.inner);
            tokens.append_all(&self.items);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn unfinished_bodies_pass_through() {
        let block = quote!(impl Agent {
            const N: u32 = { 1 };
            #[handle]
            fn on(&mut self, m: &M, ctx: &mut Context) { ctx. }
            fn op(&mut self) { let x = }
        });
        let parsed: LooseImpl = syn::parse2(block.clone()).unwrap();
        assert_eq!(parsed.items.len(), 3);
        assert_eq!(parsed.to_token_stream().to_string(), block.to_string());
        assert!(syn::parse2::<syn::Item>(block).is_err());
    }

    #[test]
    fn everything_is_written_as_it_was_read() {
        for block in [
            quote!(
                unsafe impl<T: Copy> Trait for Agent<T> where T: Send {}
            ),
            quote!(impl crate::a::Agent { some! { thing } type X = u8; pub fn f() { #![allow(y)] g() } }),
        ] {
            let parsed: LooseImpl = syn::parse2(block.clone()).unwrap();
            assert_eq!(parsed.to_token_stream().to_string(), block.to_string());
        }
    }

    #[test]
    fn statements_are_put_first() {
        let mut function: LooseFn = syn::parse2(quote!(
            fn f() {
                #![allow(y)]
                g()
            }
        ))
        .unwrap();
        function.begin_with(quote!(init();));
        assert_eq!(
            function.to_token_stream().to_string(),
            quote!(
                fn f() {
                    #![allow(y)]
                    init();
                    g()
                }
            )
            .to_string()
        );
    }
}
