//! What can be seen to be wrong with a behaviour as a whole.

use super::model::Behaviour;
use crate::agent::Kind;
use crate::diag::Diag;
use crate::types::text;
use syn::Error;

/// Checks a behaviour.
pub(super) fn check(behaviour: &Behaviour, diag: &mut Diag) {
    let handlers = &behaviour.handlers;
    if behaviour.kind == Kind::Logger && behaviour.log.0.is_empty() {
        diag.at(
            &behaviour.agent,
            "a logger needs `fn log(&mut self, message: &SomeMessage, ctx: &mut Context)`",
        );
    }
    for (i, second) in handlers.iter().enumerate() {
        let same = handlers[..i]
            .iter()
            .find(|first| first.message == second.message && first.cfgs == second.cfgs);
        if let Some(first) = same {
            let name = text(&second.message);
            let mut error =
                Error::new_spanned(&second.message, format!("second handler for `{name}`"));
            error.combine(Error::new_spanned(
                &first.message,
                "the first handler is here",
            ));
            diag.push(error);
        }
    }
}
