//! The page before the desk: it asks for the password, and shows nothing else.

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_templates::console::{Door, Notice, Words};

use crate::{
    console::Console,
    frame::{frame, html},
};

/// The page that asks for the password. Without a token it is for the session that is locked.
pub(crate) fn page(
    console: &Console,
    t: &'static Words,
    token: Option<&str>,
    notices: Vec<Notice>,
    status: StatusCode,
) -> HttpResponse {
    let here = token.map_or_else(|| "/".to_owned(), |token| format!("/enter/{token}"));
    let csrf = match token {
        Some(_) => String::new(),
        None => console.with_sessions(|d| d.form_token()),
    };
    let mut f = frame(console, t, &here, csrf);
    f.notices = notices;
    let keystore = console.settings.keystore.file_name();
    let door = Door {
        f,
        keystore: keystore.map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
        token: token.map(ToOwned::to_owned),
        held: console.with_sessions(|d| d.is_holding()),
    };
    html(door.to_html(), status)
}
