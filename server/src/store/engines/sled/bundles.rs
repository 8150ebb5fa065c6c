//! Verbs for one-time bundles, which their holders keep here for whoever writes to them first.

use bytes::Bytes;
use subrosa_crypto::{encoding::Codec, sign::HolderId, wire::BundleStock};

use super::{
    body::{BodyRef, SealedBody},
    group::Group,
    job::{Step, Stepped},
    rows,
};
use crate::store::{HandedOut, NewBundle, StoreError};

/// A bundle, encrypted before it waits for the committer.
pub(super) struct PreparedBundle {
    id: [u8; 16],
    body: SealedBody,
}

impl PreparedBundle {
    /// Encrypts the bytes.
    pub(super) fn new(bundle: &NewBundle) -> Result<Self, StoreError> {
        Ok(Self { id: bundle.id, body: SealedBody::seal(&bundle.bytes)? })
    }
}

/// Adds bundles whose ids were never seen, and replaces the fallback.
pub(super) fn publish_bundles(
    group: &mut Group<'_>,
    holder: HolderId,
    one_time: &[PreparedBundle],
    replacement: Option<&PreparedBundle>,
) -> Stepped<BundleStock> {
    let standing = group.row::<BodyRef>(&rows::fallback(holder))?;
    if replacement.is_some() && standing.as_ref().is_some_and(|s| group.is_fresh(s)) {
        return Ok(Step::Again);
    }
    if !one_time.is_empty() || replacement.is_some() {
        let more = one_time.iter().chain(replacement).map(|b| b.body.slot_bytes()).sum();
        if let Err(full) = group.check_room(more) {
            return Ok(Step::Refused(full));
        }
    }
    for b in one_time {
        let seen = rows::bundle_seen(holder, &b.id);
        if group.get(&seen)?.is_none() {
            let place = group.place(&b.body)?;
            group.put(seen, Vec::new());
            group.put(rows::bundle(holder, &b.id), place.encode());
        }
    }
    if let Some(b) = replacement {
        if let Some(old) = &standing {
            group.shred(old);
        }
        let place = group.place(&b.body)?;
        group.put(rows::fallback(holder), place.encode());
    }
    let left = group.scan(&rows::bundles(holder), usize::MAX)?.len();
    Ok(Step::Done(BundleStock {
        one_time: u32::try_from(left).unwrap_or(u32::MAX),
        fallback: replacement.is_some() || standing.is_some(),
    }))
}

/// Takes one bundle out. Ids are random, so the first in their order is any of them.
pub(super) fn hand_out_bundle(
    group: &mut Group<'_>,
    holder: HolderId,
    good: &impl Fn(&[u8]) -> bool,
) -> Stepped<HandedOut> {
    let mut found = None;
    let mut again = false;
    let mut unread = None;
    group.visit(&rows::bundles(holder), |key, value| {
        let place = rows::value::<BodyRef>(value)?;
        if group.is_fresh(&place) {
            again = true;
            return Ok(false);
        }
        // A body that cannot be read is this holder's trouble, not the whole store's.
        match group.read_body(&place) {
            Ok(bytes) if good(&bytes) => found = Some((key.to_vec(), place, bytes)),
            Ok(_) => {}
            Err(unreadable) => unread = Some(unreadable),
        }
        Ok(found.is_none())
    })?;
    if let Some((key, place, bytes)) = found {
        group.remove(key);
        group.shred(&place);
        return Ok(Step::Done(HandedOut::OneTime(Bytes::from(bytes))));
    }
    if again {
        return Ok(Step::Again);
    }
    match group.row::<BodyRef>(&rows::fallback(holder))? {
        Some(place) if group.is_fresh(&place) => Ok(Step::Again),
        Some(place) => match group.read_body(&place) {
            Ok(bytes) if good(&bytes) => Ok(Step::Done(HandedOut::Fallback(Bytes::from(bytes)))),
            Ok(_) => Ok(Step::Done(HandedOut::None)),
            Err(unreadable) => Ok(Step::Refused(unreadable)),
        },
        None => match unread {
            Some(unreadable) => Ok(Step::Refused(unreadable)),
            None => Ok(Step::Done(HandedOut::None)),
        },
    }
}

/// Destroys the one-time bundles that are not good.
pub(super) fn retain_bundles(group: &mut Group<'_>, holder: HolderId, good: &impl Fn(&[u8]) -> bool) -> Stepped<()> {
    let mut bad = Vec::new();
    for (key, value) in group.scan(&rows::bundles(holder), usize::MAX)? {
        let place = rows::value::<BodyRef>(&value)?;
        if group.is_fresh(&place) {
            return Ok(Step::Again);
        }
        if !group.read_body(&place).is_ok_and(|bytes| good(&bytes)) {
            bad.push((key, place));
        }
    }
    for (key, place) in bad {
        group.remove(key);
        group.shred(&place);
    }
    Ok(Step::Done(()))
}
