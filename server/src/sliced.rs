//! Long answers, handed out piece by piece: whoever asks and does not read holds one piece in the connection's buffer,
//! and a share of the memory for answers, which somebody who reads can take away.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpRequest,
    body::{BodySize, BoxBody, MessageBody},
    dev::ServiceResponse,
};
use bytes::Bytes;

use crate::admission::{Share, Visitor};

/// The longest piece; shorter answers are handed out whole.
const PIECE: usize = 16 * 1024;

struct Sliced {
    rest: Bytes,
    _share: Share,
}

impl MessageBody for Sliced {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.rest.len() as u64)
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let n = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(self.rest.split_to(n))))
    }
}

/// The answer in pieces, if it is long. The request alone if there is no memory for it.
pub(crate) fn pieces(
    res: ServiceResponse<BoxBody>,
    visitor: &Visitor,
) -> Result<ServiceResponse<BoxBody>, HttpRequest> {
    let (req, res) = res.into_parts();
    let (res, body) = res.into_parts();
    let body = match body.try_into_bytes() {
        Ok(bytes) if bytes.len() > PIECE => {
            let share = visitor.share(&visitor.admission.answers);
            if !share.hold(bytes.len()) {
                return Err(req);
            }
            BoxBody::new(Sliced { rest: bytes, _share: share })
        }
        Ok(bytes) => BoxBody::new(bytes),
        Err(body) => body,
    };
    Ok(ServiceResponse::new(req, res.set_body(body)))
}
