//! R7: the sizes at which messages are refused, and mailboxes that several fill.

use multitools::{
    AnyMessage, AskError, BROADCAST, Context, Error, RunError, SUPERVISOR, SendError, agent,
    message, process, run,
};
use multitools_tests::{
    Bell, Gate, Numbered, PATIENCE, fill, hold_back, insist, open_gate, serve, take_numbers, text,
};
use std::time::Duration;

#[message(reply = usize)]
struct Measure {
    text: String,
}

#[message(reply = String)]
struct Produce {
    bytes: usize,
}

/// Notes the sizes of all it gets.
#[agent(name = "scales", resident, manual)]
#[derive(Default)]
struct Scales {
    sizes: Vec<usize>,
}
#[agent]
impl Scales {
    #[handle]
    fn on_any(&mut self, message: &AnyMessage) {
        self.sizes.push(message.size());
    }
    #[handle]
    fn on_measure(&mut self, request: &Measure) -> usize {
        request.text.len()
    }
    #[handle]
    fn on_produce(&mut self, request: &Produce) -> String {
        "x".repeat(request.bytes)
    }
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<usize>, Error> {
        serve(self, ctx)?;
        Ok(std::mem::take(&mut self.sizes))
    }
}

const LIMIT: usize = 1000;

/// What a text of this many bytes comes to: the headers of an array of one and of a string.
fn text_of(size: usize) -> String {
    "x".repeat(size - 4)
}

#[agent(manual)]
struct SendsLarge;
#[agent]
impl SendsLarge {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        let large = text(&text_of(LIMIT + 1));
        let scales = ctx.ids("scales")[0];
        let refused = [
            ctx.send("scales", &large),
            ctx.try_send(scales, &large),
            ctx.send(BROADCAST, &large),
            ctx.send(ctx.id(), &large),
            ctx.send(SUPERVISOR, &large),
        ];
        let mut said = Vec::new();
        for refused in refused {
            match refused {
                Err(error @ SendError::TooLarge { size: 1001, .. }) => said.push(error.to_string()),
                other => said.push(format!("{other:?}")),
            }
        }
        let text_of = |size| text_of(size);
        let measure = Measure {
            text: text_of(LIMIT + 1),
        };
        said.push(match ctx.ask("scales", &measure, PATIENCE) {
            Err(AskError::Send(error)) => error.to_string(),
            other => format!("{other:?}"),
        });
        let measure = Measure {
            text: text_of(LIMIT),
        };
        said.push(ctx.ask("scales", &measure, PATIENCE)?.to_string());
        for size in [LIMIT, LIMIT - 1, LIMIT] {
            ctx.send("scales", &text(&text_of(size)))?;
        }
        Ok(said)
    }
}

#[multitools::test]
fn r07_a_message_beyond_the_limit_is_refused_before_anything_is_written() -> Result<(), RunError> {
    let mut objects = 0;
    let (sizes, said) = run!(
        Scales::default(), SendsLarge;
        message_limit = LIMIT,
        on_object = |_: &AnyMessage| objects += 1,
    )?;
    let refusal = |name: &str| {
        format!(
            "`{name}` takes 1001 bytes, more than the 1000 a message may have; raise it with `Supervisor::message_limit`"
        )
    };
    let string = refusal("multitools.StringMessage");
    let measure = refusal(concat!(module_path!(), "::Measure"));
    assert_eq!(said[..5], vec![string; 5]);
    assert_eq!(said[5..], [measure, (LIMIT - 4).to_string()]);
    assert_eq!(sizes, [LIMIT, LIMIT - 1, LIMIT]);
    assert_eq!(objects, 0);
    Ok(())
}

/// Sends what is just allowed where nothing is set.
#[agent(manual)]
struct SendsTheLargest;
#[agent]
impl SendsTheLargest {
    fn op(&mut self, ctx: &mut Context) -> Result<String, Error> {
        let bytes = (16 << 20) - 6;
        ctx.send("scales", &text(&"x".repeat(bytes)))?;
        Ok(match ctx.send("scales", &text(&"x".repeat(bytes + 1))) {
            Err(error) => error.to_string(),
            Ok(delivery) => format!("{delivery:?}"),
        })
    }
}

