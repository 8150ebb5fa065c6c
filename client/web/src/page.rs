//! The page around the engine: its network and its randomness.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use rand_core::UnwrapErr;
use subrosa_engine::transport::{Method, Request, Response, Transport, TransportError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// `crypto.getRandomValues`, which pages have with and without a secure context.
pub(crate) type Rng = UnwrapErr<getrandom::SysRng>;

pub(crate) fn rng() -> Rng {
    UnwrapErr(getrandom::SysRng)
}

/// `send(method, path, body)`, a function of the page over `fetch`, which answers a promise of `[status, bytes]`, or of
/// `null` if nobody answered.
///
/// A page cannot choose circuits: Tor Browser gives one site one circuit until the person asks for a new identity. See
/// `docs/threat-model.md`.
#[derive(Clone, Debug)]
pub(crate) struct Page(pub(crate) Function);

impl Transport for Page {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let unreachable = |_| TransportError::Unreachable("no connection".into());
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
        };
        let body = match request.method {
            Method::Get => JsValue::NULL,
            _ => Uint8Array::from(request.body.as_slice()).into(),
        };
        let arguments = [JsValue::from_str(method), JsValue::from_str(&request.path), body];
        let called = Reflect::apply(&self.0, &JsValue::NULL, &Array::from_iter(arguments)).map_err(unreachable)?;
        let answer = JsFuture::from(Promise::resolve(&called)).await.map_err(unreachable)?;
        let gone = || TransportError::Unreachable("no connection".into());
        let answer: Array = answer.dyn_into().map_err(|_| gone())?;
        let status = answer.get(0).as_f64().filter(|s| (100.0..600.0).contains(s)).ok_or_else(gone)?;
        let body: Uint8Array = answer.get(1).dyn_into().map_err(|_| gone())?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 100 and 600")]
        Ok(Response { status: status as u16, body: body.to_vec() })
    }
}
