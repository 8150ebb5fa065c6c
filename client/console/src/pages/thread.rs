//! The conversation with a case's source.

use super::super::trouble::Trouble;
use actix_web::{HttpResponse, web::Path};
use subrosa_casework::regime::{CLASS, PACK};
use subrosa_crypto::file::FileManifest;
use subrosa_templates::console::{Block, Bubble, Fact, Link, Notice, Tone, Words};

use super::{
    super::{
        readings::Reading,
        routes::Visit,
        snapshot::View,
        words::{self, clean, time},
    },
    case::{CasePage, document, fact, open, paragraphs, section},
    evidence::size,
};
use subrosa_engine::message::Message;

/// One of the source's answers, with its question in words.
fn answer(t: &Words, view: &View, regime: &str, question: &str, answer: &str) -> Fact {
    let text = |key: String| words::pack_text(t, view, regime, &key);
    if question == CLASS {
        let class = text(format!("class-{answer}")).unwrap_or_else(|| clean(answer));
        return fact(t, "f-class", class);
    }
    let name = text(format!("ask-{question}")).unwrap_or_else(|| clean(question));
    Fact { name, value: clean(answer), code: false }
}

/// A message as the thread shows it.
pub(in super::super) fn bubble(t: &Words, view: &View, m: &subrosa_casework::case::Message, base: &str) -> Bubble {
    let (from, source, kind) = match m.sent {
        None => (t.get("the-source").to_owned(), true, t.get("kind-message").to_owned()),
        Some((h, k)) => (clean(&view.name_of(h)), false, words::kind(t, k).to_owned()),
    };
    let mut b = Bubble { seq: m.seq, from, source, kind, when: time(m.at), ..Bubble::default() };
    let files = |files: &[FileManifest]| {
        let name = |f: &FileManifest| format!("{} ({})", clean(f.name()), size(f.fingerprint().size));
        files
            .iter()
            .map(|f| Link {
                url: format!("{base}/file/{}", hex::encode(f.fingerprint().sha256)),
                text: name(f),
                ..Link::default()
            })
            .collect()
    };
    match Message::recorded(&m.body.0) {
        Ok(Message::Tip(tip)) => {
            b.kind = t.get("kind-tip").to_owned();
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
            b.kind = t.get("kind-notice").to_owned();
            let key = format!("state-{}", n.state);
            let state = if t.has(&key) { t.get(&key).to_owned() } else { clean(&n.state) };
            b.text = vec![t.with("told-state", &[("state", &state)])];
            b.text.extend(paragraphs(&n.text));
        }
        Ok(Message::Statement(s)) => {
            b.kind = t.get("kind-statement").to_owned();
            b.text = vec![words::source_act(t, &s.act)];
        }
        Ok(Message::TokenRequest(_)) => b.text = vec![t.get("source-tokens").to_owned()],
        Ok(_) => b.text = vec![t.get("kind-other").to_owned()],
        Err(e) => b.text = vec![Trouble::of(&e).words(t)],
    }
    b
}

/// The conversation with the source.
pub(in super::super) async fn thread(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Thread, Reading::Page).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, view) = (visit.t, &visit.view);
    let base = format!("{}/case/{}", visit.base(), hex::encode(id));
    let bubbles = replay.case().messages().iter().map(|m| bubble(t, view, m, &base)).collect();
    let write = ["ask", "feedback", "write"].map(|id| Link {
        url: format!("{base}/act/{id}"),
        text: t.get(&format!("act-{id}")).to_owned(),
        ..Link::default()
    });
    let mut blocks = vec![Block::Thread(bubbles), Block::Links(write.to_vec())];
    if !view.cases.get(&id).is_some_and(|c| c.conversation) {
        blocks.push(Block::Notice(Notice { tone: Tone::Soon, text: t.get("no-conversation").to_owned(), code: None }));
    }
    document(
        &visit,
        &id,
        CasePage::Thread,
        "tab-thread",
        t.get("thread-lead").to_owned(),
        vec![section(t, "s-thread", blocks)],
    )
}
