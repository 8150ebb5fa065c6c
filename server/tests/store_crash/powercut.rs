//! Power cuts: a record of every write and sync (`shim.c`), and from it, for random moments, a directory as the disk
//! could hold it: all that was synced, any part of what was not, torn at sectors of 512 bytes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::Command,
};

use chacha20poly1305::{
    ChaCha20Poly1305, Key, Nonce,
    aead::{Aead, KeyInit},
};
use tempfile::TempDir;

use super::{Load, open_and_check, rounds, with_each_engine, worker_command, workload};
use crate::workload::Dice;

const SECTOR: u64 = 512;
const PAGE: u64 = 4096;

/// One thing the process asked for.
#[derive(Debug)]
enum Event {
    Open { inode: u64, path: PathBuf, created: bool, truncated: bool, directory: bool },
    Write { inode: u64, at: u64, bytes: Vec<u8> },
    Truncate { inode: u64, len: u64 },
    SyncBegin { inode: u64, id: u64 },
    SyncEnd { inode: u64, id: u64 },
    Rename { from: PathBuf, to: PathBuf },
    Unlink(PathBuf),
    Mkdir(PathBuf),
    Ack(String),
}

fn read_record(bytes: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut rest = bytes;
    while rest.len() >= 21 {
        let a = u64::from_le_bytes(rest[1..9].try_into().unwrap());
        let b = u64::from_le_bytes(rest[9..17].try_into().unwrap());
        let n = u32::from_le_bytes(rest[17..21].try_into().unwrap()) as usize;
        let data = rest[21..21 + n].to_vec();
        let path = || PathBuf::from(String::from_utf8(data.clone()).unwrap());
        events.push(match rest[0] {
            1 => Event::Open {
                inode: a,
                path: path(),
                created: b & 1 != 0,
                truncated: b & 2 != 0,
                directory: b & 4 != 0,
            },
            2 => Event::Write { inode: a, at: b, bytes: data },
            3 => Event::Truncate { inode: a, len: b },
            4 => Event::SyncBegin { inode: a, id: b },
            5 => Event::SyncEnd { inode: a, id: b },
            6 => {
                let (from, to) = data.split_at(a as usize);
                let path = |p: &[u8]| PathBuf::from(String::from_utf8(p.to_vec()).unwrap());
                Event::Rename { from: path(from), to: path(to) }
            }
            7 => Event::Unlink(path()),
            8 => Event::Mkdir(path()),
            9 => Event::Ack(String::from_utf8(data).unwrap()),
            other => panic!("the record has an event of kind {other}: {}", String::from_utf8_lossy(&data)),
        });
        rest = &rest[21 + n..];
    }
    events
}

/// A file's durable bytes, in pages; what is missing is zero.
#[derive(Clone, Default)]
struct Durable {
    len: u64,
    pages: BTreeMap<u64, Vec<u8>>,
}

impl Durable {
    fn write(&mut self, at: u64, bytes: &[u8]) {
        let mut done = 0usize;
        while done < bytes.len() {
            let pos = at + done as u64;
            let (page, off) = (pos / PAGE, (pos % PAGE) as usize);
            let n = (bytes.len() - done).min(PAGE as usize - off);
            let to = self.pages.entry(page).or_insert_with(|| vec![0; PAGE as usize]);
            to[off..off + n].copy_from_slice(&bytes[done..done + n]);
            done += n;
        }
        self.len = self.len.max(at + bytes.len() as u64);
    }

    fn truncate(&mut self, len: u64) {
        self.pages.retain(|p, _| p * PAGE < len);
        if let Some(page) = self.pages.get_mut(&(len / PAGE)) {
            page[(len % PAGE) as usize..].fill(0);
        }
        self.len = len;
    }
}

/// A change to a file that no sync covers yet.
#[derive(Clone)]
enum Change {
    Write(u64, std::rc::Rc<Vec<u8>>),
    Truncate(u64),
}

impl Change {
    fn apply(&self, to: &mut Durable) {
        match self {
            Self::Write(at, bytes) => to.write(*at, bytes),
            Self::Truncate(len) => to.truncate(*len),
        }
    }

    /// As a disk may have done it: whole, not at all, or some of its sectors.
    fn apply_perhaps(&self, to: &mut Durable, dice: &mut Dice, odds: u64) {
        match dice.below(odds) {
            0 => self.apply(to),
            1 => {
                if let Self::Write(at, bytes) = self {
                    let end = at + bytes.len() as u64;
                    let mut from = *at;
                    while from < end {
                        let until = ((from / SECTOR + 1) * SECTOR).min(end);
                        if dice.below(2) == 0 {
                            to.write(from, &bytes[(from - at) as usize..(until - at) as usize]);
                        }
                        from = until;
                    }
                }
            }
            _ => {}
        }
    }
}

