//! stub
use super::{Failure, Flow};
/// stub
pub struct Context {}
impl Context {
    pub(crate) fn answer<T: serde::Serialize>(&mut self, _value: &T) {}
    pub(crate) fn answer_failure(&mut self, failure: Failure) -> Result<Flow, Failure> {
        Err(failure)
    }
}
