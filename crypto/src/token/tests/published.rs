//! RFC 9497 appendix A.1: every step of every vector, both modes.

use serde::Deserialize;

use super::super::{
    dleq,
    voprf::{self, Blind, Element, OPRF, VOPRF},
};
use super::Input;

#[derive(Deserialize)]
struct File {
    suites: Vec<Suite>,
}

#[derive(Deserialize)]
struct Suite {
    mode: u8,
    seed: String,
    key_info: String,
    sk_s: String,
    pk_s: Option<String>,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    input: Vec<String>,
    blind: Vec<String>,
    blinded_element: Vec<String>,
    evaluation_element: Vec<String>,
    output: Vec<String>,
    proof: Option<String>,
    proof_random_scalar: Option<String>,
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

#[test]
fn every_step_equals_the_rfc() {
    let file: File = serde_json::from_str(include_str!("../../../../vectors/tokens/rfc9497.json")).unwrap();
    let mut batches = 0;
    for s in &file.suites {
        let suite = if s.mode == 1 { VOPRF } else { OPRF };
        let key = suite.derive_key_pair(&array(&s.seed), &hex::decode(&s.key_info).unwrap()).unwrap();
        assert_eq!(hex::encode(key.scalar().as_bytes()), s.sk_s);
        if let Some(pk) = &s.pk_s {
            assert_eq!(hex::encode(key.public().to_bytes()), *pk);
        }
        for v in &s.vectors {
            let inputs: Vec<Vec<u8>> = v.input.iter().map(|i| hex::decode(i).unwrap()).collect();
            let blinds: Vec<Blind> = v.blind.iter().map(|b| Blind::from_canonical(array(b)).unwrap()).collect();
            let blinded: Vec<Element> =
                inputs.iter().zip(&blinds).map(|(i, b)| voprf::blind(&suite, i, b).unwrap()).collect();
            assert_eq!(blinded.iter().map(|e| hex::encode(e.to_bytes())).collect::<Vec<_>>(), v.blinded_element);
            let evaluated = key.evaluate_batch(blinded.iter().map(Element::point));
            assert_eq!(evaluated.iter().map(hex::encode).collect::<Vec<_>>(), v.evaluation_element);
            let elements: Vec<Element> = evaluated.iter().map(|e| Element::from_bytes(e).unwrap()).collect();
            let unblinded = voprf::unblind_batch(blinds.iter().zip(&elements));
            let outputs: Vec<String> =
                inputs.iter().zip(&unblinded).map(|(i, n)| hex::encode(voprf::output(&Input(i), n))).collect();
            assert_eq!(outputs, v.output);
            if let (Some(proof), Some(r)) = (&v.proof, &v.proof_random_scalar) {
                let r = curve25519_dalek::Scalar::from_canonical_bytes(array(r)).unwrap();
                let made = dleq::prove_with(&suite, &key, &blinded, &evaluated, &r);
                assert_eq!(hex::encode(made), *proof);
                let pairs: Vec<_> = blinded.iter().copied().zip(elements.iter().copied()).collect();
                dleq::verify(&suite, key.public(), &pairs, &made).unwrap();
                for bit in [0, 255, 256, 511] {
                    let mut wrong = made;
                    wrong[bit / 8] ^= 1 << (bit % 8);
                    assert!(dleq::verify(&suite, key.public(), &pairs, &wrong).is_err());
                }
                batches += usize::from(inputs.len() > 1);
            }
        }
    }
    assert_eq!((file.suites.len(), batches), (2, 1));
}
