//! Slotted segment files for bodies, and the slot file for their keys.
//!
//! Spec: `docs/spec/storage.md`, "Segments" and "Keys". A body's slot is drawn at random, so the files do not tell in
//! what order, or with which companions, bodies came. A key slot is overwritten in place when its body is destroyed.

use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, File, OpenOptions},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use subrosa_crypto::kdf;
use zeroize::Zeroizing;

use super::{
    body::{BodyRef, SealedPart, TAG_LEN, open_part},
    failures::{damaged, io},
    slot::{Class, KEY_SLOT, KEYS_PER_SEGMENT, Slot},
    sync::{sync_dir, sync_together},
};
use crate::store::StoreError;

/// A slot is drawn among this many of the lowest free ones: enough companions to be lost among, few enough that the
/// file grows densely. How coarse an order this leaves is no secret: the index must know each envelope's epoch anyway.
const WINDOW: usize = 1024;
/// Files synced at the same time where there may be many.
const SYNCS: usize = 8;
/// The first segment's number; the key file's first region is its header.
pub(super) const FIRST_SEGMENT: u32 = 1;

/// The reading half: shared by every task, needs no lock held while it reads.
pub(super) struct SlotReader {
    keys: Arc<File>,
    segments: RwLock<HashMap<u32, (Class, Arc<File>)>>,
}

impl SlotReader {
    fn segment(&self, number: u32) -> Result<(Class, Arc<File>), StoreError> {
        let segments = self.segments.read().unwrap_or_else(PoisonError::into_inner);
        segments.get(&number).cloned().ok_or_else(|| damaged(&format!("segment {number} is missing")))
    }

    /// Whether there is such a slot.
    pub(super) fn holds(&self, slot: Slot) -> bool {
        self.segment(slot.segment).is_ok_and(|(class, _)| slot.number < class.slots())
    }

    /// Whether the part of `len` bytes in a slot opens under the key beside it.
    pub(super) fn opens(&self, slot: Slot, len: u32) -> Result<bool, StoreError> {
        Ok(self.read(&BodyRef { len, slots: vec![slot].try_into()? })?.is_some())
    }

    /// Reads and decrypts a body; `None` if a key does not fit, which is how a body that was destroyed meanwhile looks.
    pub(super) fn read(&self, body: &BodyRef) -> Result<Option<Vec<u8>>, StoreError> {
        let mut out = Vec::with_capacity(body.len as usize);
        for (i, slot) in body.slots.iter().enumerate() {
            let (class, file) = self.segment(slot.segment)?;
            let len = body.part_len(i);
            let mut key_slot = Zeroizing::new([0u8; KEY_SLOT]);
            read_at(&self.keys, key_slot.as_mut_slice(), slot.key_offset())?;
            let mut sealed = vec![0u8; len + TAG_LEN];
            let (cipher, tag) = sealed.split_at_mut(len);
            read_at(&file, cipher, u64::from(slot.number) * class.bytes() as u64)?;
            let Some((key, rest)) = key_slot.split_first_chunk::<32>() else { return Ok(None) };
            tag.copy_from_slice(rest.get(..TAG_LEN).unwrap_or_default());
            match open_part(key, &sealed) {
                Some(plain) => out.extend_from_slice(&plain),
                None => return Ok(None),
            }
        }
        Ok(Some(out))
    }

    /// The raw key of a body's first part, for the tests that look for it on the disk afterwards.
    #[cfg(test)]
    pub(super) fn raw_key(&self, body: &BodyRef) -> Option<[u8; 32]> {
        let mut key = [0u8; 32];
        read_at(&self.keys, &mut key, body.slots.first()?.key_offset()).ok()?;
        Some(key)
    }
}

/// Reads fully, with zeros for what lies past the end of the file.
fn read_at(file: &File, buf: &mut [u8], offset: u64) -> Result<(), StoreError> {
    let mut done = 0;
    while let Some(rest) = buf.get_mut(done..).filter(|r| !r.is_empty()) {
        match file.read_at(rest, offset + done as u64) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(io("reading a slot", e)),
        }
    }
    Ok(())
}

struct Segment {
    class: Class,
    file: Arc<File>,
    free: Vec<u16>,
}

impl Segment {
    fn bytes(&self) -> u64 {
        u64::from(self.class.slots()) * self.class.bytes() as u64
    }

    /// Gives the file its length, for good.
    fn size(&self) -> Result<(), StoreError> {
        self.file.set_len(self.bytes()).map_err(|e| io("sizing a segment", e))?;
        self.file.sync_all().map_err(|e| io("syncing a new segment", e))
    }