/// A change to a directory that no sync covers yet.
#[derive(Clone)]
enum Entry {
    Link(PathBuf, u64),
    Mkdir(PathBuf),
    Unlink(PathBuf),
    Rename(PathBuf, PathBuf, u64),
}

impl Entry {
    fn apply(&self, names: &mut BTreeMap<PathBuf, u64>, dirs: &mut BTreeSet<PathBuf>) {
        match self {
            Self::Link(path, inode) => _ = names.insert(path.clone(), *inode),
            Self::Mkdir(path) => _ = dirs.insert(path.clone()),
            Self::Unlink(path) => _ = names.remove(path),
            Self::Rename(from, to, inode) => {
                names.remove(from);
                names.insert(to.clone(), *inode);
            }
        }
    }
}

/// The disk, as far as it is bound by syncs.
#[derive(Default)]
struct Disk {
    durable: HashMap<u64, Durable>,
    pending: HashMap<u64, Vec<Change>>,
    names: BTreeMap<PathBuf, u64>,
    dirs: BTreeSet<PathBuf>,
    entries: Vec<(PathBuf, Entry)>,
    /// What the process sees.
    live: BTreeMap<PathBuf, u64>,
    dir_paths: HashMap<u64, PathBuf>,
    /// Syncs under way: what they will cover.
    syncs: HashMap<u64, (usize, usize)>,
    /// How many changes of each inode, and how many entries, were ever taken off the front.
    taken: HashMap<u64, usize>,
    acks: String,
}

impl Disk {
    fn entry(&mut self, parent: &Path, e: Entry) {
        self.entries.push((parent.to_owned(), e));
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Open { inode, path, created, truncated, directory } => {
                if *directory {
                    self.dir_paths.insert(*inode, path.clone());
                    return;
                }
                if *created {
                    // An inode number may come again: the new file starts empty.
                    if !self.live.values().any(|i| i == inode) {
                        self.retire(*inode);
                    }
                    self.live.insert(path.clone(), *inode);
                    self.entry(path.parent().unwrap(), Entry::Link(path.clone(), *inode));
                } else if *truncated {
                    self.pending.entry(*inode).or_default().push(Change::Truncate(0));
                }
            }
            Event::Write { inode, at, bytes } => {
                self.pending.entry(*inode).or_default().push(Change::Write(*at, std::rc::Rc::new(bytes.clone())));
            }
            Event::Truncate { inode, len } => self.pending.entry(*inode).or_default().push(Change::Truncate(*len)),
            Event::SyncBegin { inode, id } => {
                let changes = self.taken.get(inode).copied().unwrap_or(0) + self.pending.get(inode).map_or(0, Vec::len);
                self.syncs.insert(*id, (changes, self.entries.len()));
            }
            Event::SyncEnd { inode, id } => {
                let (changes, entries) = self.syncs.remove(id).unwrap();
                if let Some(dir) = self.dir_paths.get(inode).cloned() {
                    let (names, dirs) = (&mut self.names, &mut self.dirs);
                    let mut seen = 0;
                    self.entries.retain(|(parent, e)| {
                        seen += 1;
                        let covered = seen <= entries && *parent == dir;
                        if covered {
                            e.apply(names, dirs);
                        }
                        !covered
                    });
                } else if let Some(pending) = self.pending.get_mut(inode) {
                    let taken = self.taken.entry(*inode).or_default();
                    let n = changes.saturating_sub(*taken).min(pending.len());
                    let file = self.durable.entry(*inode).or_default();
                    for c in pending.drain(..n) {
                        c.apply(file);
                    }
                    *taken += n;
                }
            }
            Event::Rename { from, to } => {
                let inode = self.live.remove(from).unwrap();
                self.live.insert(to.clone(), inode);
                self.entry(to.parent().unwrap(), Entry::Rename(from.clone(), to.clone(), inode));
            }
            Event::Unlink(path) => {
                self.live.remove(path);
                self.entry(path.parent().unwrap(), Entry::Unlink(path.clone()));
            }
            Event::Mkdir(path) => self.entry(path.parent().unwrap(), Entry::Mkdir(path.clone())),
            Event::Ack(text) => self.acks.push_str(text),
        }
    }

    fn retire(&mut self, inode: u64) {
        self.durable.remove(&inode);
        self.pending.remove(&inode);
        self.taken.remove(&inode);
        assert!(
            !self.names.values().any(|i| *i == inode),
            "an inode number came again while its old name may still stand"
        );
    }

    /// Writes a directory as the disk could hold it: `odds` 2 keeps much of what was not synced, large odds keep
    /// little.
    fn materialise(&self, root: &Path, into: &Path, dice: &mut Dice, odds: u64) {
        let (mut names, mut dirs) = (self.names.clone(), self.dirs.clone());
        for (_, e) in &self.entries {
            if dice.below(odds) == 0 {
                e.apply(&mut names, &mut dirs);
            }
        }
        let place = |path: &Path| into.join(path.strip_prefix(root).unwrap());
        fs::create_dir_all(into).unwrap();
        for dir in &dirs {
            // A directory whose parent was not kept is not there.
            if dir.starts_with(root) && place(dir).parent().unwrap().is_dir() {
                fs::create_dir_all(place(dir)).unwrap();
            }
        }
        for (path, inode) in &names {
            if !place(path).parent().unwrap().is_dir() {
                continue;
            }
            let mut file = self.durable.get(inode).cloned().unwrap_or_default();
            for change in self.pending.get(inode).into_iter().flatten() {
                change.apply_perhaps(&mut file, dice, odds);
            }
            let out = fs::File::create(place(path)).unwrap();
            out.set_len(file.len).unwrap();
            for (page, bytes) in &file.pages {
                let at = page * PAGE;
                if at < file.len {
                    let n = (file.len - at).min(PAGE) as usize;
                    out.write_all_at(&bytes[..n], at).unwrap();
                }
            }
        }
    }
}

