//! R14: the answers of an agent that is started again.

use super::r14_restart::quickly;
use multitools::{AskError, Context, Error, Restart, RunError, Supervisor, agent, message};
use multitools_tests::{PATIENCE, over_sockets};

/// Asks for a text of so many bytes.
#[message(reply = String)]
struct AskForText {
    letter: String,
    bytes: usize,
    first_fails: bool,
}

#[agent(name = "author", resident, manual)]
struct Author;
#[agent]
impl Author {
    #[handle]
    fn on_ask(&mut self, request: &AskForText, ctx: &mut Context) -> String {
        if request.first_fails && ctx.id().incarnation() == 0 {
            std::process::abort();
        }
        request.letter.repeat(request.bytes)
    }
}

#[agent(manual)]
struct Reader {
    bytes: usize,
}
#[agent]
impl Reader {
    fn op(&mut self, ctx: &mut Context) -> Result<(String, String), AskError> {
        let mut ask = |letter: &str, first_fails| {
            let request = AskForText {
                letter: letter.to_owned(),
                bytes: self.bytes,
                first_fails,
            };
            let text = ctx.ask("author", &request, PATIENCE);
            text.map(|text| text[..1].to_owned())
                .or_else(|error| Ok::<_, AskError>(error.to_string()))
        };
        Ok((ask("a", false)?, ask("b", true)?))
    }
}

#[multitools::test]
fn r14_a_large_answer_of_the_next_incarnation_is_its_own() -> Result<(), RunError> {
    if over_sockets() {
        return Ok(()); // what was in hand is lost there, with its answer
    }
    for bytes in [1_000, 10_000] {
        let mut supervisor = Supervisor::new();
        let policy = quickly(Restart::on_failure().max(6).retry(2));
        supervisor.add(Author).restart(policy);
        let texts = supervisor.add(Reader { bytes }).output();
        let texts = supervisor.supervise()?.take(texts)?;
        assert_eq!(texts, ("a".to_owned(), "b".to_owned()), "{bytes} bytes");
    }
    Ok(())
}

#[message(reply = ())]
struct Hold;
#[message]
struct Kick;

/// Takes another message while it serves a request, and fails.
#[agent(name = "keeper", resident, manual)]
struct Keeper;
#[agent]
impl Keeper {
    #[handle]
    fn on_hold(&mut self, _: &Hold, ctx: &mut Context) -> Result<(), Error> {
        let id = ctx.id();
        ctx.send(id, &Kick)?;
        ctx.next_message(PATIENCE)?;
        std::process::abort();
    }
}

#[agent(manual)]
struct Holder;
#[agent]
impl Holder {
    fn op(&mut self, ctx: &mut Context) -> Result<String, AskError> {
        let held = ctx.ask("keeper", &Hold, PATIENCE);
        Ok(format!("{held:?}"))
    }
}

#[multitools::test]
fn r14_who_asked_is_told_dead_though_another_message_was_in_hand_at_the_end() -> Result<(), RunError>
{
    let mut supervisor = Supervisor::new();
    let policy = quickly(Restart::on_failure().max(6));
    supervisor.add(Keeper).restart(policy);
    let held = supervisor.add(Holder).output();
    let held = supervisor.supervise()?.take(held)?;
    assert!(held.contains("Dead"), "{held}");
    Ok(())
}
