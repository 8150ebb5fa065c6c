//! What is around every page, and pages as responses.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue},
    },
};
use subrosa_templates::console::{Fetch, Frame, LanguageLink, NotRendered, Words};
use subrosa_templates::{Language, say};

use crate::{console::Console, text::one_line};

/// The frame around a page.
pub(crate) fn frame(console: &Console, t: &'static Words, here: &str, csrf: String) -> Frame {
    let root = console.root();
    let languages = Language::of_console().map(|language| LanguageLink {
        language,
        url: format!("{root}/{}{here}", language.code()),
        here: language == t.language(),
    });
    let languages = languages.collect();
    Frame {
        t,
        base: format!("{root}/{}", t.language().code()),
        root,
        languages,
        csrf,
        who: None,
        notices: Vec::new(),
        fetch: Fetch::default(),
        rooms: Vec::new(),
        idle_seconds: console.settings.idle.as_secs(),
    }
}

/// A page as a response.
pub(crate) fn html(rendered: Result<String, NotRendered>, status: StatusCode) -> HttpResponse {
    match rendered {
        Ok(page) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(page),
        Err(NotRendered) => HttpResponse::InternalServerError().finish(),
    }
}

/// Sends the browser to another page of ours, with a fresh request.
pub(crate) fn see(url: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, url)).finish()
}

/// What a stranger gets: no page, and no hint of what would be here.
pub(crate) fn stranger(t: &Words) -> HttpResponse {
    HttpResponse::Forbidden().content_type("text/plain; charset=utf-8").body(say!(t, "stranger").to_owned())
}

/// A sentence without a page around it.
pub(crate) fn sentence(status: StatusCode, text: &str) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(text.to_owned())
}

/// Bytes to be saved, never shown: the browser gets no type that it could run.
pub(crate) fn attachment(name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header(saved_as(name))
        .body(bytes)
}

/// Under which name it is saved (RFC 6266): in whatever script, and in ASCII for what reads no other. What stands for
/// something in a path or hides between letters does not stand in either.
fn saved_as(name: &str) -> ContentDisposition {
    let safe = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c };
    let name = one_line(name);
    let fits = name.char_indices().take_while(|(at, c)| at + c.len_utf8() <= NAME_MAX);
    let own: String = fits.map(|(_, c)| safe(c)).collect();
    let own = own.trim_start_matches(['.', ' ']).to_owned();
    let ascii: String =
        own.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let mut parameters = vec![DispositionParam::Filename(ascii.clone())];
    if ascii != own {
        parameters.push(DispositionParam::FilenameExt(ExtendedValue {
            charset: Charset::Ext("UTF-8".into()),
            language_tag: None,
            value: own.into_bytes(),
        }));
    }
    ContentDisposition { disposition: DispositionType::Attachment, parameters }
}

/// The longest name of a saved file: bytes. File systems take 255, and browsers add to it.
const NAME_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::saved_as;

    #[test]
    fn names_in_every_script_are_kept_and_none_leads_elsewhere() {
        for (name, header) in [
            ("photo.jpg", "attachment; filename=\"photo.jpg\""),
            (
                "Приказ № 5.pdf",
                "attachment; filename=\"_________5.pdf\"; \
                 filename*=UTF-8''%D0%9F%D1%80%D0%B8%D0%BA%D0%B0%D0%B7%20%E2%84%96%205.pdf",
            ),
            ("../../.bashrc", "attachment; filename=\"_.._.bashrc\""),
        ] {
            assert_eq!(saved_as(name).to_string(), header);
        }
        // What turns the writing around is shown as what it is.
        assert!(saved_as("a\u{202e}fdp.exe").to_string().contains("U+202E"));
        assert!(saved_as(&"ж".repeat(300)).to_string().len() < 800);
    }
}
