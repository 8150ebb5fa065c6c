//! What an administrator can do, as addresses name it.

use subrosa_templates::key;

/// A deed's name, with the keys of its words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sign,
    Verify,
    Pay,
    Settle,
    Fund,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Sign, Self::Verify, Self::Pay, Self::Settle, Self::Fund];

    /// The deed that an address asks for.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Verify => "verify",
            Self::Pay => "pay",
            Self::Settle => "settle",
            Self::Fund => "fund",
        }
    }

    /// The key of its name in words.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Sign => key!("deed-sign"),
            Self::Verify => key!("deed-verify"),
            Self::Pay => key!("deed-pay"),
            Self::Settle => key!("deed-settle"),
            Self::Fund => key!("deed-fund"),
        }
    }

    /// The key of what is said of it first.
    pub(super) fn lead(self) -> &'static str {
        match self {
            Self::Sign => key!("lead-sign"),
            Self::Verify => key!("lead-verify"),
            Self::Pay => key!("lead-pay"),
            Self::Settle => key!("lead-settle"),
            Self::Fund => key!("lead-fund"),
        }
    }
}