    /// Whether the file still has the length that it was made with.
    fn check_length(&self, number: u32) -> Result<(), StoreError> {
        let len = self.file.metadata().map_err(|e| io("sizing a segment", e))?.len();
        if len == self.bytes() {
            return Ok(());
        }
        let name = format!("{number:08}.{}", self.class.suffix());
        Err(damaged(&format!("bodies/{name} has {len} bytes and was made with {}", self.bytes())))
    }
}

/// Whether each of a segment's slots in use has its key, whole and in its own place.
fn check_keys(keys: &File, segment: u32, taken: &[u16]) -> Result<(), StoreError> {
    let mut region = Zeroizing::new(vec![0u8; KEYS_PER_SEGMENT as usize * KEY_SLOT]);
    read_at(keys, &mut region, Slot { segment, number: 0 }.key_offset())?;
    for number in taken {
        let at = usize::from(*number) * KEY_SLOT;
        let key_slot = region.get(at..at + KEY_SLOT).unwrap_or_default();
        let (content, check) = key_slot.split_at_checked(KEY_SLOT - CHECK).unwrap_or_default();
        if content.iter().all(|b| *b == 0) {
            return Err(damaged("`keys` lacks keys of bodies that stand: the file is cut, or was overwritten"));
        }
        // Earlier versions of this format left the check empty.
        if check != key_check(Slot { segment, number: *number }, content) && check.iter().any(|b| *b != 0) {
            return Err(damaged("`keys` holds a key that is not what was written there"));
        }
    }
    Ok(())
}

/// The end of a key slot: what the rest of it, and its place, must give.
const CHECK: usize = 16;

fn key_check(slot: Slot, content: &[u8]) -> [u8; CHECK] {
    let place = [slot.segment.to_be_bytes().as_slice(), &slot.number.to_be_bytes()].concat();
    let digest = kdf::digest("subrosa/store/key-check/v1", &[&place, content]);
    digest.first_chunk().copied().unwrap_or_default()
}

/// The writing half: only the committer has it.
pub(super) struct SlotWriter {
    dir: PathBuf,
    keys: Arc<File>,
    segments: BTreeMap<u32, Segment>,
    reader: Arc<SlotReader>,
    used_bytes: u64,
    shredded: Arc<Mutex<Vec<Slot>>>,
    lots: Lots,
}

/// What the key file sees of a group once its bodies are written: the group's number, and the end of the keys that it
/// gives up.
pub(super) struct Shredder {
    keys: Arc<File>,
    shredded: Arc<Mutex<Vec<Slot>>>,
}

impl Shredder {
    /// Writes the number of a group that begins to be made durable; its sync is that of [`Shredder::file`].
    pub(super) fn begin(&self, group: u64) -> Result<(), StoreError> {
        self.keys.write_all_at(&group_header(group), 0).map_err(|e| io("writing the keys' header", e))
    }

    /// The key file.
    pub(super) fn file(&self) -> &File {
        &self.keys
    }

    /// Overwrites the keys in these slots and syncs; then the slots are free.
    pub(super) fn shred(&self, slots: &[Slot]) -> Result<(), StoreError> {
        for slot in slots {
            wipe(&self.keys, *slot)?;
        }
        self.keys.sync_data().map_err(|e| io("syncing the keys", e))?;
        self.shredded.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(slots);
        Ok(())
    }
}

fn wipe(keys: &File, slot: Slot) -> Result<(), StoreError> {
    keys.write_all_at(&[0u8; KEY_SLOT], slot.key_offset()).map_err(|e| io("overwriting a key", e))
}

/// A part with the slot that was drawn for it.
pub(super) struct Placed {
    /// Where it goes.
    pub(super) slot: Slot,
    /// What goes there.
    pub(super) part: SealedPart,
}

