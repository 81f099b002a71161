//! The attribute macros of [`multitools`](https://docs.rs/multitools), which re-exports them all.
//!
//! | Attribute | on | declares |
//! | --- | --- | --- |
//! | [`#[message]`](macro@message) | struct, enum | what is sent |
//! | [`#[agent]`](macro@agent) | struct | who runs in a process of its own |
//! | [`#[agent]`](macro@agent) | `impl` | what it does |
//! | [`#[logger]`](macro@logger) | struct and `impl` | who only listens |
//! | [`#[process]`](macro@process) | `fn` | a function that runs in a process of its own |
//! | [`#[multitools::main]`](macro@main) | `fn main` | a program whose children take over first |
//! | [`#[multitools::test]`](macro@test) | `fn` | a test that may start processes |
//!
//! What the macros write names `::multitools` only, whatever the program calls its own types and
//! modules. A crate that knows the library under another name says so with `crate = path` in each
//! attribute. Derives and attributes for other macros go below these attributes, where they are seen.
//! Whatever stands under `#[cfg]` - the item, a field, a variant, a handler - is generated for under
//! the same condition.

mod agent;
mod args;
mod behaviour;
mod cfg;
mod diag;
mod entry;
mod fields;
mod item;
mod limits;
mod loose;
mod message;
mod output;
mod paths;
mod place;
mod process;
mod restart;
mod run;
mod shape;
#[cfg(test)]
mod tests;
mod types;

use agent::Kind;
use proc_macro::TokenStream;

/// Declares a type that agents send each other. `docs/attributes.md` of the repository has all keys in tables.
///
/// | key | means |
/// | --- | --- |
/// | `extends = Type` | the supertype; its handlers and listeners take this message too |
/// | `reply = Type` | makes it a request: what a handler returns, and `ask` waits for |
/// | `name = "text"` | the stable name, which identifies the type; otherwise its path |
/// | `crate = path` | where the library is; otherwise `::multitools` |
///
/// The type gets `Serialize`, `Deserialize` and `Debug`, unless derived below the attribute; above it they clash (E0119).
/// Lifetimes are allowed: it borrows from the mailbox. Type parameters are not: its name is its identity.
///
/// ```
/// use multitools::{message, StringMessage};
///
/// #[message]
/// struct Chunk<'a> {
///     offset: u64,
///     data: &'a [u8],
/// }
///
/// #[message(reply = u64)]
/// struct Square(u64);
/// # let _ = (Chunk { offset: 0, data: &[1] }, Square(2));
/// ```
///
/// # Supertypes that are structs
///
/// A subtype holds its supertype in its first field, and dereferences to it. Any crate may add subtypes.
///
/// ```
/// use multitools::{message, StringMessage};
///
/// #[message(extends = StringMessage)]
/// struct Numbered {
///     base: StringMessage,
///     number: u32,
/// }
/// #[message(extends = StringMessage)]
/// struct Notice(StringMessage);
///
/// let numbered = Numbered { base: StringMessage::new("hello"), number: 1 };
/// assert_eq!(numbered.text, "hello"); // a field of the supertype
/// # assert_eq!((Notice(numbered.base).text.len(), numbered.number), (5, 1));
/// ```
///
/// The supertype is read from the beginning of the encoded message, so serde attributes that change it
/// (`flatten`, `tag`, `into` and the like) are refused, and `skip_serializing_if` in any message: structs are encoded
/// as arrays. In a type inside a message it may leave out its last fields; else sending fails and names the field.
///
/// # Supertypes that are enums
///
/// The enum has a variant for each subtype. To send the variant and to send what it holds is the same,
/// and a handler of the enum gets both as the variant. Variants that hold anything else are just values.
///
/// ```
/// use multitools::{message, Is};
///
/// #[message]
/// enum Telemetry {
///     Alarm(Alarm),
///     Heartbeat,
/// }
/// #[message(extends = Telemetry)]
/// struct Alarm {
///     text: String,
/// }
///
/// fn is_telemetry(_: &impl Is<Telemetry>) {}
/// is_telemetry(&Alarm { text: "hot".into() });
/// is_telemetry(&Telemetry::Heartbeat);
/// # is_telemetry(&Telemetry::Alarm(Alarm { text: String::new() }));
/// ```
///
/// # Requests
///
/// Subtypes of a request have its reply. Of a message with `reply = T` a handler returns `T` or a
/// `Result` of it.
#[proc_macro_attribute]
pub fn message(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args.into(), item.into(), message::expand).into()
}

