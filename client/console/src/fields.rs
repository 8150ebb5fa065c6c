//! What a form or an address carries: names and values.

use actix_web::web;
use zeroize::Zeroizing;

/// The fields of a form, in the order in which they were sent. What was typed is wiped when it is dropped.
#[derive(Clone, Default)]
pub(crate) struct Fields(pub(crate) Zeroizing<Vec<(String, String)>>);

impl Fields {
    pub(crate) fn of_query(query: &str) -> Self {
        Self(Zeroizing::new(
            web::Query::<Vec<(String, String)>>::from_query(query).map_or_else(|_| Vec::new(), |q| q.0),
        ))
    }

    /// The first value of a field, without blanks around it.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// All but these, to be sent along with another form.
    pub(crate) fn without(&self, names: &[&str]) -> Vec<(String, String)> {
        self.0.iter().filter(|(n, _)| !names.contains(&n.as_str())).cloned().collect()
    }

    /// As they stand in an address, without these.
    pub(crate) fn encoded(&self, without: &[&str]) -> String {
        let mut out = String::new();
        for (name, value) in self.0.iter().filter(|(n, _)| !without.contains(&n.as_str())) {
            if !out.is_empty() {
                out.push('&');
            }
            out.push_str(&encode(name));
            out.push('=');
            out.push_str(&encode(value));
        }
        out
    }
}

/// Percent-encoding of everything but letters, digits and `-._~`.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}
