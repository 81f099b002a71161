//! A hierarchy across modules, with an alias, and beside names that shadow the prelude.
mod base {
    #[multitools::message(name = "weather.base")]
    pub struct Base {
        pub station: u32,
    }
    #[multitools::message]
    pub enum Family {
        Storm(super::deep::er::Storm),
    }
}
mod deep {
    pub mod er {
        use crate::base as elsewhere;
        #[multitools::message(extends = elsewhere::Base)]
        pub struct Report {
            pub base: elsewhere::Base,
            pub degrees: f32,
        }
        #[multitools::message(extends = crate::base::Family)]
        pub struct Storm {
            pub wind: f32,
        }
        type Alias = Report;
        #[multitools::message(extends = Report)]
        pub struct Aliased(pub Alias);
    }
}

mod shadows {
    #![allow(dead_code, non_camel_case_types)]
    struct Option;
    struct Result;
    struct Some;
    struct String;
    struct Box;
    struct Vec;
    struct Debug;
    mod core {}
    mod std {}
    mod serde {}
    mod multitools {}
    #[::multitools::message]
    pub struct Shadowed {
        n: u32,
    }
    #[::multitools::message(extends = Shadowed)]
    pub struct Sub(Shadowed);
    #[::multitools::message]
    pub enum Either {
        A(A),
        B,
    }
    #[::multitools::message(extends = Either)]
    pub struct A;
    #[::multitools::agent(resident, listen_to(Either))]
    pub struct Agent {
        n: u32,
    }
    #[::multitools::agent]
    impl Agent {
        #[handle]
        fn on(&mut self, _: &Either) {}
        #[handle]
        fn on_sub(&mut self, _: &Sub, _: &mut ::multitools::Context) -> ::multitools::Flow {
            ::multitools::Flow::Stop
        }
    }
    #[::multitools::process]
    pub fn run(n: u32) -> u32 {
        n
    }
}

use multitools::Is;
fn is<M: Is<T>, T>(_: &M) {}
fn main() {
    let report = deep::er::Report { base: base::Base { station: 1 }, degrees: 0.5 };
    assert_eq!(report.station, 1);
    is::<_, base::Base>(&deep::er::Aliased(report));
    is::<_, base::Family>(&deep::er::Storm { wind: 1.0 });
    let _ = shadows::run::with(shadows::run(1));
}