/// Declares an agent, on a struct, and what it does, on its `impl` block.
///
/// The fields of the struct are the arguments of the agent; they are sent to its process. It gets
/// `Serialize` and `Deserialize` for that, unless they are derived below the attribute. A field with
/// `#[serde(skip)]` is not sent, and begins in the process with its `Default`.
///
/// | key, on the struct | means |
/// | --- | --- |
/// | `name = "text"` | the name it starts with; otherwise the identifier |
/// | `unnamed` | it starts without a name |
/// | `resident` | it serves until all agents that are not resident have ended |
/// | `listen_to(A, B)` | it gets what is sent to the listeners of these messages and their subtypes |
/// | `sends(A, B)` | it may send these messages and their subtypes only; otherwise anything |
/// | `announces(A, B)` | it sends these to listeners, and `run!` sees to it that another agent listens |
/// | `spawns(A, B)` | it starts these agents, and `run!` counts them among the listeners of the run |
/// | `manual` | `run!()` without arguments leaves it out |
/// | `restart = on_failure` | it is started again when it has failed; `always`: when it has ended; see [restarts](macro@agent#restarts), also its limits, and `docs/attributes.md` of the repository for all keys in one table |
/// | `crate = path` | where the library is; otherwise `::multitools` (also on the block) |
///
/// In the block there are two kinds of methods that are called for the agent:
///
/// | method | is called |
/// | --- | --- |
/// | `#[handle] fn any_name(&mut self, message: &M)` | for each `M` and each subtype without a handler of its own |
/// | `fn op(&mut self)` | once; when it returns, the agent ends, and what it returns is its output |
///
/// Both may take a `ctx: &mut Context` as their last parameter. An `op` that returns a `Result`, by whatever name, fails
/// the agent with its error, which must be `Display`. A handler returns nothing, a `Flow`, or a
/// `Result` of these; for a message with a reply, it returns the reply or a `Result` of it. An agent
/// without an `op` is `resident` and serves its handlers. A handler of `&AnyMessage` takes what no
/// other takes. Handlers and `op` block, and hold up nobody: each agent has a process to itself. `async` is refused.
///
/// ```
/// use multitools::{agent, message, Context, Flow, StringMessage};
///
/// #[message(reply = u64)]
/// struct Square(u64);
///
/// #[agent(name = "calculator", resident, listen_to(StringMessage))]
/// #[derive(Default)]
/// struct Calculator {
///     served: u32,
/// }
///
/// #[agent]
/// impl Calculator {
///     #[handle]
///     fn on_text(&mut self, message: &StringMessage) -> Flow {
///         if message.text == "quit" { Flow::Stop } else { Flow::Continue }
///     }
///
///     #[handle]
///     fn on_square(&mut self, square: &Square, _ctx: &mut Context) -> Result<u64, String> {
///         self.served += 1;
///         square.0.checked_mul(square.0).ok_or_else(|| "too large".to_owned())
///     }
/// }
///
/// #[agent]
/// struct Greeter {
///     greeting: String,
/// }
///
/// #[agent]
/// impl Greeter {
///     fn op(&mut self, _ctx: &mut Context) -> usize {
///         self.greeting.len()
///     }
/// }
/// ```
///
/// # Declared sends
///
/// The methods of an agent with `sends(..)` take a `ctx: &mut Context<Self>`. The compiler refuses
/// whatever they send or ask through it - by name, id, typed address, to listeners or to everybody - that
/// is neither in `sends(..)` nor in `announces(..)`. Helpers for several agents take a
/// `&mut Context<S>` where `S: MaySend<..>`. What the library itself sends is not meant: printing, input,
/// answers of handlers.
///
/// ```
/// use multitools::{agent, message, Context, LISTENERS, SendError, StringMessage};
///
/// #[message]
/// struct Alarm { text: String }
///
/// #[agent(sends(StringMessage), announces(Alarm))]
/// struct Sensor;
/// #[agent]
/// impl Sensor {
///     fn op(&mut self, ctx: &mut Context<Self>) -> Result<(), SendError> {
///         ctx.send("Display", &StringMessage::new("hello"))?;
///         ctx.send(LISTENERS, &Alarm { text: "hot".into() })?;
///         Ok(())
///     }
/// }
/// ```
///
/// ```compile_fail
/// use multitools::{agent, Context, FileMessage, StringMessage};
///
/// #[agent(sends(StringMessage))]
/// struct Sensor;
/// #[agent]
/// impl Sensor {
///     fn op(&mut self, ctx: &mut Context<Self>) {
///         // error: agent `Sensor` does not declare that it sends `FileMessage`
///         let _ = ctx.send("Display", &FileMessage::new("notes.txt"));
///     }
/// }
/// ```
///
/// # Restarts
///
/// | key | means |
/// | --- | --- |
/// | `restart = never` | its failure ends the run: what holds unless something else is declared |
/// | `restart = on_failure` | it is started again when it has failed: a new process with its original fields |
/// | `restart = always` | it is started again whenever it has ended, until the run is stopped |
/// | `max = 3` | how often at most within the time that `within` gives; then its failure ends the run, and with `always` any end of it; 3 unless set |
/// | `within = "60s"` | the time in which restarts are counted; 60 s unless set |
/// | `backoff = "100ms..5s"` | the wait before the first restart, doubled each time, and the longest; these unless set |
/// | `retry = 1` | how often the message in hand is handled again when it has failed; then its sender gets it back as a `PoisonMessage`; never unless set |
/// | `group = "pipeline"` | the agents that are started again together, and share the limit |
/// | `strategy = all` | when one of the group has failed, all are started again; `rest`: it and those added after it; `one`, unless set: it alone |
///
/// A time is a whole number of `ms`, `s`, `m` or `h`. The policy is what `Restart` of the library
/// describes, and `restart` of what `Supervisor::add` returns overrides it.
///
/// ```
/// use multitools::agent;
///
/// #[agent(restart = on_failure, max = 5, within = "2m", backoff = "250ms..10s", retry = 1)]
/// struct Decoder {
///     path: String,
/// }
/// #[agent]
/// impl Decoder {
///     fn op(&mut self) -> Result<usize, std::io::Error> {
///         Ok(std::fs::read(&self.path)?.len())
///     }
/// }
/// ```
///
#[doc = include_str!("limits.md")]
#[proc_macro_attribute]
pub fn agent(args: TokenStream, item: TokenStream) -> TokenStream {
    declare(Kind::Agent, args, item)
}