/// Looks at a raw directory with the description of its format, as whoever has taken the disk does: which envelopes
/// do the keys that are left open?
type Look = fn(&Path) -> BTreeSet<u64>;

/// One for each engine: without it nobody knows whether a destroyed body comes back.
const LOOKS: &[(&str, Look)] = &[("sled", sled_bodies)];

fn look(engine: &str) -> Look {
    let look = LOOKS.iter().find(|(name, _)| *name == engine);
    look.unwrap_or_else(|| panic!("{engine}: say in LOOKS how to read its bodies from a raw directory")).1
}

/// docs/spec/storage.md: `keys` has 64 bytes for each slot of a segment of 8,192.
fn sled_bodies(data: &Path) -> BTreeSet<u64> {
    let mut found = BTreeSet::new();
    let Ok(keys) = fs::read(data.join("keys")) else { return found };
    let Ok(bodies) = fs::read_dir(data.join("bodies")) else { return found };
    for entry in bodies {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(segment) = name.strip_suffix(".32k").map(|n| n.parse::<usize>().unwrap()) else { continue };
        let file = fs::File::open(&path).unwrap();
        for slot in 0..8192usize {
            let Some(key_slot) = keys.get((segment * 8192 + slot) * 64..(segment * 8192 + slot + 1) * 64) else {
                break;
            };
            if key_slot.iter().all(|b| *b == 0) {
                continue;
            }
            let mut sealed = vec![0u8; 32_768 + 16];
            if file.read_exact_at(&mut sealed[..32_768], slot as u64 * 32_768).is_err() {
                continue;
            }
            sealed[32_768..].copy_from_slice(&key_slot[32..48]);
            let key = Key::from(<[u8; 32]>::try_from(&key_slot[..32]).unwrap());
            if let Ok(plain) = ChaCha20Poly1305::new(&key).decrypt(&Nonce::from([0u8; 12]), sealed.as_slice())
                && plain.starts_with(workload::BODY_MARK)
            {
                found.insert(u64::from_be_bytes(plain[16..24].try_into().unwrap()));
            }
        }
    }
    found
}

fn build_shim(dir: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store_crash/shim.c");
    let shim = dir.join("shim.so");
    let built = Command::new("gcc")
        .args(["-shared", "-fPIC", "-O2", "-o"])
        .arg(&shim)
        .arg(source)
        .args(["-ldl", "-lpthread"])
        .status();
    assert!(built.expect("gcc is needed for the power-cut test").success());
    shim
}

/// A disk whose syncs fail from some moment on: the store stops, acknowledges nothing more, and what it had
/// acknowledged is there.
#[test]
fn a_failing_disk_stops_the_store() {
    with_each_engine(stopped_by_a_failing_disk);
}

