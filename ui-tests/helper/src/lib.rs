//! What another crate has: messages to extend, an agent to address, and macros that write agents.

use multitools::{Context, StringMessage, agent, message};

/// The library under a path that only this crate knows.
pub mod re {
    pub use multitools;
}

/// A supertype for others.
#[message]
#[derive(Clone)]
pub struct Measured {
    /// Of which sensor.
    pub sensor: u32,
}

/// A subtype of its own.
#[message(extends = Measured)]
#[derive(Clone)]
pub struct Temperature {
    /// What all have.
    pub base: Measured,
    /// The value.
    pub degrees: f64,
}

/// A request.
#[message(reply = f64)]
pub struct Average {
    /// Of which sensor.
    pub sensor: u32,
}

/// Takes what is measured.
#[agent(resident, listen_to(Measured))]
#[derive(Default)]
pub struct Station {
    seen: u32,
}
#[agent]
impl Station {
    #[handle]
    fn on_measured(&mut self, measured: &Measured) {
        self.seen += measured.sensor;
    }
    #[handle]
    fn on_average(&mut self, _: &Average, ctx: &mut Context) -> f64 {
        ctx.print("asked");
        f64::from(self.seen)
    }
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}
}

/// Writes a message, an agent and a process where it is called, for crates that do not know the library.
#[macro_export]
macro_rules! counter {
    ($agent:ident, $message:ident, $process:ident) => {
        #[$crate::re::multitools::message(crate = $crate::re::multitools)]
        pub struct $message {
            pub bytes: Vec<u8>,
            pub text: String,
        }
        #[$crate::re::multitools::agent(resident, listen_to($message), crate = $crate::re::multitools)]
        #[derive(Default)]
        pub struct $agent {
            count: usize,
        }
        #[$crate::re::multitools::agent(crate = $crate::re::multitools)]
        impl $agent {
            #[handle]
            fn on_message(&mut self, message: &$message) {
                self.count += message.bytes.len();
            }
        }
        #[$crate::re::multitools::process(crate = $crate::re::multitools)]
        pub fn $process(bytes: Vec<u8>) -> usize {
            bytes.len()
        }
    };
}
