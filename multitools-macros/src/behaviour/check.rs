//! What can be seen to be wrong with a behaviour as a whole.

use super::model::Behaviour;
use crate::agent::Kind;
use crate::diag::Diag;
use crate::types::text;
use syn::Error;

/// Whether two methods have one name, which is rustc's to report: calls of the wrong one would only add
/// to that.
pub(super) fn has_namesakes(behaviour: &Behaviour) -> bool {
    let handlers = behaviour.handlers.iter().map(|h| (&h.method, &h.cfgs));
    let ops = behaviour.ops.iter().map(|op| (&op.ident, &op.cfgs));
    let methods: Vec<_> = handlers.chain(ops).collect();
    let again = |i: usize| methods[..i].contains(&methods[i]);
    (0..methods.len()).any(again)
}

/// Checks a behaviour.
pub(super) fn check(behaviour: &Behaviour, diag: &mut Diag) {
    let handlers = &behaviour.handlers;
    if behaviour.kind == Kind::Logger && behaviour.log.0.is_empty() && !diag.failed() {
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
