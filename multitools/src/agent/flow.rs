/// Whether an agent goes on: what a handler may return and [`Context::receive`](crate::Context::receive) does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Flow {
    /// Serve the next message.
    Continue,
    /// End this agent, and no other (rule R11).
    Stop,
}
