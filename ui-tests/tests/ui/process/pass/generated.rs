//! Processes that a `macro_rules!` writes with tokens of its caller.

macro_rules! work {
    ($name:ident, $argument:ident, $output:ident) => {
        #[multitools::process]
        fn $name(ctx: &mut multitools::Context, $argument: u32, other: Vec<u8>) -> $output {
            let _ = ctx;
            $argument as $output + other.len() as $output
        }
    };
}
work!(one, first, usize);
work!(two, second, u64);

fn main() -> Result<(), multitools::RunError> {
    let results = multitools::run!(one::with(1, vec![2]), two::with(2, Vec::new()))?;
    assert_eq!(results, (2, 2));
    Ok(())
}