#[multitools::test]
fn r07_the_limit_is_16_mib_unless_set() -> Result<(), RunError> {
    let (sizes, said) = run!(Scales::default(), SendsTheLargest)?;
    assert_eq!(sizes, [16 << 20]);
    assert_eq!(
        said,
        "`multitools.StringMessage` takes 16777217 bytes, more than the 16777216 a message may have; raise it with `Supervisor::message_limit`"
    );
    Ok(())
}

/// Asks for answers around the limit.
#[agent(manual)]
struct AsksForLarge;
#[agent]
impl AsksForLarge {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        let mut said = Vec::new();
        for bytes in [LIMIT - 3, LIMIT - 2, 1] {
            said.push(match ctx.ask("scales", &Produce { bytes }, PATIENCE) {
                Ok(answer) => answer.len().to_string(),
                Err(error) => error.to_string(),
            });
        }
        Ok(said)
    }
}

#[multitools::test]
fn r07_an_answer_beyond_the_limit_is_a_failure_to_answer() -> Result<(), RunError> {
    let (_, said) = run!(Scales::default(), AsksForLarge; message_limit = LIMIT)?;
    let produce = concat!(module_path!(), "::Produce");
    assert_eq!(
        said,
        [
            "997".to_owned(),
            format!(
                "agent `scales` (#0) failed to answer `{produce}`: the answer takes 1001 bytes, more than the 1000 a message may have"
            ),
            "1".to_owned(),
        ]
    );
    Ok(())
}

/// Sends what is larger than a whole mailbox, to another and to itself.
#[agent(manual)]
struct SendsMoreThanAMailbox;
#[agent]
impl SendsMoreThanAMailbox {
    fn op(&mut self, ctx: &mut Context) -> Result<(Vec<u32>, String), Error> {
        for number in 0..3 {
            ctx.send("reader", &Numbered::new(number, 1_000_000))?;
        }
        ctx.send(ctx.id(), &Numbered::new(3, 1_000_000))?;
        let refused = match ctx.send(ctx.id(), &Numbered::new(4, 1)) {
            Err(error @ SendError::Full { .. }) => error.to_string(),
            other => format!("{other:?}"),
        };
        Ok((take_numbers(ctx, 1)?, refused))
    }
}

/// Takes three messages.
#[agent(name = "reader", manual)]
struct TakesThree;
#[agent]
impl TakesThree {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<u32>, Error> {
        take_numbers(ctx, 3)
    }
}

#[multitools::test]
fn r07_a_message_larger_than_a_mailbox_goes_into_an_empty_one() -> Result<(), RunError> {
    let (taken, (own, refused)) = run!(
        TakesThree, SendsMoreThanAMailbox;
        mailbox_limit = 1000,
        send_timeout = PATIENCE,
    )?;
    assert_eq!(taken, [0, 1, 2]);
    assert_eq!(own, [3]);
    assert_eq!(
        refused,
        "the mailbox of agent `SendsMoreThanAMailbox` (#1) is full; `multitools_tests::Numbered` was not sent to it",
        "an agent that waits for itself would wait for ever"
    );
    Ok(())
}

/// Fills a mailbox so that no more of it is read, and lets its owner go on.
#[agent(name = "first", manual)]
struct First;
#[agent]
impl First {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        ctx.send("half", &Numbered::new(0, 60_000))?;
        fill(ctx, "half", 100_000)?;
        open_gate(ctx)?;
        insist(ctx, "half", &Numbered::new(u32::MAX, 0))
    }
}

#[message(reply = ())]
struct SayHello;

/// Sends one small message, over a link that nobody has used before.
#[agent(name = "second", resident, manual)]
struct Second;
#[agent]
impl Second {
    #[handle]
    fn on_say_hello(&mut self, _: &SayHello, ctx: &mut Context) -> Result<(), SendError> {
        ctx.send("half", &Numbered::new(0, 0)).map(drop)
    }
}

