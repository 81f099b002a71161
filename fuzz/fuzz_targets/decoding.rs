#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| multitools::__fuzz::decoding(bytes));
