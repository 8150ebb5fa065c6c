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
pub(super) fn hand_out_bundle(group: &mut Group<'_>, holder: HolderId) -> Stepped<HandedOut> {
    if let Some((key, value)) = group.scan(&rows::bundles(holder), 1)?.pop() {
        let place = rows::value::<BodyRef>(&value)?;
        if group.is_fresh(&place) {
            return Ok(Step::Again);
        }
        // A body that cannot be read is this holder's trouble, not the whole store's.
        let bytes = match group.read_body(&place) {
            Ok(bytes) => bytes,
            Err(unreadable) => return Ok(Step::Refused(unreadable)),
        };
        group.remove(key);
        group.shred(&place);
        return Ok(Step::Done(HandedOut::OneTime(Bytes::from(bytes))));
    }
    match group.row::<BodyRef>(&rows::fallback(holder))? {
        None => Ok(Step::Done(HandedOut::None)),
        Some(place) if group.is_fresh(&place) => Ok(Step::Again),
        Some(place) => match group.read_body(&place) {
            Ok(bytes) => Ok(Step::Done(HandedOut::Fallback(Bytes::from(bytes)))),
            Err(unreadable) => Ok(Step::Refused(unreadable)),
        },
    }
}
