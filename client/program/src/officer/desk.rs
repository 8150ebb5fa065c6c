//! The officer's keystore with what the last visits left beside it, one case of it, and in which role to act.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use subrosa_casework::{journal::Replay, role::RoleName};
use subrosa_engine::{
    api::ApiError,
    directory::{Directory, DirectoryError},
    officer::{Desk, Known, OfficerError},
};
use subrosa_machine::{files::KeyFile, shelf::Folder};

use crate::env::{Env, KeyArgs};

/// Every role that works on cases.
pub(crate) const ANY: [RoleName; 3] = [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator];

#[derive(Debug, Args)]
pub(crate) struct OfCase {
    #[command(flatten)]
    pub(crate) key: KeyArgs,
    /// The case, as `inbox` shows it (its beginning is enough)
    pub(crate) case: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum RoleArg {
    Triager,
    Investigator,
    Adjudicator,
}

pub(crate) struct Open {
    pub(crate) file: KeyFile<Desk>,
    pub(crate) known: Known,
}

/// Opens a keystore with its shelf.
fn keystore(k: &KeyArgs) -> Result<(KeyFile<Desk>, Arc<Folder>)> {
    let mut file: KeyFile<Desk> = k.open()?;
    let shelf = Arc::new(Folder::beside(&k.keystore, &file.contents));
    file.contents.keep_on(shelf.clone());
    Ok((file, shelf))
}

/// The desk, and the programme as the server shows it now. For a visit, which looks at the log first.
pub(crate) async fn open_to_visit(k: &KeyArgs, env: &Env) -> Result<Open> {
    let (mut file, shelf) = keystore(k)?;
    let known = Known::fetch(&mut file.contents, &*shelf, &env.api, &env.circuits, &env.root()?, env.now).await?;
    Ok(Open { file, known })
}

/// The same for a single step: nothing is believed and nothing is written before the log was checked.
pub(crate) async fn open(k: &KeyArgs, env: &Env) -> Result<Open> {
    let mut o = open_to_visit(k, env).await?;
    o.file.contents.watch_log(&env.api, &o.known.directory, &env.circuits).await?;
    Ok(o)
}

/// The desk as the last visits left it on this machine, for times without the server, and the programme if it is kept
/// here too. The keystore is opened once: nobody else can hold it meanwhile.
pub(crate) fn kept(k: &KeyArgs, env: &Env) -> Result<(KeyFile<Desk>, Option<Known>)> {
    let (file, shelf) = keystore(k)?;
    let root = env.root().ok();
    let known = root.and_then(|root| Known::recall(&file.contents, &*shelf, &root, env.now).ok());
    Ok((file, known))
}

/// A case from the server, or, while that cannot be reached, as it was read last; with what is to be said about it.
pub(crate) async fn read_case(c: &OfCase, env: &mut Env) -> Result<(Replay, Known, &'static str)> {
    match open(&c.key, env).await {
        Ok(mut o) => {
            let at = o.file.contents.case(&c.case)?;
            let replay = o.file.contents.open(&mut env.session(&o.known.directory), at, &o.known.ctx).await?;
            o.file.save(&mut env.rng)?;
            Ok((replay, o.known, ""))
        }
        Err(e) if unreachable(&e) => {
            let Ok((file, Some(known))) = kept(&c.key, env) else { return Err(e) };
            let at = file.contents.case(&c.case)?;
            let Some(replay) = file.contents.recall(at, &known.ctx, env.now) else { return Err(e) };
            Ok((replay, known, "The server cannot be reached: this is the case as you read it last.\n"))
        }
        Err(e) => Err(e),
    }
}

/// Whether nobody answered.
pub(crate) fn unreachable(e: &anyhow::Error) -> bool {
    let transport = |e: &ApiError| matches!(e, ApiError::Transport(_));
    e.chain().any(|cause| {
        cause.downcast_ref::<ApiError>().is_some_and(transport)
            || cause.downcast_ref::<OfficerError>().is_some_and(OfficerError::is_unreachable)
            || matches!(cause.downcast_ref::<DirectoryError>(), Some(DirectoryError::Api(e)) if transport(e))
    })
}

/// The first role in which the charter lets this officer act, or the one asked for.
pub(crate) fn role(
    desk: &Desk,
    directory: &Directory,
    wanted: &[RoleName],
    asked: Option<RoleArg>,
) -> Result<RoleName> {
    let held = directory.roles_of(desk.identity.holder());
    if let Some(asked) = asked {
        return Ok(match asked {
            RoleArg::Triager => RoleName::Triager,
            RoleArg::Investigator => RoleName::Investigator,
            RoleArg::Adjudicator => RoleName::Adjudicator,
        });
    }
    let fits = wanted.iter().find(|r| held.contains(r)).or(held.first());
    fits.copied().context("the charter does not name you as an officer with these keys")
}
