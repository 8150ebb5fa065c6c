//! A desk in German says in German what stood in its way: what rules saw, what an audit of the books finds, what a
//! visit could not do.
#![expect(clippy::unwrap_used, reason = "tests")]

use subrosa_e2e::{
    desk_session::{Answer, DeskSession},
    stage::Stage,
};

/// A page says the one and not the other.
fn says(page: &Answer, german: &str, english: &str) {
    assert!(page.body.contains(german), "{german}: {}", page.body);
    assert!(!page.body.contains(english), "{english}: {}", page.body);
}

#[test]
fn a_german_desk_gets_no_english_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::open(&folder.path().join("stage"), "127.0.0.1:0", 700, 4).unwrap();
    stage.file_tip(&["--story", "Nachts wurde trainiert."]).unwrap();
    stage.next_epoch();
    let anna = DeskSession::of(&stage, "anna");
    let id = anna.until("the tip", |s| s.cases().pop());
    let refused = |step: &str, fields: &str| {
        let answer = anna.post_in("de", &format!("case/{id}/act/{step}"), &format!("phase=sign&{fields}"));
        assert_eq!(answer.status, 409, "{step}: {answer:?}");
        answer
    };

    // The keystores of a stage are sealed with little work, and the desk says so.
    says(&anna.get_in("de", ""), "Das Passwort dieses Schlüsselspeichers ist leicht zu erraten", "cheap to guess");

    // Rules, with what was seen; their names stand in the page's source alone.
    says(&refused("investigate", ""), "data-rule=\"wrong-state\"", "<code>wrong-state</code>");
    says(&refused("investigate", ""), "(der Fall: eingegangen)", "the case is");
    assert!(anna.act(&id, "acknowledge", "text=Danke.").contains("said=done"));
    assert!(anna.act(&id, "declare", "").contains("said=done"));
    let itself = refused("link", &format!("relation=related&other={id}"));
    says(&itself, "(ein Fall wird nicht mit sich selbst verknüpft)", "not linked to itself");

    // The books: one administrator has stated the budget, and a second has not.
    let args = ["5,000,000.00", "--reference", "Beschluss 1/2026", "--yes"];
    stage.keyed(&["bounty", "fund"], "dana", &args).unwrap();
    let dana = DeskSession::of(&stage, "dana");
    dana.fetch();
    let books = dana.get_in("de", "");
    says(&books, "von einer verwaltenden Person erklärt oder unterschrieben; es braucht 2", "stated or signed by");
    says(&books, "„Geld für das Budget“, 5.000.000,00", "budget-added");

    // A visit that ends at once.
    stage.stop().unwrap();
    anna.fetch();
    says(&anna.get_in("de", ""), "Der Server war nicht zu erreichen", "could not be reached");
}