/// Takes so much that its mailbox is neither full nor half empty, lets the second agent send, and takes
/// the rest.
#[agent(name = "half", manual)]
struct Half;
#[agent]
impl Half {
    fn op(&mut self, ctx: &mut Context) -> Result<(), Error> {
        hold_back(ctx)?;
        take_numbers(ctx, 1)?;
        ctx.ask("second", &SayHello, PATIENCE)?;
        while take_numbers(ctx, 1)?[0] != u32::MAX {}
        Ok(())
    }
}

#[multitools::test]
fn r07_a_new_sender_does_not_keep_a_full_mailbox_from_being_read() -> Result<(), RunError> {
    run!(
        Half, First, Second, Gate::default(), Bell;
        // Two of the large messages and the first fill it; without the first it is not half empty.
        mailbox_limit = 250_000,
        send_timeout = Duration::from_secs(1),
    )?;
    Ok(())
}

/// Sends, asks and looks for a name with all the time in the world.
#[agent(manual)]
struct HasAllTheTime;
#[agent]
impl HasAllTheTime {
    fn op(&mut self, ctx: &mut Context) -> Result<(usize, usize), Error> {
        let scales = ctx.wait_for("scales", Duration::MAX)?;
        ctx.send(&scales, &text("1234"))?;
        let bytes = 3;
        let asked = ctx.ask("scales", &Produce { bytes }, Duration::MAX)?;
        let again = ctx.addr::<Scales>().ask(ctx, &Produce { bytes })?;
        Ok((asked.len(), again.len()))
    }
}

#[multitools::test]
fn r07_the_largest_limits_are_as_good_as_none() -> Result<(), RunError> {
    let (sizes, answers) = run!(
        Scales::default(), HasAllTheTime;
        mailbox_limit = usize::MAX,
        message_limit = usize::MAX,
        send_timeout = Duration::MAX,
        ask_timeout = Duration::MAX,
        start_timeout = Duration::MAX,
        leave_grace = Duration::MAX,
    )?;
    assert_eq!(sizes, [6]);
    assert_eq!(answers, (3, 3));
    Ok(())
}

#[process]
fn measured(bytes: Vec<u8>) -> usize {
    bytes.len()
}

/// Starts agents with long arguments.
#[agent(manual)]
struct Loads {
    lengths: Vec<usize>,
}
#[agent]
impl Loads {
    fn op(&mut self, ctx: &mut Context) -> Result<Vec<String>, Error> {
        let mut said = Vec::new();
        for length in &self.lengths {
            said.push(match ctx.spawn(measured::with(vec![7; *length])) {
                Ok(spawned) => ctx.join(spawned, PATIENCE)?.to_string(),
                Err(error) => error.to_string(),
            });
        }
        Ok(said)
    }
}

const LONG: usize = 17 << 20;
const TOO_LONG: usize = 64 << 20;

/// What is told of arguments that are too long, their one header included.
fn told(agent: &str, path: &str) -> String {
    let (bytes, most) = (TOO_LONG + 6, TOO_LONG - (64 << 10));
    format!(
        "the fields of agent `{agent}` cannot be sent to its process: `{path}` cannot be encoded: it has \
         {bytes} bytes, where {most} is the limit: `message_limit` raises it"
    )
}

#[multitools::test]
fn r07_arguments_have_the_limit_of_results_whoever_starts_the_agent() {
    let measured = run!(measured::with(vec![7; TOO_LONG])).unwrap_err();
    assert!(matches!(measured, RunError::Arguments { .. }));
    let lengths = vec![LONG, TOO_LONG];
    let (said,) = run!(Loads { lengths }).unwrap();
    let told = told("measured", "messaging::r07_limits::measured");
    assert_eq!(measured.to_string(), told);
    assert_eq!(said, [LONG.to_string(), told]);
}

#[multitools::test]
fn r07_a_higher_limit_of_messages_is_one_of_arguments() -> Result<(), RunError> {
    let bytes = vec![7; TOO_LONG];
    let (measured,) = run!(measured::with(bytes); message_limit = TOO_LONG + 6)?;
    assert_eq!(measured, TOO_LONG);
    Ok(())
}
