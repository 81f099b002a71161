//! The programs that the tests of LIFECYCLE start: the first argument says which.
#![allow(
    clippy::print_stdout,
    reason = "what a program prints is what its test looks at"
)]

mod ends;
mod grows;
mod reports;
mod starts;
mod stays;
mod talks;

use multitools::RunError;

fn main() -> Result<(), RunError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((program, arguments)) = arguments.split_first() else {
        println!("which program?");
        return Ok(());
    };
    match program.as_str() {
        "linger" => stays::linger(),
        "stay" => stays::stay(arguments),
        "stay-twice" => stays::stay_twice(),
        "end-twice" => stays::end_twice(),
        "own-handler" => stays::own_handler(),
        "read-after" => stays::read_after(),
        "daemon" => stays::daemon(),
        "command" => stays::command(),
        "wait-for-any" => stays::wait_for_any(),
        "fail" => ends::fail(arguments),
        "one-comes-again" => ends::one_comes_again(),
        "report" => reports::report(arguments),
        "report-to-handlers" => reports::report_to_handlers(),
        "leave-noise" => ends::leave_noise(arguments),
        "gibberish" => ends::gibberish(arguments),
        "restarts" => grows::restarts(arguments),
        "large-result" => ends::large_result(),
        "print" => talks::print(),
        "print-and-fail" => talks::print_and_fail(),
        "print-and-stay" => talks::print_and_stay(arguments),
        "ask" => talks::ask(arguments),
        "ask-while-all-wait" => talks::ask_while_all_wait(arguments),
        "ask-twice" => talks::ask_twice(),
        "ask-and-end" => talks::ask_and_end(),
        "tell-and-ask" => talks::tell_and_ask(),
        "ask-then-print" => talks::ask_then_print(),
        "ask-in-vain" => talks::ask_in_vain(),
        "ask-while-talking" => talks::ask_while_talking(),
        "ask-then-read" => talks::ask_then_read(),
        "hang" => starts::hang(),
        "wait" => starts::wait(arguments),
        "quit" => starts::quit(arguments),
        "quit-for-once" => starts::quit_for_once(arguments),
        "forgets-init" => starts::forgets_init(),
        "forgets-init-for-a-list" => starts::forgets_init_for_a_list(),
        "before" => starts::before(),
        "arguments" => starts::arguments(),
        "nested" => starts::nested(),
        "replaced" => starts::replaced(),
        "descriptors" => starts::descriptors(),
        "thirty" => starts::thirty(),
        "own-children" => starts::own_children(),
        "own-input" => starts::own_input(),
        other => {
            println!("no program {other}");
            Ok(())
        }
    }
}
