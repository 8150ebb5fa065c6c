#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| subrosa_fuzz::token_evaluated_batch(data));