/// Declares a logger, on a struct and on its `impl` block: an agent that only listens.
///
/// It is started before the other agents, and ends when all of them have. The only method it needs is
/// `log`, which takes the message and, if it likes, a `ctx: &mut Context`, and returns what a handler
/// of a message without a reply may. It sees requests as well, and answers none.
///
/// | key, on the struct | means |
/// | --- | --- |
/// | `listen_to(A, B)` | what it gets: these messages and their subtypes; `AnyMessage` is all |
/// | `name = "text"` | the name it starts with; otherwise the identifier |
/// | `unnamed` | it starts without a name |
/// | `manual` | `run!()` without arguments leaves it out |
/// | `restart = on_failure` | it is started again when it has failed; `always`: when it has ended; see [restarts](macro@agent#restarts), also its limits, and `docs/attributes.md` of the repository for all keys in one table |
/// | `crate = path` | where the library is; otherwise `::multitools` (also on the block) |
///
/// ```
/// use multitools::{logger, AnyMessage};
///
/// #[logger(listen_to(AnyMessage))]
/// #[derive(Default)]
/// struct Log {
///     seen: u64,
/// }
///
/// #[logger]
/// impl Log {
///     fn log(&mut self, message: &AnyMessage) {
///         self.seen += 1;
///         eprintln!("{}: {message:?}", self.seen);
///     }
/// }
/// ```
#[proc_macro_attribute]
pub fn logger(args: TokenStream, item: TokenStream) -> TokenStream {
    declare(Kind::Logger, args, item)
}

