//! The codes of what a server answers and of what its log shows: people are told what it means for them, not its status
//! or an address of a call.

use subrosa_crypto::log::Fork;

use crate::{api::ApiError, coded::Argument, codes, log_watch::LogFinding};

/// What was asked of the server, by a name that has words: the addresses of the calls are for programs.
fn asked(call: &str) -> Argument {
    let name = match call {
        "params" => "terms",
        "bundles" | "bundles/publish" => "keys",
        "deposit" => "deposit",
        "tags" | "hints" | "tag block" | "hint block" => "lists",
        "blob" => "file",
        "take" => "message",
        "journal/append" | "journal/read" => "journal",
        "records" => "records",
        "log" => "log",
        _ => "other",
    };
    Argument::Named("asked", name)
}

codes!(ApiError {
    Self::Refused { status: 404 | 410, .. } => "server-has-not",
    Self::Refused { status: 409, .. } => "server-conflict",
    Self::Refused { status: 408 | 428 | 429 | 503, .. } => "server-busy",
    Self::Refused { status: 507, .. } => "server-full",
    Self::Refused { status: 500..=599, .. } => "server-broken",
    Self::Refused { .. } => "server-refused",
    Self::ForgedReceipt => "forged-receipt",
    Self::Garbled { what, .. } => "garbled" (what = asked(what)),
} inner { Self::Transport(e) => e, });

codes!(LogFinding {
    Self::Unsigned(_) => "log-unsigned",
    Self::Fork(Fork::RolledBack) => "log-smaller",
    Self::Fork(Fork::Origin) => "log-other",
    Self::Fork(Fork::Split) => "log-split",
    Self::Fork(Fork::NotContinued(_)) => "log-not-continued",
    Self::Proof(_) => "log-proof",
    Self::Tile(_) => "log-tile",
    Self::NotThere => "log-not-there",
    Self::CharterNotThere => "charter-not-logged",
    Self::ListNotLogged { first, count } => "list-not-logged" (epoch = *first, count = *count),
    Self::PromiseBroken { count } => "promise-broken" (count = *count),
    Self::StandsStill { stated, now } => "log-stands-still" (stated = stated.to_string(), now = now.to_string()),
    Self::Ahead { stated, now } => "log-ahead" (stated = stated.to_string(), now = now.to_string()),
} inner { Self::Api(e) => e, });

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::{Code as _, Coded};

    #[test]
    fn what_a_server_says_no_to_is_told_by_what_it_means() {
        let refused = |status| ApiError::Refused { status, code: "x".into(), message: "y".into() }.coded();
        for (status, key) in [
            (404, "error-server-has-not"),
            (409, "error-server-conflict"),
            (429, "error-server-busy"),
            (503, "error-server-busy"),
            (507, "error-server-full"),
            (500, "error-server-broken"),
            (403, "error-server-refused"),
        ] {
            assert_eq!(refused(status), Coded::plain(key), "{status}");
        }
        let garbled = ApiError::Garbled { what: "tags", why: "x".into() }.coded();
        assert_eq!(garbled.arguments, [("what", Argument::Named("asked", "lists"))]);
    }
}
