//! Where a case can stand. The states that an act leads to, and from, stand with the act in the catalogue.
//!
//! Spec: `docs/spec/case.md`, section "States and acts".

named! {
    /// Where a case stands.
    pub enum State {
        /// No event yet.
        Empty = "empty",
        /// The tip is here.
        Received = "received",
        /// It is looked at.
        Triage = "triage",
        /// The source was asked something; the case returns to where it was.
        NeedsInfo = "needs-info",
        /// Two have taken it on.
        Accepted = "accepted",
        /// An investigation goes on.
        Investigating = "investigating",
        /// Passed on to an authority.
        Referred = "referred",
        /// Two have found that the violation is shown.
        Substantiated = "substantiated",
        /// The source may claim an award.
        ClaimOpen = "claim-open",
        /// An amount is proposed.
        AwardProposed = "award-proposed",
        /// The source disagrees; a panel decides.
        Contested = "contested",
        /// The award stands.
        AwardFinal = "award-final",
        /// The award's tokens are issued.
        Paid = "paid",
        /// It has ended, for a recorded reason.
        Closed = "closed",
        /// The content is destroyed.
        Purged = "purged",
    }
}

impl State {
    /// Whether the source is told when a case comes here. The telling is an entry of its own, written by the same
    /// officer in the same role as the act that moved the case.
    pub fn tells_source(self) -> bool {
        match self {
            Self::Accepted
            | Self::Substantiated
            | Self::ClaimOpen
            | Self::Referred
            | Self::Closed
            | Self::AwardProposed
            | Self::AwardFinal => true,
            Self::Empty
            | Self::Received
            | Self::Triage
            | Self::NeedsInfo
            | Self::Investigating
            | Self::Contested
            | Self::Paid
            | Self::Purged => false,
        }
    }

    /// The state as an authority outside the programme may know it: an award's states say nothing but that the
    /// violation was shown.
    pub fn outside(self) -> Self {
        match self {
            Self::ClaimOpen | Self::AwardProposed | Self::Contested | Self::AwardFinal | Self::Paid => {
                Self::Substantiated
            }
            Self::Empty
            | Self::Received
            | Self::Triage
            | Self::NeedsInfo
            | Self::Accepted
            | Self::Investigating
            | Self::Referred
            | Self::Substantiated
            | Self::Closed
            | Self::Purged => self,
        }
    }
}

/// Changes of state that no officer brings about, with who does: the rest of the graph is the catalogue's.
pub const OTHER_MOVES: &[(&[State], State, &str)] = &[
    (&[State::Empty], State::Received, "any officer's program, when a tip is on the board"),
    (&[State::NeedsInfo], State::Triage, "the next message of the source, if the question came from triage"),
    (&[State::NeedsInfo], State::Investigating, "the next message of the source, if the question came from there"),
    (&[State::Received, State::Triage, State::NeedsInfo], State::Closed, "the source's signed withdrawal"),
    (&[State::AwardProposed], State::Contested, "the source's signed contest, within 60 days and not after a panel"),
];
