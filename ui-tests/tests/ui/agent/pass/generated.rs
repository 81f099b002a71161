//! Agents and messages written by `macro_rules!`.
use multitools::{Context, StringMessage, agent, logger, message, process};

macro_rules! worker {
    ($name:ident, $title:literal, $message:ident extends $parent:path { $($field:ident: $ty:ty),* }) => {
        #[message(extends = $parent)]
        struct $message { base: $parent, $($field: $ty),* }
        #[agent(name = $title, resident, listen_to($message))]
        #[derive(Default)]
        struct $name { $($field: $ty),* }
        #[agent]
        impl $name {
            #[handle]
            fn on(&mut self, message: &$message, _: &mut Context) {
                $(self.$field = message.$field.clone();)*
            }
        }
    };
}
worker!(One, "one", OneMessage extends StringMessage { seq: u32, bytes: Vec<u8> });
worker!(Two, "two", TwoMessage extends multitools::StringMessage { list: Vec<String> });

macro_rules! handlers {
    ($agent:ty, $($method:ident($message:ty, $context:ty) -> $result:ty),*) => {
        #[agent]
        impl $agent {
            $(#[handle] fn $method(&mut self, _: &$message, _: $context) -> $result { Ok(()) })*
        }
    };
}
#[agent(resident)]
struct Typed;
handlers!(Typed, on_text(StringMessage, &mut Context) -> Result<(), String>);

macro_rules! log {
    ($listens:path) => {
        #[logger(listen_to($listens))]
        struct Log;
        #[logger]
        impl Log {
            fn log(&mut self, _: &$listens) {}
        }
    };
}
log!(multitools::AnyMessage);

macro_rules! processes {
    ($($name:ident => $body:expr),*) => {$(
        #[process]
        fn $name(mut n: u32) -> u32 { n += 1; $body(n) }
    )*};
}
processes!(double => u32::reverse_bits, same => std::convert::identity);

fn main() {
    fn local() -> impl Sized {
        #[agent]
        struct Worker(u8);
        #[agent]
        impl Worker {
            fn op(&self) -> u8 { self.0 }
        }
        Worker(1)
    }
    let _ = (double(1), same::with(2), local(), One::default(), Two::default());
    #[agent]
    struct Worker;
    #[agent]
    impl Worker {
        fn op(&mut self) {}
    }
}
