//! Files, piece by piece: first the fingerprint, then blob after blob.

use std::cell::RefCell;

use js_sys::Array;
use subrosa_crypto::file::{FileManifest, Fingerprinter, safe_name};
use subrosa_engine::source::Uploader;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{client::Client, trouble::Trouble};

/// Reads a file once, before it is sent.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Fingerprinting {
    inner: Fingerprinter,
}

#[wasm_bindgen]
impl Fingerprinting {
    /// Nothing read yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.inner.push(piece);
    }
}

/// One file on its way up.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Upload {
    inner: RefCell<Option<Uploader>>,
    manifest: FileManifest,
}

#[wasm_bindgen]
impl Upload {
    /// Begins with a file that was read to its end. `Client.prepare_upload` comes first.
    #[wasm_bindgen(constructor)]
    pub fn new(client: &Client, read: Fingerprinting, name: &str, media_type: &str) -> Result<Upload, JsValue> {
        let fingerprint = read.inner.finish();
        let secret = client.with_uploads(|u| u.file_secret(&fingerprint))?;
        let name = safe_name(name);
        let manifest = FileManifest::new(&name, media_type, fingerprint, secret.clone())
            .or_else(|_| FileManifest::new(&name, "application/octet-stream", fingerprint, secret))
            .map_err(|_| Trouble::new("file-too-large"))?;
        let inner = Uploader::new(manifest.clone()).map_err(Trouble::from)?;
        Ok(Self { inner: RefCell::new(Some(inner)), manifest })
    }

    /// Blobs in all.
    pub fn blobs(&self) -> u32 {
        self.manifest.blobs()
    }

    /// The file's name as the officers will see it.
    pub fn name(&self) -> String {
        self.manifest.name().to_owned()
    }

    /// Blobs that are there.
    pub fn sent(&self) -> u32 {
        self.inner.borrow().as_ref().map_or(0, Uploader::sent)
    }

    /// `[offset, length]` of the bytes to feed before the next step; empty if it needs none.
    pub fn wants(&self) -> Array {
        let wants = self.inner.borrow().as_ref().and_then(Uploader::wants);
        #[expect(clippy::cast_precision_loss, reason = "files are at most 4 GiB")]
        let numbers = wants.map(|(offset, len)| [offset as f64, len as f64]);
        numbers.into_iter().flatten().map(JsValue::from_f64).collect()
    }

    /// The bytes that were wanted.
    pub fn feed(&self, bytes: &[u8]) {
        if let Some(u) = self.inner.borrow_mut().as_mut() {
            u.feed(bytes);
        }
    }

    /// Asks which blobs the server has from an earlier attempt. Answers how many.
    pub async fn look(&self, client: &Client) -> Result<u32, JsValue> {
        let mut uploader = self.inner.borrow_mut().take().ok_or_else(|| Trouble::new("working"))?;
        let held = uploader.look(&client.api(), client.circuits.fresh()).await;
        *self.inner.borrow_mut() = Some(uploader);
        Ok(held.map_err(Trouble::from)?)
    }

    /// Sends the next blob. After `unreachable`, `busy` or `full` it can be called again.
    pub async fn step(&self, client: &Client) -> Result<u32, JsValue> {
        let mut uploader = self.inner.borrow_mut().take().ok_or_else(|| Trouble::new("working"))?;
        let done = uploader.step(&client.api(), client.circuits.fresh()).await;
        let sent = uploader.sent();
        *self.inner.borrow_mut() = Some(uploader);
        done.map_err(Trouble::from)?;
        Ok(sent)
    }
}

impl Upload {
    /// The manifest, once every blob is there.
    pub(crate) fn finished(&self) -> Result<FileManifest, Trouble> {
        match self.inner.borrow().as_ref() {
            Some(u) if u.is_done() => Ok(self.manifest.clone()),
            _ => Err(Trouble::new("working")),
        }
    }
}

#[wasm_bindgen]
impl Client {
    /// Keeps an uploaded file for the tip or the next message, under a number of the page's own.
    pub fn attach(&self, number: u32, upload: &Upload) -> Result<(), JsValue> {
        let manifest = upload.finished()?;
        self.keep_file(number, manifest);
        Ok(())
    }

    /// Leaves a file out after all.
    pub fn detach(&self, number: u32) {
        self.forget_file(number);
    }
}