fn stopped_by_a_failing_disk(engine: &str) {
    let shim_dir = TempDir::new().unwrap();
    let shim = build_shim(shim_dir.path());
    for fail_from in [40, 41, 42, 43, 57, 90] {
        let ground = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        let (root, acks) = (ground.path().join("data"), ground.path().join("acks"));
        let load = Load { base: 1000, lives: 1, tasks: 6, steps: 100_000 };
        let status = worker_command(engine, &root, &acks, load)
            .env("SUBROSA_WORKER_FAILING", "1")
            .env("LD_PRELOAD", &shim)
            .env("POWERCUT_ROOT", &root)
            .env("POWERCUT_OUT", ground.path().join("record"))
            .env("POWERCUT_FAIL", fail_from.to_string())
            .status()
            .unwrap();
        assert!(status.success(), "sync {fail_from}: the store did not stop as it should");
        open_and_check(engine, &root, &fs::read_to_string(&acks).unwrap());
    }
}

/// Records one run, then cuts the power at `cuts` moments of it.
fn record_and_cut(engine: &str, seed: u64, load: Load, cuts: usize) {
    let look = look(engine);
    // In memory if there is such a place: the images need no real disk under them.
    let ground = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
    let shim = build_shim(ground.path());
    let (root, record, acks) = (ground.path().join("data"), ground.path().join("record"), ground.path().join("acks"));
    let load = Load { base: 1000 + seed * 1_000_000_000, ..load };
    let status = worker_command(engine, &root, &acks, load)
        .env("LD_PRELOAD", &shim)
        .env("POWERCUT_ROOT", &root)
        .env("POWERCUT_OUT", &record)
        .env("POWERCUT_ACKS", &acks)
        .status()
        .unwrap();
    assert!(status.success(), "the recorded run failed");
    let events = read_record(&fs::read(&record).unwrap());
    let mut dice = Dice::new(seed + 77);
    let mut moments: Vec<usize> = (0..cuts).map(|_| dice.below(events.len() as u64) as usize).collect();
    moments.sort_unstable();
    let mut disk = Disk::default();
    // The directory that holds the data directory was there before.
    disk.dirs.insert(root.parent().unwrap().to_owned());
    let mut at = 0;
    let mut most = 0;
    for (cut, moment) in moments.into_iter().enumerate() {
        for event in &events[at..moment] {
            disk.apply(event);
        }
        at = moment;
        let image = ground.path().join("image");
        let odds = [2, 3, 6, 1_000_000][cut % 4];
        disk.materialise(&root, &image, &mut dice, odds);
        let discarded = workload::discarded(&disk.acks);
        let readable = look(&image);
        let back: Vec<_> = readable.intersection(&discarded).collect();
        assert!(
            back.is_empty(),
            "{engine}, seed {seed} cut {cut} at event {moment}: destroyed bodies can be read: {back:?}"
        );
        most = most.max(workload::acknowledged(&disk.acks));
        let checked = std::panic::catch_unwind(|| open_and_check(engine, &image, &disk.acks));
        if checked.is_err() {
            let kept = std::env::temp_dir().join(format!("subrosa-powercut-{seed}-{cut}"));
            let _ = Command::new("cp").arg("-r").arg("--sparse=always").arg(&image).arg(&kept).status();
            panic!(
                "{engine}, seed {seed}, cut {cut} of {cuts} (odds {odds}) at event {moment} of {}: see above; image in {}",
                events.len(),
                kept.display()
            );
        }
        fs::remove_dir_all(&image).unwrap();
    }
    println!(
        "{engine}, seed {seed}: {} events, {cuts} cuts, up to {most} acknowledgements each, none lost",
        events.len()
    );
}

#[test]
fn nothing_acknowledged_is_lost_by_a_power_cut() {
    with_each_engine(cut_off);
}

fn cut_off(engine: &str) {
    // The short runs are for cuts that fall into the making of the directory.
    for round in 0..rounds(10).div_ceil(5) {
        record_and_cut(engine, 1000 + round as u64, Load { base: 0, lives: 1, tasks: 2, steps: 3 }, 20);
    }
    // One recording serves for many cuts; each tenth is long enough for an engine to clean its log.
    for round in 0..rounds(10).div_ceil(10) {
        let steps = if round % 10 == 9 { 600 } else { 60 };
        record_and_cut(engine, 2 + round as u64, Load { base: 0, lives: 3, tasks: 12, steps }, 40);
    }
}