/// Declares a function that can run in a process of its own.
///
/// The function stays as it is. Beside it there is a struct of the same name with its arguments, made
/// by `with`, which is what is started.
///
/// | key | means |
/// | --- | --- |
/// | `name = "text"` | the name it starts with; otherwise the identifier |
/// | `unnamed` | it starts without a name |
/// | `restart = on_failure` | it is started again when it has failed; `always`: when it has ended; see [restarts](macro@agent#restarts), also its limits, and `docs/attributes.md` of the repository for all keys in one table |
/// | `crate = path` | where the library is; otherwise `::multitools` |
///
/// Arguments are taken by value, and are moved into the function. The first parameter may be a
/// `ctx: &mut Context`, which is not an argument. A function that returns a `Result`, by whatever name, fails its process
/// with its error, which must be `Display`.
///
/// ```
/// use multitools::process;
///
/// #[process]
/// fn product(left: i32, right: i32) -> i32 {
///     left * right
/// }
///
/// assert_eq!(product(6, 7), 42); // here
/// let process = product::with(6, 7); // to be run elsewhere
/// assert_eq!((process.left, process.right), (6, 7));
/// ```
#[proc_macro_attribute]
pub fn process(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args.into(), item.into(), process::expand).into()
}

/// Lets the processes of agents take over before anything else in `main` is done.
///
/// An agent's process is the same program started again. Without this attribute, what stands in `main` before `run!` is
/// done by every agent, with a standard input that is the supervisor's. The attribute calls `multitools::init()` first.
///
/// | key | means |
/// | --- | --- |
/// | `crate = path` | where the library is; otherwise `::multitools` |
///
/// ```
/// #[multitools::main]
/// fn main() {
///     println!("only the program itself says this");
/// }
/// ```
///
/// With an attribute that makes an `async fn main` a plain one, put this one below it.
#[proc_macro_attribute]
pub fn main(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args.into(), item.into(), entry::main).into()
}

/// A `#[test]` that may start processes.
///
/// The processes of agents are the test program started again, through one of its tests. This attribute
/// makes such a test; one in each test program is enough, and plain `#[test]`s may then start
/// processes as well.
///
/// | key | means |
/// | --- | --- |
/// | `crate = path` | where the library is; otherwise `::multitools` |
///
/// ```
/// #[multitools::test]
/// fn products() {
///     assert_eq!(6 * 7, 42);
/// }
/// # fn main() {}
/// ```
#[proc_macro_attribute]
pub fn test(args: TokenStream, item: TokenStream) -> TokenStream {
    item::run(args.into(), item.into(), entry::test).into()
}

/// One of the agents of `run!`.
#[doc(hidden)]
#[proc_macro]
pub fn agent_of_run(tokens: TokenStream) -> TokenStream {
    run::agent(tokens.into()).into()
}

fn declare(kind: Kind, args: TokenStream, item: TokenStream) -> TokenStream {
    let expand = |args, item: &mut _, diag: &mut _| agent::expand(kind, args, item, diag);
    item::run(args.into(), item.into(), expand).into()
}
