//! Roles as types. An [`Authority`] is handed out only by verification against the charter's members.
//!
//! Spec: `docs/spec/case.md`, section "Roles".

use core::{fmt, marker::PhantomData};
use std::collections::{BTreeMap, BTreeSet};

use subrosa_crypto::sign::{Domain, HolderId, SigningKey, VerifyingKey};

use crate::{
    bytes::Signature,
    refusal::{Note, Refusal, Rule},
};

named! {
    /// What a member may do.
    pub enum RoleName {
        /// Takes tips in.
        Triager = "triager",
        /// Establishes what happened: the investigation is theirs.
        Investigator = "investigator",
        /// Decides on substance and award.
        Adjudicator = "adjudicator",
        /// Signs tokens and releases payouts; never reads a case.
        Finance = "finance",
    }
}

impl RoleName {
    /// The byte that stands for the role in a journal entry.
    pub fn to_byte(self) -> u8 {
        match self {
            Self::Triager => 1,
            Self::Investigator => 2,
            Self::Adjudicator => 3,
            Self::Finance => 4,
        }
    }

    /// The role behind a byte.
    pub fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Triager),
            2 => Some(Self::Investigator),
            3 => Some(Self::Adjudicator),
            4 => Some(Self::Finance),
            _ => None,
        }
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A role as a type. Implemented by the four roles of this module and nothing else.
pub trait Role: sealed::Sealed {
    /// The role's name.
    const NAME: RoleName;
}

macro_rules! role {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Role for $name {
            const NAME: RoleName = RoleName::$name;
        }
    };
}

role!(/// Takes tips in.
    Triager);
role!(/// Establishes what happened.
    Investigator);
role!(/// Decides on substance and award.
    Adjudicator);
role!(/// Signs tokens and releases payouts.
    Finance);

/// One person of the charter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The key that signs this person's journal entries.
    pub key: VerifyingKey,
    /// The roles held in this span of time.
    pub roles: BTreeSet<RoleName>,
    /// Unix seconds from which the person is a member.
    pub from: u64,
    /// Unix seconds from which the person is no longer one.
    pub until: Option<u64>,
}

/// The charter's people, past ones included: an old entry stays valid after its author left. Whoever came back, or got
/// other roles, stands there once for each span of time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Members(BTreeMap<HolderId, Vec<Member>>);

impl Members {
    /// The list. Spans of one person stand in the order of time.
    pub fn new(members: impl IntoIterator<Item = Member>) -> Self {
        let mut all: BTreeMap<HolderId, Vec<Member>> = BTreeMap::new();
        for member in members {
            all.entry(member.key.holder_id()).or_default().push(member);
        }
        Self(all)
    }

    /// A person's latest span, by short name.
    pub fn get(&self, holder: HolderId) -> Option<&Member> {
        self.0.get(&holder).and_then(|spans| spans.last())
    }

    /// All of them, each with the latest span.
    pub fn iter(&self) -> impl Iterator<Item = (HolderId, &Member)> {
        self.0.iter().filter_map(|(h, spans)| Some((*h, spans.last()?)))
    }

    /// Refuses unless `holder` is a member with `role` at `at`.
    pub fn check(&self, holder: HolderId, role: RoleName, at: u64) -> Result<&Member, Refusal> {
        let spans = self.0.get(&holder).ok_or(Rule::UnknownMember)?;
        let member = spans.iter().rev().find(|m| at >= m.from && m.until.is_none_or(|until| at < until));
        let member = member.ok_or_else(|| Rule::UnknownMember.because(Note::NotMemberThen))?;
        if !member.roles.contains(&role) {
            return Err(Rule::WrongRole.because(Note::RoleNotGiven(role)));
        }
        Ok(member)
    }

    /// The authority of whoever holds `key`, if the charter gives that key the role at `now`.
    pub fn authorise<R: Role>(&self, key: &SigningKey, now: u64) -> Result<Authority<R>, Refusal> {
        let holder = key.verifying_key().holder_id();
        self.check(holder, R::NAME, now)?;
        Ok(Authority { holder, role: PhantomData })
    }

    /// The authority behind a signature over `message`, if the charter gives its maker the role at `at`.
    pub fn verify<R: Role>(
        &self,
        holder: HolderId,
        domain: Domain,
        message: &[u8],
        signature: &Signature,
        at: u64,
    ) -> Result<Authority<R>, Refusal> {
        let member = self.check(holder, R::NAME, at)?;
        member.key.verify(domain, message, &signature.0).map_err(|_| Rule::BadSignature)?;
        Ok(Authority { holder, role: PhantomData })
    }
}

/// Proof that somebody holds role `R`. Made only by [`Members::authorise`] and [`Members::verify`].
pub struct Authority<R: Role> {
    holder: HolderId,
    role: PhantomData<fn() -> R>,
}

impl<R: Role> Authority<R> {
    /// Who it is.
    pub fn holder(&self) -> HolderId {
        self.holder
    }

    /// The role, as a value.
    pub fn role(&self) -> RoleName {
        R::NAME
    }
}

impl<R: Role> fmt::Debug for Authority<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({}, {})", R::NAME, self.holder)
    }
}

/// Two authorities of different people: what an act of four eyes asks for.
#[derive(Debug)]
pub struct Pair<A: Role, B: Role> {
    first: Authority<A>,
    second: Authority<B>,
}

impl<A: Role, B: Role> Pair<A, B> {
    /// Refuses one person with two roles, or twice the same authority.
    pub fn new(first: Authority<A>, second: Authority<B>) -> Result<Self, Refusal> {
        if first.holder == second.holder {
            return Err(Rule::SamePerson.into());
        }
        Ok(Self { first, second })
    }

    /// The two people in the order of their authorities; they are never the same person.
    pub fn holders(&self) -> [HolderId; 2] {
        [self.first.holder, self.second.holder]
    }
}
