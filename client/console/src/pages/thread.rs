//! The conversation with a case's source.

use actix_web::{HttpResponse, web::Path};
use subrosa_casework::{
    case::{self, Step},
    regime::{CLASS, PACK},
};
use subrosa_crypto::file::FileManifest;
use subrosa_engine::message::Message;
use subrosa_templates::console::{Block, Bubble, Fact, Tone, Words};
use subrosa_templates::{key, say};

use super::{
    head::{CasePage, document, open},
    parts::{fact, link, notice, section},
};
use crate::{
    clock::time,
    readings::Reading,
    request::Visit,
    snapshot::View,
    text::{clean, one_line, paragraphs, size},
    trouble::Trouble,
    words,
};

/// One of the source's answers, with its question in words.
fn answer(t: &Words, view: &View, regime: &str, question: &str, answer: &str) -> Fact {
    let text = |key: String| words::pack_text(t, view, regime, &key);
    if question == CLASS {
        let class = text(format!("class-{answer}")).unwrap_or_else(|| clean(answer));
        return fact(t, key!("f-class"), class);
    }
    let name = text(format!("ask-{question}")).unwrap_or_else(|| one_line(question));
    Fact { name, value: clean(answer), code: false }
}

/// A message as the thread shows it.
pub(crate) fn bubble(t: &Words, view: &View, m: &case::Message, base: &str) -> Bubble {
    let (from, source, kind) = match m.sent {
        None => (say!(t, "the-source").to_owned(), true, say!(t, "kind-message").to_owned()),
        Some((h, k)) => (one_line(&view.name_of(h)), false, words::kind(t, k).to_owned()),
    };
    let mut b = Bubble { seq: m.seq, from, source, kind, when: time(m.at), ..Bubble::default() };
    let files = |files: &[FileManifest]| {
        let name = |f: &FileManifest| format!("{} ({})", one_line(f.name()), size(f.fingerprint().size));
        files.iter().map(|f| link(format!("{base}/file/{}", hex::encode(f.fingerprint().sha256)), name(f))).collect()
    };
    match Message::recorded(&m.body.0) {
        Ok(Message::Tip(tip)) => {
            b.kind = say!(t, "kind-tip").to_owned();
            b.text = paragraphs(&tip.narrative);
            b.facts = tip
                .answers
                .iter()
                .filter(|(q, _)| *q != PACK)
                .map(|(q, a)| answer(t, view, &tip.regime, q, a))
                .collect();
            b.files = files(&tip.files);
        }
        Ok(Message::Text { text, files: f }) => {
            b.text = paragraphs(&text);
            b.files = files(&f);
        }
        Ok(Message::Notice(n)) => {
            b.kind = say!(t, "kind-notice").to_owned();
            b.text = vec![say!(t, "told-state", state = one_line(t.named("state", &n.state)))];
            match n.amount() {
                Some(amount) => b.text.push(words::euros(t, amount)),
                None => b.text.extend(paragraphs(&n.text)),
            }
        }
        Ok(Message::Statement(s)) => {
            b.kind = say!(t, "kind-statement").to_owned();
            b.text = vec![words::source_act(t, &s.act)];
        }
        Ok(Message::TokenRequest(_)) => b.text = vec![say!(t, "source-request-tokens").to_owned()],
        Ok(_) => b.text = vec![say!(t, "kind-other").to_owned()],
        Err(e) => b.text = vec![Trouble::of(&e).words(t)],
    }
    b
}

/// The conversation with the source.
pub(crate) async fn thread(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Thread, Reading::Page) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, view) = (visit.t, &visit.view);
    let base = visit.case_url(&id);
    let bubbles = replay.case().messages().iter().map(|m| bubble(t, view, m, &base)).collect();
    let write = [Step::Ask, Step::Feedback, Step::Write];
    let write = write.map(|step| link(format!("{base}/act/{}", step.id()), words::act_name(t, step)));
    let mut blocks = vec![Block::Thread(bubbles), Block::Links(write.to_vec())];
    if !view.cases.get(&id).is_some_and(|c| c.conversation) {
        blocks.push(Block::Notice(notice(Tone::Soon, say!(t, "no-conversation"))));
    }
    let sections = vec![section(t, key!("s-thread"), blocks)];
    document(&visit, &id, CasePage::Thread, say!(t, "thread-lead").to_owned(), sections)
}
