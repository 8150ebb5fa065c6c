//! A case's machine checks, with their arithmetic.

use actix_web::{HttpResponse, web::Path};
use subrosa_casework::{case::CheckReport, regime::Origin};
use subrosa_machine::arithmetic::line;
use subrosa_templates::console::{Block, Cell, Section, Words};
use subrosa_templates::{key, keys, say};

use super::{
    head::{CasePage, document, open},
    parts::{section, table},
};
use crate::{readings::Reading, request::Visit, snapshot::View, text::clean, words};

/// A check's verdict, the rule that gave it, and the arithmetic.
pub(crate) fn report(t: &Words, view: &View, c: &CheckReport) -> Vec<Block> {
    let rows = c
        .steps
        .iter()
        .map(|s| {
            let is_formula = matches!(s.origin(), Origin::Formula(_) | Origin::Rule(_));
            let [name, formula, result] = line(t, s);
            [(name, false), (formula, is_formula), (result, false)]
                .map(|(text, code)| Cell { text, code, ..Cell::default() })
                .to_vec()
        })
        .collect();
    let because =
        words::pack_text(t, view, &c.pack.id, &c.because).unwrap_or_else(|| t.named("because", &c.because).to_owned());
    vec![
        Block::Chips(vec![words::verdict(t, c.verdict)]),
        Block::Text(clean(&because)),
        table(t, key!("check-arithmetic"), &keys!["col-quantity", "col-formula", "col-result"], rows),
    ]
}

/// Machine checks with their arithmetic.
pub(crate) async fn checks(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Checks, Reading::Page) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, view, case) = (visit.t, &visit.view, replay.case());
    let mut sections = Vec::new();
    for (i, c) in case.checks().iter().enumerate() {
        sections.push(Section {
            id: format!("check-{}", i + 1),
            title: format!("{}: {}", i + 1, words::pack(t, view, &c.pack)),
            blocks: report(t, view, c),
        });
    }
    if case.checks().is_empty() {
        sections.push(section(t, key!("s-checks"), vec![Block::Text(say!(t, "checks-none").to_owned())]));
    }
    document(&visit, &id, CasePage::Checks, say!(t, "checks-lead").to_owned(), sections)
}
