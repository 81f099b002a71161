//! What is known of a process.

use crate::limits::Limits;
use crate::paths::Library;
use crate::restart::Policy;
use syn::{Attribute, Field, Ident, Type, Visibility};

/// A function that runs in a process of its own.
pub(crate) struct Process {
    pub(crate) library: Library,
    /// Its attributes, for their conditions.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    /// `None` for one without a name.
    pub(crate) name: Option<String>,
    pub(crate) restart: Policy,
    pub(crate) limits: Limits,
    /// Whether the first parameter is a context.
    pub(crate) has_ctx: bool,
    /// The other parameters, as fields of the struct.
    pub(crate) fields: Vec<Field>,
    pub(crate) returns: Option<Type>,
    /// Whether it can be one: otherwise something stands in for it.
    pub(crate) fits: bool,
}
