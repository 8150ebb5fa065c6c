use core::convert::Infallible;

use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256, kem::XWing,
    setup_receiver, setup_sender_with_rng,
};
use rand_core::{TryCryptoRng, TryRng};
use serde::Deserialize;
use subrosa_crypto::{seal::SealSecret, secret::Secret32};

/// Hands out fixed bytes once, as the vectors' encapsulation randomness.
pub(super) struct Fixed(pub(super) Vec<u8>);

impl TryRng for Fixed {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("not used by X-Wing")
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("not used by X-Wing")
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        let rest = self.0.split_off(out.len());
        out.copy_from_slice(&self.0);
        self.0 = rest;
        Ok(())
    }
}

impl TryCryptoRng for Fixed {}

#[derive(Deserialize)]
struct XWingFile {
    cases: Vec<XWingCase>,
}

#[derive(Deserialize)]
struct XWingCase {
    eseed: String,
    ss: String,
    sk: String,
    pk: String,
    ct: String,
}

#[test]
fn xwing_draft_appendix_c() {
    for c in super::load::<XWingFile>("published/xwing.json").cases {
        let sk = hex::decode(c.sk).unwrap();
        let own = SealSecret::from_seed(Secret32::new(sk.clone().try_into().unwrap()));
        assert_eq!(hex::encode(own.recipient().unwrap().0.as_slice()), c.pk);
        let sk = <XWing as Kem>::PrivateKey::from_bytes(&sk).unwrap();
        let pk = XWing::sk_to_pk(&sk);
        let (ss, ct) = XWing::encap_with_rng(&pk, None, &mut Fixed(hex::decode(c.eseed).unwrap())).unwrap();
        assert_eq!(hex::encode(ss.0.as_slice()), c.ss);
        assert_eq!(hex::encode(ct.to_bytes()), c.ct);
        assert_eq!(hex::encode(XWing::decap(&sk, None, &ct).unwrap().0.as_slice()), c.ss);
    }
}

#[derive(Deserialize)]
#[expect(non_snake_case, reason = "the names of RFC 9180")]
struct HpkeFile {
    info: String,
    ikmE: String,
    skRm: String,
    pkRm: String,
    enc: String,
    encryptions: Vec<Encryption>,
    exports: Vec<Export>,
}

#[derive(Deserialize)]
struct Encryption {
    aad: String,
    ct: String,
    pt: String,
}

#[derive(Deserialize)]
#[expect(non_snake_case, reason = "the names of RFC 9180")]
struct Export {
    exporter_context: String,
    L: usize,
    exported_value: String,
}

#[test]
fn hpke_base_over_xwing() {
    let v: HpkeFile = super::load("published/hpke-xwing.json");
    let un = |s: &str| hex::decode(s).unwrap();
    let sk = <XWing as Kem>::PrivateKey::from_bytes(&un(&v.skRm)).unwrap();
    let pk = <XWing as Kem>::PublicKey::from_bytes(&un(&v.pkRm)).unwrap();
    let info = un(&v.info);
    let mut rng = Fixed(un(&v.ikmE));
    let (enc, mut sender) =
        setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(&OpModeS::Base, &pk, &info, &mut rng).unwrap();
    assert_eq!(hex::encode(enc.to_bytes()), v.enc);
    let mut receiver = setup_receiver::<ChaCha20Poly1305, HkdfSha256, XWing>(&OpModeR::Base, &sk, &enc, &info).unwrap();
    for (i, e) in v.encryptions.iter().enumerate() {
        assert_eq!(hex::encode(sender.seal(&un(&e.pt), &un(&e.aad)).unwrap()), e.ct);
        assert_eq!(receiver.open(&un(&e.ct), &un(&e.aad)).unwrap(), un(&e.pt));
        if i == 0 {
            // What the seal module sends: encapsulated key, then the first ciphertext.
            let own = SealSecret::from_seed(Secret32::new(un(&v.skRm).try_into().unwrap()));
            let sealed = [un(&v.enc), un(&e.ct)].concat();
            assert_eq!(own.open(&info, &un(&e.aad), &sealed).unwrap(), un(&e.pt));
        }
    }
    for x in &v.exports {
        let mut out = vec![0; x.L];
        receiver.export(&un(&x.exporter_context), &mut out).unwrap();
        assert_eq!(hex::encode(out), x.exported_value);
    }
}
