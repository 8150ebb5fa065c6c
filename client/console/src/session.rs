//! Who may come in: one window at a time, opened by an address that works once, and by the keystore's password.
//!
//! 1. The program prints an address with a random token. Whoever sees the terminal may open it; another user of this
//!    machine cannot guess it.
//! 2. The token and the password together open the desk; the token is used up, and the browser gets a cookie
//!    (SameSite=Strict, HttpOnly, and sent to one unguessable path only, because cookies do not tell ports apart).
//! 3. Every form carries the session's token; the cookie alone changes nothing.

use std::time::{Duration, Instant};

use rand_core::{Rng as _, UnwrapErr};
use subrosa_crypto::kdf;
use zeroize::Zeroizing;

/// Wrong passwords after which a new address is needed.
const TRIES: u32 = 10;

/// 128 random bits in hexadecimal.
pub(crate) fn random_name() -> String {
    let mut bytes = [0; 16];
    UnwrapErr(getrandom::SysRng).fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// Whether two secrets are equal: their digests are compared, so the time tells nothing about where they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    kdf::sha256(a.as_bytes()) == kdf::sha256(b.as_bytes())
}

/// Something that was typed and sent while the desk was locked.
#[derive(Clone)]
pub(crate) struct Held {
    /// Where it was sent, without the language.
    pub(crate) path: String,
    /// What was in it.
    pub(crate) fields: Zeroizing<Vec<(String, String)>>,
}

/// One browser window's session.
struct Session {
    cookie: String,
    csrf: String,
    open: bool,
    last: Instant,
    held: Option<Held>,
}

/// The one session that there is, and the token that makes the next one.
#[derive(Default)]
pub(crate) struct Sessions {
    token: Option<String>,
    session: Option<Session>,
    wrong: u32,
}

/// What a request may do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    /// No session: only the printed address helps.
    Stranger,
    /// Known, but the desk is locked.
    Locked {
        /// The session's token for forms.
        csrf: String,
    },
    /// The desk is open to this request.
    Open {
        /// The session's token for forms.
        csrf: String,
    },
}

impl Sessions {
    /// A new token; an earlier one stops working. When it is used, the session that is there ends: whoever sits at the
    /// terminal decides who is in.
    pub(crate) fn new_token(&mut self) -> String {
        let token = random_name();
        self.token = Some(token.clone());
        self.wrong = 0;
        token
    }

    /// Whether the token is the one that was printed last and was not used.
    pub(crate) fn knows(&self, token: &str) -> bool {
        self.token.as_deref().is_some_and(|t| same(t, token))
    }

    /// The password was right. Answers the cookie: a new one for a token, the old one for a session that was locked.
    pub(crate) fn opened(&mut self, by_token: bool) -> Option<String> {
        self.wrong = 0;
        if by_token {
            self.token = None;
            let session =
                Session { cookie: random_name(), csrf: random_name(), open: true, last: Instant::now(), held: None };
            let cookie = session.cookie.clone();
            self.session = Some(session);
            return Some(cookie);
        }
        let session = self.session.as_mut()?;
        session.open = true;
        session.last = Instant::now();
        // Tokens of forms that stood open while nobody was there stop working.
        session.csrf = random_name();
        Some(session.cookie.clone())
    }

    /// The password was wrong. After some tries a new address is needed.
    pub(crate) fn refused(&mut self) -> bool {
        self.wrong += 1;
        let burnt = self.wrong >= TRIES;
        if burnt {
            self.token = None;
            self.session = None;
        }
        burnt
    }

    /// What a request with this cookie may do. `counts`: it is a person's act and keeps the desk open.
    pub(crate) fn standing(&mut self, cookie: Option<&str>, counts: bool) -> Standing {
        let Some(session) = self.session.as_mut() else { return Standing::Stranger };
        if !cookie.is_some_and(|c| same(c, &session.cookie)) {
            return Standing::Stranger;
        }
        if !session.open {
            return Standing::Locked { csrf: session.csrf.clone() };
        }
        if counts {
            session.last = Instant::now();
        }
        Standing::Open { csrf: session.csrf.clone() }
    }

    /// How long nobody was there.
    pub(crate) fn idle_for(&self) -> Duration {
        self.session.as_ref().filter(|s| s.open).map_or(Duration::ZERO, |s| s.last.elapsed())
    }

    pub(crate) fn lock(&mut self) {
        if let Some(session) = self.session.as_mut() {
            session.open = false;
        }
    }

    /// Keeps what was sent to a locked desk.
    pub(crate) fn hold(&mut self, held: Held) {
        if let Some(session) = self.session.as_mut() {
            session.held = Some(held);
        }
    }

    pub(crate) fn is_holding(&self) -> bool {
        self.session.as_ref().is_some_and(|s| s.held.is_some())
    }

    /// What was sent to `path`, once: the page there shows it again.
    pub(crate) fn take_held(&mut self, path: &str) -> Option<Held> {
        let held = &mut self.session.as_mut()?.held;
        if held.as_ref().is_some_and(|h| h.path == path) { held.take() } else { None }
    }

    /// Where what is kept was sent.
    pub(crate) fn held_path(&self) -> Option<String> {
        self.session.as_ref()?.held.as_ref().map(|h| h.path.clone())
    }

    /// The session's token for forms.
    pub(crate) fn form_token(&self) -> String {
        self.session.as_ref().map(|s| s.csrf.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn a_token_opens_once_and_the_newest_window_is_the_only_one() {
        let mut sessions = Sessions::default();
        let token = sessions.new_token();
        assert!(sessions.knows(&token) && !sessions.knows("x"));
        let first = sessions.opened(true).unwrap();
        assert!(!sessions.knows(&token));
        assert!(matches!(sessions.standing(Some(&first), true), Standing::Open { .. }));
        assert_eq!(sessions.standing(None, true), Standing::Stranger);
        let again = sessions.new_token();
        assert!(sessions.knows(&again));
        let second = sessions.opened(true).unwrap();
        assert_eq!(sessions.standing(Some(&first), true), Standing::Stranger);
        assert!(matches!(sessions.standing(Some(&second), true), Standing::Open { .. }));
    }

    #[test]
    fn a_locked_desk_knows_its_window_and_gives_it_a_new_token_for_forms() {
        let mut sessions = Sessions::default();
        sessions.new_token();
        let cookie = sessions.opened(true).unwrap();
        let Standing::Open { csrf: before } = sessions.standing(Some(&cookie), true) else { panic!() };
        sessions.lock();
        assert_eq!(sessions.standing(Some(&cookie), true), Standing::Locked { csrf: before.clone() });
        sessions.opened(false).unwrap();
        let Standing::Open { csrf: after } = sessions.standing(Some(&cookie), true) else { panic!() };
        assert_ne!(before, after);
    }

    #[test]
    fn guessing_passwords_burns_the_address() {
        let mut sessions = Sessions::default();
        let token = sessions.new_token();
        for _ in 1..TRIES {
            assert!(!sessions.refused());
        }
        assert!(sessions.refused());
        assert!(!sessions.knows(&token));
    }
}
