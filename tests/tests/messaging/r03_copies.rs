//! R3: one copy for each receiver; listeners receive every message of their type and its subtypes,
//! whoever it was sent to; nobody overhears itself.

use multitools::{
    AnyMessage, BROADCAST, Context, Delivery, Error, LISTENERS, RunError, SendError, StringMessage,
    agent, message, run,
};
use multitools_tests::{
    Bell, Gate, Numbered, PATIENCE, fill, hold_back, open_gate, serve, take_numbers, text,
};
use std::time::Duration;

#[message(extends = StringMessage)]
struct Remark {
    base: StringMessage,
    speaker: u32,
}

fn remark(what: &str) -> Remark {
    Remark {
        base: text(what),
        speaker: 7,
    }
}

#[message]
struct Unrelated;

#[message(reply = u32)]
struct Length {
    of: String,
}

/// Writes down all it gets, until everybody else has ended.
#[agent(name = "all ears", resident, manual, listen_to(StringMessage, Length))]
#[derive(Default)]
struct AllEars {
    heard: Vec<String>,
}
#[agent]
impl AllEars {
    #[handle]
    fn on_any(&mut self, message: &AnyMessage) {
        self.heard.push(heard(message));
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.heard))
    }
}

fn heard(message: &AnyMessage) -> String {
    match message.decode::<StringMessage>() {
        Ok(text) => text.text,
        Err(_) => format!("{message:?}"),
    }
}

/// Gets messages and does not listen.
#[agent(name = "addressee", resident, manual)]
#[derive(Default)]
struct Addressee {
    got: Vec<String>,
}
#[agent]
impl Addressee {
    #[handle]
    fn on_any(&mut self, message: &AnyMessage) {
        self.got.push(heard(message));
    }
    #[handle]
    fn on_length(&mut self, request: &Length) -> Result<u32, std::num::TryFromIntError> {
        u32::try_from(request.of.len())
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.got))
    }
}

type Counts = Vec<(usize, usize)>;

fn counts(sent: &[Delivery]) -> Counts {
    sent.iter()
        .map(|delivery| (delivery.reached, delivery.overheard))
        .collect()
}

#[agent(manual)]
struct AddressesAListener;
#[agent]
impl AddressesAListener {
    fn op(&mut self, ctx: &mut Context) -> Result<Counts, Error> {
        let ear = ctx.ids("all ears")[0];
        let sent = [
            ctx.send("all ears", &text("by name"))?,
            ctx.send(ear, &remark("by id"))?,
            ctx.send(LISTENERS, &text("as listener"))?,
            ctx.send(BROADCAST, &remark("with all"))?,
            ctx.send(vec![ear, ctx.ids("addressee")[0]], &text("with another"))?,
        ];
        Ok(counts(&sent))
    }
}

#[multitools::test]
fn r03_an_agent_that_is_addressed_and_listens_gets_one_copy() -> Result<(), RunError> {
    let mut notices = 0;
    let (heard, _, counts) = run!(
        AllEars::default(), Addressee::default(), AddressesAListener;
        on_notice = |_: &multitools::Notice| notices += 1,
    )?;
    let all = [
        "by name",
        "by id",
        "as listener",
        "with all",
        "with another",
    ];
    assert_eq!(heard, all);
    assert_eq!(counts, [(1, 0), (1, 0), (1, 0), (3, 0), (2, 0)]);
    assert_eq!(notices, 1, "the sender left its own broadcast unread");
    Ok(())
}

#[agent(manual)]
struct TalksToAnother;
#[agent]
impl TalksToAnother {
    fn op(&mut self, ctx: &mut Context) -> Result<Counts, Error> {
        let sent = [
            ctx.send("addressee", &text("a text"))?,
            ctx.send("addressee", &remark("a subtype"))?,
            ctx.send("addressee", &Unrelated)?,
        ];
        Ok(counts(&sent))
    }
}

#[multitools::test]
fn r03_a_listener_receives_its_type_and_subtypes_whoever_they_are_sent_to() -> Result<(), RunError>
{
    let (heard, got, counts) = run!(AllEars::default(), Addressee::default(), TalksToAnother)?;
    assert_eq!(heard, ["a text", "a subtype"]);
    assert_eq!(got, ["a text", "a subtype", "Unrelated"]);
    assert_eq!(counts, [(1, 1), (1, 1), (1, 0)]);
    Ok(())
}

/// Listens to a subtype alone.
#[agent(name = "picky", resident, manual, listen_to(Remark))]
#[derive(Default)]
struct Picky {
    heard: Vec<String>,
}
#[agent]
impl Picky {
    #[handle]
    fn on_remark(&mut self, remark: &Remark) {
        self.heard
            .push(format!("{} {}", remark.text, remark.speaker));
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.heard))
    }
}

#[multitools::test]
fn r03_a_listener_to_a_subtype_does_not_hear_the_supertype() -> Result<(), RunError> {
    let (heard, _, counts) = run!(Picky::default(), Addressee::default(), TalksToAnother)?;
    assert_eq!(heard, ["a subtype 7"]);
    assert_eq!(counts, [(1, 0), (1, 1), (1, 0)]);
    Ok(())
}

#[agent(manual)]
struct AsksAnother;
#[agent]
impl AsksAnother {
    fn op(&mut self, ctx: &mut Context) -> Result<u32, Error> {
        let of = "four".to_owned();
        Ok(ctx.ask("addressee", &Length { of }, PATIENCE)?)
    }
}

