//! Several kinds of agents behind one address.
#![deny(warnings)]
use multitools::{Context, Error, Flow, LISTENERS, Recipients, StringMessage, agent, message};

#[message(extends = StringMessage)]
struct Alarm(StringMessage);
#[message]
struct Seen(u32);

macro_rules! listeners {
    ($($agent:ident takes $message:ty),*) => {$(
        #[agent(resident)]
        struct $agent;
        #[agent]
        impl $agent {
            #[handle]
            fn on(&mut self, _: &$message, ctx: &mut Context) -> Result<(), Error> {
                ctx.send(LISTENERS, &Seen(1))?;
                Ok(())
            }
        }
    )*};
}
listeners!(Siren takes Alarm, Lamp takes StringMessage, Horn takes Alarm);

#[agent(listen_to(Seen))]
#[derive(Default)]
struct Watch {
    seen: u32,
    #[serde(skip)]
    alarmed: Recipients<Alarm>,
}
#[agent]
impl Watch {
    #[handle]
    fn on_seen(&mut self, seen: &Seen) -> Flow {
        self.seen += seen.0;
        Flow::Continue
    }
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        let groups: Vec<Recipients<Alarm>> = vec![
            Recipients::of(ctx.addr::<Siren>()),
            Recipients::of(ctx.addr::<Lamp>()).and(ctx.addr::<Siren>()),
        ];
        self.alarmed = groups.into_iter().collect();
        self.alarmed.extend([Recipients::of(ctx.addr::<Horn>())]);
        assert_eq!(self.alarmed.ids(ctx).len(), 3);
        let delivery = self.alarmed.clone().send(ctx, &Alarm(StringMessage::new("hot")))?;
        assert_eq!(delivery.reached, 3);
        while self.seen < 3 {
            ctx.receive(self)?;
        }
        Ok(self.seen)
    }
}

fn main() {
    assert!(Recipients::<Alarm>::default().is_empty());
    let results = multitools::run!(Watch::default(), Siren, Lamp, Horn);
    assert_eq!(results.map(|results| results.0).ok(), Some(3));
}
