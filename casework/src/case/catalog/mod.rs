//! The catalogue of acts: everything that an officer can do in a case, each thing once. From it come the guards, the
//! console's forms, the program's subcommands, the names and keys of words, and the table in `docs/spec/case.md`.

mod build;
mod draft;
mod field;
mod table;

pub use build::draft;
pub use draft::{Draft, Given, Outside, Problem, Problems, ThreadFile};
pub use field::{Choices, Field, FieldKind};
pub use table::Step;

use super::{Author, Case, Context, MessageKind, Need, State, guard::Allowed, need::declared};
use crate::{
    refusal::{Note, Rule},
    role::RoleName,
};

named! {
    /// Acts that belong together on a page.
    pub enum Group {
        /// What is written to the source, and what it suffers.
        Source = "source",
        /// Until the case is taken on.
        Intake = "intake",
        /// Until the violation is shown or not.
        Investigation = "investigation",
        /// From the claim to the payment.
        Award = "award",
        /// What is possible at every stage.
        Keeping = "keeping",
    }
}

named! {
    /// How many people an act takes.
    pub enum People {
        /// The act is done with one signature.
        One = "one",
        /// A second person of the same roles signs.
        Two = "two",
        /// A second person signs, in another of the roles than the first.
        OneOfEach = "one-of-each",
    }
}

named! {
    /// Where an act is shown once more, as it was understood, before it is signed.
    pub enum Asks {
        /// Nowhere: it is light, and can be mended by another entry.
        Nowhere = "nowhere",
        /// In the console.
        Console = "console",
        /// In the console and in the program: it decides on money or on who may have it, or the case itself says what
        /// is signed.
        Everywhere = "everywhere",
    }
}

/// One act of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct ActSpec {
    /// Where it stands on a page.
    pub group: Group,
    /// Who may do it.
    pub roles: &'static [RoleName],
    /// How many people it takes.
    pub people: People,
    /// Where the case must stand; empty for anywhere.
    pub from: &'static [State],
    /// Where the case goes, if it goes.
    pub to: Option<State>,
    /// The states that it moves from, where that is not each of `from`.
    pub only_moves: &'static [State],
    /// What must hold besides.
    pub needs: &'static [Need],
    /// Where it is shown before it is signed.
    pub asks: Asks,
    /// The message that it sends to the source.
    pub message: Option<MessageKind>,
    /// What it asks.
    pub fields: &'static [Field],
    /// The event that it writes, as the journal spells it; for a decision of two people, the decision.
    pub writes: Option<&'static str>,
    /// From what was given to what is done. `None` after a problem was noted.
    build: fn(&mut build::Build<'_, '_>) -> Option<Draft>,
}

impl ActSpec {
    /// It takes two people.
    pub fn takes_two(&self) -> bool {
        self.people != People::One
    }

    /// Where the case goes from `state`.
    pub fn leads(&self, state: State) -> Option<State> {
        let moves = if self.only_moves.is_empty() { self.from } else { self.only_moves };
        self.to.filter(|_| moves.contains(&state))
    }

    /// The source learns of it: by its message, or because of where the case goes.
    pub fn is_told(&self) -> bool {
        self.message.is_some() || self.to.is_some_and(State::tells_source)
    }

    /// Refuses unless the act is open to `author` now. For a decision of two people the person is asked first, for
    /// other acts the case.
    pub(super) fn holds(&self, case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
        if self.takes_two() {
            self.role(author)?;
            declared(case, author, ctx)?;
            self.state(case)?;
        } else {
            self.state(case)?;
            self.role(author)?;
        }
        self.needs.iter().try_for_each(|need| need.check(case, author, ctx))
    }

    /// Whether the second signer's role goes with the first's.
    pub(super) fn goes_with(&self, first: &Author, second: &Author) -> Allowed {
        self.role(second)?;
        if self.people == People::OneOfEach && first.role == second.role {
            return Err(match *self.roles {
                [one, other] => Rule::WrongRole.because(Note::OneOfEach(one, other)),
                _ => Rule::WrongRole.into(),
            });
        }
        Ok(())
    }

    /// Whether the first signer still fits, now that the second one signs: what was learned in between may exclude
    /// them.
    pub(super) fn still_fits(&self, case: &Case, first: &Author, ctx: &Context<'_>) -> Allowed {
        self.needs.iter().filter(|need| need.is_personal()).try_for_each(|need| need.check(case, first, ctx))
    }

    fn state(&self, case: &Case) -> Allowed {
        if self.from.is_empty() || self.from.contains(&case.state) {
            return Ok(());
        }
        Err(Rule::WrongState.because(Note::CaseIs(case.state)))
    }

    fn role(&self, author: &Author) -> Allowed {
        if self.roles.contains(&author.role) {
            return Ok(());
        }
        Err(Rule::WrongRole.because(Note::ActingAs(author.role)))
    }
}

impl Step {
    /// Its row of the catalogue, by the name that stands in addresses and on the command line.
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.id() == id)
    }

    /// Without a meaning in this case for `author`: done already, or about something that is not there. Not shown.
    pub fn is_idle(self, case: &Case, holder: subrosa_crypto::sign::HolderId) -> bool {
        match self {
            Self::Acknowledge => case.acknowledged.is_some(),
            Self::Declare => case.has_declared(holder),
            Self::FileClaim => case.claim.is_some(),
            Self::ReleaseHold => !case.hold,
            Self::Reasons => case.award.is_none(),
            Self::CloseClaim => case.state != State::ClaimOpen,
            _ => false,
        }
    }

    /// The entry at which a decision of this kind waits for its second signature.
    pub fn waiting_in(self, case: &Case) -> Option<u64> {
        case.proposals.iter().find(|(_, p)| p.act.step() == self).map(|(seq, _)| *seq)
    }
}
