//! The page's program: files that `make web` built, served as they are, by names that hold their digests.
//!
//! They are read once, at the start. `manifest.json` lists them; its digest stands in the charter under `web-assets`,
//! so that anybody can compare.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use actix_web::http::header;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::Deserialize;
use subrosa_crypto::kdf;
use subrosa_templates::{Asset, Program};
use thiserror::Error;

/// Why the folder cannot be served.
#[derive(Debug, Error)]
pub enum AssetsError {
    /// Something cannot be read.
    #[error("{0}: {1}")]
    Read(PathBuf, std::io::Error),
    /// The list is not one of ours.
    #[error("{0} is not a list of page files; build them with `make web`")]
    Manifest(PathBuf),
    /// A file is not what the list says.
    #[error("{0} is not the file that manifest.json lists; build the folder anew with `make web`")]
    Altered(PathBuf),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    version: u8,
    files: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    role: String,
    path: String,
    #[serde(rename = "type")]
    content_type: String,
    size: u64,
    #[serde(with = "subrosa_crypto::encoding_hex")]
    sha256: [u8; 32],
}

/// One file, as it is and compressed.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) content_type: String,
    plain: Bytes,
    gzip: Bytes,
    brotli: Bytes,
}

impl File {
    /// The bytes in the best form that the request's `Accept-Encoding` allows, and that form's name.
    pub(crate) fn encoded(&self, accept: Option<&header::HeaderValue>) -> (Bytes, Option<&'static str>) {
        let offered = accept.and_then(|v| v.to_str().ok()).unwrap_or_default();
        if accepts(offered, "br") {
            (self.brotli.clone(), Some("br"))
        } else if accepts(offered, "gzip") {
            (self.gzip.clone(), Some("gzip"))
        } else {
            (self.plain.clone(), None)
        }
    }
}

/// Whether an `Accept-Encoding` names a coding and does not refuse it (RFC 9110 section 12.5.3).
pub(crate) fn accepts(offered: &str, coding: &str) -> bool {
    offered.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let named = pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused =
            pieces.any(|p| p.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0));
        named && !refused
    })
}

/// The folder's files, read and checked.
#[derive(Debug)]
pub(crate) struct Assets {
    program: Program,
    manifest: Bytes,
    policy: String,
    files: BTreeMap<String, File>,
}

impl Assets {
    /// Reads and checks the folder that `make web` built.
    ///
    /// # Errors
    /// [`AssetsError`] names the file.
    pub(crate) fn read(folder: &Path) -> Result<Self, AssetsError> {
        let bytes = |name: &str| {
            let path = folder.join(name);
            fs::read(&path).map(Bytes::from).map_err(|e| AssetsError::Read(path, e))
        };
        let manifest = bytes("manifest.json")?;
        let wrong = || AssetsError::Manifest(folder.join("manifest.json"));
        let list: Manifest = serde_json::from_slice(&manifest).map_err(|_| wrong())?;
        let plain_name = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
        if list.version != 1 || !list.files.iter().all(|f| plain_name(&f.path)) {
            return Err(wrong());
        }
        let asset = |role: &str| {
            let listed = list.files.iter().find(|f| f.role == role).ok_or_else(wrong)?;
            Ok::<_, AssetsError>(Asset {
                path: format!("/assets/{}", listed.path),
                integrity: format!("sha256-{}", STANDARD.encode(listed.sha256)),
            })
        };
        let program = Program { app: asset("app")?, engine: asset("engine")?, twin: asset("twin")? };
        let mut files = BTreeMap::new();
        for listed in &list.files {
            let plain = bytes(&listed.path)?;
            if plain.len() as u64 != listed.size || kdf::sha256(&plain) != listed.sha256 {
                return Err(AssetsError::Altered(folder.join(&listed.path)));
            }
            let (gzip, brotli) = (bytes(&format!("{}.gz", listed.path))?, bytes(&format!("{}.br", listed.path))?);
            files.insert(listed.path.clone(), File { content_type: listed.content_type.clone(), plain, gzip, brotli });
        }
        // Two scripts, each by its digest, and WebAssembly; nothing inline, no eval, nothing from elsewhere.
        let policy = format!(
            "default-src 'none'; script-src '{}' '{}' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
             img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
            program.app.integrity, program.twin.integrity
        );
        Ok(Self { program, manifest, policy, files })
    }

    /// What pages refer to.
    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// The content security policy of the pages that run it.
    pub(crate) fn policy(&self) -> &str {
        &self.policy
    }

    /// A file by its name.
    pub(crate) fn file(&self, name: &str) -> Option<&File> {
        self.files.get(name)
    }

    /// The list, as it was read.
    pub(crate) fn manifest(&self) -> Bytes {
        self.manifest.clone()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn folder(app: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (role, name, text) in
            [("app", "app.0.js", app), ("engine", "engine.0.wasm", "e"), ("twin", "engine.0.js", "t")]
        {
            fs::write(dir.path().join(name), if role == "app" { "app" } else { text }).unwrap();
            fs::write(dir.path().join(format!("{name}.gz")), "g").unwrap();
            fs::write(dir.path().join(format!("{name}.br")), "b").unwrap();
            let sha256 = hex::encode(kdf::sha256(text.as_bytes()));
            files.push(
                serde_json::json!({ "role": role, "path": name, "type": "t/t", "size": text.len(), "sha256": sha256 }),
            );
        }
        fs::write(dir.path().join("manifest.json"), serde_json::json!({ "version": 1, "files": files }).to_string())
            .unwrap();
        dir
    }

    #[test]
    fn a_folder_is_served_only_if_it_is_what_its_list_says() {
        let good = folder("app");
        let assets = Assets::read(good.path()).unwrap();
        assert_eq!(assets.program().app.path, "/assets/app.0.js");
        assert!(assets.policy().contains(&assets.program().twin.integrity));
        assert!(assets.file("manifest.json").is_none() && assets.file("../x").is_none());
        let changed = folder("apq");
        assert!(matches!(Assets::read(changed.path()), Err(AssetsError::Altered(_))));
        fs::write(good.path().join("manifest.json"), r#"{"version":1,"files":[]}"#).unwrap();
        assert!(matches!(Assets::read(good.path()), Err(AssetsError::Manifest(_))));
        assert!(matches!(Assets::read(&good.path().join("none")), Err(AssetsError::Read(..))));
    }

    #[test]
    fn the_best_accepted_form_is_chosen() {
        let good = folder("app");
        let assets = Assets::read(good.path()).unwrap();
        let chosen = |accept: &'static str| {
            assets.file("app.0.js").unwrap().encoded(Some(&header::HeaderValue::from_static(accept))).1
        };
        assert_eq!(chosen("gzip, deflate, br"), Some("br"));
        assert_eq!(chosen("gzip, deflate"), Some("gzip"));
        assert_eq!(chosen("br;q=0, gzip;q=0.5"), Some("gzip"));
        assert_eq!(chosen("identity"), None);
        assert_eq!(assets.file("app.0.js").unwrap().encoded(None).1, None);
    }
}
