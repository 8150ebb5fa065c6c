//! The codes of what a server answers: people are told what it means for them, not its status or an address of a call.

use crate::{api::ApiError, coded::Argument, codes};

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
