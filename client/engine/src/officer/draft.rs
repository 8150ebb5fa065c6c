//! What an officer's act may refer to besides its own case: the charter's packs, policies and people, the files of the
//! thread, and the source's claim.

use subrosa_casework::{
    bytes::Digest,
    case::{BudgetView, Case, Outside, ThreadFile},
};
use subrosa_crypto::sign::HolderId;

use super::{
    content::{claim_statement, files_of},
    context::DeskContext,
};
use crate::{
    directory::{Directory, Officer},
    policies::Policies,
};

/// Officers of the charter who work on cases and could be brought into this one, or be sent its keys again.
pub fn colleagues<'d>(directory: &'d Directory, case: &'d Case, me: HolderId) -> impl Iterator<Item = &'d Officer> {
    directory.officers().iter().filter(move |o| {
        let holder = o.key.holder_id();
        !o.roles.is_empty() && holder != me && case.recused().all(|h| h != holder)
    })
}

/// The surroundings of a case on one desk. `cases` are those that lie there; `budget` is what the public books say,
/// read where money is decided; `fresh` is random.
pub fn outside<'a>(
    case: &Case,
    me: HolderId,
    known: (&'a Directory, &'a Policies, &'a DeskContext),
    cases: impl Iterator<Item = [u8; 32]>,
    budget: Option<BudgetView>,
    fresh: [u8; 16],
) -> Outside<'a> {
    let (directory, policies, ctx) = known;
    let files = files_of(case).into_iter().map(|f| ThreadFile {
        sha256: Digest(f.fingerprint().sha256),
        name: f.name().to_owned(),
        media: f.media_type().to_owned(),
        size: f.fingerprint().size,
    });
    Outside {
        packs: policies.packs(),
        pinned: case.triage().and_then(|t| policies.pinned_pack(&t.pack)),
        policies: policies.bounty(),
        policies_ever: ctx.policies(),
        files: files.collect(),
        cases: cases.map(Digest).collect(),
        colleagues: colleagues(directory, case, me).map(|o| o.key.holder_id()).collect(),
        claim: claim_statement(case),
        budget,
        fresh,
    }
}