impl SlotWriter {
    /// Opens the segments in `dir`, all slots free until [`SlotWriter::claim`] says otherwise.
    pub(super) fn open(dir: &Path, keys: File) -> Result<Self, StoreError> {
        let keys = Arc::new(keys);
        let mut segments = BTreeMap::new();
        let listing = fs::read_dir(dir).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => damaged(&format!("{} is missing", dir.display())),
            _ => io("listing the segments", e),
        })?;
        for entry in listing {
            let path = entry.map_err(|e| io("listing the segments", e))?.path();
            let (number, class) =
                parse_name(&path).ok_or_else(|| damaged(&format!("{} is not one of our files", path.display())))?;
            let file = OpenOptions::new().read(true).write(true).open(&path).map_err(|e| io("opening a segment", e))?;
            let free = (0..class.slots()).rev().collect();
            segments.insert(number, Segment { class, file: Arc::new(file), free });
        }
        let reader = Arc::new(SlotReader {
            keys: Arc::clone(&keys),
            segments: RwLock::new(segments.iter().map(|(n, s)| (*n, (s.class, Arc::clone(&s.file)))).collect()),
        });
        Ok(Self {
            dir: dir.to_owned(),
            keys,
            segments,
            reader,
            used_bytes: 0,
            shredded: Arc::default(),
            lots: Lots::new(),
        })
    }

    /// The reading half.
    pub(super) fn reader(&self) -> Arc<SlotReader> {
        Arc::clone(&self.reader)
    }

    /// Bytes of slots in use.
    pub(super) fn used_bytes(&self) -> u64 {
        self.used_bytes
    }

    /// Marks, at start, the slots that the index refers to; every other one is free and its key is wiped.
    pub(super) fn claim(&mut self, used: &[Slot]) -> Result<(), StoreError> {
        let mut by_segment: BTreeMap<u32, Vec<u16>> = BTreeMap::new();
        for slot in used {
            by_segment.entry(slot.segment).or_default().push(slot.number);
        }
        self.used_bytes = 0;
        for (number, taken) in &mut by_segment {
            let segment =
                self.segments.get_mut(number).ok_or_else(|| damaged(&format!("segment {number} is missing")))?;
            taken.sort_unstable();
            let before = taken.len();
            taken.dedup();
            if before != taken.len() {
                return Err(damaged("two bodies claim one slot"));
            }
            segment.free = (0..segment.class.slots()).rev().filter(|n| taken.binary_search(n).is_err()).collect();
            segment.check_length(*number)?;
            check_keys(&self.keys, *number, taken)?;
            self.used_bytes += taken.len() as u64 * segment.class.bytes() as u64;
        }
        for (number, segment) in self.segments.iter().filter(|(n, _)| !by_segment.contains_key(*n)) {
            // It may have been cut off while it was made: nothing is in it.
            if segment.check_length(*number).is_err() {
                segment.size()?;
            }
        }
        self.wipe_free()
    }

    /// Overwrites every key that belongs to no body: half-written groups leave such keys, and a discard that was cut
    /// off does.
    fn wipe_free(&self) -> Result<(), StoreError> {
        let mut wiped = false;
        for (number, segment) in &self.segments {
            let start = Slot { segment: *number, number: 0 }.key_offset();
            let mut region = Zeroizing::new(vec![0u8; KEYS_PER_SEGMENT as usize * KEY_SLOT]);
            read_at(&self.keys, &mut region, start)?;
            for free in &segment.free {
                let at = usize::from(*free) * KEY_SLOT;
                if region.get(at..at + KEY_SLOT).is_some_and(|k| k.iter().any(|b| *b != 0)) {
                    wipe(&self.keys, Slot { segment: *number, number: *free })?;
                    wiped = true;
                }
            }
        }
        if wiped {
            self.keys.sync_data().map_err(|e| io("syncing the keys", e))?;
        }
        Ok(())
    }

    /// Draws a slot at random for a part of `class`, opening a new segment if none is free.
    pub(super) fn draw(&mut self, class: Class) -> Result<Slot, StoreError> {
        let roomy = self.segments.iter().find(|(_, s)| s.class == class && !s.free.is_empty()).map(|(n, _)| *n);
        let number = match roomy {
            Some(n) => n,
            None => self.add_segment(class)?,
        };
        let segment = self.segments.get_mut(&number).ok_or(StoreError::Closed)?;
        // The list falls, so that the lowest slots are at its end.
        let from_end = self.lots.below(segment.free.len().min(WINDOW))?;
        let slot = Slot { segment: number, number: segment.free.remove(segment.free.len() - 1 - from_end) };
        self.used_bytes += class.bytes() as u64;
        Ok(slot)
    }

    /// Puts parts in a random order, so that neighbours in the file system's journal are no parcel.
    pub(super) fn shuffle(&mut self, parts: &mut [Placed]) -> Result<(), StoreError> {
        for i in (1..parts.len()).rev() {
            parts.swap(i, self.lots.below(i + 1)?);
        }
        Ok(())
    }

    /// The destroying half.
    pub(super) fn shredder(&self) -> Shredder {
        Shredder { keys: Arc::clone(&self.keys), shredded: Arc::clone(&self.shredded) }
    }

    /// Takes back the slots whose keys were destroyed since it last did.
    pub(super) fn take_back(&mut self) {
        let slots = std::mem::take(&mut *self.shredded.lock().unwrap_or_else(PoisonError::into_inner));
        for slot in slots {
            if let Some(segment) = self.segments.get_mut(&slot.segment) {
                let at = segment.free.partition_point(|n| *n > slot.number);
                segment.free.insert(at, slot.number);
                self.used_bytes = self.used_bytes.saturating_sub(segment.class.bytes() as u64);
            }
        }
    }

    fn add_segment(&mut self, class: Class) -> Result<u32, StoreError> {
        let number = self.segments.last_key_value().map_or(FIRST_SEGMENT, |(n, _)| n.saturating_add(1));
        let path = self.dir.join(format!("{number:08}.{}", class.suffix()));
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(|e| io("creating a segment", e))?;
        let segment = Segment { class, file: Arc::new(file), free: (0..class.slots()).rev().collect() };
        segment.size()?;
        sync_dir(&self.dir)?;
        let shared = (class, Arc::clone(&segment.file));
        self.reader.segments.write().unwrap_or_else(PoisonError::into_inner).insert(number, shared);
        self.segments.insert(number, segment);
        Ok(number)
    }

    /// Writes parts and keys, and notes the segments that will want a sync.
    pub(super) fn write(&self, parts: &[Placed], touched: &mut BTreeMap<u32, Arc<File>>) -> Result<(), StoreError> {
        for p in parts {
            let segment = self.segments.get(&p.slot.segment).ok_or(StoreError::Closed)?;
            segment
                .file
                .write_all_at(&p.part.ciphertext, u64::from(p.slot.number) * p.part.class.bytes() as u64)
                .map_err(|e| io("writing a body", e))?;
            let mut key_slot = Zeroizing::new([0u8; KEY_SLOT]);
            for (to, from) in key_slot.iter_mut().zip(p.part.key.expose().iter().chain(&p.part.tag)) {
                *to = *from;
            }
            if let Some((content, check)) = key_slot.split_at_mut_checked(KEY_SLOT - CHECK) {
                check.copy_from_slice(&key_check(p.slot, content));
            }
            self.keys.write_all_at(key_slot.as_slice(), p.slot.key_offset()).map_err(|e| io("writing a key", e))?;
            touched.entry(p.slot.segment).or_insert_with(|| Arc::clone(&segment.file));
        }
        Ok(())
    }

    /// Syncs every segment and the keys.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        let mut files: Vec<&File> = self.segments.values().map(|s| &*s.file).collect();
        files.push(&self.keys);
        files.chunks(SYNCS).try_for_each(sync_together)
    }
}

