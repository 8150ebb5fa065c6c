//! Policies and regime packs by their titles, in the reader's language; the id stands behind, for comparing them with
//! the charter.

use subrosa_casework::case::Pinned;
use subrosa_engine::policies::Policies;
use subrosa_templates::{Text, say};

use crate::say::plain_line;

/// A bounty policy. One that the programme wrote itself has no other name than its id.
pub fn policy(t: &Text, id: &str, version: u32) -> String {
    versioned(t, plain_line(t.named("policy", id)), version, id)
}

/// A regime pack: the very one that a case pins, else one of that name.
pub fn pack(t: &Text, policies: Option<&Policies>, pinned: &Pinned) -> String {
    let found = policies.and_then(|p| p.pinned_pack(pinned).or_else(|| p.pack(&pinned.id)));
    let title = found.and_then(|pack| pack.text(t.language().code(), "title"));
    versioned(t, plain_line(title.unwrap_or(&pinned.id)), pinned.version, &pinned.id)
}

fn versioned(t: &Text, title: String, version: u32, id: &str) -> String {
    match plain_line(id) {
        id if id == title => say!(t, "of-version", title = title, version = version),
        id => say!(t, "of-version-and-id", title = title, version = version, id = id),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_casework::bytes::Digest;
    use subrosa_templates::Language;

    use super::*;

    #[test]
    fn a_title_is_read_and_the_id_stands_behind() {
        let [en, de] = ["en", "de"].map(|code| Language::from_code(code).unwrap().console().unwrap());
        assert_eq!(policy(en, "eu-pilot", 1), "European pilot, version 1 (eu-pilot)");
        assert_eq!(policy(de, "eu-pilot", 1), "Europäischer Pilot, Version 1 (eu-pilot)");
        assert_eq!(policy(en, "our-own", 3), "our-own, version 3");
        let pinned = Pinned { id: "a\nb".into(), version: 2, digest: Digest([0; 32]) };
        assert_eq!(pack(en, None, &pinned), "a⟨U+000A⟩b, version 2");
    }
}
