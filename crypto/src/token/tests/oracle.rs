//! The voprf crate, on another version of the curve library, must agree with us in both roles.

use proptest::prelude::*;
use rand_core::Rng;
use rand_core_06::{CryptoRng as CryptoRng06, RngCore as RngCore06};
use voprf::{BlindedElement, EvaluationElement, Group, Proof, Ristretto255, VoprfClient, VoprfServer};

use super::super::{
    dleq,
    voprf::{self as ours, Blind, Element, VOPRF},
};
use super::Input;
use subrosa_vectors::CountingRng;

/// Our fixed bytes behind the traits of the oracle's generation.
struct OldRng(CountingRng);

impl RngCore06 for OldRng {
    fn next_u32(&mut self) -> u32 {
        Rng::next_u32(&mut self.0)
    }
    fn next_u64(&mut self) -> u64 {
        Rng::next_u64(&mut self.0)
    }
    fn fill_bytes(&mut self, out: &mut [u8]) {
        Rng::fill_bytes(&mut self.0, out);
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core_06::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng06 for OldRng {}

fn reduced(wide: [u8; 32]) -> [u8; 32] {
    curve25519_dalek::Scalar::from_bytes_mod_order(wide).to_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_roles_agree(
        seed: [u8; 32],
        info in proptest::collection::vec(any::<u8>(), 0..40),
        rows in proptest::collection::vec((proptest::collection::vec(any::<u8>(), 1..50), any::<[u8; 32]>()), 1..12),
        noise: u32,
    ) {
        let key = VOPRF.derive_key_pair(&seed, &info).unwrap();
        let server = VoprfServer::<Ristretto255>::new_from_seed(&seed, &info).unwrap();
        let public = key.public().to_bytes();
        prop_assert_eq!(server.get_public_key().compress().to_bytes(), public);

        let inputs: Vec<Vec<u8>> = rows.iter().map(|(i, _)| i.clone()).collect();
        let scalars: Vec<[u8; 32]> = rows.iter().map(|(_, b)| reduced(*b)).collect();
        prop_assume!(scalars.iter().all(|s| *s != [0; 32]));
        let blinds: Vec<Blind> = scalars.iter().map(|s| Blind::from_canonical(*s).unwrap()).collect();
        let blinded: Vec<Element> =
            inputs.iter().zip(&blinds).map(|(i, b)| ours::blind(&VOPRF, i, b).unwrap()).collect();
        let clients: Vec<_> = inputs
            .iter()
            .zip(&scalars)
            .map(|(i, s)| {
                let s = <Ristretto255 as Group>::deserialize_scalar(s).unwrap();
                VoprfClient::<Ristretto255>::deterministic_blind_unchecked(i, s).unwrap()
            })
            .collect();
        for (a, b) in blinded.iter().zip(&clients) {
            prop_assert_eq!(a.to_bytes().to_vec(), b.message.serialize().to_vec());
        }

        // Our issuer, the oracle's client.
        let evaluated = key.evaluate_batch(blinded.iter().map(Element::point));
        let proof = dleq::prove(&VOPRF, &key, &blinded, &evaluated, &mut CountingRng::from(u64::from(noise) + 1));
        let messages: Vec<_> =
            evaluated.iter().map(|e| EvaluationElement::<Ristretto255>::deserialize(e).unwrap()).collect();
        let states: Vec<_> = clients.iter().map(|c| c.state.clone()).collect();
        let theirs: Vec<Vec<u8>> = VoprfClient::batch_finalize(
            &inputs, &states, &messages, &Proof::deserialize(&proof).unwrap(), server.get_public_key(),
        ).unwrap().map(|o| o.unwrap().to_vec()).collect();

        // The oracle's issuer, our client.
        let blinded_theirs: Vec<_> =
            blinded.iter().map(|e| BlindedElement::<Ristretto255>::deserialize(&e.to_bytes()).unwrap()).collect();
        let answer = server.batch_blind_evaluate(&mut OldRng(CountingRng::from(u64::from(noise) + 2)), &blinded_theirs).unwrap();
        let proof: [u8; 64] = answer.proof.serialize().to_vec().try_into().unwrap();
        let pairs: Vec<(Element, Element)> = blinded
            .iter()
            .zip(&answer.messages)
            .map(|(c, d)| (*c, Element::from_bytes(&d.serialize().to_vec().try_into().unwrap()).unwrap()))
            .collect();
        dleq::verify(&VOPRF, key.public(), &pairs, &proof).unwrap();
        let unblinded = ours::unblind_batch(blinds.iter().zip(pairs.iter().map(|(_, d)| d)));
        let outputs: Vec<Vec<u8>> = inputs.iter().zip(&unblinded).map(|(i, n)| ours::output(&Input(i), n).to_vec()).collect();
        prop_assert_eq!(&outputs, &theirs);
        for (i, o) in inputs.iter().zip(&outputs) {
            prop_assert_eq!(server.evaluate(i).unwrap().to_vec(), o.clone());
        }
    }
}
