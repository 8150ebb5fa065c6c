//! The one place that turns a refused or failed request into a response.
//!
//! Spec: `docs/spec/wire.md`, section "Errors". The body is JSON: `{"error": "kebab-code", "message": "plain words"}`.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use subrosa_crypto::encoding::DecodeError;
use thiserror::Error;

use crate::store::StoreError;

/// Why a request got no answer. The text of each is what the person reads; it never holds anything that came with the
/// request.
#[derive(Debug, Error)]
pub enum Refusal {
    /// The body does not have the form that the route expects.
    #[error("The request is malformed: {0}.")]
    Malformed(#[from] DecodeError),
    /// A value is well-formed, but a rule excludes it; says which.
    #[error("The request is not acceptable: {0}.")]
    Unacceptable(&'static str),
    /// No such page or route.
    #[error("There is nothing at this address.")]
    NoSuchRoute,
    /// The route exists, but not for this method.
    #[error("This address does not take this kind of request.")]
    Method,
    /// The named thing is not here, and may never have been.
    #[error("{0}")]
    Unknown(&'static str),
    /// It was here and was destroyed.
    #[error("{0}")]
    Gone(&'static str),
    /// It collides with something that is already here; nothing was stored.
    #[error("{0}")]
    Conflict(&'static str),
    /// The body is longer or shorter than the route takes.
    #[error("The request has the wrong size. Nothing was stored.")]
    Size,
    /// The body is not declared as the type that the route takes.
    #[error("The request must be of type application/octet-stream.")]
    MediaType,
    /// The body is not a form's.
    #[error("This address takes the form of its own page only. Nothing was stored.")]
    FormType,
    /// The body did not arrive in time.
    #[error("The request took too long to arrive. Nothing was stored; please try again.")]
    TooSlow,
    /// The head of the request is too long.
    #[error("The head of the request is too long. Nothing was stored.")]
    HeadTooLong,
    /// The signature does not verify, or the signer has no such role in the charter.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The proof of work is missing, too small, or made for an old challenge.
    #[error(
        "The proof of work is not enough or too old. Nothing was stored; fetch /v1/params, solve it again and repeat."
    )]
    Work {
        /// What is asked now: leading zero bits.
        difficulty: u8,
    },
    /// Too much is under way.
    #[error("The server is busy. Nothing was stored; please try again in a minute.")]
    Busy,
    /// The storage engine failed or stops. Its own text goes to the operator only.
    #[error("The server cannot store or read this now. Please try again later.")]
    Storage(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(e: StoreError) -> Self {
        Self::Storage(e)
    }
}

/// The machine-readable name of a refusal, left in the response for the counters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code(pub(crate) &'static str);

/// What the operator should read about a failed store; collected and logged when the epoch closes.
#[derive(Clone, Debug)]
pub(crate) struct StorageTrouble(pub(crate) String);

impl Refusal {
    /// The kebab-case code in the body.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(DecodeError::Version(_)) => "unknown-version",
            Self::Malformed(_) => "malformed",
            Self::Unacceptable(_) => "not-acceptable",
            Self::NoSuchRoute => "no-such-route",
            Self::Method => "wrong-method",
            Self::Unknown(_) => "unknown",
            Self::Gone(_) => "gone",
            Self::Conflict(_) => "conflict",
            Self::Size => "wrong-size",
            Self::MediaType | Self::FormType => "wrong-type",
            Self::TooSlow => "too-slow",
            Self::HeadTooLong => "head-too-long",
            Self::Forbidden(_) => "not-allowed",
            Self::Work { .. } => "work-needed",
            Self::Busy => "busy",
            Self::Storage(StoreError::Full) => "storage-full",
            Self::Storage(_) => "storage-unavailable",
        }
    }

    /// The body for programs.
    pub(crate) fn body(&self) -> String {
        let mut body = serde_json::json!({ "error": self.code(), "message": self.to_string() });
        if let (Self::Work { difficulty }, Some(object)) = (self, body.as_object_mut()) {
            object.insert("difficulty".into(), (*difficulty).into());
        }
        body.to_string()
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Malformed(_) | Self::Unacceptable(_) => StatusCode::BAD_REQUEST,
            Self::NoSuchRoute | Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Gone(_) => StatusCode::GONE,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Size => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType | Self::FormType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::HeadTooLong => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Work { .. } => StatusCode::PRECONDITION_REQUIRED,
            Self::Busy => StatusCode::TOO_MANY_REQUESTS,
            Self::Storage(StoreError::Full) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Storage(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code()).content_type("application/json").body(self.body());
        response.extensions_mut().insert(Code(self.code()));
        if let Self::Storage(e) = self {
            response.extensions_mut().insert(StorageTrouble(e.to_string()));
        }
        response
    }
}
