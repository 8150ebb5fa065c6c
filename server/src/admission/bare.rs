//! Answers that no handler made: the HTTP layer refuses what it cannot read with a bare status line, the precise second
//! and nothing else. They leave as every other answer does: with all headers, and with no more than the day.

use std::time::{Duration, SystemTime};

use actix_web::http::{StatusCode, header::HttpDate};

use super::connection::Goodbye;
use crate::{headers, refusal::Refusal};

/// No bare answer is longer.
const BARE_MAX: usize = 256;
/// Fields of a bare answer, in lower case.
const FIELDS: [&str; 3] = ["content-length: 0", "connection: ", "date: "];

/// Where in `written` a bare answer begins, and its status. It is always the last thing on its connection.
pub(super) fn find(written: &[u8]) -> Option<(usize, StatusCode)> {
    let from = written.len().saturating_sub(BARE_MAX);
    let tail = written.get(from..)?;
    let at = tail.windows(9).rposition(|w| w == b"HTTP/1.1 ")?;
    let head = core::str::from_utf8(tail.get(at..)?).ok()?.strip_suffix("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.get(9..12)?.parse().ok()?;
    let mut dated = false;
    for line in lines {
        let line = line.to_ascii_lowercase();
        let field = FIELDS.iter().find(|f| line.starts_with(**f))?;
        dated |= *field == "date: " && is_now(line.get(6..)?);
    }
    // Not the end of a body that looks like one: who wrote that did not know the second in which it is sent.
    (dated && status >= 400).then_some((from + at, StatusCode::from_u16(status).ok()?))
}

fn is_now(date: &str) -> bool {
    let now = SystemTime::now();
    (0..3).any(|back| {
        let then = now.checked_sub(Duration::from_secs(back)).map(|t| HttpDate::from(t).to_string());
        then.is_some_and(|t| t.eq_ignore_ascii_case(date))
    })
}

/// The answer in its place.
pub(super) fn dressed(status: StatusCode) -> Vec<u8> {
    let refusal = match status {
        StatusCode::REQUEST_TIMEOUT => Refusal::TooSlow,
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Refusal::HeadTooLong,
        StatusCode::NOT_FOUND => Refusal::NoSuchRoute,
        _ => Refusal::Unacceptable("it is not HTTP as this server reads it"),
    };
    let body = refusal.body();
    let reason = status.canonical_reason().unwrap_or_default();
    let mut out = format!("HTTP/1.1 {} {reason}\r\n", status.as_u16());
    out.push_str(&format!("content-length: {}\r\ncontent-type: application/json\r\nconnection: close\r\n", body.len()));
    for (name, value) in headers::always() {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    out.push_str("\r\n");
    out.push_str(&body);
    out.into_bytes()
}

/// What is said to somebody who is sent away; nothing to most.
pub(super) fn farewell(goodbye: Goodbye) -> Vec<u8> {
    match goodbye {
        Goodbye::Silent => Vec::new(),
        Goodbye::TooSlow => dressed(StatusCode::REQUEST_TIMEOUT),
        Goodbye::HeadTooLong => dressed(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(status: &str, date: SystemTime) -> Vec<u8> {
        let date = HttpDate::from(date);
        format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\ndate: {date}\r\n\r\n").into_bytes()
    }

    #[test]
    fn a_bare_answer_is_found_behind_others_and_a_body_is_left_alone() {
        let now = SystemTime::now();
        let answer = bare("400 Bad Request", now);
        assert_eq!(find(&answer), Some((0, StatusCode::BAD_REQUEST)));
        let behind = [vec![b'x'; 5000], answer.clone()].concat();
        assert_eq!(find(&behind), Some((5000, StatusCode::BAD_REQUEST)));
        let old = now.checked_sub(Duration::from_secs(60)).unwrap_or(now);
        assert_eq!(find(&bare("400 Bad Request", old)), None, "a body that was written earlier");
        assert_eq!(find(&bare("200 OK", now)), None);
        assert_eq!(find(&[answer.as_slice(), b"x"].concat()), None);
        assert_eq!(find(b""), None);
        let dressed = String::from_utf8(dressed(StatusCode::BAD_REQUEST)).unwrap_or_default();
        assert!(dressed.contains("\r\nx-content-type-options: nosniff\r\n") && dressed.contains(" 00:00:00 GMT\r\n"));
    }
}
