//! The `subrosa` program, its checksums and their signature, out of the folder that the operator names.

use std::path::{Path, PathBuf};

use actix_web::{HttpRequest, HttpResponse, body::SizedStream, http::header, web};
use bytes::Bytes;
use futures_util::stream;
use subrosa_templates::Downloads;
use tokio::io::AsyncReadExt;

use super::Answer;
use crate::{app::App, refusal::Refusal, store::Store};

const SUMS: &str = "SHA256SUMS";
const SUMS_MAX: u64 = 64 * 1024;
const CHUNK: usize = 64 * 1024;

const NOTHING: Refusal = Refusal::Unknown("There is no such file.");

/// `GET /downloads/{name}`: always as a file to save, whatever is in it.
pub(crate) async fn file<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let name = req.match_info().get("name").unwrap_or_default();
    let folder = app.settings().downloads.as_ref().ok_or(NOTHING)?;
    if !is_plain(name) {
        return Err(NOTHING);
    }
    let path: PathBuf = folder.join(name);
    let file = tokio::fs::File::open(&path).await.map_err(|_| NOTHING)?;
    let meta = file.metadata().await.map_err(|_| NOTHING)?;
    if !meta.is_file() {
        return Err(NOTHING);
    }
    let parts = stream::unfold(file, |mut file| async move {
        let mut chunk = vec![0; CHUNK];
        match file.read(&mut chunk).await {
            Ok(0) => None,
            Ok(n) => {
                chunk.truncate(n);
                Some((Ok(Bytes::from(chunk)), file))
            }
            Err(e) => Some((Err(e), file)),
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(SizedStream::new(meta.len(), Box::pin(parts))))
}

/// What is there: the files that the checksums name, the checksums, their signature.
pub(crate) fn list(folder: &Path, programme: &str) -> Downloads {
    let mut out = Downloads::default();
    let path = folder.join(SUMS);
    if std::fs::metadata(&path).is_ok_and(|m| m.len() > SUMS_MAX) {
        return out;
    }
    let Ok(sums) = std::fs::read_to_string(path) else { return out };
    for line in sums.lines() {
        // `sha256sum`: digest, space, space or asterisk, name.
        let Some((digest, name)) = line.split_once(' ') else { continue };
        let name = name.trim_start_matches([' ', '*']);
        if digest.len() == 64 && is_plain(name) && folder.join(name).is_file() {
            out.files.push((name.to_owned(), digest.to_owned()));
        }
    }
    if out.files.is_empty() {
        return out;
    }
    for (signature, check) in [
        ("SHA256SUMS.minisig", "minisign -Vm SHA256SUMS -p programme.pub".to_owned()),
        (
            "SHA256SUMS.sig",
            format!("ssh-keygen -Y verify -f allowed_signers -I {programme} -n file -s SHA256SUMS.sig < SHA256SUMS"),
        ),
    ] {
        if folder.join(signature).is_file() {
            out.files.push((signature.to_owned(), String::new()));
            out.checks.push(check);
        }
    }
    out.files.push((SUMS.to_owned(), String::new()));
    out
}

/// One segment of letters that need no escaping anywhere.
fn is_plain(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    !name.is_empty() && name.len() <= 100 && !name.starts_with('.') && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_the_folder_are_not_plain() {
        for bad in ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "a b", "a\"b", "a%2fb"] {
            assert!(!is_plain(bad), "{bad}");
        }
        assert!(is_plain("subrosa-0.1.0-x86_64-linux") && is_plain("SHA256SUMS.minisig"));
    }
}
