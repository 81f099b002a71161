//! A hierarchy and agents across crates.
#![deny(warnings)]
use multitools::{Context, Error, Is, Recipients, agent, message};
use multitools_ui_tests_helper::{Average, Measured, Station, Temperature};

#[message(extends = Temperature)]
struct Fever {
    base: Temperature,
    patient: String,
}

#[agent(resident, listen_to(Temperature))]
struct Ward;
#[agent]
impl Ward {
    #[handle]
    fn on_temperature(&mut self, _: &Temperature) {}
}

#[agent(sends(Measured, Average))]
struct Nurse {
    sensor: u32,
}
#[agent]
impl Nurse {
    fn op(&mut self, ctx: &mut Context<Self>) -> Result<f64, Error> {
        let base = Measured { sensor: self.sensor };
        let base = Temperature { base, degrees: 39.5 };
        let patient = "Ann".to_owned();
        let fever = Fever { base, patient };
        assert_eq!((fever.sensor, fever.patient.len()), (self.sensor, 3));
        ctx.addr::<Station>().send(ctx, &fever)?;
        Recipients::<Temperature>::of(ctx.addr::<Station>())
            .and(ctx.addr::<Ward>())
            .send(ctx, &fever)?;
        Ok(ctx.addr::<Station>().ask(ctx, &Average { sensor: self.sensor })?)
    }
}

fn is_measured(_: &impl Is<Measured>) {}

fn main() {
    is_measured(&Temperature { base: Measured { sensor: 1 }, degrees: 0.0 });
    let results = multitools::run!(Nurse { sensor: 7 }, Station::default(), Ward; on_print = |_: &str| ());
    // Twice sent, and once overheard in the first sending.
    assert_eq!(results.map(|results| results.0).ok(), Some(14.0));
}
