use multitools::{Context, process};

#[process]
fn count(text: &str, words: &[String]) -> usize {
    text.len() + words.len()
}
#[process]
fn sum((one, two): (i32, i32)) -> Result<i32, String> {
    Ok(one + two)
}
#[process]
fn late(number: u32, _ctx: &mut Context) -> u32 {
    number
}
#[process]
async fn waits() {}
fn main() {
    let run = multitools::run!(
        count::with("a", &[]),
        sum::with((1, 2)),
        late::with(3),
        waits::with()
    );
    let _: (usize, i32, u32, ()) = run.unwrap();
}
