//! Listeners: agents that are interested in a kind of message.
//!
//! `listen_to` names message types. A listener gets every message of such a type, or of a subtype of it:
//!
//! - one sent to `LISTENERS`, which means "whoever is interested";
//! - one sent to another agent, which it overhears.
//!
//! Nobody hears his own messages this way. Sending to `LISTENERS` what nobody listens to is an error,
//! `SendError::NoListener`.

use multitools::{Context, Error, FileMessage, LISTENERS, RunError, SendError};
use multitools::{StringMessage, agent, message};

/// A subtype of `StringMessage`: its first field holds the supertype.
#[message(extends = StringMessage)]
struct Headline {
    text: StringMessage,
    page: u32,
}

#[agent(name = "Reader", resident, listen_to(StringMessage))]
#[derive(Default)]
struct Reader;
#[agent]
impl Reader {
    /// Takes texts and, since there is no handler closer to them, headlines.
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) {
        ctx.print(format_args!("reader: {}", text.text));
    }
}

#[agent(name = "Collector", resident, listen_to(Headline))]
#[derive(Default)]
struct Collector;
#[agent]
impl Collector {
    /// A subtype has the fields of its supertype.
    #[handle]
    fn on_headline(&mut self, headline: &Headline, ctx: &mut Context) {
        ctx.print(format_args!(
            "collector: {} (page {})",
            headline.text.text, headline.page
        ));
    }
}

#[agent(name = "Archive", resident)]
#[derive(Default)]
struct Archive;
#[agent]
impl Archive {
    #[handle]
    fn on_text(&mut self, text: &StringMessage, ctx: &mut Context) {
        ctx.print(format_args!("archive: {}", text.text));
    }
}

#[agent(name = "Newspaper")]
#[derive(Default)]
struct Newspaper;
#[agent]
impl Newspaper {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.send(LISTENERS, &StringMessage::new("weather: fine"))?;
        let headline = Headline {
            text: StringMessage::new("dog bites man"),
            page: 1,
        };
        ctx.send(LISTENERS, &headline)?;

        let delivery = ctx.send("Archive", &StringMessage::new("yesterday's paper"))?;
        ctx.print(format_args!(
            "sent to {}, overheard by {}",
            delivery.reached, delivery.overheard
        ));

        match ctx.send(LISTENERS, &FileMessage::new("photo.png")) {
            Err(error @ SendError::NoListener { .. }) => ctx.print(error),
            other => drop(other?),
        }
        Ok(())
    }
}

fn main() -> Result<(), RunError> {
    multitools::run!()
}
