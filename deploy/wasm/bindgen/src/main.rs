//! Writes the JavaScript that stands between a page and a compiled crate. Usage:
//! `bindgen web|bundler INPUT.wasm FOLDER`.

use std::{env, process::ExitCode};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [target, input, folder] = arguments.as_slice() else {
        eprintln!("usage: bindgen web|bundler INPUT.wasm FOLDER");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).out_name("engine").typescript(false);
    let written = match target.as_str() {
        "web" => bindgen.web(true),
        _ => bindgen.bundler(true),
    }
    .and_then(|b| b.generate(folder));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("bindgen: {e:#}");
            ExitCode::FAILURE
        }
    }
}
