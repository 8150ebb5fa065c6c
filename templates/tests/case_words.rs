//! What a case is called on the pages: every state and every act has its words, in every language.

use subrosa_casework::case::{State, Step};
use subrosa_templates::Language;

/// Where a case stands is told to its source and shown to officers, and so is what can be done about it.
#[test]
fn every_state_and_every_act_has_its_words() {
    let states = || State::ALL.iter().map(|s| s.name());
    // A case without its tip is nothing that a source could ask about.
    let told: Vec<String> = states().filter(|s| *s != State::Empty.name()).map(|s| format!("app-state-{s}")).collect();
    let mut shown: Vec<String> = states().map(|s| format!("state-{s}")).collect();
    shown.extend(Step::ALL.iter().map(|step| format!("act-{}", step.id())));
    let mut missing = Vec::new();
    for language in Language::all().iter().filter(|l| l.has("public")) {
        let lacks = told.iter().filter(|key| !language.text().has(key));
        missing.extend(lacks.map(|key| format!("{}/tip.ftl: {key} is missing", language.code())));
    }
    for text in Language::of_console().filter_map(Language::console) {
        let lacks = shown.iter().filter(|key| !text.has(key));
        missing.extend(lacks.map(|key| format!("{}/console.ftl: {key} is missing", text.language().code())));
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}