const HEADER_MAGIC: &[u8; 16] = b"subrosa keys v1\n";

/// The key file's header: magic and the newest group's number, twice the same so that damage shows.
fn group_header(group: u64) -> [u8; KEY_SLOT] {
    let mut out = [0u8; KEY_SLOT];
    let fields = HEADER_MAGIC.iter().copied().chain(group.to_be_bytes()).chain((!group).to_be_bytes());
    for (to, from) in out.iter_mut().zip(fields) {
        *to = from;
    }
    out
}

/// Writes a fresh key file's header.
pub(super) fn init_keys(file: &File) -> Result<(), StoreError> {
    file.write_all_at(&group_header(0), 0).map_err(|e| io("writing the keys' header", e))
}

/// The number of the newest group that was begun.
pub(super) fn read_group(file: &File) -> Result<u64, StoreError> {
    let mut header = [0u8; KEY_SLOT];
    read_at(file, &mut header, 0)?;
    let bad = || damaged("the key file's header is not readable");
    let mut r = subrosa_crypto::encoding::Reader::new(&header);
    let magic: [u8; 16] = r.array("magic").map_err(|_| bad())?;
    let group = r.u64("group").map_err(|_| bad())?;
    let check = r.u64("check").map_err(|_| bad())?;
    if &magic != HEADER_MAGIC || check != !group {
        return Err(bad());
    }
    Ok(group)
}

fn parse_name(path: &Path) -> Option<(u32, Class)> {
    let name = path.file_name()?.to_str()?;
    let (number, suffix) = name.split_once('.')?;
    let class = Class::ALL.into_iter().find(|c| c.suffix() == suffix)?;
    let number = number.parse().ok().filter(|n| *n >= FIRST_SEGMENT)?;
    Some((number, class))
}

/// Draws from the system's generator, some hundred numbers at a time.
pub(super) struct Lots {
    pool: [u8; 1024],
    used: usize,
}

impl Lots {
    fn new() -> Self {
        Self { pool: [0; 1024], used: 1024 }
    }

    /// A uniform number below `n`.
    pub(super) fn below(&mut self, n: usize) -> Result<usize, StoreError> {
        let n = u64::try_from(n).ok().filter(|n| *n > 0).ok_or(StoreError::Closed)?;
        if self.used + 8 > self.pool.len() {
            getrandom::fill(&mut self.pool).map_err(|e| StoreError::Io(e.to_string()))?;
            self.used = 0;
        }
        let bytes = self.pool.get(self.used..).and_then(|p| p.first_chunk::<8>()).copied().unwrap_or_default();
        self.used += 8;
        // The bias of a 64-bit remainder by a number below 2^16 is under 2^-48.
        Ok(usize::try_from(u64::from_be_bytes(bytes) % n).unwrap_or(0))
    }
}
