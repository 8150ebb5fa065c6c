//! Pages and style sheets, compressed for whoever accepts that. Only for what does not depend on its reader: a
//! compressed answer's length tells of its content.

use std::io::Write as _;

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, http::header};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use crate::assets::accepts;

/// A text as it is, and compressed.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    plain: Bytes,
    gzip: Option<Bytes>,
}

impl Packed {
    /// Compresses a text.
    pub(crate) fn new(text: impl Into<Bytes>) -> Self {
        let plain = text.into();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        let packed = gzip.write_all(&plain).and_then(|()| gzip.finish());
        Self { gzip: packed.ok().map(Bytes::from), plain }
    }

    /// Ends a response with it, in the form that the request accepts.
    pub(crate) fn end(&self, response: &mut HttpResponseBuilder, req: &HttpRequest) -> HttpResponse {
        let offered = req.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
        match &self.gzip {
            Some(gzip) if accepts(offered, "gzip") => {
                response.insert_header((header::CONTENT_ENCODING, "gzip")).body(gzip.clone())
            }
            _ => response.body(self.plain.clone()),
        }
    }
}
