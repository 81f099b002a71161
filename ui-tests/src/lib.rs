//! Programs that must not compile, with what the compiler says, and programs that must: see `tests/ui`.