#[multitools::test]
fn r03_a_listener_overhears_requests_too_and_answers_none() -> Result<(), RunError> {
    let (heard, _, length) = run!(AllEars::default(), Addressee::default(), AsksAnother)?;
    assert_eq!(length, 4);
    assert_eq!(heard, [r#"Length { of: "four" }"#]);
    Ok(())
}

#[agent(manual)]
struct Broadcasts;
#[agent]
impl Broadcasts {
    fn op(&mut self, ctx: &mut Context) -> Result<(usize, String), Error> {
        let delivery = ctx.send(BROADCAST, &text("to all"))?;
        Ok((delivery.reached, heard(&ctx.next_message(PATIENCE)?)))
    }
}

#[multitools::test]
fn r03_broadcast_includes_the_sender() -> Result<(), RunError> {
    let (heard, got, (reached, own)) = run!(AllEars::default(), Addressee::default(), Broadcasts)?;
    assert_eq!((reached, own.as_str()), (3, "to all"));
    assert_eq!(heard, ["to all"]);
    assert_eq!(got, ["to all"]);
    Ok(())
}

/// Listens to what it says itself; what it hears of it comes before the last word, which is addressed
/// to it.
#[agent(name = "echo", manual, listen_to(StringMessage))]
struct ListensAndTalks;
#[agent]
impl ListensAndTalks {
    #[handle]
    fn on_text(&mut self, _: &StringMessage) {}

    fn op(&mut self, ctx: &mut Context) -> Result<(Counts, Vec<String>), Error> {
        let sent = [
            ctx.send("addressee", &text("to another"))?,
            ctx.send(LISTENERS, &text("to listeners"))?,
            ctx.send(vec![ctx.id()], &text("to myself"))?,
            ctx.send("addressee", &text("to another again"))?,
            ctx.send("echo", &text("last"))?,
        ];
        let mut all = Vec::new();
        while all.last().is_none_or(|text| text != "last") {
            all.push(heard(&ctx.next_message(PATIENCE)?));
        }
        Ok((counts(&sent), all))
    }
}

#[multitools::test]
fn r03_the_sender_does_not_overhear_itself_unless_it_is_addressed() -> Result<(), RunError> {
    let (others, _, (counts, heard)) =
        run!(AllEars::default(), Addressee::default(), ListensAndTalks)?;
    assert_eq!(heard, ["to myself", "last"]);
    assert_eq!(counts, [(1, 1), (1, 0), (1, 1), (1, 1), (1, 1)]);
    assert_eq!(others.len(), 5);
    Ok(())
}

/// Takes its messages once the gate is open.
#[agent(name = "slow", manual)]
struct Slow {
    takes: usize,
}
#[agent]
impl Slow {
    fn op(&mut self, ctx: &mut Context) -> Result<usize, Error> {
        hold_back(ctx)?;
        Ok(take_numbers(ctx, self.takes)?.len())
    }
}

/// Hears all numbers until everybody else has ended.
#[agent(resident, manual, listen_to(Numbered))]
#[derive(Default)]
struct HearsNumbers {
    numbers: Vec<u32>,
}
#[agent]
impl HearsNumbers {
    #[handle]
    fn on_numbered(&mut self, message: &Numbered) {
        self.numbers.push(message.number);
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.numbers))
    }
}

/// Sends until it is refused, and then again what it was given back.
#[agent(manual)]
struct SendsAgain;
#[agent]
impl SendsAgain {
    fn op(&mut self, ctx: &mut Context) -> Result<bool, Error> {
        let mut refused = false;
        for number in 0..TWENTY {
            while let Err(error) = ctx.send("slow", &Numbered::new(number, 50_000)) {
                let SendError::Full { .. } = error else {
                    return Err(error.into());
                };
                if !refused {
                    open_gate(ctx)?;
                }
                refused = true;
            }
        }
        Ok(refused)
    }
}

const TWENTY: u32 = 20;

#[multitools::test]
fn r03_what_is_given_back_and_sent_again_is_overheard_once() -> Result<(), RunError> {
    let takes = TWENTY as usize;
    let (taken, heard, refused, ()) = run!(
        Slow { takes }, HearsNumbers::default(), SendsAgain, Gate::default();
        mailbox_limit = 60_000,
        send_timeout = Duration::from_millis(20),
    )?;
    assert!(refused);
    assert_eq!(taken, takes);
    let mut once = heard.clone();
    once.dedup();
    assert_eq!(once, heard, "no message twice");
    Ok(())
}

/// Listens, and does not look at what it hears.
#[agent(name = "inattentive", manual, listen_to(Numbered))]
struct Inattentive;
#[agent]
impl Inattentive {
    #[handle]
    fn on_numbered(&mut self, _: &Numbered) {}

    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        Ok(hold_back(ctx)?)
    }
}

/// Sends to another where a listener has no room.
#[agent(manual)]
struct TalksPastAListener;
#[agent]
impl TalksPastAListener {
    fn op(&mut self, ctx: &mut Context) -> Result<(usize, usize, Vec<u32>), Error> {
        fill(ctx, "inattentive", 50_000)?;
        let sent = ctx.try_send("addressee", &Numbered::new(0, 50_000))?;
        open_gate(ctx)?;
        let missed = sent.missed.iter().map(|missed| missed.id.slot()).collect();
        Ok((sent.reached, sent.overheard, missed))
    }
}

#[multitools::test]
fn r03_a_listener_without_room_is_named_and_keeps_nothing_from_the_addressee()
-> Result<(), RunError> {
    let ((), got, sent, ..) = run!(
        Inattentive, Addressee::default(), TalksPastAListener, Gate::default(), Bell;
        mailbox_limit = 1000,
        on_notice = |_: &multitools::Notice| (), // of what the listener leaves
    )?;
    assert_eq!(got.len(), 1);
    assert_eq!(sent, (1, 0, vec![0]));
    Ok(())
}
